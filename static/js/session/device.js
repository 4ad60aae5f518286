// @ts-check
// The signed-in device in the owner's tab: what every session file works with. It holds no behaviour beyond that.
import { Talk2meError } from "../errors.js";
import { GroupStates } from "./group_states.js";
import { Mutexes } from "./mutexes.js";

/** @import { Api } from "../transport/api.js" */
/** @import { MailboxSocket } from "../transport/mailbox_socket.js" */
/** @import { Store } from "../store/store.js" */
/** @import { SigningKey } from "../crypto/ed25519.js" */
/** @import { Profile } from "./records.js" */
/** @import { Bytes } from "../codec/bytes.js" */
/**
 * @typedef {{ origin: string, store: Store, now: () => number, random: (length: number) => Bytes,
 *   emit: (topic: string, detail?: any) => void }} Parts
 * @typedef {{ flush: (conversation: string, wait?: number) => void, join: () => void, rejoin: (mailbox: string) => void,
 *   refresh: (account: string, told: { seq: number, hash: Uint8Array }) => void, vault: () => void, replenish: () => void, compare_log: (wait?: number) => void, flush_all: () => void,
 *   look_again: () => void, vault_note: (note: { version: number }) => void,
 *   tell_vault: (note: { version: number, hash: Bytes }) => void, archive: (wait: number) => void,
 *   read_archive: (wait: number) => void, follow_archive: () => void, index: (conversation: string) => void, settle_notes: () => void }} Tasks `wait` in milliseconds
 */

export class Device {
  /** @param {Parts} parts */
  constructor({ origin, store, now, random, emit }) {
    this.origin = origin;
    this.store = store;
    this.now = now;
    this.random = random;
    this.emit = emit;
    this.groups = new GroupStates(this);
    this.mutexes = new Mutexes();
    /** @type {Api} */
    this.api = /** @type {any} */ (null);
    /** @type {MailboxSocket | null} */
    this.socket = null;
    /** @type {Profile | null} */
    this.profile = null;
    /** @type {{ sign_in: SigningKey, mls: SigningKey } | null} */
    this.keys = null;
    /** @type {string | null} */
    this.device_mailbox = null;
    this.closed = false;
    /** @type {((tell: () => void) => void) | null} while the account is being deleted: takes what would be told of the connection's end */
    this.hold_end = null;
    /** @type {Tasks} what one file wants done later by another; start_device.js puts them in */
    this.tasks = {
      ...{ flush: () => {}, join: () => {}, rejoin: () => {}, refresh: () => {}, vault: () => {}, replenish: () => {}, compare_log: () => {} },
      ...{ flush_all: () => {}, look_again: () => {}, vault_note: () => {}, tell_vault: () => {} },
      ...{ archive: () => {}, read_archive: () => {}, follow_archive: () => {}, index: () => {}, settle_notes: () => {} },
    };
    /** @type {Set<string>} what a person was told of an account's chain, said once a page */
    this.told_of_chains = new Set();
    /** @type {Set<string>} devices whose code the person has just compared: that they come is no news */
    this.awaited = new Set();
    /** @type {Set<any>} */
    this.timers = new Set();
    /** @type {Set<Promise<unknown>>} */
    this.jobs = new Set();
  }

  /** @returns {Profile} @throws {Talk2meError} `account_missing` */
  get own() {
    if (!this.profile) throw new Talk2meError("account_missing");
    return this.profile;
  }

  /** @returns {SigningKey} of this device's leaves */
  get signature_key() {
    if (!this.keys) throw new Talk2meError("account_missing");
    return this.keys.mls;
  }

  get online() {
    return !this.closed && this.socket !== null && this.socket.online;
  }

  /** @param {Record<string, unknown>} frame @returns {Promise<any>} @throws {Talk2meError} as `MailboxSocket.request` */
  async request(frame) {
    if (!this.socket) throw new Talk2meError("offline");
    return this.socket.request(frame);
  }

  /**
   * Runs something that nobody waits for. What goes wrong there is told as an alert where a person should know, and is tried
   * again by whoever started it.
   * @param {() => Promise<unknown>} work
   */
  background(work) {
    if (this.closed) return;
    const job = Promise.resolve()
      .then(work)
      .catch((error) => this.tell_failure(error));
    this.jobs.add(job);
    void job.then(() => this.jobs.delete(job));
  }

  /** @param {unknown} error */
  tell_failure(error) {
    const code = error instanceof Talk2meError ? error.code : "internal";
    if (code === "storage_full" || code === "storage_damaged") this.emit("alert", { code });
    else if (!(error instanceof Talk2meError) && !this.closed) this.on_fault(error);
  }

  /** A fault of our own code in the background; tests replace this. @param {unknown} _error */
  on_fault(_error) {
    this.emit("alert", { code: "internal" });
  }

  /** @param {number} wait milliseconds @param {() => Promise<unknown>} work */
  later(wait, work) {
    if (this.closed) return undefined;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.background(work);
    }, wait);
    this.timers.add(timer);
    return timer;
  }

  /** @param {any} timer */
  cancel(timer) {
    clearTimeout(timer);
    this.timers.delete(timer);
  }

  /** Ends everything that is under way; what was stored stays. */
  close() {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.socket?.close();
    this.socket = null;
  }
}
