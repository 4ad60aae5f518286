// @ts-check
// What a browser asks that is no device of an account yet, and what concerns its devices (docs/wire_format.md 2).
import { to_base64url } from "../codec/base64url.js";
import { bytes, list, read_events, text } from "./answer_fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Grant, ReadChain } from "./api.js" */
/** @import { Make } from "./call_api.js" */
/** @typedef {{ device: string, created: string, last_seen: string | null }} DeviceDays days as `YYYY-MM-DD` */

/** @param {{ open_call: Make, signed_in_call: Make }} calls */
export function make_recovery_calls({ open_call, signed_in_call }) {
  return {
    /**
     * @param {{ username: string } | { account: string }} whom
     * @returns {Promise<{ account: string, nonce: Bytes }>} an invented account for a name that nobody has
     */
    recovery_challenge: async (whom) => {
      const { account, nonce } = await open_call({ method: "POST", path: "recovery/challenge", body: whom });
      return { account: text(account), nonce: bytes(nonce) };
    },

    /**
     * @param {{ account: string, key: Uint8Array, nonce: Uint8Array, signature: Uint8Array }} proof
     * @returns {Promise<Grant>} of a recovery token; fails with `recovery_refused`
     */
    recovery_sign_in: async ({ account, key, nonce, signature }) => {
      const body = { account, key: to_base64url(key), nonce: to_base64url(nonce), signature: to_base64url(signature) };
      const { token, expires_in } = await open_call({ method: "POST", path: "recovery/sign_in", body });
      return { token: bytes(token), expires_in };
    },

    /**
     * For a browser that is about to add itself.
     * @param {string} account
     * @param {{ since: number, token: Uint8Array }} held size of the log that is held, and a recovery token
     * @returns {Promise<ReadChain>}
     */
    chain_to_join: async (account, { since, token }) => {
      const call = { method: /** @type {const} */ ("POST"), path: `accounts/${account}/chain`, body: { since } };
      const answer = await open_call({ ...call, token: to_base64url(token) });
      return { events: read_events(answer), log: answer.log };
    },

    /**
     * @param {{ username: string, code: string }} permit as the operator gave it
     * @returns {Promise<Grant & { account: string }>} of a recovery token; fails with `reset_refused`
     */
    start_reset: async ({ username, code }) => {
      const { account, token, expires_in } = await open_call({ method: "POST", path: "reset/start", body: { username, code } });
      return { account: text(account), token: bytes(token), expires_in };
    },

    /** Takes the operator's permit to start the account over back. */
    object_reset: async () => {
      await signed_in_call({ method: "DELETE", path: "reset_permit" });
    },

    /** @returns {Promise<{ devices: DeviceDays[], reset_from: string | null }>} `reset_from`: a day on which the operator's permit begins */
    devices: async () => {
      const answer = await signed_in_call({ method: "GET", path: "devices" });
      const devices = list(answer.devices).map(({ device, created, last_seen }) => ({
        device: text(device),
        created: text(created),
        last_seen: last_seen === null ? null : text(last_seen),
      }));
      return { devices, reset_from: answer.reset_from === null ? null : text(answer.reset_from) };
    },
  };
}
