// @ts-check
import { words_for_error } from "../error_words.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part, make } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Device } from "../session_types.js" */

/** The devices of the account. */
export class DeviceList extends Controller {
  // Lifecycle

  async start() {
    try {
      const devices = await this.commands.devices();
      const ordered = [...devices].sort((one, other) => Number(other.own) - Number(one.own) || one.added - other.added);
      this.element.replaceChildren(...ordered.map(device_item));
    } catch (error) {
      this.element.replaceChildren(make("li", words_for_error(error)));
    }
  }
}

/**
 * @param {Device} device
 * @returns {HTMLElement}
 */
function device_item({ own, added, active }) {
  const item = clone("device");
  item.dataset.own = String(own);
  item.dataset.active = String(active);
  find_part(item, "name", HTMLElement).textContent = text(own ? "device_this" : "device_other");
  find_part(item, "hint", HTMLElement).textContent = text(!active ? "device_removed" : added === 1 ? "device_first" : "device_later");
  return item;
}
