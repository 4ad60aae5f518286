// @ts-check
// A browser profile in Node: its own IndexedDB and locks; each tab is a session on it.
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { open_session } from "../../../static/js/session/open_session.js";
import { Channels } from "./channels.js";
import { FakeLocks } from "./locks.js";

globalThis.IDBKeyRange = IDBKeyRange;

/** @import { Options, Session } from "../../../static/js/session/open_session.js" */

let count = 0;

export class Browser {
  /** @param {string} origin @param {Partial<Options>} [options] for every tab */
  constructor(origin, options = {}) {
    count += 1;
    this.origin = origin;
    this.options = options;
    this.database_name = `browser ${count}`;
    this.factory = new IDBFactory();
    this.locks = new FakeLocks();
    this.channels = new Channels();
    /** @type {Session[]} */
    this.tabs = [];
    /** @type {unknown[]} faults of our own code in the background */
    this.faults = [];
    /** @type {any[]} */
    this.alerts = [];
  }

  /** @param {Partial<Options>} [options] @returns {Promise<Session>} */
  async open_tab(options = {}) {
    const session = await open_session({
      origin: this.origin,
      database_name: this.database_name,
      factory: this.factory,
      locks: this.locks,
      channel: this.channels.open(),
      platform: { crypto, WebSocket, BroadcastChannel, indexedDB: this.factory, navigator: { locks: this.locks } },
      on_fault: (error) => {
        this.faults.push(error);
        if (process.env.FAULTS && error instanceof Error) process.stderr.write(`${error.stack}\n`);
      },
      make_socket: (url) => new WebSocket(url, /** @type {any} */ ({ headers: { origin: this.origin } })),
      ...this.options,
      ...options,
    });
    session.on("alert", (alert) => this.alerts.push(alert));
    this.tabs.push(session);
    return session;
  }

  close() {
    for (const tab of this.tabs) tab.close();
    this.tabs = [];
  }
}

/**
 * Waits until a condition holds: for what happens in the background.
 * @template T
 * @param {() => Promise<T> | T} look
 * @param {string} [what]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(look, what = look.toString()) {
  // Nothing here takes seconds on a machine of its own; on a slow one that does other things too it does.
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return /** @type {NonNullable<T>} */ (found);
    if (Date.now() > end) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => void setTimeout(resolve, 25));
  }
}
