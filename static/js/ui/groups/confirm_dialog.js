// @ts-check
import { FormDialog } from "../kit/form_dialog.js";

/** Asks once more before something that others see, or that can't be taken back. */
export class ConfirmDialog extends FormDialog {
  /**
   * @param {{ title: string, words: string, confirm: string }} asked
   * @param {() => Promise<unknown>} work
   */
  open_for({ title, words, confirm }, work) {
    this.part("title").textContent = title;
    this.part("text").textContent = words;
    this.part("confirm").textContent = confirm;
    this.open_for_work(async () => void (await work()));
  }
}
