// @ts-check
import { counted } from "../helpers/plural.js";
import { FormDialog } from "../kit/form_dialog.js";

/** Says what is lost before kept files are deleted: nobody can see here what is in them. */
export class DeleteKeptDialog extends FormDialog {
  #tried = false;
  #on_done = () => {};

  // Lifecycle

  /**
   * @param {string[]} ids
   * @param {() => void} on_done some of them are gone, or all
   */
  open_for(ids, on_done) {
    this.#on_done = on_done;
    this.part("title").textContent = counted("delete_kept_title", ids.length);
    this.open_for_work(async () => {
      this.#tried = true;
      await this.commands.delete_kept({ ids });
      this.context.toasts.say(counted("kept_deleted", ids.length));
    });
  }

  end() {
    super.end();
    if (this.#tried) this.#on_done();
  }
}
