// @ts-check
// Sealed files over HTTP (docs/wire_format.md 2): sent part by part, each at the offset where the server is; read in ranges.
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Call, Make } from "./call_api.js" */
/** @typedef {{ part: number, offset: number, expires: number | null }} Begun `part`: bytes that the server takes at once; `expires`: unix ms */

/** @param {{ signed_in_call: Make, signed_in_bytes_call: (call: Call) => Promise<Bytes> }} calls */
export function make_attachment_calls({ signed_in_call, signed_in_bytes_call }) {
  return {
    /**
     * Doing it again is harmless: it tells where to go on.
     * @param {{ id: string, size: number, keep?: true, expires_in?: number }} attachment `keep`: until it is deleted; `expires_in`: seconds,
     *   the server takes fewer where that is too long for it
     * @returns {Promise<Begun>}
     */
    begin_attachment: async ({ id, size, keep, expires_in }) => {
      const body = { id, size, ...(keep ? { keep } : {}), ...(expires_in ? { expires_in } : {}) };
      const { part, offset, expires } = await signed_in_call({ method: "POST", path: "attachments", body });
      if (count(part) === 0) throw new Talk2meError("answer_invalid");
      return { part: count(part), offset: count(offset), expires: expires === null ? null : count(expires) };
    },

    /**
     * @param {string} id @param {number} offset @param {Bytes} octets @param {AbortSignal} [signal]
     * @returns {Promise<{ offset: number, complete: boolean }>}
     * @throws {Talk2meError} `offset_wrong`: the server is elsewhere
     */
    put_attachment: async (id, offset, octets, signal) => {
      const path = `attachments/${id}?offset=${offset}`;
      const answer = await signed_in_call({ method: "PUT", path, octets, signal });
      return { offset: count(answer.offset), complete: answer.complete === true };
    },

    /** @param {string} id @param {{ from: number, to: number }} range `to` is not in it @param {AbortSignal} [signal] @returns {Promise<Bytes>} */
    get_attachment: async (id, range, signal) => {
      const octets = await signed_in_bytes_call({ method: "GET", path: `attachments/${id}`, range, signal });
      if (octets.length !== range.to - range.from) throw new Talk2meError("file_damaged");
      return octets;
    },

    /** @param {string} id */
    delete_attachment: async (id) => {
      await signed_in_call({ method: "DELETE", path: `attachments/${id}` });
    },
  };
}

/** @param {unknown} value @returns {number} */
function count(value) {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new Talk2meError("answer_invalid");
  return Number(value);
}
