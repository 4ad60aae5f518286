// @ts-check
import { words_for_error } from "../error_words.js";
import { full_date } from "../helpers/format_time.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part, make } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Device } from "../session_types.js" */
/** @import { Clock } from "../helpers/format_time.js" */

/** The devices of the account. */
export class DeviceList extends Controller {
  // Lifecycle

  async start() {
    try {
      const devices = await this.commands.devices();
      const clock = this.context.clock();
      const ordered = [...devices].sort((one, other) => Number(other.own) - Number(one.own) || other.added - one.added);
      this.element.replaceChildren(...ordered.map((device) => device_item(device, clock)));
    } catch (error) {
      this.element.replaceChildren(make("li", words_for_error(error)));
    }
  }
}

/**
 * @param {Device} device
 * @param {Clock} clock
 * @returns {HTMLElement}
 */
function device_item({ own, added, active, last_seen }, clock) {
  const item = clone("device");
  item.dataset.own = String(own);
  item.dataset.active = String(active);
  find_part(item, "name", HTMLElement).textContent = text(own ? "device_this" : "device_other");
  const date = full_date(added, clock);
  const seen = last_seen === null ? undefined : full_date(last_seen, clock);
  find_part(item, "hint", HTMLElement).textContent = !active
    ? text("device_removed")
    : seen === undefined || own
      ? text("device_added", { date })
      : text("device_seen", { date, seen });
  return item;
}
