// @ts-check
import { saved_name } from "../helpers/file_names.js";
import { Dialog } from "../kit/dialog.js";
import { save_file } from "../kit/files.js";
import { latest_only } from "../kit/latest_only.js";
import { as_read } from "../kit/reading_direction.js";
import { find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { held_url } from "./blob_urls.js";
import { offer_keeping, show_name } from "./file_card.js";

/** @import { Context } from "../context.js" */
/** @import { ImageTile } from "./image_tile.js" */

const ZOOMS = [1, 2, 4];

/** The pictures of a conversation as large as the window, one at a time. */
export class ImageViewer extends Dialog {
  #image = find_part(this.element, "picture", HTMLImageElement);
  #zoom = 0;
  /** Where the one that is shown stands: its tile is made anew whenever its message changes. */
  #place = { conversation: "", id: "", index: 0 };
  #name = "";
  /** @type {() => ImageTile[]} */
  #all_tiles = () => [];

  /** @param {Context} context */
  constructor(context) {
    super("image-viewer", context);
  }

  // Lifecycle

  /** @param {ImageTile} tile @param {() => ImageTile[]} all_tiles those of the conversation that are here now */
  open_at(tile, all_tiles) {
    super.open();
    this.#all_tiles = all_tiles;
    this.listen(this.part("before"), "click", () => this.#move(-1));
    this.listen(this.part("after"), "click", () => this.#move(1));
    this.listen(this.part("zoom"), "click", () => this.#set_zoom((this.#zoom + 1) % ZOOMS.length));
    this.listen(this.#image, "click", () => this.#set_zoom(this.#zoom === 0 ? 1 : 0));
    this.listen(this.part("stage"), "click", ({ target }) => target === this.part("stage") && this.close());
    this.listen(this.part("save"), "click", () => this.#save());
    this.listen(this.dialog, "keydown", (event) => this.#pressed(event));
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.follow("messages", ({ conversation }) => conversation === this.#place.conversation && refresh());
    this.#show(tile);
  }

  // Actions

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const key = as_read(event.key);
    if (key === "ArrowLeft" && this.#zoom === 0) this.#move(-1);
    else if (key === "ArrowRight" && this.#zoom === 0) this.#move(1);
    else if (event.key === "+") this.#set_zoom(Math.min(ZOOMS.length - 1, this.#zoom + 1));
    else if (event.key === "-") this.#set_zoom(Math.max(0, this.#zoom - 1));
    else return;
    event.preventDefault();
  }

  async #save() {
    try {
      const { blob } = await this.commands.read_file(this.#place);
      save_file(new Blob([blob], { type: "application/octet-stream" }), saved_name(this.#name));
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  /** @param {number} by */
  async #move(by) {
    const tiles = this.#all_tiles();
    const at = this.#index_in(tiles);
    const next = at < 0 ? undefined : tiles[at + by];
    if (next === undefined) return;
    if (await next.load()) this.#show(next);
  }

  /** It may be kept by now, or not be there any more. */
  async #refresh() {
    const { conversation, id, index } = this.#place;
    const details = await this.queries.message_details({ conversation, id });
    if (this.ending.aborted || id !== this.#place.id || index !== this.#place.index) return;
    const message = details?.message;
    const file = message?.files?.[index];
    if (message === undefined || file === undefined) this.close();
    else offer_keeping({ file, message, place: this.#place, context: this.context }, this.part("keep"));
  }

  // Internal

  /** @param {ImageTile} tile */
  #show(tile) {
    const url = held_url(this.context.session, tile.name_here);
    if (url === undefined || this.ending.aborted) return;
    this.#place = tile.place;
    this.#name = tile.file.name;
    this.#image.src = url;
    this.#image.alt = tile.file.name;
    show_name(this.element, tile.file.name);
    offer_keeping(tile, this.part("keep"));
    const tiles = this.#all_tiles();
    const at = this.#index_in(tiles);
    this.part("before").hidden = at < 1;
    this.part("after").hidden = at < 0 || at === tiles.length - 1;
    this.part("number").textContent = at >= 0 && tiles.length > 1 ? text("viewer_of", { number: at + 1, total: tiles.length }) : "";
    this.#set_zoom(0);
  }

  /** The same file may stand there more than once. @param {ImageTile[]} tiles @returns {number} -1 when it is not there */
  #index_in(tiles) {
    return tiles.findIndex(({ message, index }) => message.id === this.#place.id && index === this.#place.index);
  }

  /** @param {number} zoom */
  #set_zoom(zoom) {
    this.#zoom = zoom;
    this.element.dataset.zoomed = String(zoom > 0);
    this.element.style.setProperty("--zoom", String(ZOOMS[zoom]));
  }
}
