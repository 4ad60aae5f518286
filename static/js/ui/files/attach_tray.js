// @ts-check
import { format_size } from "../helpers/archive_words.js";
import { name_icon } from "../helpers/file_names.js";
import { first_bytes, image_type } from "../helpers/image_type.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { show_name } from "./file_card.js";

/** What was chosen and not sent yet, above the field. */
export class AttachTray extends Controller {
  /** @type {File[]} */
  files = [];
  /** @type {() => void} */
  #on_change = () => {};
  /** @type {() => void} */
  #on_empty = () => {};

  // Lifecycle

  /** @param {{ on_change: () => void, on_empty: () => void }} given `on_empty`: the last one was left out */
  start({ on_change, on_empty }) {
    this.#on_change = on_change;
    this.#on_empty = on_empty;
    this.clear();
  }

  // Actions

  /** @param {File[]} files */
  async add(files) {
    this.files.push(...files);
    for (const file of files) this.part("chosen").append(this.#make_chip(file));
    this.#changed();
    const types = await Promise.all(files.map(async (file) => image_type(await first_bytes(file).catch(() => new Uint8Array(0)))));
    if (types.some((type) => type !== null)) this.part("quality").hidden = false;
  }

  clear() {
    this.files = [];
    this.part("chosen").replaceChildren();
    this.part("quality").hidden = true;
    this.part("original", HTMLInputElement).checked = false;
    this.#changed();
  }

  get original() {
    return this.part("original", HTMLInputElement).checked;
  }

  get busy() {
    return this.element.ariaBusy === "true";
  }

  /** While what is in it is made ready it can't be sent once more. */
  set busy(busy) {
    this.element.ariaBusy = String(busy);
    this.part("working").textContent = busy ? text("attach_working") : "";
    this.#on_change();
  }

  // Internal

  /** @param {File} file */
  #make_chip(file) {
    const chip = clone("chosen-file");
    show_name(chip, file.name);
    find_part(chip, "about", HTMLElement).textContent = format_size(file.size);
    find_part(chip, "icon", SVGElement).setAttribute("href", `#icon-${name_icon(file.name)}`);
    const remove = find_part(chip, "remove", HTMLElement);
    remove.ariaLabel = text("attach_remove", { name: file.name });
    remove.addEventListener("click", () => {
      const beside = chip.nextElementSibling ?? chip.previousElementSibling;
      this.files = this.files.filter((other) => other !== file);
      chip.remove();
      this.#changed();
      if (beside) find_part(beside, "remove", HTMLElement).focus();
      else this.#on_empty();
    });
    void this.#show_preview(chip, file);
    return chip;
  }

  /** @param {HTMLElement} chip @param {File} file */
  async #show_preview(chip, file) {
    const type = image_type(await first_bytes(file).catch(() => new Uint8Array(0)));
    if (type === null) return;
    const image = find_part(chip, "preview", HTMLImageElement);
    image.src = URL.createObjectURL(new Blob([file], { type }));
    image.hidden = false;
    image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
  }

  #changed() {
    this.element.hidden = this.files.length === 0;
    this.#on_change();
  }
}
