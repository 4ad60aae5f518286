// @ts-check
import { FormDialog } from "../kit/form_dialog.js";

/** Says what is lost before the archive is erased. */
export class ArchiveOffDialog extends FormDialog {
  /** @param {() => void} on_done */
  open_for(on_done) {
    this.open_for_work(async () => {
      await this.commands.set_archive({ on: false });
      on_done();
    });
  }
}
