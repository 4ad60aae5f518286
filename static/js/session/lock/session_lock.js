// @ts-check
// The lock of this browser, as one tab sees it. All tabs are locked or none is: who unlocks gives the others the keys, who locks
// tells them. Keys travel as CryptoKeys that can't be exported.
import { to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { change_lock, finish_change } from "../../store/change_lock.js";
import { unwrap_by_lock } from "../../store/lock_key.js";
import { read_lock, unlock_store } from "../../store/unlock_store.js";
import { IdleTimer } from "./idle_timer.js";
import { ask_for_new_lock, ask_for_secret } from "./lock_secret.js";
import { is_persisted } from "./persist_storage.js";
import { check_timeout, read_timeout } from "./set_lock.js";

/** @import { NewLock } from "../../store/lock_key.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Wish } from "./lock_secret.js" */
/** @import { Session } from "../open_session.js" */

const MINUTE = 60_000;
// Every tab's input counts for all of them, told this often at most.
const TOUCH_WAIT = 5_000;
const ANSWER_WAIT = 400;

export class SessionLock {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.idle = new IdleTimer({ now: session.now, on_idle: () => void this.lock_all() });
    this.told_touch = 0;
    /** @type {string | null} what this tab has asked the others for keys by */
    this.asking = null;
    /** @type {Promise<unknown>} the change of keys that this tab has under way */
    this.changing = Promise.resolve();
  }

  /** @returns {Promise<{ kind: "none" | "passphrase" | "passkey", timeout: number, persisted: boolean | null }>} `timeout`: 0 while locked */
  async state() {
    const store = await this.session.open_store();
    const lock = await read_lock(store);
    const timeout = lock && !store.locked ? await read_timeout(store) : 0;
    return { kind: lock?.kind ?? "none", timeout, persisted: await is_persisted(this.session.platform) };
  }

  /** @param {Wish} wish @throws {Talk2meError} `lock_wrong`, `lock_weak`, `passkey_no_prf`, `passkey_cancelled` */
  async unlock(wish) {
    const store = await this.session.open_store();
    if (!store.locked) return;
    const lock = await read_lock(store);
    await unlock_store(store, lock ? await ask_for_secret(lock, wish, this.#here()) : { passphrase: "" });
    this.#share({ unlocks: true });
    await this.session.resume();
  }

  /** @param {Wish & { timeout?: number }} wish @returns {Promise<{ lock: NewLock, timeout?: number }>} what the owner is asked for */
  async prepare({ timeout, ...wish }) {
    const { username } = this.session.profile() ?? {};
    if (username === undefined) throw new Talk2meError("account_missing");
    if (timeout !== undefined) check_timeout(timeout);
    return { lock: await ask_for_new_lock(wish, { ...this.#here(), username }), timeout };
  }

  /** That whoever takes the lock off could open it. @param {Wish} wish @throws {Talk2meError} as `unlock`; `lock_missing` */
  async prove(wish) {
    const lock = await read_lock(await this.session.open_store());
    if (!lock) throw new Talk2meError("lock_missing");
    await unwrap_by_lock(lock, await ask_for_secret(lock, wish, this.#here()));
  }

  /** @throws {Talk2meError} `lock_missing` */
  async lock_now() {
    if (!(await read_lock(await this.session.open_store()))) throw new Talk2meError("lock_missing");
    await this.lock_all();
  }

  async lock_all() {
    this.session.remote.tell("lock.now", null);
    await this.#lock_here();
  }

  /** In the owner's tab. @param {Store} store of the owner @param {NewLock | null} lock */
  async change(store, lock) {
    await this.#while_changing(() => change_lock(store, lock, () => this.#share({ unlocks: false })));
    await this.tell_timeout();
  }

  /** A change that a tab before this one has begun. @param {Store} store of the owner */
  async finish_change(store) {
    await this.#while_changing(() => finish_change(store, () => this.#share({ unlocks: false })));
    await this.begin();
  }

  /** From when the store is open on. */
  async begin() {
    const { store } = this.session;
    if (!store || store.locked || !(await read_lock(store))) return this.idle.stop();
    return this.idle.start(MINUTE * (await read_timeout(store)));
  }

  async tell_timeout() {
    this.session.remote.tell("lock.timeout", null);
    await this.begin();
  }

  touch() {
    const now = this.session.now();
    if (!this.idle.touch() || now - this.told_touch < TOUCH_WAIT) return;
    this.told_touch = now;
    this.session.remote.tell("lock.touch", null);
  }

  /** Whether another tab has the keys of a store that this one finds locked; one that is slow may still answer. @param {Store} store */
  async ask_others(store) {
    this.asking = to_base64url(this.session.random(16));
    this.session.remote.tell("lock.ask", { id: this.asking });
    await store.keyring.next_keys(ANSWER_WAIT);
  }

  close() {
    this.idle.stop();
  }

  /** From another tab. @param {string} topic @param {any} detail */
  async take(topic, detail) {
    const { store } = this.session;
    if (topic === "lock.now") await this.#lock_here();
    else if (topic === "lock.touch") this.idle.touch();
    else if (topic === "lock.timeout") await this.begin();
    else if (topic === "lock.ask" && store && !store.locked) this.#share({ unlocks: true, to: detail.id });
    else if (topic === "lock.keys" && store) await this.#take_keys(store, detail);
  }

  /** @param {Store} store @param {any} news */
  async #take_keys(store, { keys, unlocks, to }) {
    // The owner's own are the newest.
    if (this.session.device || (to !== undefined && to !== this.asking)) return;
    const { locked } = store;
    if (locked && !unlocks) return;
    this.asking = null;
    store.keyring.use(keys);
    if (locked) await this.session.resume();
  }

  /** @param {{ unlocks: boolean, to?: string }} how `unlocks`: a tab that is locked takes them; `to`: only the one that asked */
  #share(how) {
    const keys = this.session.store?.keyring.keys;
    try {
      if (keys) this.session.remote.tell("lock.keys", { keys, ...how });
    } catch {
      // A browser whose channels carry no keys: each tab is unlocked by hand.
    }
  }

  /** @param {() => Promise<unknown>} work */
  async #while_changing(work) {
    const run = this.changing.then(work);
    this.changing = run.catch(() => undefined);
    await run;
  }

  async #lock_here() {
    this.asking = null;
    // In the middle of a change what opened the store before still does.
    await this.changing;
    const { store } = this.session;
    // Where that can't be read any more, locking is the safe answer.
    if (!store || store.locked || !(await read_lock(store).catch(() => true))) return;
    this.idle.stop();
    this.session.suspend();
  }

  #here() {
    const { origin, random, options } = this.session;
    return { origin, random, credentials: options.credentials };
  }
}
