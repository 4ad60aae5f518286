// @ts-check
import { full_date } from "../helpers/format_time.js";
import { name_icon, name_parts, name_risk, saved_name } from "../helpers/file_names.js";
import { while_busy } from "../kit/busy.js";
import { save_file } from "../kit/files.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { FileItem } from "./file_item.js";

/** @import { Shown } from "./file_item.js" */

/** Any file: its name and what can be done with it. It is saved, never opened here. */
export class FileCard extends FileItem {
  /** @param {Shown} shown */
  constructor(shown) {
    super(clone("file-card"), shown);
    const { name } = this.file;
    find_part(this.element, "icon", SVGElement).setAttribute("href", `#icon-${name_icon(name)}`);
    show_name(this.element, name);
    const risk = name_risk(name);
    this.part("risk").hidden = risk === null;
    if (risk !== null) this.part("risk").textContent = text(risk === "program" ? "file_program" : "file_page");
    this.part("save").ariaLabel = text("file_download", { name });
    this.part("save").addEventListener("click", () => while_busy(this.part("save"), () => this.save()));
    offer_keeping(this, this.part("keep"));
  }

  get main() {
    return this.part("save");
  }

  about() {
    const { state, expires } = this.file;
    const words = [super.about()];
    if (state === "kept") words.push(text("file_kept"));
    if (state === "there" && expires !== undefined) words.push(text("file_until", { date: full_date(expires, this.context.clock()) }));
    return words.join(" · ");
  }

  async save() {
    const blob = await this.read();
    // Whatever it is: to the browser it is bytes.
    if (blob) save_file(new Blob([blob], { type: "application/octet-stream" }), saved_name(this.file.name));
  }
}

/** @param {HTMLElement} root with the parts of a name @param {string} name */
export function show_name(root, name) {
  const { stem, ending } = name_parts(name);
  find_part(root, "stem", HTMLElement).textContent = stem;
  find_part(root, "ending", HTMLElement).textContent = ending;
}

/**
 * The server forgets files after a while, unless somebody keeps them. What disappears nobody keeps.
 * @param {Pick<FileItem, "file" | "message" | "place" | "context">} item
 * @param {HTMLElement} button
 */
export function offer_keeping(item, button) {
  const { state } = item.file;
  const keep = state !== "kept";
  button.hidden = state === "uploading" || state === "expired" || (keep && Boolean(item.message.timer));
  button.textContent = text(keep ? "file_keep" : "file_keep_not");
  button.onclick = () =>
    while_busy(button, async () => {
      try {
        await item.context.session.commands.keep_file({ ...item.place, keep });
      } catch (error) {
        item.context.toasts.warn_about(error);
      }
    });
}
