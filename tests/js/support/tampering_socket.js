// @ts-check
// A WebSocket behind which a server may lie: every frame on its way to the browser passes through `tamper`.
import { pack, unpack } from "../../../static/js/codec/msgpack.js";

/** @typedef {(frame: any) => any} Tamper gives the frame to deliver, several of them, or null for none */

/**
 * @param {string} origin
 * @param {() => Tamper} tamper asked for at each message
 * @param {(frame: any) => void} [note] told of each frame that the browser sends
 * @returns {(url: string) => WebSocket}
 */
export function tampering_sockets(origin, tamper, note) {
  return (url) => {
    const inner = new WebSocket(url, /** @type {any} */ ({ headers: { origin } }));
    /** @type {any} */
    const outer = {
      set binaryType(/** @type {any} */ type) {
        inner.binaryType = type;
      },
      send: (/** @type {any} */ data) => {
        if (note) for (const frame of /** @type {any[]} */ (unpack(new Uint8Array(data)))) note(frame);
        inner.send(data);
      },
      close: () => inner.close(),
    };
    inner.onopen = () => outer.onopen?.();
    inner.onerror = () => outer.onerror?.();
    inner.onclose = ({ code }) => outer.onclose?.({ code });
    inner.onmessage = ({ data }) => {
      const frames = /** @type {any[]} */ (unpack(new Uint8Array(data)));
      const told = frames.flatMap(tamper()).filter(Boolean);
      if (told.length > 0) outer.onmessage?.({ data: pack(told) });
    };
    return outer;
  };
}
