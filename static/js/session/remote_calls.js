// @ts-check
// Commands of a view, carried out by the owner in another tab.
import { Talk2meError } from "../errors.js";

/** @typedef {{ postMessage: (message: any) => void, addEventListener: (type: "message", listener: (event: any) => void) => void,
 *    close: () => void }} Channel as BroadcastChannel */
/** @typedef {{ name: string, args: any, resolve: (value: any) => void, reject: (error: unknown) => void, heard: boolean,
 *    timer: any }} Call */
/**
 * @typedef {{ is_owner: () => boolean, run: (name: string, args: any) => Promise<any>,
 *   on_event: (topic: string, detail: any) => void, on_hello: () => void, on_silence: () => void, random_id: () => string }} Listeners `on_silence`: no owner has taken up a
 *   call for 2 s
 */

const SILENCE = 2_000;

export class RemoteCalls {
  /** @param {Channel} channel @param {Listeners} listeners */
  constructor(channel, listeners) {
    this.channel = channel;
    this.listeners = listeners;
    /** @type {Map<string, Call>} */
    this.calls = new Map();
    this.closed = false;
    channel.addEventListener("message", ({ data }) => this.#take(data));
  }

  /** @param {string} name @param {any} args @returns {Promise<any>} */
  call(name, args) {
    return new Promise((resolve, reject) => {
      const id = this.listeners.random_id();
      const timer = setTimeout(() => this.listeners.on_silence(), SILENCE);
      this.calls.set(id, { name, args, resolve, reject, heard: false, timer });
      this.#post({ type: "call", id, name, args });
    });
  }

  /** Tells the other pages. @param {string} topic @param {any} detail */
  tell(topic, detail) {
    this.#post({ type: "event", topic, detail });
  }

  /** Asks the owner how things stand. */
  ask_state() {
    this.#post({ type: "hello" });
  }

  /** This page became the owner: what nobody has taken up it does itself. */
  take_over() {
    this.#post({ type: "owner" });
    for (const [id, call] of this.calls) {
      this.#forget(id);
      if (call.heard) call.reject(new Talk2meError("timed_out"));
      else this.listeners.run(call.name, call.args).then(call.resolve, call.reject);
    }
  }

  close() {
    this.closed = true;
    for (const [id, call] of this.calls) {
      this.#forget(id);
      call.reject(new Talk2meError("not_owner"));
    }
    this.channel.close();
  }

  /** @param {any} message */
  #take(message) {
    const { type, id } = message ?? {};
    if (type === "call" && this.listeners.is_owner()) void this.#serve(message);
    else if (type === "heard") this.#note_heard(id);
    else if (type === "done") this.#settle(message);
    else if (type === "event") this.listeners.on_event(message.topic, message.detail);
    else if (type === "hello" && this.listeners.is_owner()) this.listeners.on_hello();
    else if (type === "owner") this.#send_again();
  }

  /** @param {{ id: string, name: string, args: any }} call */
  async #serve({ id, name, args }) {
    this.#post({ type: "heard", id });
    try {
      this.#post({ type: "done", id, value: await this.listeners.run(name, args) });
    } catch (error) {
      const { code, details } = error instanceof Talk2meError ? error : new Talk2meError("internal");
      this.#post({ type: "done", id, code, details });
    }
  }

  /** @param {string} id */
  #note_heard(id) {
    const call = this.calls.get(id);
    if (!call) return;
    call.heard = true;
    clearTimeout(call.timer);
  }

  /** @param {any} answer */
  #settle({ id, value, code, details }) {
    const call = this.calls.get(id);
    if (!call) return;
    this.#forget(id);
    if (code) call.reject(new Talk2meError(code, details));
    else call.resolve(value);
  }

  /** A new owner is there: what the old one had not taken up goes to it; what it had is of unknown outcome. */
  #send_again() {
    for (const [id, { heard, name, args, reject }] of this.calls) {
      if (!heard) this.#post({ type: "call", id, name, args });
      else {
        this.#forget(id);
        reject(new Talk2meError("timed_out"));
      }
    }
  }

  /** @param {string} id */
  #forget(id) {
    clearTimeout(this.calls.get(id)?.timer);
    this.calls.delete(id);
  }

  /** @param {any} message */
  #post(message) {
    if (!this.closed) this.channel.postMessage(message);
  }
}
