// @ts-check
// What the server knows of the account as a whole, and its end (docs/what_the_server_knows.md).
import { to_base64url } from "../codec/base64url.js";
import { bytes, text } from "./answer_fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Make } from "./call_api.js" */

/** @param {{ signed_in_call: Make }} calls */
export function make_account_calls({ signed_in_call }) {
  return {
    /** @returns {Promise<string>} a registration code for somebody else; fails with `invites_used_up` */
    registration_code: async () => text((await signed_in_call({ method: "POST", path: "registration_codes", body: {} })).code),

    /** @returns {Promise<Record<string, any>>} as it came: checked by who asked */
    account: () => signed_in_call({ method: "GET", path: "account" }),

    /** @returns {Promise<Bytes>} to be signed for `delete_account` */
    deletion_challenge: async () => bytes((await signed_in_call({ method: "POST", path: "account/deletion/challenge", body: {} })).nonce),

    /** @param {{ nonce: Bytes, identity: Bytes, device: Bytes }} proof two signatures; fails with `signature_invalid` */
    delete_account: async (proof) => {
      const body = Object.fromEntries(Object.entries(proof).map(([name, value]) => [name, to_base64url(value)]));
      await signed_in_call({ method: "POST", path: "account/deletion", body });
    },
  };
}
