// @ts-check
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";
import { draw_group } from "./group_picture.js";
import { make_picture } from "./make_picture.js";

/** Chooses a group's picture from a file, or takes it away. */
export class PictureField extends Controller {
  #id = "";
  #title = "";
  #file = this.part("picture_file", HTMLInputElement);
  /** @type {Uint8Array | null} what is shown now */
  value = null;

  // Lifecycle

  /** @param {{ id: string, title: string, picture: Uint8Array | null }} group */
  start({ id, title, picture }) {
    this.#id = id;
    this.#title = title;
    this.value = picture;
    this.listen(this.part("picture_choose"), "click", () => this.#file.click());
    this.listen(this.part("picture_remove"), "click", () => this.#remove());
    this.listen(this.#file, "change", () => while_busy(this.part("picture_choose"), () => this.#chosen()));
    this.#show();
  }

  // Actions

  /** @param {string} title whose beginnings stand where there is no picture */
  rename(title) {
    this.#title = title;
    this.#show();
  }

  async #chosen() {
    const [file] = this.#file.files ?? [];
    this.#file.value = "";
    if (file === undefined) return;
    const picture = await make_picture(file);
    this.part("picture_error").textContent = picture === null ? text("picture_unreadable") : "";
    if (picture === null) return;
    this.value = picture;
    this.#show();
  }

  #remove() {
    this.value = null;
    this.#show();
    this.part("picture_choose").focus();
  }

  // Internal

  #show() {
    draw_group(this.part("picture"), { id: this.#id, title: this.#title || "?", picture: this.value });
    this.part("picture_remove").hidden = this.value === null;
    this.part("picture_words").textContent = text(this.value === null ? "picture_choose" : "picture_change");
  }
}
