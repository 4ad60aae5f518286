// @ts-check
// A browser on a machine whose cable and whose power can be pulled. Without power nothing of a page goes on: what it had not
// committed is gone, what it had sent is sent.
import { Browser } from "../support/browser.js";
import { FakeLocks } from "../support/locks.js";

/** @import { Options, Session } from "../../../static/js/session/open_session.js" */
/** @typedef {{ cut: () => void }} Wire */

class Power {
  constructor() {
    this.off = false;
    /** @type {Set<IDBTransaction>} */
    this.transactions = new Set();
  }

  /** @param {IDBFactory} inner @returns {IDBFactory} */
  feed(inner) {
    return /** @type {any} */ ({
      deleteDatabase: (/** @type {string} */ name) => inner.deleteDatabase(name),
      open: (/** @type {string} */ name, /** @type {number} */ version) => {
        const request = inner.open(name, version);
        request.addEventListener("success", () => this.#watch(request.result));
        return request;
      },
    });
  }

  /** @param {IDBDatabase} database */
  #watch(database) {
    const begin = database.transaction.bind(database);
    database.transaction = (...wish) => {
      if (this.off) throw new DOMException("no power", "InvalidStateError");
      const transaction = begin(...wish);
      this.transactions.add(transaction);
      for (const end of ["complete", "abort"]) transaction.addEventListener(end, () => this.transactions.delete(transaction));
      return transaction;
    };
  }

  pull() {
    this.off = true;
    for (const transaction of this.transactions) {
      try {
        transaction.abort();
      } catch {
        // It was committed already, and its page will not hear of it.
      }
    }
  }
}

export class Machine extends Browser {
  /** @param {string} origin */
  constructor(origin) {
    super(origin);
    this.connected = true;
    this.power = new Power();
    this.network = new EventTarget();
    this.cable = new AbortController();
    /** @type {Set<Wire>} */
    this.wires = new Set();
    /** @type {Partial<Options>} */
    this.options = {
      network: this.network,
      make_socket: (url) => this.#make_socket(url),
      fetch: (url, init = {}) => this.#fetch(url, init),
    };
  }

  /** @returns {Promise<Session>} */
  open_tab() {
    return super.open_tab({ factory: this.power.feed(this.factory) });
  }

  /** Sockets end, what is asked for gets no answer, nothing new can be reached. */
  disconnect() {
    this.connected = false;
    this.cable.abort();
    this.cable = new AbortController();
    for (const wire of [...this.wires]) wire.cut();
  }

  reconnect() {
    this.connected = true;
    this.network.dispatchEvent(new Event("online"));
  }

  /** @returns {Promise<Session>} the page as it is opened again */
  async kill() {
    const { connected } = this;
    this.power.pull();
    this.disconnect();
    // Only its timers are left of it: it reaches neither storage nor network.
    this.close();
    this.power = new Power();
    this.locks = new FakeLocks();
    this.connected = connected;
    return this.open_tab();
  }

  /** @param {string} url @returns {WebSocket} */
  #make_socket(url) {
    if (!this.connected) throw new Error("no network");
    const inner = new WebSocket(url, /** @type {any} */ ({ headers: { origin: this.origin } }));
    /** @type {any} */
    const outer = {
      set binaryType(/** @type {any} */ type) {
        inner.binaryType = type;
      },
      send: (/** @type {any} */ data) => inner.send(data),
      close: () => {
        this.wires.delete(wire);
        inner.close();
      },
    };
    const wire = { cut: () => this.#cut(wire, inner, outer) };
    this.wires.add(wire);
    inner.onopen = () => this.wires.has(wire) && outer.onopen?.();
    inner.onmessage = ({ data }) => this.wires.has(wire) && outer.onmessage?.({ data });
    inner.onerror = () => undefined;
    inner.onclose = ({ code }) => this.wires.delete(wire) && outer.onclose?.({ code });
    return outer;
  }

  /** @param {Wire} wire @param {WebSocket} inner @param {any} outer */
  #cut(wire, inner, outer) {
    this.wires.delete(wire);
    inner.close();
    outer.onclose?.({ code: 1006 });
  }

  /** @param {string | URL | Request} url @param {RequestInit} init @returns {Promise<Response>} */
  #fetch(url, init) {
    if (!this.connected) return Promise.reject(new TypeError("no network"));
    const signals = [init.signal, this.cable.signal].filter((signal) => signal instanceof AbortSignal);
    return fetch(url, { ...init, signal: AbortSignal.any(signals) });
  }
}
