// @ts-check
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";

/** @import { Device } from "../device_types.js" */

/** Asks once more before a device is cut off, and says what that does. */
export class RevokeDialog extends FormDialog {
  /** @param {Device} device */
  open_for({ device, name }) {
    const shown = name || text("device_unnamed");
    this.part("title").textContent = text("revoke_title", { name: shown });
    this.open_for_work(async () => {
      this.part("progress").textContent = text("revoking");
      try {
        await this.commands.revoke_devices({ devices: [device] });
      } finally {
        this.part("progress").textContent = "";
      }
      this.context.toasts.say(text("revoked", { name: shown }));
    });
  }
}
