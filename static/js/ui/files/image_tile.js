// @ts-check
import { first_bytes, image_type } from "../helpers/image_type.js";
import { read_picture } from "../helpers/picture_format.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { held_url, make_url } from "./blob_urls.js";
import { FileItem } from "./file_item.js";
import { ImageViewer } from "./image_viewer.js";

/** @import { Shown } from "./file_item.js" */

/** Smaller ones load by themselves once they are seen, where the conversation was accepted. */
const LOADS_ITSELF = 5_000_000;
const LEAST_RATIO = 0.5;
const MOST_RATIO = 2.4;

/** A picture: first the small one that came with the message, then the whole. */
export class ImageTile extends FileItem {
  /** @type {Promise<boolean> | undefined} */
  #loading;

  /** @param {Shown} shown */
  constructor(shown) {
    super(clone("file-image"), shown);
    const { width = 4, height = 3 } = this.file;
    const ratio = Math.min(MOST_RATIO, Math.max(LEAST_RATIO, width / height));
    this.element.style.setProperty("--ratio", String(ratio));
    this.image = find_part(this.element, "picture", HTMLImageElement);
    this.part("open").addEventListener("click", () => this.#pressed());
    this.#show_begin();
    seen.observe(this.element);
  }

  get main() {
    return this.part("open");
  }

  /** There is little room. @param {number} done @param {number} total */
  progress_words(done, total) {
    return text("file_percent", { percent: Math.round((100 * done) / total) });
  }

  /** @returns {Promise<boolean>} whether the whole picture can be shown */
  async load() {
    this.#loading ??= this.#load();
    const loaded = await this.#loading;
    if (!loaded) this.#loading = undefined;
    return loaded;
  }

  /** It came into view. */
  async load_by_itself() {
    const { file, message, place, context } = this;
    if (file.size > LOADS_ITSELF || file.state === "expired") return;
    const conversation = await context.session.queries.conversation({ id: place.conversation });
    if (message.own || conversation?.state === "active") await this.load();
  }

  // Internal

  #show_begin() {
    const { name, thumbnail } = this.file;
    const held = held_url(this.context.session, this.name_here);
    this.image.alt = name;
    this.part("open").ariaLabel = text(held === undefined ? "image_load" : "image_show", { name });
    if (held !== undefined) this.#show_whole(held);
    else if (thumbnail !== undefined) this.#show_small(thumbnail);
  }

  /** @param {Uint8Array} thumbnail */
  #show_small(thumbnail) {
    const format = read_picture(thumbnail);
    if (format === null || format.type === "image/png") return;
    const url = URL.createObjectURL(new Blob([new Uint8Array(thumbnail)], { type: format.type }));
    const image = this.part("small");
    if (!(image instanceof HTMLImageElement)) return;
    image.onload = image.onerror = () => URL.revokeObjectURL(url);
    image.src = url;
    image.hidden = false;
  }

  /** @returns {Promise<boolean>} */
  async #load() {
    const { session, toasts } = this.context;
    const held = held_url(session, this.name_here);
    if (held !== undefined) return this.#show_whole(held);
    const blob = await this.read();
    if (blob === null) return false;
    const type = image_type(await first_bytes(blob));
    if (type === null) {
      toasts.warn(text("image_none", { name: this.file.name }));
      return false;
    }
    return this.#show_whole(make_url(session, this.name_here, new Blob([blob], { type })));
  }

  /** @param {string} url */
  #show_whole(url) {
    this.image.src = url;
    this.image.hidden = false;
    this.element.dataset.loaded = "true";
    this.part("open").ariaLabel = text("image_show", { name: this.file.name });
    return true;
  }

  async #pressed() {
    if (await this.load()) new ImageViewer(this.context).open_at(this, all_tiles);
  }
}

/** As they stand in the conversation. @returns {ImageTile[]} */
function all_tiles() {
  return [...document.querySelectorAll(".file-image")].flatMap((element) => {
    const item = FileItem.of(element);
    return item instanceof ImageTile ? [item] : [];
  });
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      const item = FileItem.of(target);
      if (!isIntersecting || !(item instanceof ImageTile)) continue;
      seen.unobserve(target);
      item.load_by_itself().catch((error) => item.context.toasts.warn_about(error));
    }
  },
  { rootMargin: "200px" },
);
