// @ts-check
// Starts the account over in a fresh browser: new identity key, new recovery key, this one device. All older ones end; contacts see it.
import { equal } from "../../codec/bytes.js";
import { signing_key_from_seed } from "../../crypto/ed25519.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { extend_chain } from "../../protocol/account_chain.js";
import { derive_recovery, make_recovery_key, parse_recovery_key } from "../../protocol/recovery_key.js";
import { sign_reset } from "../../protocol/sign_account_event.js";
import { check_device_name } from "../devices/device_name.js";
import { chain_to_join, make_profile } from "./join_account.js";
import { keep_joining_keys, public_halves, take_joining_keys } from "./keep_joining_keys.js";
import { recovery_entry } from "../vault/recovery_entry.js";
import { get_recovery_token } from "./recovery_token.js";
import { own_contact } from "../refresh_contact.js";
import { put_setting } from "../settings.js";
import { new_secrets } from "./sign_up.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { Device } from "../device.js" */
/** @import { JoiningKeys } from "./keep_joining_keys.js" */
/** @import { Profile } from "../records.js" */
/** @typedef {{ identity_seed: Bytes, recovery_key: Bytes }} NewKeys */
/** @typedef {{ account: string, token: Bytes, recovery?: Recovery }} Leave */

/**
 * @param {Device} device without a profile
 * @param {{ username: string, recovery_key?: string, code?: string, device_name?: string }} wish `code`: the operator's, where nothing else is
 *   left
 * @returns {Promise<Profile>} with a recovery key to be confirmed
 * @throws {Talk2meError} `already_signed_up`, `recovery_key_invalid`, `recovery_refused`, `reset_refused`, `chain_invalid`, and what the
 *   transport throws; the next try goes on with the same keys
 */
export async function reset_account(device, { username, recovery_key, code, device_name = "" }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const name = check_device_name(device_name);
  const leave = await get_leave(device, { username, recovery_key, code });
  const { account, token } = leave;
  const state = await chain_to_join(device, account, (since) => device.api.chain_to_join(account, { since, token }));
  const made = await keep_new_keys(device, account);
  const keys = await keep_joining_keys(device, state);
  const chain = await post_reset(device, { state, made, keys, recovery: leave.recovery, code });
  const profile = make_profile(device, chain, keys, { device_name: name, recovery_confirmed: false });
  await store_reset(device, { profile, chain, keys, made });
  return profile;
}

/**
 * A try whose answer was lost has ended what the person holds: then what was made here gives leave.
 * @param {Device} device
 * @param {{ username: string, recovery_key?: string, code?: string }} wish
 * @returns {Promise<Leave>}
 */
async function get_leave(device, wish) {
  try {
    return await ask_leave(device, wish);
  } catch (error) {
    const is_refused = is_talk2me_error(error, "recovery_refused") || is_talk2me_error(error, "reset_refused");
    const begun = is_refused && (await device.store.get("meta", "resetting"));
    if (!begun) throw error;
    return get_recovery_token(device, {
      username: wish.username,
      derive: (account) => derive_recovery(begun.recovery_key, account),
    }).catch(() => Promise.reject(error));
  }
}

/** @param {Device} device @param {{ username: string, recovery_key?: string, code?: string }} wish @returns {Promise<Leave>} */
async function ask_leave(device, { username, recovery_key, code }) {
  if (!recovery_key) return device.api.start_reset({ username, code: code ?? "" });
  const key = await parse_recovery_key(recovery_key);
  return get_recovery_token(device, { username, derive: (account) => derive_recovery(key, account) });
}

/** They are kept before the server hears of them: an answer may get lost. @param {Device} device @param {string} account @returns {Promise<NewKeys>} */
async function keep_new_keys({ store, random }, account) {
  const begun = await store.get("meta", "resetting");
  if (begun?.account === account) return begun;
  const made = { account, identity_seed: random(32), recovery_key: make_recovery_key(random) };
  await store.transaction((changes) => changes.put("meta", "resetting", made));
  return made;
}

/**
 * @param {Device} device
 * @param {{ state: ChainState, made: NewKeys, keys: JoiningKeys, recovery?: Recovery, code?: string }} reset
 * @returns {Promise<ChainState>}
 */
async function post_reset(device, { state, made, keys, recovery, code }) {
  const identity = await signing_key_from_seed(made.identity_seed);
  if (equal(state.identity_key, identity.public_key)) return state;
  const { signing } = await derive_recovery(made.recovery_key, state.account);
  const signed = await sign_reset(state, {
    origin: device.origin,
    identity_key: identity.public_key,
    recovery_keys: [signing.public_key],
    device: public_halves(keys),
    signers: {
      identity: identity.private_key,
      sign_in: keys.sign_in.private_key,
      mls: keys.mls.private_key,
      ...(recovery ? { authority: { key: recovery.signing.public_key, private_key: recovery.signing.private_key } } : {}),
    },
    now: device.now(),
  });
  const chain = await extend_chain(state, [signed], device.origin);
  const { account } = await device.store.get("meta", "resetting");
  await device.api.append_event(account, signed, recovery ? {} : { reset_code: code });
  return chain;
}

/** @param {Device} device @param {{ profile: Profile, chain: ChainState, keys: JoiningKeys, made: NewKeys }} reset */
async function store_reset(device, { profile, chain, keys, made }) {
  const { identity_seed, recovery_key } = made;
  const now = device.now();
  const { hpke, device_id } = keys;
  const entry = recovery_entry(await derive_recovery(recovery_key, chain.account), { kind: "key", name: "", created: now });
  const secrets = new_secrets(device.random, { identity_seed, recovery: [entry], hpke });
  await device.store.transaction(async (changes) => {
    take_joining_keys(changes, keys);
    changes.delete("meta", "resetting");
    changes.put("meta", "profile", profile);
    changes.put("meta", "secrets", secrets);
    changes.put("meta", "recovery_key", { key: recovery_key });
    changes.put("meta", "vault", { version: 0, dirty: true });
    const own = { device: device_id, hpke: hpke.public_key, name: profile.device_name ?? "", verified: true, links: 0, time: now };
    changes.put("meta", "devices", [own]);
    for (const name of ["open_to_strangers", "receipts"]) await put_setting(changes, name, true, now);
    changes.put("contacts", profile.account, own_contact(profile.account, chain, now));
  });
}
