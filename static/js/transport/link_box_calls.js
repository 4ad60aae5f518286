// @ts-check
// Link boxes over HTTP (docs/wire_format.md 2). Who has a box's id needs no token for its parts.
import { to_base64url } from "../codec/base64url.js";
import { bytes, read_events, text } from "./answer_fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ReadChain } from "./api.js" */
/** @import { Make } from "./call_api.js" */

/** @param {{ open_call: Make, signed_in_call: Make }} calls */
export function make_link_box_calls({ open_call, signed_in_call }) {
  return {
    /** @param {string} box @returns {Promise<{ expires_in: number }>} seconds */
    make_link_box: async (box) => {
      const { expires_in } = await signed_in_call({ method: "POST", path: "link_boxes", body: { box } });
      return { expires_in };
    },

    /** @param {string} box @param {number} number 1 to 5 @param {Uint8Array} body sealed */
    put_link_part: async (box, number, body) => {
      await open_call({ method: "PUT", path: `link_boxes/${box}`, body: { number, body: to_base64url(body) } });
    },

    /** @param {string} box @param {number} number @returns {Promise<Bytes | null>} null as long as it is not there */
    get_link_part: async (box, number) => {
      const { body } = await open_call({ method: "GET", path: `link_boxes/${box}?number=${number}` });
      return body === null ? null : bytes(body);
    },

    /**
     * The chain of the account whose box it is.
     * @param {string} box @param {{ since: number }} held size of the log that is held
     * @returns {Promise<ReadChain & { account: string }>}
     */
    link_chain: async (box, { since }) => {
      const answer = await open_call({ method: "POST", path: `link_boxes/${box}/chain`, body: { since } });
      return { account: text(answer.account), events: read_events(answer), log: answer.log };
    },

    /** @param {string} box */
    delete_link_box: async (box) => {
      await signed_in_call({ method: "DELETE", path: `link_boxes/${box}` });
    },
  };
}
