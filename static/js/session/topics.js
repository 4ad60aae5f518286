// @ts-check

/** @typedef {(detail: any) => void} Listener */

/** Who in this tab wants to hear of what. */
export class Topics {
  constructor() {
    /** @type {Map<string, Set<Listener>>} */
    this.listeners = new Map();
  }

  /** @param {string} topic @param {Listener} listener @returns {() => void} ends it */
  on(topic, listener) {
    const listeners = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** @param {string} topic @param {any} [detail] */
  tell(topic, detail) {
    for (const listener of this.listeners.get(topic) ?? []) {
      try {
        listener(detail);
      } catch {
        // A page's fault must not stop what the session does.
      }
    }
  }
}
