// @ts-check
// The session of one tab (docs/browser_layers.md): owner or view, the same to whoever uses it.
import { random_bytes } from "../crypto/random.js";
import { to_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { delete_store, open_store } from "../store/open_store.js";
import { refresh_keys } from "../store/unlock_store.js";
import { make_api } from "../transport/api.js";
import { unsubscribe } from "../transport/push_registration.js";
import { forget_releases } from "../transport/worker_registration.js";
import { by_any_name, by_name } from "./calls_by_name.js";
import { AccountMark, platform_marks } from "./lock/account_mark.js";
import { check_browser } from "./check_browser.js";
import { Device } from "./device.js";
import { Ownership } from "./ownership.js";
import { AUTHENTICATED } from "./passkeys/ask_authenticator.js";
import { LateWork } from "./late_work.js";
import { persist_storage, storage_used } from "./lock/persist_storage.js";
import { PUSH_IN_TAB } from "./push/push_in_tab.js";
import { RELEASE_IN_TAB } from "./release_in_tab.js";
import { RemoteCalls } from "./remote_calls.js";
import { SessionLock } from "./lock/session_lock.js";
import { make_token_source } from "./sign_in.js";
import { Topics } from "./topics.js";
import { unsupported_session } from "./unsupported_session.js";

/** @import { Marks } from "./lock/account_mark.js" */
/** @import { Locks } from "./ownership.js" */
/** @import { Channel } from "./remote_calls.js" */
/** @import { Profile } from "./records.js" */
/** @import { Fetch } from "../transport/call_api.js" */
/** @import { Store } from "../store/store.js" */
/** @import { Credentials } from "../transport/authenticator.js" */
/** @import { Listener } from "./topics.js" */
/** @import { Work } from "./late_work.js" */
/**
 * @typedef {{ origin: string, database_name?: string, locks?: Locks, channel?: Channel, now?: () => number,
 *   random?: (length: number) => Uint8Array<ArrayBuffer>, factory?: IDBFactory, fetch?: Fetch,
 *   make_socket?: (url: string) => WebSocket, network?: EventTarget, is_visible?: () => boolean,
 *   on_fault?: (error: unknown) => void, platform?: any, marks?: Marks, credentials?: Credentials, load_work?: () => Promise<Work> }} Options
 *   `platform`: the global object, for what `check_browser` asks; `marks`: in place of its `localStorage`; `load_work`: where nothing can be
 *   imported later
 */

const DATABASE = "talk2me";
// Code that could not be fetched is asked for again after so long.
const WORK_AGAIN_MS = 3_000;

export class Session {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.origin = options.origin;
    this.database_name = options.database_name ?? DATABASE;
    this.now = options.now ?? Date.now;
    this.random = options.random ?? random_bytes;
    this.platform = options.platform ?? globalThis;
    this.mark = new AccountMark(options.marks ?? platform_marks(this.platform), `${this.database_name} account`);
    this.topics = new Topics();
    this.work = new LateWork(options.load_work);
    /** @type {Device | null} while this tab is the owner */
    this.device = null;
    /** @type {Profile | null} */
    this.known_profile = null;
    this.connection = { state: "offline" };
    this.closed = false;
    /** @type {Store | null} once it is open; locked, it may be */
    this.store = null;
    /** What is stored can't be read: all that is left is to erase it. */
    this.damaged = false;
    this.lock = new SessionLock(this);
    this.api = make_api({
      origin: this.origin,
      fetch: options.fetch,
      get_token: (wish) => this.#get_token(wish),
    });
    const channel = options.channel ?? new BroadcastChannel(this.database_name);
    this.remote = new RemoteCalls(channel, {
      is_owner: () => this.#serves(),
      run: (name, args) => this.#run(name, args),
      on_event: (topic, detail) => void this.#take_event(topic, detail).catch((error) => this.#tell_failure(error)),
      on_hello: () => this.remote.tell("connection", this.connection),
      on_silence: () => {
        if (options.is_visible?.() ?? true) void this.ownership.steal();
      },
      random_id: () => to_base64url(this.random(16)),
    });
    this.ownership = new Ownership({
      locks: options.locks ?? /** @type {any} */ (navigator.locks),
      name: `${this.database_name} owner`,
      on_gained: () => this.#become_owner(),
      on_lost: () => this.#become_view(),
    });
    this.commands = by_any_name((name, args) => this.#command(name, args), {
      ...by_name(AUTHENTICATED, (name, args) => AUTHENTICATED[name](args, this.#authenticating())),
      ...by_name(PUSH_IN_TAB, (name) => PUSH_IN_TAB[name]({ platform: this.platform, run: (command, args) => this.#command(command, args) })),
      ...by_name(RELEASE_IN_TAB, (name) => RELEASE_IN_TAB[name]({ platform: this.platform, tell: (state) => this.topics.tell("release", { state }) })),
      // These need no owner, so any tab does them itself.
      check_browser: () => check_browser(this.platform),
      server_info: () => this.api.server(),
      persist_storage: () => persist_storage(this.platform),
      storage_used: () => storage_used(this.platform),
      unlock: (args = {}) => this.lock.unlock(args),
      lock_now: () => this.lock.lock_now(),
      // The tab where the person is asks; the owner does it.
      set_lock: async (args = {}) => this.#command("set_lock", await this.lock.prepare(args)),
      remove_lock: async (args = {}) => {
        await this.lock.prove(args);
        return this.#command("remove_lock", {});
      },
    });
    this.queries = by_any_name((name, args) => this.#query(name, args), { lock: () => this.lock.state() });
  }

  async begin() {
    if (this.mark.is_set()) this.prepare();
    const store = await this.open_store().catch((error) => this.#note_damage(error));
    const owned = await this.ownership.begin();
    if (!store) return this;
    try {
      if (!owned) {
        if (store.locked) await this.lock.ask_others(store);
        await this.#read_profile(store);
        this.remote.ask_state();
      }
      await this.lock.begin();
    } catch (error) {
      this.#note_damage(error);
    }
    return this;
  }

  /** @returns {(Profile & { role: "owner" | "view" }) | null} */
  profile() {
    return this.known_profile && { ...this.known_profile, role: this.device ? "owner" : "view" };
  }

  /** Whether a person has to unlock before anything can be read. */
  locked() {
    return this.store?.locked ?? false;
  }

  /** There was an account in this browser, and its storage was wiped or can't be read. */
  was_here() {
    return !this.known_profile && !this.locked() && (this.damaged || this.mark.is_set());
  }

  /** Loads what an account takes: there is one, or is about to be. */
  prepare() {
    // Whoever needs it loads it again, and is told what is wrong.
    void this.work.load().catch(() => undefined);
  }

  /** Somebody is there: the lock waits. */
  touch() {
    this.lock.touch();
  }

  /** The page is seen again: the lock may be due since. */
  look() {
    this.lock.idle.look();
  }

  /** @param {string} topic @param {Listener} listener @returns {() => void} */
  on(topic, listener) {
    const stop = this.topics.on(topic, listener);
    // How the connection stands has no other way to be asked for.
    if (topic === "connection") listener(this.connection);
    return stop;
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.lock.close();
    this.device?.close();
    this.ownership.close();
    this.remote.close();
    void this.opening?.then((store) => store.close(), () => undefined);
  }

  /** Everything of this browser is gone; the session goes on as that of a new one. Owner only. */
  async erase() {
    this.device?.close();
    this.lock.close();
    (await this.opening?.catch(() => null))?.close();
    this.#forget_store();
    await delete_store(this.database_name, this.options.factory);
    this.mark.remove();
    void unsubscribe(this.platform).then(() => forget_releases(this.platform)).catch(() => undefined);
    this.damaged = false;
    this.remote.tell("erased", null);
    // Who asked for this in another tab still waits for the answer of the same owner.
    await this.#become_owner({ is_new: false });
    this.emit("profile");
    this.topics.tell("locked", { locked: false });
  }

  /** Locked: nothing of the account is left in this tab's memory. */
  suspend() {
    this.turn += 1;
    this.device?.close();
    this.device?.store.give_up_ownership();
    this.device = null;
    this.get_token = undefined;
    this.known_profile = null;
    this.connection = { state: "offline" };
    this.store?.keyring.clear();
    this.#tell_all_here();
  }

  /** Unlocked. */
  async resume() {
    if (this.ownership.owned) await this.#become_owner();
    else {
      await this.#read_profile(await this.open_store());
      this.remote.ask_state();
    }
    await this.lock.begin();
    this.#tell_all_here();
  }

  /** Begins to work as a device that was just made or imported. @param {Profile} profile */
  async adopt(profile) {
    const { device } = this;
    if (!device) throw new Talk2meError("not_owner");
    const [sign_in, mls] = await Promise.all([device.store.get_key("sign_in"), device.store.get_key("mls")]);
    device.profile = profile;
    device.keys = { sign_in, mls };
    const { upgrade_secrets } = await this.work.load();
    await upgrade_secrets(device);
    this.known_profile = profile;
    this.mark.set();
    this.get_token = make_token_source(device);
  }

  /** Goes online. */
  async connect() {
    const { device } = this;
    const { start_device } = await this.work.load();
    if (!device?.profile || device !== this.device) return;
    const { make_socket, network } = this.options;
    start_device(device, {
      get_token: (wish) => this.#get_token(wish),
      make_socket,
      network,
      on_state: ({ state, retry_at, stopped }) => this.#note_connection({ state, ...(retry_at ? { retry_at } : {}), ...(stopped ? { stopped } : {}) }),
    });
  }

  /** To listeners here and in every other tab. @param {string} topic @param {any} [detail] */
  emit(topic, detail) {
    if (this.closed) return;
    if (topic === "profile") this.known_profile = this.device?.profile ?? null;
    this.remote.tell(topic, detail);
    this.topics.tell(topic, detail);
  }

  // --- owner and view -------------------------------------------------------------------------------------------------

  /** @param {{ is_new?: boolean }} [how] `is_new`: what others have asked an owner before goes to this one */
  async #become_owner({ is_new = true } = {}) {
    this.turn += 1;
    const { turn } = this;
    try {
      const store = (await this.open_store()).fork();
      await store.take_ownership();
      await refresh_keys(store);
      if (turn !== this.turn) return;
      if (store.locked) {
        this.known_profile = null;
        this.#tell_all_here();
        this.#tell_owned(is_new);
        return;
      }
      const { origin, now, random } = this;
      const device = new Device({ origin, store, now, random, emit: (topic, detail) => this.emit(topic, detail) });
      device.api = this.api;
      if (this.options.on_fault) device.on_fault = this.options.on_fault;
      const profile = await store.get("meta", "profile");
      // Another page was faster, while this one was still beginning.
      if (turn !== this.turn) return;
      this.device = device;
      this.known_profile = profile ?? null;
      if (profile) {
        await this.#begin_work(profile, turn);
        if (turn !== this.turn) return;
      } else if (await store.get("meta", "linking")) {
        device.background(() => this.#run("finish_linking", {}));
      }
      device.background(() => this.lock.finish_change(store));
      this.#tell_owned(is_new);
    } catch (error) {
      this.damaged = is_talk2me_error(error, "storage_damaged");
      this.#tell_failure(error);
    }
  }

  /** The device's code may be out of reach at first; nobody has to load the page anew for it. @param {Profile} profile @param {number} turn */
  async #begin_work(profile, turn) {
    try {
      await this.adopt(profile);
      if (turn === this.turn) await this.connect();
    } catch (error) {
      if (!is_talk2me_error(error, "offline")) throw error;
      setTimeout(() => {
        if (turn === this.turn && !this.closed) void this.#begin_work(profile, turn).catch((again) => this.#tell_failure(again));
      }, WORK_AGAIN_MS);
    }
  }

  /** What a command has that asks this tab's authenticator. */
  #authenticating() {
    /** @param {string} name @param {any} args */
    const run = (name, args) => this.#command(name, args);
    return { api: this.api, credentials: this.options.credentials, run };
  }

  /** @param {boolean} is_new */
  #tell_owned(is_new) {
    this.topics.tell("role", { role: "owner" });
    if (is_new) this.remote.take_over();
  }

  /** @param {unknown} error */
  #tell_failure(error) {
    if (!this.closed) this.topics.tell("alert", { code: error instanceof Talk2meError ? error.code : "internal" });
  }

  /** Whether other tabs' calls are answered here. Of an owner without a device there is little that can be asked. */
  #serves() {
    return this.device !== null || (this.ownership.owned && (this.locked() || this.damaged));
  }

  #become_view() {
    this.turn += 1;
    this.device?.close();
    this.device?.store.give_up_ownership();
    this.device = null;
    if (this.closed) return;
    this.topics.tell("role", { role: "view" });
    this.remote.ask_state();
  }

  /** @returns {Promise<Store>} */
  open_store() {
    if (this.closed) return Promise.reject(new Talk2meError("storage_blocked"));
    this.opening ??= open_store(this.database_name, {
      random: this.random,
      factory: this.options.factory,
      on_closed: () => this.#lose_store(),
    }).then((store) => {
      this.store = store;
      // Opened anew, after the browser had closed it.
      if (store.locked && this.known_profile) this.suspend();
      return store;
    });
    return this.opening;
  }

  /** Another page upgrades the database, or erases it. */
  #lose_store() {
    this.#forget_store();
    if (!this.device) return;
    this.ownership.resign();
    this.topics.tell("alert", { code: "storage_blocked" });
  }

  #forget_store() {
    this.opening = undefined;
    this.store = null;
  }

  /** @param {Store} store */
  async #read_profile(store) {
    this.known_profile = store.locked ? null : ((await store.get("meta", "profile")) ?? null);
  }

  /** @param {unknown} error @returns {null} @throws whatever else it is */
  #note_damage(error) {
    if (!is_talk2me_error(error, "storage_damaged")) throw error;
    this.damaged = true;
    return null;
  }

  /** What a page shows depends on these. */
  #tell_all_here() {
    this.topics.tell("connection", this.connection);
    this.topics.tell("locked", { locked: this.locked() });
    this.topics.tell("profile", undefined);
  }

  /** @param {{ fresh: boolean }} wish @returns {Promise<Uint8Array>} */
  async #get_token(wish) {
    if (!this.get_token) throw new Talk2meError("account_missing");
    return this.get_token(wish);
  }

  // --- commands ---------------------------------------------------------------------------------------------------------

  /** Here or in the owner's tab. @param {string} name @param {any} args */
  async #command(name, args) {
    if (name !== "erase_browser") this.#check_readable();
    return this.#serves() ? this.#run(name, args) : this.remote.call(name, args);
  }

  /** @param {string} name @param {any} args */
  async #run(name, args) {
    const { COMMANDS } = await this.work.load();
    const { device } = this;
    if (!Object.hasOwn(COMMANDS, name)) throw new Talk2meError("bad_request");
    if (!device && name !== "erase_browser") {
      this.#check_readable();
      throw new Talk2meError("not_owner");
    }
    try {
      return await COMMANDS[name](/** @type {Device} */ (device), args, this);
    } catch (error) {
      if (error instanceof Talk2meError) {
        if (error.code === "storage_full") this.emit("alert", { code: "storage_full" });
        throw error;
      }
      device?.on_fault(error);
      throw new Talk2meError("internal");
    }
  }

  /** @param {string} name @param {any} args */
  async #query(name, args) {
    const { QUERIES } = await this.work.load();
    if (!Object.hasOwn(QUERIES, name)) throw new Talk2meError("bad_request");
    return QUERIES[name](await this.open_store(), args, this.now());
  }

  #check_readable() {
    if (this.damaged) throw new Talk2meError("storage_damaged");
    if (this.locked()) throw new Talk2meError("locked");
  }

  // --- events -----------------------------------------------------------------------------------------------------------

  /** @param {{ state: string, retry_at?: number, stopped?: string }} connection */
  #note_connection(connection) {
    this.connection = connection;
    this.emit("connection", connection);
  }

  /** From the owner in another tab. @param {string} topic @param {any} detail */
  async #take_event(topic, detail) {
    if (this.closed) return;
    if (topic.startsWith("lock.")) {
      await this.lock.take(topic, detail);
      return;
    }
    if (this.device) return;
    if (topic === "connection") this.connection = detail;
    if (topic === "erased") {
      (await this.opening?.catch(() => null))?.close();
      this.#forget_store();
      this.lock.close();
      this.known_profile = null;
      this.damaged = false;
      this.#tell_all_here();
      return;
    }
    if (this.locked()) return;
    if (topic === "profile") await this.#read_profile(await this.open_store());
    this.topics.tell(topic, detail);
  }

  /** Grows whenever this tab becomes owner or view. */
  turn = 0;
  /** @type {Promise<Store> | undefined} */
  opening = undefined;
  /** @type {((wish: { fresh: boolean }) => Promise<Uint8Array>) | undefined} */
  get_token = undefined;
}

/**
 * @param {Options} options
 * @returns {Promise<Session>} in a browser that lacks something, one that only says what
 * @throws {Talk2meError} `storage_blocked`, `storage_full`, `storage_damaged`
 */
export async function open_session(options) {
  const { missing } = await check_browser(options.platform ?? globalThis);
  if (missing.length > 0) return unsupported_session(missing);
  return new Session(options).begin();
}
