// @ts-check
// BroadcastChannel between the tabs of one browser. Node's own can't carry a CryptoKey to more than one receiver.

export class Channels {
  constructor() {
    /** @type {Set<EventTarget>} */
    this.open_ones = new Set();
  }

  /** @returns {import("../../../static/js/session/remote_calls.js").Channel} of one tab */
  open() {
    const target = new EventTarget();
    this.open_ones.add(target);
    return {
      postMessage: (message) => {
        for (const other of this.open_ones) if (other !== target) this.#send(other, structuredClone(message));
      },
      addEventListener: (type, listener) => target.addEventListener(type, listener),
      close: () => void this.open_ones.delete(target),
    };
  }

  /** @param {EventTarget} to @param {any} data */
  #send(to, data) {
    setTimeout(() => {
      if (this.open_ones.has(to)) to.dispatchEvent(new MessageEvent("message", { data }));
    });
  }
}
