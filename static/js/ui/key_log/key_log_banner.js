// @ts-check
import { format_span } from "../helpers/format_span.js";
import { banner_for } from "../helpers/key_log_rules.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { KeyLog } from "../session_types.js" */

/** Says as long as it is so that the key log is not in order, or that a clock is wrong. */
export class KeyLogBanner extends Controller {
  // Lifecycle

  /** @param {{ on_details: () => void }} given */
  start({ on_details }) {
    this.listen(this.part("log_details"), "click", on_details);
  }

  // Actions

  /** @param {KeyLog} log */
  show(log) {
    const state = banner_for(log);
    this.element.hidden = state === null;
    this.element.dataset.state = state ?? "ok";
    if (state === null) this.part("log_words").textContent = "";
    else if (state === "clock") this.#say(text(log.clock > 0 ? "banner_behind" : "banner_ahead", { span: format_span(log.clock) }));
    else this.#say(text(`banner_${state}`));
    const icon = state === "broken" ? "warning" : "waiting";
    this.part("log_icon", SVGElement).setAttribute("href", `#icon-${icon}`);
  }

  // Internal

  /** @param {string} words told anew only when they are new: it is a live region */
  #say(words) {
    const place = this.part("log_words");
    if (place.textContent !== words) place.textContent = words;
  }
}
