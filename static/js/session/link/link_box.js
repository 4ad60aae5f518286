// @ts-check
// A link box as one of its two sides sees it (docs/devices.md 1): parts are put there once and waited for, until it ends.
import { to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { open_part, part_plain, seal_part } from "../../protocol/link.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Code } from "../../errors.js" */
/** @import { Link, LinkParts, PartNumber } from "../../protocol/link_parts.js" */
/** @import { Device } from "../device.js" */

const POLL = 1_000;
const LIFE = 300_000;
// Whether the other side has ended it is asked less often: one address may ask so often a minute, and may have both sides.
const ROUNDS_FOR_END = 3;
const END = 5;

/** @type {WeakMap<Device, LinkBox>} one at a time */
const under_way = new WeakMap();

/** @param {Device} device @returns {LinkBox | null} */
export const link_of = (device) => under_way.get(device) ?? null;

export class LinkBox {
  /** @param {Device} device @param {Link} link @param {"old" | "new"} side */
  constructor(device, link, side) {
    this.device = device;
    this.link = link;
    this.side = side;
    this.id = to_base64url(link.box);
    this.expires = device.now() + LIFE;
    /** @type {Code | null} why it has ended */
    this.ended = null;
    /** @type {any} what the new side offers, once it has been shown for comparison; of the old side only */
    this.offer = null;
    this.wake = () => {};
    under_way.get(device)?.end("link_refused");
    under_way.set(device, this);
  }

  /** Whoever waits is told; the other side too. @param {Code} code */
  end(code) {
    if (this.ended) return;
    this.ended = code;
    this.wake();
  }

  /** @param {string} step @param {Record<string, unknown>} [more] */
  tell(step, more = {}) {
    this.device.emit("link", { side: this.side, step, ...more });
  }

  /**
   * Runs one side to its end.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   * @throws {Talk2meError} `link_expired`, `link_refused`, `link_failed`, what the transport throws: told on the topic `link` too
   */
  async guard(work) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Talk2meError ? error.code : "internal";
      this.end(code);
      await this.#refuse();
      this.tell("failed", { error: code });
      throw error;
    } finally {
      if (under_way.get(this.device) === this) under_way.delete(this.device);
    }
  }

  /**
   * @template {PartNumber} N
   * @param {N} number
   * @param {LinkParts[N]} value
   * @returns {Promise<Bytes>} its plain text
   */
  async put(number, value) {
    const { api, origin, random } = this.device;
    const body = await seal_part(this.link, { origin, number, value, random });
    for (;;) {
      this.#check();
      try {
        await api.put_link_part(this.id, number, body);
        return part_plain(value);
      } catch (error) {
        // Somebody else has written what is this side's to write.
        if (is_talk2me_error(error, "link_part_taken")) throw new Talk2meError("link_failed");
        this.#pass_over(error);
        await this.#pause();
      }
    }
  }

  /**
   * @template {PartNumber} N
   * @param {N} number
   * @returns {Promise<{ value: LinkParts[N], plain: Bytes }>}
   * @throws {Talk2meError} `link_refused` when the other side ended it
   */
  async wait_for(number) {
    for (let round = 1; ; round += 1) {
      this.#check();
      const part = await this.#read(number);
      if (part) return part;
      if (number !== END && round % ROUNDS_FOR_END === 0 && (await this.#read(END))) throw new Talk2meError("link_refused");
      await this.#pause();
    }
  }

  /**
   * @template {PartNumber} N
   * @param {N} number
   */
  async #read(number) {
    const { api, origin } = this.device;
    let sealed;
    try {
      sealed = await api.get_link_part(this.id, number);
    } catch (error) {
      this.#pass_over(error);
      return null;
    }
    return sealed && open_part(this.link, { origin, number, sealed });
  }

  /** A connection that is away for a moment ends nothing. @param {unknown} error */
  #pass_over(error) {
    if (is_talk2me_error(error, "not_found")) throw new Talk2meError("link_expired");
    if (!is_talk2me_error(error, "offline") && !is_talk2me_error(error, "timed_out") && !is_talk2me_error(error, "rate_limited")) throw error;
  }

  #check() {
    if (this.ended) throw new Talk2meError(this.ended);
    if (this.device.closed || this.device.now() >= this.expires) throw new Talk2meError("link_expired");
  }

  /** @returns {Promise<void>} */
  #pause() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.ended) this.wake();
    });
  }

  async #refuse() {
    try {
      const { api, origin, random } = this.device;
      await api.put_link_part(this.id, END, await seal_part(this.link, { origin, number: END, value: { v: 1, done: false }, random }));
    } catch {
      // The other side ended it first, or sees that it expires.
    }
  }
}

/** @param {Device} device */
export async function cancel_link(device) {
  link_of(device)?.end("link_refused");
}
