// @ts-check
import { words_for_error } from "../error_words.js";
import { format_day, format_last_seen } from "../helpers/format_last_seen.js";
import { counted } from "../helpers/plural.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part } from "../kit/template.js";
import { join_words, text } from "../texts.js";

/** @import { Device } from "../device_types.js" */
/** @import { Clock } from "../helpers/format_time.js" */

/** After a recovery: which of the older devices are still in the right hands. What is not kept is revoked. */
export class LostDevicesScreen extends Controller {
  // Lifecycle

  async start() {
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.part("devices"), "change", () => this.#changed());
    this.listen(this.part("again"), "click", () => this.#load());
    await this.#load();
  }

  // Actions

  #changed() {
    const count = this.#lost().length;
    this.part("submit_text").textContent = count === 0 ? text("lost_none") : counted("lost_submit", count);
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    await while_busy(this.part("submit"), () => this.#finish());
  }

  // Internal

  async #load() {
    this.part("again").hidden = true;
    this.part("error").textContent = "";
    try {
      const others = (await this.commands.devices()).filter(({ own, active }) => active && !own);
      if (this.ending.aborted) return;
      if (others.length === 0) await this.commands.finish_recovery({ lost: [] });
      this.#show(others);
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
      this.part("again").hidden = false;
    }
  }

  /** @param {Device[]} devices */
  #show(devices) {
    const clock = this.context.clock();
    this.part("devices").replaceChildren(...devices.map((device) => choice_item(device, clock)));
    this.part("submit").hidden = devices.length === 0;
    this.#changed();
  }

  async #finish() {
    const lost = this.#lost();
    this.part("error").textContent = "";
    this.part("progress").textContent = lost.length === 0 ? "" : text("revoking");
    try {
      await this.commands.finish_recovery({ lost });
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    } finally {
      this.part("progress").textContent = "";
    }
  }

  /** @returns {string[]} the devices that nobody says they still have */
  #lost() {
    const boxes = /** @type {HTMLInputElement[]} */ ([...this.part("devices").querySelectorAll("input")]);
    return boxes.filter(({ checked }) => !checked).map(({ value }) => value);
  }
}

/**
 * @param {Device} device
 * @param {Clock} clock
 * @returns {HTMLElement}
 */
function choice_item({ device, name, created, last_seen }, clock) {
  const item = clone("lost-device");
  find_part(item, "box", HTMLInputElement).value = device;
  find_part(item, "name", HTMLElement).textContent = name || text("device_unnamed");
  find_part(item, "hint", HTMLElement).textContent = join_words([
    format_last_seen(last_seen, clock),
    created ? text("device_added", { day: format_day(created, clock) }) : "",
  ]);
  return item;
}
