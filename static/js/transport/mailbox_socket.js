// @ts-check
// The one socket of a signed-in device: says hello, stays alive, comes back. What travels through it is the session's.
import { unpack } from "../codec/msgpack.js";
import { Talk2meError } from "../errors.js";
import { backoff_delay, throw_dice } from "./backoff.js";
import { is_final_refusal, reaction_to_close } from "./close_reasons.js";
import { batch_frames, pack_frame } from "./frame_batches.js";
import { KeepAlive } from "./keep_alive.js";
import { PendingRequests } from "./pending_requests.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Frame } from "./pending_requests.js" */
/**
 * @typedef {{ state: "offline" | "connecting" | "online", retry_at?: number, stopped?: string, hello?: Frame }} State
 *   `stopped`: the code for which it will not come back by itself; `hello`: the server's `hello.ok`
 * @typedef {{ url: string, get_token: (options: { fresh: boolean }) => Promise<Uint8Array>, on_frame: (frame: Frame) => void,
 *   on_state: (state: State) => void, random: (length: number) => Uint8Array, now?: () => number,
 *   make_socket?: (url: string) => WebSocket, network?: EventTarget }} Options `network` has the events `online` and
 *   `offline`, as a window has
 */

const VERSION = 1;
const HELLO_LIMIT = 15_000;
const ANSWER_LIMIT = 30_000;
const SLOW_ATTEMPT = 5;

export class MailboxSocket {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.now = options.now ?? Date.now;
    this.make_socket = options.make_socket ?? ((url) => new WebSocket(url));
    /** @type {WebSocket | null} */
    this.socket = null;
    this.online = false;
    this.closed = false;
    this.attempt = 0;
    this.fresh_token = false;
    /** @type {Bytes[]} */
    this.outgoing = [];
    this.requests = new PendingRequests({ time_limit: ANSWER_LIMIT, on_overdue: () => this.#drop() });
    this.keep_alive = new KeepAlive({
      ping: () => this.#ask({ type: "ping" }),
      renew: async () => this.#hello(await options.get_token({ fresh: true })),
      on_dead: () => this.#drop(),
      on_not_renewed: () => {
        // The server closes the socket when the token ends; the next one begins with a fresh token.
        this.fresh_token = true;
      },
    });
    this.on_online = () => this.reconnect();
    this.on_offline = () => this.#drop();
    options.network?.addEventListener("online", this.on_online);
    options.network?.addEventListener("offline", this.on_offline);
  }

  /** Begins, or begins again at once instead of waiting. */
  reconnect() {
    if (this.closed || this.socket || this.opening) return;
    clearTimeout(this.retry_timer);
    void this.#open();
  }

  /**
   * @param {Record<string, unknown>} frame without `ref`
   * @returns {Promise<any>} the answering frame
   * @throws {Talk2meError} the server's code; `offline` when the connection is not there or went away, in which case the
   *   server may or may not have done it
   */
  async request(frame) {
    if (!this.online) throw new Talk2meError("offline");
    return this.#ask(frame);
  }

  close() {
    this.closed = true;
    this.options.network?.removeEventListener("online", this.on_online);
    this.options.network?.removeEventListener("offline", this.on_offline);
    clearTimeout(this.retry_timer);
    this.#drop();
  }

  // --- one connection -----------------------------------------------------------------------------------------------

  async #open() {
    this.opening = true;
    this.#tell({ state: "connecting" });
    let token;
    try {
      token = await this.options.get_token({ fresh: this.fresh_token });
    } catch (error) {
      this.opening = false;
      return this.#refused(error);
    }
    this.opening = false;
    if (this.closed) return undefined;
    this.fresh_token = false;
    return this.#connect(token);
  }

