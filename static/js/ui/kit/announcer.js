// @ts-check

const CLEARED_MS = 10_000;

/** Tells screen readers what arrived, in a live region of its own, so that loading older messages stays silent. */
export class Announcer {
  #region = /** @type {HTMLElement} */ (document.getElementById("live-region"));

  /** @param {string} words */
  say(words) {
    const line = document.createElement("p");
    line.textContent = words;
    this.#region.append(line);
    setTimeout(() => line.remove(), CLEARED_MS);
  }

  clear() {
    this.#region.replaceChildren();
  }
}
