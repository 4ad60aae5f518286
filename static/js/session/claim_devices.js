// @ts-check
// Key packages for those who are to be added to a group, each checked against the signed chain, not the server's word.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { active_devices } from "../protocol/account_chain.js";
import { read_key_package } from "../protocol/mls.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Device } from "./device.js" */

/**
 * One key package for each active device.
 * @param {Device} device
 * @param {ChainState} chain
 * @param {number} suite
 * @param {{ token?: Bytes | null, except?: string[] }} [more] `token`: of an invitation of theirs; `except`: devices that are in the group
 * @returns {Promise<Bytes[]>}
 * @throws {Talk2meError} `no_key_package` when the server left a device out, `key_package_invalid` when it swapped one
 */
export async function claim_devices(device, chain, suite, { token = null, except = [] } = {}) {
  const account = to_base64url(chain.account);
  const claimed = await device.api.claim_key_packages({ account, suite, ...(token ? { invitation: token } : {}) });
  const wanted = active_devices(chain).filter(({ device_id }) => !except.includes(to_base64url(device_id)));
  return Promise.all(
    wanted.map(async ({ device_id, signature_key }) => {
      const found = claimed.find((entry) => entry.device === to_base64url(device_id));
      if (!found) throw new Talk2meError("no_key_package");
      const read = await read_key_package(found.key_package);
      const fits = equal(read.account, chain.account) && equal(read.device, device_id) && read.suite === suite;
      if (!fits || !equal(read.signature_key, signature_key)) throw new Talk2meError("key_package_invalid");
      return found.key_package;
    }),
  );
}

/** @param {Device} device @param {ChainState} chain the own one @param {number} suite @returns {Promise<Bytes[]>} */
export async function claim_own_others(device, chain, suite) {
  if (active_devices(chain).length < 2) return [];
  try {
    return await claim_devices(device, chain, suite, { except: [device.own.device] });
  } catch (error) {
    // A device of one's own without key packages joins by itself later; it must not keep this one from talking.
    if (is_talk2me_error(error, "no_key_package")) return [];
    throw error;
  }
}
