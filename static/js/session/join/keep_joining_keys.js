// @ts-check
// The keys of a device that is about to join its account. They are stored before the server hears of them: if the answer gets
// lost, the next try goes on with the same device. Otherwise the chain would have one whose keys nobody holds, which has no key
// packages, so that nobody could begin to write to the account any more.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { generate_signing_key } from "../../crypto/ed25519.js";
import { generate_hpke_key } from "../../crypto/hpke.js";
import { find_device } from "../../protocol/account_chain.js";
import { SUITES } from "../publish_key_packages.js";

/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { SigningKey } from "../../crypto/ed25519.js" */
/** @import { HpkeKey } from "../../crypto/hpke.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @typedef {{ device_id: Bytes, sign_in: SigningKey, mls: SigningKey, hpke: HpkeKey }} JoiningKeys */

/**
 * @param {Device} device without a profile
 * @param {ChainState} state of the account's chain
 * @returns {Promise<JoiningKeys>} those of the last try with that account, unless its device was removed since
 */
export async function keep_joining_keys(device, state) {
  const account = to_base64url(state.account);
  const begun = await device.store.get("meta", "joining");
  if (begun?.account === account) {
    const keys = await get_joining_keys(device);
    if (!find_device(state, keys.device_id)?.removed) return keys;
  }
  return make_joining_keys(device, account);
}

/** @param {Device} device @param {string | null} account null while it is not known @returns {Promise<JoiningKeys>} */
export async function make_joining_keys({ store, random }, account) {
  const device_id = random(16);
  const sign_in = await generate_signing_key({ extractable: false });
  const mls = await generate_signing_key({ extractable: false });
  const hpke = await generate_hpke_key(random);
  await store.transaction((changes) => {
    changes.put_key("joining_sign_in", sign_in);
    changes.put_key("joining_mls", mls);
    // What another device has handed over was for the keys of before.
    changes.delete("meta", "linking");
    changes.put("meta", "joining", { account, device: to_base64url(device_id), hpke });
  });
  return { device_id, sign_in, mls, hpke };
}

/** @param {Device} device that has made them @returns {Promise<JoiningKeys>} */
export async function get_joining_keys({ store, random }) {
  const begun = await store.get("meta", "joining");
  const [sign_in, mls] = await Promise.all([store.get_key("joining_sign_in"), store.get_key("joining_mls")]);
  // One that a release before 0.4 began has none yet.
  const hpke = begun.hpke ?? (await generate_hpke_key(random));
  return { device_id: from_base64url(begun.device), sign_in, mls, hpke };
}

/** As an event of the chain has them. @param {JoiningKeys} keys */
export function public_halves({ device_id, sign_in, mls }) {
  return { device_id, signature_key: mls.public_key, sign_in_key: sign_in.public_key, suites: [...SUITES] };
}

/** They are the device's own from now on. @param {Changes} changes @param {JoiningKeys} keys */
export function take_joining_keys(changes, { sign_in, mls }) {
  changes.put_key("sign_in", sign_in);
  changes.put_key("mls", mls);
  changes.delete_key("joining_sign_in");
  changes.delete_key("joining_mls");
  changes.delete("meta", "joining");
  changes.delete("meta", "linking");
}
