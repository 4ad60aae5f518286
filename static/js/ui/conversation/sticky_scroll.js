// @ts-check
import { Controller } from "../kit/controller.js";

/** Pixels from the end that still count as being there. */
const NEAR = 64;
/** How early older messages are fetched, so that nobody waits for them. */
const EARLY = 600;
/** Screenfuls that are worth watching go by. */
const GLIDES = 4;

/** Keeps the newest message in view while somebody is there, and the place where they are while they are not. */
export class StickyScroll extends Controller {
  #scroller = this.part("scroller");
  at_bottom = true;

  // Lifecycle

  /** @param {{ on_top: () => void, on_bottom: () => void }} given */
  start({ on_top, on_bottom }) {
    this.listen(this.#scroller, "scroll", () => this.#scrolled(on_top, on_bottom), { passive: true });
    const observer = new ResizeObserver(() => this.at_bottom && this.to_bottom());
    observer.observe(this.#scroller);
    this.at_end(() => observer.disconnect());
  }

  // Actions

  /** @param {Element | null} element the row to begin at; without one, the newest */
  open_at(element) {
    if (element === null) this.to_bottom();
    else element.scrollIntoView({ block: "center" });
    this.#measure();
  }

  /** @param {{ smooth?: boolean }} [how] */
  to_bottom({ smooth = false } = {}) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const glides = smooth && scrollHeight - scrollTop < GLIDES * clientHeight;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scroller.scrollTo({ top: scrollHeight, behavior: glides && !calm ? "smooth" : "instant" });
    // Rows that come into view take their real heights only then.
    if (!glides) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    if (!smooth) this.at_bottom = true;
  }

  /** @param {() => void} change that adds something above what is in view */
  keep_place(change) {
    const from_end = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    change();
    this.#scroller.scrollTop = this.#scroller.scrollHeight - from_end;
  }

  // Internal

  /**
   * @param {() => void} on_top
   * @param {() => void} on_bottom
   */
  #scrolled(on_top, on_bottom) {
    const was_at_bottom = this.at_bottom;
    this.#measure();
    if (this.#scroller.scrollTop < EARLY) on_top();
    if (this.at_bottom) on_bottom();
    else if (was_at_bottom) this.part("jump").hidden = false;
  }

  #measure() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.at_bottom = scrollHeight - scrollTop - clientHeight < NEAR;
  }
}
