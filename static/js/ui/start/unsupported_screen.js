// @ts-check
import { Controller } from "../kit/controller.js";
import { make } from "../kit/template.js";
import { TEXTS } from "../texts.js";

/** Says what the browser lacks. */
export class UnsupportedScreen extends Controller {
  // Lifecycle

  async start() {
    this.listen(this.part("reload"), "click", () => location.reload());
    const { missing } = await this.commands.check_browser();
    this.part("missing").replaceChildren(...missing.map((name) => missing_item(name)));
  }
}

/**
 * @param {string} name
 * @returns {HTMLElement}
 */
function missing_item(name) {
  const item = make("li", TEXTS[`missing_${name.toLowerCase().replaceAll(" ", "_")}`] ?? name);
  item.dataset.test = "missing";
  return item;
}
