// @ts-check
// Events that a device adds to the chain of its own account.
import { signing_key_from_seed } from "../../crypto/ed25519.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { refresh_contact } from "../refresh_contact.js";
import { get_secrets } from "../vault/secrets.js";

/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Authority, NewEvent } from "../../protocol/sign_account_event.js" */
/** @import { Device } from "../device.js" */

const TRIES = 5;

/** @param {Device} device @returns {Authority} */
export function own_authority({ keys }) {
  if (!keys) throw new Talk2meError("account_missing");
  return { key: keys.sign_in.public_key, private_key: keys.sign_in.private_key };
}

/** @param {Device} device @returns {Promise<CryptoKey>} */
export async function identity_key_of(device) {
  const { identity_seed } = await get_secrets(device);
  return (await signing_key_from_seed(identity_seed)).private_key;
}

/**
 * @param {Device} device
 * @param {(chain: ChainState) => Promise<NewEvent | null>} make null when the chain says already what is wanted: an answer may have been lost
 * @returns {Promise<ChainState>} proven, as it is afterwards
 * @throws {Talk2meError} `chain_conflict` when others keep adding to it; what the transport throws
 */
export async function append_own_event(device, make) {
  const { account } = device.own;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { chain } = await refresh_contact(device, account);
    const signed = await make(chain);
    if (!signed) return chain;
    try {
      await device.api.append_event(account, signed);
    } catch (error) {
      if (!is_talk2me_error(error, "chain_conflict")) throw error;
    }
  }
  throw new Talk2meError("chain_conflict");
}
