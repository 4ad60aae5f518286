// @ts-check
// Passkeys over HTTP (docs/wire_format.md 2). What is posted of a credential is what transport/authenticator made of it.
import { to_base64url } from "../codec/base64url.js";
import { bytes, list, text } from "./answer_fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { CreationOptions, MadeCredential, RequestOptions, UsedCredential } from "./authenticator.js" */
/** @import { Make } from "./call_api.js" */

/** @param {{ open_call: Make, signed_in_call: Make }} calls */
export function make_passkey_calls({ open_call, signed_in_call }) {
  return {
    /** @returns {Promise<CreationOptions>} for a new passkey of this account */
    passkey_options: async () => (await signed_in_call({ method: "POST", path: "passkeys/options", body: {} })).options,

    /**
     * @param {{ credential: MadeCredential, recovery_key: Uint8Array }} made one of the account's present recovery keys
     * @returns {Promise<{ passkey: string }>}
     */
    add_passkey: async ({ credential, recovery_key }) => {
      const body = { credential, recovery_key: to_base64url(recovery_key) };
      return { passkey: text((await signed_in_call({ method: "POST", path: "passkeys", body })).passkey) };
    },

    /** @returns {Promise<{ passkey: string, recovery_key: Bytes, created: string, last_used: string | null }[]>} days */
    passkeys: async () => {
      const { passkeys } = await signed_in_call({ method: "GET", path: "passkeys" });
      return list(passkeys).map(({ passkey, recovery_key, created, last_used }) => ({
        passkey: text(passkey),
        recovery_key: bytes(recovery_key),
        created: text(created),
        last_used: last_used === null ? null : text(last_used),
      }));
    },

    /** @param {string} passkey */
    delete_passkey: async (passkey) => {
      await signed_in_call({ method: "DELETE", path: `passkeys/${passkey}` });
    },

    /** @returns {Promise<RequestOptions>} for signing in */
    passkey_challenge: async () => (await open_call({ method: "POST", path: "passkeys/challenge", body: {} })).options,

    /**
     * @param {{ credential: UsedCredential }} used
     * @returns {Promise<{ account: string, recovery_key: Bytes, token: Bytes, expires_in: number }>} a recovery token
     */
    passkey_sign_in: async ({ credential }) => {
      const answer = await open_call({ method: "POST", path: "passkeys/sign_in", body: { credential } });
      const { account, recovery_key, token, expires_in } = answer;
      return { account: text(account), recovery_key: bytes(recovery_key), token: bytes(token), expires_in };
    },
  };
}
