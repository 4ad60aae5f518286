// @ts-check
// Reports of abuse, and where this device is told by push (docs/wire_format.md 2).
import { to_base64url } from "../codec/base64url.js";
import { bytes } from "./answer_fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Make } from "./call_api.js" */
/**
 * @typedef {{ mailbox: string, sequence: number, minute: number, account: string, commitment: Bytes, franking: Bytes, opening: Bytes,
 *   content: Bytes, note?: string }} Report `account`: whose message it is
 */

/** @param {{ signed_in_call: Make }} calls */
export function make_people_calls({ signed_in_call }) {
  return {
    /** @param {Report} report fails with `report_refused` */
    report: async ({ mailbox, sequence, minute, account, commitment, franking, opening, content, note }) => {
      const proof = { commitment, franking, opening, content };
      const as_text = Object.fromEntries(Object.entries(proof).map(([name, value]) => [name, to_base64url(value)]));
      const body = { mailbox, sequence, minute, account, ...as_text, ...(note ? { note } : {}) };
      await signed_in_call({ method: "POST", path: "reports", body });
    },

    /** @returns {Promise<Bytes | null>} what browsers subscribe with; null where nothing is pushed */
    push_key: async () => {
      const { key } = await signed_in_call({ method: "GET", path: "push/key" });
      return key === null ? null : bytes(key);
    },

    /** @param {string} endpoint */
    put_push: async (endpoint) => {
      await signed_in_call({ method: "PUT", path: "push", body: { endpoint } });
    },

    delete_push: async () => {
      await signed_in_call({ method: "DELETE", path: "push" });
    },
  };
}
