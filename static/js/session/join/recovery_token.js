// @ts-check
// Leave to read an account's chain and vault from a browser that is no device of it yet, for who holds a recovery key.
import { from_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { sign_recovery } from "../../protocol/sign_in.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { Device } from "../device.js" */

/**
 * @param {Device} device
 * @param {{ derive: (account: Bytes) => Promise<Recovery>, account?: string, username?: string }} wish by name or by id; `derive`
 *   makes the keys of what the person gave
 * @returns {Promise<{ account: string, token: Bytes, recovery: Recovery }>} the token is good for 10 minutes
 * @throws {Talk2meError} `recovery_refused` (another key, an unknown name: not told apart), `rate_limited`, what the transport throws
 */
export async function get_recovery_token(device, { derive, account: wanted, username = "" }) {
  const { account, nonce } = await device.api.recovery_challenge(wanted === undefined ? { username } : { account: wanted });
  if (wanted !== undefined && account !== wanted) throw new Talk2meError("answer_invalid");
  const id = account_bytes(account);
  const recovery = await derive(id);
  const { public_key: key, private_key: signing_key } = recovery.signing;
  const signature = await sign_recovery({ origin: device.origin, account: id, key, nonce, signing_key });
  const { token } = await device.api.recovery_sign_in({ account, key, nonce, signature });
  return { account, token, recovery };
}

/** @param {string} account as the server says it @returns {Bytes} */
function account_bytes(account) {
  try {
    const id = from_base64url(account);
    if (id.length === 16) return id;
  } catch {
    // The same as any other length.
  }
  throw new Talk2meError("answer_invalid");
}
