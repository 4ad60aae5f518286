// @ts-check
import { Controller } from "../kit/controller.js";
import { make } from "../kit/template.js";
import { TEXTS, text } from "../texts.js";

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
  const key = `missing_${name.toLowerCase().replaceAll(" ", "_")}`;
  const item = make("li", key in TEXTS ? text(key) : name);
  item.dataset.test = "missing";
  return item;
}