  /** @param {Uint8Array} token */
  #connect(token) {
    let socket;
    try {
      socket = this.make_socket(this.options.url);
    } catch {
      return this.#lost("retry");
    }
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.hello_timer = setTimeout(() => this.#drop(), HELLO_LIMIT);
    socket.onopen = () => void this.#say_hello(socket, token);
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onerror = () => undefined;
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.#lost(reaction_to_close(code), this.ended_by);
    };
    return undefined;
  }

  /** @param {WebSocket} socket @param {Uint8Array} token */
  async #say_hello(socket, token) {
    try {
      const hello = await this.#hello(token);
      if (this.socket !== socket) return;
      clearTimeout(this.hello_timer);
      this.online = true;
      this.attempt = 0;
      this.keep_alive.begin(hello);
      this.#tell({ state: "online", hello });
    } catch (error) {
      const code = error instanceof Talk2meError ? error.code : "";
      this.fresh_token ||= code === "token_expired" || code === "unauthenticated";
      if (is_final_refusal(code)) this.ended_by = code;
      if (this.socket === socket) this.#drop();
    }
  }

  /** @param {Uint8Array} token @returns {Promise<Frame>} */
  #hello(token) {
    return this.#ask({ type: "hello", version: VERSION, token });
  }

  // --- frames -------------------------------------------------------------------------------------------------------

  /** @param {Record<string, unknown>} frame @returns {Promise<any>} */
  #ask(frame) {
    const { ref, answer } = this.requests.begin();
    try {
      const { type, ...fields } = frame;
      this.outgoing.push(pack_frame({ type, ref, ...fields }));
    } catch (error) {
      this.requests.settle({ type: "error", ref, code: "too_large" });
      return answer.catch(() => Promise.reject(error));
    }
    // What is asked for in one go leaves in one message.
    if (this.outgoing.length === 1) void Promise.resolve().then(() => this.#flush());
    return answer;
  }

  #flush() {
    const frames = this.outgoing;
    this.outgoing = [];
    try {
      for (const message of batch_frames(frames)) this.socket?.send(message);
    } catch {
      this.#drop();
    }
  }

  /** @param {WebSocket} socket @param {unknown} data */
  #receive(socket, data) {
    if (this.socket !== socket) return;
    let frames;
    try {
      frames = unpack(new Uint8Array(/** @type {ArrayBuffer} */ (data)));
      if (!Array.isArray(frames)) throw new Talk2meError("answer_invalid");
    } catch {
      this.#drop();
      return;
    }
    for (const frame of frames) this.#take(frame);
  }

  /** @param {any} frame */
  #take(frame) {
    if (typeof frame?.type !== "string") return;
    if (frame.type === "session.ended") this.ended_by = String(frame.code);
    if (this.requests.settle(frame) || frame.type === "error") return;
    try {
      this.options.on_frame(frame);
    } catch {
      // A listener's fault must not cost the connection.
    }
  }

  // --- coming back --------------------------------------------------------------------------------------------------

  /** Ends the present connection, whatever its state, and goes on as after any loss. */
  #drop() {
    const { socket } = this;
    if (!socket) return;
    try {
      socket.close();
    } catch {
      // It was not open yet.
    }
    this.#lost(this.ended_by && is_final_refusal(this.ended_by) ? "stop" : "retry", this.ended_by);
  }

  /** @param {unknown} error from `get_token` */
  #refused(error) {
    const code = error instanceof Talk2meError ? error.code : "internal";
    const wait = error instanceof Talk2meError ? Number(error.details.retry_after ?? 0) * 1000 : 0;
    this.#lost(is_final_refusal(code) ? "stop" : "retry", code, wait);
  }

  /** @param {import("./close_reasons.js").Reaction} reaction @param {string} [code] @param {number} [least_wait] */
  #lost(reaction, code, least_wait = 0) {
    this.socket = null;
    this.online = false;
    this.ended_by = undefined;
    this.outgoing = [];
    clearTimeout(this.hello_timer);
    this.keep_alive.end();
    this.requests.reject_all(new Talk2meError("offline"));
    if (this.closed) return this.#tell({ state: "offline" });
    if (reaction === "stop") return this.#tell({ state: "offline", stopped: code ?? "device_revoked" });
    if (reaction === "sign_in") this.fresh_token = true;
    if (reaction === "slow") this.attempt = Math.max(this.attempt, SLOW_ATTEMPT);
    const wait = Math.max(least_wait, backoff_delay(this.attempt, throw_dice(this.options.random)));
    this.attempt += 1;
    this.retry_timer = setTimeout(() => this.reconnect(), wait);
    return this.#tell({ state: "offline", retry_at: this.now() + wait });
  }

  /** @param {State} state */
  #tell(state) {
    try {
      this.options.on_state(state);
    } catch {
      // As with frames.
    }
  }

  /** @type {boolean} */
  opening = false;
  /** @type {string | undefined} why the server says that it closes */
  ended_by = undefined;
  /** @type {any} */
  retry_timer = undefined;
  /** @type {any} */
  hello_timer = undefined;
}

/** @param {Options} options @returns {MailboxSocket} begun */
export function connect(options) {
  const socket = new MailboxSocket(options);
  socket.reconnect();
  return socket;
}
