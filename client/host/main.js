// @ts-check
// The session of docs/browser_layers.md without a browser, for whoever asks by lines: the process that started this one, and others
// by the socket in the folder. It ends when nobody asks any more, and the lock on the folder (an inherited file) with it.
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { open_session } from "../../static/js/session/open_session.js";
import { Talk2meError } from "../../static/js/errors.js";
import { HOST_CALLS } from "./calls.js";
import { DatabaseFactory } from "./database_factory.js";
import { Following } from "./following.js";
import { make_form, make_keys_readable } from "./key_records.js";
import { Asker } from "./lines.js";
import { KeyRange } from "./transaction.js";

/** @import { Session } from "../../static/js/session/open_session.js" */
/** @import { Call } from "./lines.js" */

const TOPICS = ["connection", "received", "conversations", "messages", "contacts", "alert", "key_log", "link", "file", "profile"];
// What is under way when nobody asks any more gets so long; the rest is done by the next start.
const SETTLE_LIMIT = 10_000;
const SOCKET = "socket";
const STAYING = '{"event":"staying"}\n';
const SHOWS_FAULTS = Boolean(process.env.TALK2ME_FAULTS);
const ONE_PROCESS = { request: (/** @type {string} */ name, /** @type {any} */ _options, /** @type {(lock: any) => any} */ work) => work({ name }) };
const NO_OTHER_TABS = { postMessage: () => {}, addEventListener: () => {}, close: () => {} };

class Host {
  /** @type {Set<Asker>} */
  askers = new Set();
  /** @type {Promise<Session> | null} */
  opening = null;
  /** @type {Following | null} */
  following = null;

  begin() {
    const parent = this.#add(process.stdin, process.stdout);
    this.parent = parent;
    this.server = createServer((socket) => void this.#add(socket, socket));
    this.server.on("error", () => process.exit(1));
    this.server.listen(SOCKET);
  }

  /** @param {import("node:stream").Readable} from @param {import("node:stream").Writable} to */
  #add(from, to) {
    const asker = new Asker(from, to, { answer: (call, one) => this.#answer(call, one), on_end: (one) => void this.#remove(one) });
    this.askers.add(asker);
    return asker;
  }

  /** @param {Asker} asker */
  async #remove(asker) {
    this.askers.delete(asker);
    // Whatever goes wrong: a process that nobody asks must not stay.
    if (this.askers.size === 0 && !asker.is_brief) await this.following?.settle(SETTLE_LIMIT).catch(show_fault);
    if (this.askers.size === 0) await this.end();
    // Who started this process waits for its end, but not for the others'.
    else if (!this.parent?.open) process.stdout.write(STAYING);
  }

  /** At once: what is stored goes on with the next start. */
  async end() {
    try {
      rmSync(SOCKET, { force: true });
      this.server?.close();
      const session = await this.opening?.catch(() => null);
      session?.close();
    } finally {
      process.exit(0);
    }
  }

  /** @param {Call} call @param {Asker} asker */
  async #answer({ command, query, host, args = {} }, asker) {
    if (host === "open") {
      asker.is_brief = args.brief === true;
      return this.#open(args);
    }
    if (!this.opening) throw new Talk2meError("bad_request");
    const session = await this.opening;
    const following = /** @type {Following} */ (this.following);
    // Nobody would be there to unlock the next process.
    if (command === "set_lock") throw new Talk2meError("not_allowed");
    if (is_name(command)) return session.commands[command](args);
    if (is_name(query)) return session.queries[query](args);
    if (host !== undefined && Object.hasOwn(HOST_CALLS, host)) return HOST_CALLS[host](session, args, following);
    throw new Talk2meError("bad_request");
  }

  /** Whoever comes later finds it open. @param {{ origin: string, secret: string }} args */
  async #open({ origin, secret }) {
    this.opening ??= this.#open_session(origin, secret);
    return (await this.opening).profile();
  }

  /** @param {string} origin @param {string} secret hexadecimal */
  async #open_session(origin, secret) {
    const factory = /** @type {any} */ (new DatabaseFactory(process.cwd(), make_form(secret)));
    const session = await open_session({
      origin,
      factory,
      locks: ONE_PROCESS,
      channel: NO_OTHER_TABS,
      platform: { crypto, WebSocket, BroadcastChannel, indexedDB: factory, navigator: { locks: ONE_PROCESS } },
      make_socket: (url) => new WebSocket(url, /** @type {any} */ ({ headers: { origin } })),
      ...(SHOWS_FAULTS ? { on_fault: show_fault } : {}),
    });
    if (session.damaged) throw new Talk2meError("storage_damaged");
    this.following = new Following(session);
    for (const topic of TOPICS) session.on(topic, (detail) => this.#tell(topic, detail));
    return session;
  }

  /** @param {string} topic @param {any} detail */
  #tell(topic, detail) {
    for (const asker of this.askers) asker.tell(topic, detail ?? null);
  }
}

/** Of our own code, for who looks for them. @param {any} error */
function show_fault(error) {
  if (SHOWS_FAULTS) process.stderr.write(`${error?.stack ?? error}\n`);
}

/** @param {unknown} name @returns {name is string} the session itself knows which there are */
const is_name = (name) => typeof name === "string" && !(name in Object.prototype);

process.umask(0o077);
process.chdir(process.argv[2]);
rmSync(SOCKET, { force: true });
globalThis.IDBKeyRange = /** @type {any} */ (KeyRange);
make_keys_readable();
// As in a browser, a promise that nobody waits for ends nothing.
process.on("unhandledRejection", show_fault);
const host = new Host();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => void host.end());
host.begin();
