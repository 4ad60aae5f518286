// @ts-check
import { Controller } from "./controller.js";
import { clone } from "./template.js";

/** @import { Context } from "../context.js" */

const GAP = 6;
const EDGE = 8;

/** Something small beside what it belongs to; on a phone a sheet at the lower edge. Esc and a press elsewhere close it. */
export class Popover extends Controller {
  #came_from = document.activeElement;

  /**
   * @param {string} template
   * @param {Context} context
   */
  constructor(template, context) {
    super(clone(template), context);
  }

  // Lifecycle

  /**
   * @param {Element} anchor
   * @param {DOMRect} [place] where it was, when it may have gone since
   */
  open_at(anchor, place = anchor.getBoundingClientRect()) {
    (anchor.closest("dialog") ?? document.body).append(this.element);
    this.listen(this.element, "keydown", (event) => this.#pressed(event));
    this.listen(this.element, "toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "closed" && this.end());
    // A window that gets smaller leaves it on the page.
    this.listen(window, "resize", () => this.#place(place));
    this.element.showPopover();
    this.#place(place);
  }

  end() {
    if (this.ending.aborted) return;
    const { activeElement } = document;
    const had_focus = activeElement === document.body || this.element.contains(activeElement);
    super.end();
    this.element.remove();
    if (had_focus && this.#came_from instanceof HTMLElement && this.#came_from.isConnected) this.#came_from.focus({ preventScroll: true });
  }

  // Actions

  /**
   * Before it opens under a finger: when that is lifted, the browser would close it, or take it for a press on what has come
   * to be there. The next press counts.
   */
  outlast_press() {
    let lifted = false;
    this.element.popover = "manual";
    this.listen(document, "pointerdown", ({ target }) => {
      lifted = true;
      if (target instanceof Node && !this.element.contains(target)) this.close();
    });
    const ignore = (/** @type {MouseEvent} */ event) => {
      // A key presses with no count of presses.
      if (lifted || event.detail === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    this.listen(document, "click", ignore, { capture: true });
  }

  close() {
    if (!this.ending.aborted) this.element.hidePopover();
  }

  // Internal

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    // Handled here: the page takes an Esc that nobody wanted for a step back.
    event.preventDefault();
    this.close();
  }

  /** @param {DOMRect} anchor */
  #place(anchor) {
    const { offsetWidth: width, offsetHeight: height, style } = this.element;
    const below = anchor.bottom + GAP + height <= innerHeight - EDGE || anchor.top - GAP - height < EDGE;
    const top = below ? anchor.bottom + GAP : anchor.top - GAP - height;
    const left = anchor.left + anchor.width / 2 > innerWidth / 2 ? anchor.right - width : anchor.left;
    style.setProperty("--popover-top", `${clamp(top, innerHeight - height)}px`);
    style.setProperty("--popover-left", `${clamp(left, innerWidth - width)}px`);
  }
}

/**
 * @param {number} value
 * @param {number} most
 * @returns {number} within the page
 */
function clamp(value, most) {
  return Math.round(Math.max(EDGE, Math.min(value, most - EDGE)));
}
