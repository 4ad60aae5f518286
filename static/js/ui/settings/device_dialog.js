// @ts-check
import { words_for_error } from "../error_words.js";
import { device_hint } from "../helpers/device_rows.js";
import { LONGEST_DEVICE_NAME } from "../helpers/device_name.js";
import { format_day } from "../helpers/format_last_seen.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { EraseDialog } from "./erase_dialog.js";
import { RevokeDialog } from "./revoke_dialog.js";

/** @import { Device } from "../device_types.js" */

/** One device: its name, its code to compare, and its end. */
export class DeviceDialog extends Dialog {
  #name = this.part("name", HTMLInputElement);

  /** @param {Device} device */
  open_for(device) {
    this.open();
    this.#name.maxLength = LONGEST_DEVICE_NAME;
    this.#name.value = device.name;
    this.listen(this.part("form"), "submit", (event) => this.#rename(event, device));
    this.listen(this.part("verify"), "click", () => this.#verify(device, true));
    this.listen(this.part("unverify"), "click", () => this.#verify(device, false));
    this.listen(this.part("revoke"), "click", () => this.#end_device(device));
    this.part("code").replaceChildren(...device.code.trim().split(/\s+/).map(code_group));
    this.#show(device);
  }

  // Actions

  /**
   * @param {Event} event
   * @param {Device} device
   */
  async #rename(event, device) {
    event.preventDefault();
    const name = this.#name.value.trim();
    await this.#try("rename", async () => {
      await this.commands.rename_device({ device: device.device, name });
      this.#show(Object.assign(device, { name }));
      this.context.toasts.say(text("device_renamed"));
    });
  }

  /**
   * @param {Device} device
   * @param {boolean} verified
   */
  async #verify(device, verified) {
    await this.#try(verified ? "verify" : "unverify", async () => {
      await this.commands.verify_device({ device: device.device, verified });
      this.#show(Object.assign(device, { verified }));
      this.part(verified ? "unverify" : "verify").focus();
    });
  }

  /** @param {Device} device */
  #end_device(device) {
    this.close();
    if (device.own) new EraseDialog("erase", this.context).open();
    else new RevokeDialog("revoke", this.context).open_for(device);
  }

  // Internal

  /**
   * @param {string} button
   * @param {() => Promise<void>} work
   */
  async #try(button, work) {
    this.part("error").textContent = "";
    try {
      await while_busy(this.part(button), work);
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }

  /** @param {Device} device */
  #show(device) {
    const { own, verified, created, name } = device;
    const clock = this.context.clock();
    this.part("title").textContent = name || text("device_unnamed");
    const added = created === null ? "" : text("device_added", { day: format_day(created, clock) });
    this.part("facts").textContent = [device_hint(device, clock), added].filter((words) => words !== "").join(" · ");
    this.part("code_hint").textContent = text(own ? "device_code_own" : "device_code_other");
    this.part("state").hidden = own || !verified;
    this.part("verify").hidden = own || verified;
    this.part("unverify").hidden = own || !verified;
    this.part("revoke").textContent = text(own ? "device_erase" : "device_revoke");
    this.part("revoke_hint").textContent = text(own ? "device_erase_hint" : "device_revoke_hint");
  }
}

/**
 * @param {string} digits
 * @returns {HTMLElement}
 */
function code_group(digits) {
  const item = clone("safety-group");
  item.textContent = digits;
  return item;
}
