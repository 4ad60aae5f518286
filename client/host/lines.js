// @ts-check
// One who asks: JSON objects, one a line, over two streams (docs/command_line.md, For programs).
import { createInterface } from "node:readline";
import { to_base64url } from "../../static/js/codec/base64url.js";
import { Talk2meError } from "../../static/js/errors.js";

/** @typedef {{ id: number, command?: string, query?: string, host?: string, args?: any }} Call */

export class Asker {
  /**
   * @param {import("node:stream").Readable} from
   * @param {import("node:stream").Writable} to
   * @param {{ answer: (call: Call, asker: Asker) => Promise<unknown>, on_end: (asker: Asker) => void }} listeners
   */
  constructor(from, to, { answer, on_end }) {
    this.to = to;
    this.answer = answer;
    this.open = true;
    /** It asks for what is stored here: nothing has to be finished for it. */
    this.is_brief = false;
    const end = () => {
      if (!this.open) return;
      this.open = false;
      on_end(this);
    };
    createInterface({ input: from, crlfDelay: Infinity })
      .on("line", (line) => void this.#take(line))
      .on("close", end)
      .on("error", end);
    // Whoever goes away without a word leaves what was being written to them.
    for (const stream of [from, to]) stream.on("error", end);
  }

  /** @param {string} topic @param {any} detail */
  tell(topic, detail) {
    this.#write({ event: topic, detail });
  }

  /** @param {string} line */
  async #take(line) {
    let id = null;
    try {
      const call = /** @type {Call} */ (read_json(line));
      id = call.id;
      this.#write({ id, result: await this.answer(call, this) });
    } catch (error) {
      const code = error instanceof Talk2meError ? error.code : "internal";
      this.#write({ id, error: code });
    }
  }

  /** @param {unknown} value */
  #write(value) {
    if (this.open) this.to.write(`${JSON.stringify(value, without_bytes)}\n`);
  }
}

/** @param {string} line */
function read_json(line) {
  try {
    return JSON.parse(line);
  } catch {
    throw new Talk2meError("bad_request");
  }
}

/** @param {string} _name @param {unknown} value */
const without_bytes = (_name, value) => (value instanceof Uint8Array ? to_base64url(value) : value);
