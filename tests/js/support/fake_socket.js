// @ts-check
// A WebSocket whose other end is the test.
import { pack, unpack } from "../../../static/js/codec/msgpack.js";

export class FakeSocket {
  constructor() {
    /** @type {any[][]} the frames of each message that was sent */
    this.messages = [];
    this.closed = false;
    this.binaryType = "";
    /** @type {any} */
    this.onopen = null;
    /** @type {any} */
    this.onmessage = null;
    /** @type {any} */
    this.onclose = null;
    /** @type {any} */
    this.onerror = null;
  }

  get frames() {
    return this.messages.flat();
  }

  /** @param {Uint8Array} data */
  send(data) {
    if (this.closed) throw new Error("closed");
    this.messages.push(/** @type {any[]} */ (unpack(data)));
  }

  close() {
    this.closed = true;
  }

  /** @param {...any} frames from the server */
  tell(...frames) {
    this.tell_bytes(pack(frames));
  }

  /** @param {Uint8Array} bytes */
  tell_bytes(bytes) {
    this.onmessage({ data: bytes.slice().buffer });
  }

  /** @param {number} code */
  end(code) {
    this.closed = true;
    this.onclose({ code });
  }
}
