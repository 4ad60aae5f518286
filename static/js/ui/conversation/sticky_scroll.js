// @ts-check
import { Controller } from "../kit/controller.js";

/** Pixels from the end that still count as being there. */
const NEAR = 64;
/** How early more messages are fetched, so that nobody waits for them. */
const EARLY = 1200;
/** Screenfuls that are worth watching go by. */
const GLIDES = 4;

/** Keeps the newest message in view while somebody is there, and the place where they are while they are not. */
export class StickyScroll extends Controller {
  #scroller = this.part("scroller");
  #rows = this.part("rows");
  at_bottom = true;
  /** whether the lowest row is the conversation's newest */
  complete = true;

  // Lifecycle

  /** @param {{ on_top: () => void, on_bottom: () => void, on_scroll: () => void }} given */
  start({ on_top, on_bottom, on_scroll }) {
    this.listen(this.#scroller, "scroll", () => this.#scrolled(on_top, on_bottom, on_scroll), { passive: true });
    // A picture that has come, reactions, a composer that grows: whoever is at the end stays there.
    const observer = new ResizeObserver(() => this.at_bottom && this.complete && this.to_bottom());
    observer.observe(this.#scroller);
    observer.observe(this.#rows);
    this.at_end(() => observer.disconnect());
  }

  // Actions

  /** @param {Element | null} element the row to begin at; without one, the newest */
  open_at(element) {
    if (element === null) this.to_bottom();
    else this.show(element);
  }

  /** @param {{ smooth?: boolean }} [how] */
  to_bottom({ smooth = false } = {}) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const glides = smooth && !calm && scrollHeight - scrollTop < GLIDES * clientHeight;
    this.#scroller.scrollTo({ top: scrollHeight, behavior: glides ? "smooth" : "instant" });
    if (!smooth) this.at_bottom = true;
  }

  /** @param {Element} element comes into the middle at once: on the way, more messages would come in between */
  show(element) {
    element.scrollIntoView({ block: "center" });
    this.#measure();
  }

  /** @param {() => void} change of the rows, above or below what is in view, which does not move by it */
  keep_place(change) {
    const top = this.#scroller.getBoundingClientRect().top;
    const anchors = [...this.#rows.children].filter((row) => row.getBoundingClientRect().bottom > top);
    const before = new Map(anchors.map((row) => [row, row.getBoundingClientRect().top]));
    change();
    const anchor = anchors.find((row) => row.isConnected && /** @type {HTMLElement} */ (row).dataset.row === "message");
    if (anchor !== undefined) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - (before.get(anchor) ?? 0);
    this.#measure();
  }

  // Internal

  /**
   * @param {() => void} on_top
   * @param {() => void} on_bottom
   * @param {() => void} on_scroll
   */
  #scrolled(on_top, on_bottom, on_scroll) {
    this.#measure();
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (scrollTop < EARLY) on_top();
    if (scrollHeight - scrollTop - clientHeight < EARLY) on_bottom();
    on_scroll();
  }

  #measure() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.at_bottom = scrollHeight - scrollTop - clientHeight < NEAR;
  }
}
