// @ts-check
// The session of one tab (docs/browser_layers.md): owner or view, the same to whoever uses it.
import { random_bytes } from "../crypto/random.js";
import { to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { delete_store, open_store } from "../store/open_store.js";
import { make_api } from "../transport/api.js";
import { COMMANDS } from "./commands.js";
import { check_browser } from "./check_browser.js";
import { Device } from "./device.js";
import { Ownership } from "./ownership.js";
import { QUERIES } from "./queries.js";
import { RemoteCalls } from "./remote_calls.js";
import { make_token_source } from "./sign_in.js";
import { start_device } from "./start_device.js";
import { Topics } from "./topics.js";
import { unsupported_session } from "./unsupported_session.js";

/** @import { Locks } from "./ownership.js" */
/** @import { Channel } from "./remote_calls.js" */
/** @import { Profile } from "./records.js" */
/** @import { Fetch } from "../transport/call_api.js" */
/** @import { Store } from "../store/store.js" */
/** @import { Listener } from "./topics.js" */
/**
 * @typedef {{ origin: string, database_name?: string, locks?: Locks, channel?: Channel, now?: () => number,
 *   random?: (length: number) => Uint8Array<ArrayBuffer>, factory?: IDBFactory, fetch?: Fetch,
 *   make_socket?: (url: string) => WebSocket, network?: EventTarget, is_visible?: () => boolean,
 *   on_fault?: (error: unknown) => void, platform?: any }} Options `platform`: the global object, for what `check_browser` asks
 */

const DATABASE = "talk2me";

export class Session {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.origin = options.origin;
    this.database_name = options.database_name ?? DATABASE;
    this.now = options.now ?? Date.now;
    this.random = options.random ?? random_bytes;
    this.topics = new Topics();
    /** @type {Device | null} while this tab is the owner */
    this.device = null;
    /** @type {Profile | null} */
    this.known_profile = null;
    this.connection = { state: "offline" };
    this.closed = false;
    this.api = make_api({
      origin: this.origin,
      fetch: options.fetch,
      get_token: (wish) => this.#get_token(wish),
    });
    const channel = options.channel ?? new BroadcastChannel(this.database_name);
    this.remote = new RemoteCalls(channel, {
      is_owner: () => this.device !== null,
      run: (name, args) => this.#run(name, args),
      on_event: (topic, detail) => void this.#take_event(topic, detail),
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
    /** @type {Record<string, (args?: any) => Promise<any>>} */
    this.commands = {
      ...by_name(COMMANDS, async (name, args) => (this.device ? this.#run(name, args) : this.remote.call(name, args))),
      // These need no account, so any tab does them itself.
      check_browser: () => check_browser(options.platform ?? globalThis),
      server_info: () => this.api.server(),
    };
    this.queries = by_name(QUERIES, async (name, args) => QUERIES[name](await this.#open_store(), args, this.now()));
  }

  async begin() {
    const store = await this.#open_store();
    if (!(await this.ownership.begin())) {
      this.known_profile = (await store.get("meta", "profile")) ?? null;
      this.remote.ask_state();
    }
    return this;
  }

  /** @returns {(Profile & { role: "owner" | "view" }) | null} */
  profile() {
    return this.known_profile && { ...this.known_profile, role: this.device ? "owner" : "view" };
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
    this.device?.close();
    this.ownership.close();
    this.remote.close();
    void this.opening?.then((store) => store.close(), () => undefined);
  }

  /** Everything of this browser is gone; the session goes on as that of a new one. Owner only. */
  async erase() {
    this.device?.close();
    const store = await this.#open_store();
    store.close();
    this.opening = undefined;
    await delete_store(this.database_name, this.options.factory);
    this.remote.tell("erased", null);
    await this.#become_owner();
    this.emit("profile");
  }

  /** Begins to work as a device that was just made or imported. @param {Profile} profile */
  async adopt(profile) {
    const { device } = this;
    if (!device) throw new Talk2meError("not_owner");
    const [sign_in, mls] = await Promise.all([device.store.get_key("sign_in"), device.store.get_key("mls")]);
    device.profile = profile;
    device.keys = { sign_in, mls };
    this.known_profile = profile;
    this.get_token = make_token_source(device);
  }

  /** Goes online. */
  connect() {
    const { device } = this;
    if (!device?.profile) return;
    const { make_socket, network } = this.options;
    start_device(device, {
      get_token: (wish) => this.#get_token(wish),
      make_socket,
      network,
      on_state: ({ state, retry_at }) => this.#note_connection({ state, ...(retry_at ? { retry_at } : {}) }),
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

  async #become_owner() {
    this.turn += 1;
    const { turn } = this;
    try {
      const store = (await this.#open_store()).fork();
      await store.take_ownership();
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
        await this.adopt(profile);
        if (turn !== this.turn) return;
        this.connect();
      }
      this.topics.tell("role", { role: "owner" });
      this.remote.take_over();
    } catch (error) {
      this.topics.tell("alert", { code: error instanceof Talk2meError ? error.code : "internal" });
    }
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
  #open_store() {
    if (this.closed) return Promise.reject(new Talk2meError("storage_blocked"));
    this.opening ??= open_store(this.database_name, {
      random: this.random,
      factory: this.options.factory,
      on_closed: () => this.#lose_store(),
    });
    return this.opening;
  }

  /** Another page upgrades the database, or erases it. */
  #lose_store() {
    this.opening = undefined;
    if (!this.device) return;
    this.ownership.resign();
    this.topics.tell("alert", { code: "storage_blocked" });
  }

  /** @param {{ fresh: boolean }} wish @returns {Promise<Uint8Array>} */
  async #get_token(wish) {
    if (!this.get_token) throw new Talk2meError("account_missing");
    return this.get_token(wish);
  }

  // --- commands ---------------------------------------------------------------------------------------------------------

  /** @param {string} name @param {any} args */
  async #run(name, args) {
    const { device } = this;
    if (!device) throw new Talk2meError("not_owner");
    if (!Object.hasOwn(COMMANDS, name)) throw new Talk2meError("bad_request");
    try {
      return await COMMANDS[name](device, args, this);
    } catch (error) {
      if (error instanceof Talk2meError) {
        if (error.code === "storage_full") this.emit("alert", { code: "storage_full" });
        throw error;
      }
      device.on_fault(error);
      throw new Talk2meError("internal");
    }
  }

  // --- events -----------------------------------------------------------------------------------------------------------

  /** @param {{ state: string, retry_at?: number }} connection */
  #note_connection(connection) {
    this.connection = connection;
    this.emit("connection", connection);
  }

  /** From the owner in another tab. @param {string} topic @param {any} detail */
  async #take_event(topic, detail) {
    if (this.device || this.closed) return;
    if (topic === "connection") this.connection = detail;
    if (topic === "erased") {
      (await this.opening?.catch(() => null))?.close();
      this.opening = undefined;
      this.known_profile = null;
      this.topics.tell("profile", undefined);
      return;
    }
    if (topic === "profile") this.known_profile = (await (await this.#open_store()).get("meta", "profile")) ?? null;
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
 * @template {Record<string, unknown>} T
 * @param {T} table
 * @param {(name: string, args: any) => Promise<any>} run
 * @returns {Record<string, (args?: any) => Promise<any>>}
 */
function by_name(table, run) {
  return Object.fromEntries(Object.keys(table).map((name) => [name, async (args = {}) => run(name, args)]));
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
