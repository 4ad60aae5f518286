// @ts-check
// What was handed over to a new browser is used: the event goes to the server, and the vault opens. A crash on the way is made up
// for at the next start, or the account would have a device that nobody holds.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { chain_to_join, make_profile, open_to_join, store_joined, vault_or_none } from "../join/join_account.js";
import { get_joining_keys } from "../join/keep_joining_keys.js";
import { pause } from "../pause.js";
import { make_token_source } from "../sign_in.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Device } from "../device.js" */
/** @import { Joined } from "../join/join_account.js" */
/** @import { JoiningKeys } from "../join/keep_joining_keys.js" */
/** @import { Profile } from "../records.js" */

const TRIES = 10;
const WAIT = 1_500;

/**
 * @param {Device} device without a profile, with the record `meta.linking`
 * @param {() => Promise<void>} [on_added] what to do once it is a device of the account, before its vault is opened
 * @returns {Promise<Profile>}
 * @throws {Talk2meError} `link_failed` when the account does not know the device and takes it no more; what the transport throws
 */
export async function finish_linking(device, on_added = async () => {}) {
  const { account, event, signatures, chain, vault_key, device_name } = await device.store.get("meta", "linking");
  const keys = await get_joining_keys(device);
  const profile = make_profile(device, chain, keys, { device_name, recovery_confirmed: false });
  try {
    await device.api.append_event(account, { event, signatures });
  } catch (error) {
    // It may be there already, and others after it: signing in shows.
    if (!is_talk2me_error(error, "chain_conflict")) throw error;
  }
  const { api, origin, now } = device;
  const get_token = make_token_source({ api, origin, now, own: profile, keys });
  const token = await token_or_forget(device, get_token);
  await on_added();
  const { state, joined } = await open_when_wrapped(device, { account, token, keys, vault_key });
  if (joined.by_removed) throw new Talk2meError("vault_invalid");
  const { recovery_checked } = joined.contents.settings;
  profile.recovery_confirmed = Boolean(recovery_checked?.value);
  await store_joined(device, { profile, chain: state, keys, joined, verified: true });
  return profile;
}

/**
 * Another device may have made a new vault key since this browser was given the one of before. The device that has linked it wraps
 * the new one for it, once it has seen that it is there.
 * @param {Device} device
 * @param {{ account: string, token: Bytes, keys: JoiningKeys, vault_key: Bytes }} linking
 * @returns {Promise<{ state: ChainState, joined: Joined }>}
 */
async function open_when_wrapped(device, { account, token, keys, vault_key }) {
  const by_wrap = { device: keys.device_id, hpke_private_key: keys.hpke.private_key };
  for (let tries = 1; ; tries += 1) {
    // After a crash other devices may have come since, and written the vault.
    const state = await chain_to_join(device, account, (since) => device.api.chain(account, { since, token }));
    const stored = await read_vault(device, token);
    if (!stored) throw new Talk2meError("link_failed");
    for (const opener of [{ vault_key }, by_wrap]) {
      try {
        return { state, joined: await open_to_join(device, { state, stored, opener }) };
      } catch (error) {
        if (!is_talk2me_error(error, "vault_invalid") && !is_talk2me_error(error, "recovery_key_wrong")) throw error;
      }
    }
    if (tries === TRIES) throw new Talk2meError("vault_invalid");
    await pause(WAIT);
  }
}

/** @param {Device} device @param {Uint8Array<ArrayBuffer>} token */
const read_vault = (device, token) => vault_or_none(() => device.api.get_vault({ token }));

/** @param {Device} device @param {ReturnType<typeof make_token_source>} get_token */
async function token_or_forget(device, get_token) {
  try {
    return await get_token({ fresh: true });
  } catch (error) {
    if (!is_talk2me_error(error, "sign_in_refused") && !is_talk2me_error(error, "device_revoked")) throw error;
    await device.store.transaction((changes) => changes.delete("meta", "linking"));
    throw new Talk2meError("link_failed");
  }
}
