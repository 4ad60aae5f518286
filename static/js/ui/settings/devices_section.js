// @ts-check
import { words_for_error } from "../error_words.js";
import { device_hint, order_devices } from "../helpers/device_rows.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { reconcile } from "../kit/reconcile.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { DeviceDialog } from "./device_dialog.js";
import { LinkDialog } from "./link_dialog.js";

/** @import { Device } from "../device_types.js" */

/** The devices of the account, and the way to one more. */
export class DevicesSection extends Controller {
  // Lifecycle

  start() {
    const refresh = latest_only(() => this.#refresh(), (error) => this.#show_error(words_for_error(error)));
    this.listen(this.part("link_device"), "click", () => new LinkDialog("link-device", this.context).open());
    this.follow("devices", refresh);
    this.follow("profile", refresh);
    refresh();
  }

  // Internal

  async #refresh() {
    const devices = await this.commands.devices();
    if (this.ending.aborted) return;
    this.#show_error("");
    reconcile(this.part("devices"), order_devices(devices), {
      key: ({ device }) => device,
      create: () => clone("device"),
      update: (element, device) => this.#update(element, device),
    });
  }

  /**
   * @param {HTMLElement} item
   * @param {Device} device
   */
  #update(item, device) {
    const { own, active, idle, verified } = device;
    for (const [name, value] of Object.entries({ own, active, idle, verified })) item.dataset[name] = String(value);
    item.dataset.device = device.device;
    find_part(item, "name", HTMLElement).textContent = device.name || text("device_unnamed");
    find_part(item, "own", HTMLElement).hidden = !own;
    find_part(item, "hint", HTMLElement).textContent = device_hint(device, this.context.clock());
    find_part(item, "verified", SVGElement).toggleAttribute("hidden", !verified || own);
    const open = find_part(item, "open", HTMLButtonElement);
    open.disabled = !active;
    open.ariaLabel = text("device_open", { name: device.name || text("device_unnamed") });
    open.onclick = () => new DeviceDialog("device-dialog", this.context).open_for(device);
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("devices_error").textContent = words;
  }
}
