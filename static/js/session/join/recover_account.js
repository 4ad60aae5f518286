// @ts-check
// Brings an account into a fresh browser as a new device of its own: what its owner keeps for that day opens the vault and signs
// the device into the chain. The device joins the conversations by itself.
import { to_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { normalise_username } from "../../protocol/username.js";
import { derive_recovery, parse_recovery_key } from "../../protocol/recovery_key.js";
import { check_device_name } from "../devices/device_name.js";
import { add_device, chain_to_join, check_identity, make_profile, open_to_join, store_joined, vault_or_none } from "./join_account.js";
import { keep_joining_keys } from "./keep_joining_keys.js";
import { recovery_entry } from "../vault/recovery_entry.js";
import { get_recovery_token } from "./recovery_token.js";
import { refresh_contact } from "../refresh_contact.js";
import { revoke_devices } from "../devices/revoke_devices.js";
import { rotate_or_owe } from "../vault/rotate_vault_key.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Joined } from "./join_account.js" */
/** @import { Profile, RecoveryEntry } from "../records.js" */
/** @typedef {{ account: string, token: Bytes, recovery: Recovery }} Right a recovery token and the keys that were shown for it */

/**
 * @param {Device} device without a profile
 * @param {{ username: string, recovery_key: string, device_name?: string }} wish
 * @returns {Promise<Profile>} with `recovered` until `finish_recovery`
 * @throws {Talk2meError} `already_signed_up`, `recovery_key_invalid`, `recovery_refused` (another key, an unknown name: not told
 *   apart), `chain_invalid`, `identity_changed`, `vault_invalid`, and what the transport throws
 */
export async function recover_account(device, { username, recovery_key, device_name = "" }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const name = check_device_name(device_name);
  const key = await parse_recovery_key(recovery_key);
  const right = await get_recovery_token(device, {
    username: known_form(username),
    derive: (account) => derive_recovery(key, account),
  });
  return join_with_recovery(device, right, { device_name: name });
}

/** A name that no account can have is answered like any unknown one. @param {string} username */
function known_form(username) {
  try {
    return normalise_username(username);
  } catch {
    throw new Talk2meError("recovery_refused");
  }
}

/**
 * @param {Device} device
 * @param {Right} right
 * @param {{ device_name: string, asks_for_lost?: boolean, kept?: Omit<Joined, "version" | "by_removed">, more?: (changes: Changes) => Promise<void> }} options `asks_for_lost`: the
 *   person has yet to say which devices are lost; `kept`: a vault of before, for an account whose vault is not on the server; `more`: what else to store
 * @returns {Promise<Profile>}
 */
export async function join_with_recovery(device, { account, token, recovery }, { device_name, asks_for_lost = true, kept, more }) {
  const state = await chain_to_join(device, account, (since) => device.api.chain_to_join(account, { since, token }));
  const stored = await vault_or_none(() => device.api.get_vault({ token }));
  const joined = stored
    ? await open_to_join(device, { state, stored, opener: { recovery } })
    : kept && { ...kept, version: 0, by_removed: false };
  if (!joined) throw new Talk2meError("vault_invalid");
  if (kept) await check_identity(state, kept.contents);
  const keys = await keep_joining_keys(device, state);
  const chain = await add_device(device, { state, keys, identity_seed: joined.contents.identity_seed, recovery });
  joined.contents.recovery = with_entry(joined.contents.recovery, recovery, device.now());
  const recovered = asks_for_lost ? { recovered: /** @type {const} */ (true) } : {};
  const profile = make_profile(device, chain, keys, { device_name, recovery_confirmed: true, ...recovered });
  await store_joined(device, { profile, chain, keys, joined, verified: false }, more);
  if (joined.by_removed) {
    // Its keys are known to who is none of the account's devices any more.
    await device.store.transaction((changes) => rotate_or_owe(changes, device, chain));
    device.emit("alert", { code: "vault_by_removed_device" });
  }
  return profile;
}

/**
 * A recovery key of before 0.4 can be wrapped to from now on.
 * @param {RecoveryEntry[]} entries
 * @param {Recovery} recovery
 * @param {number} now
 */
function with_entry(entries, recovery, now) {
  if (entries.some(({ key }) => equal(key, recovery.signing.public_key))) return entries;
  return [...entries, recovery_entry(recovery, { kind: "key", name: "", created: now })];
}

/**
 * The person has said which of the old devices are lost.
 * @param {Device} device
 * @param {{ lost: string[] }} wish
 */
export async function finish_recovery(device, { lost }) {
  const { chain } = await refresh_contact(device, device.own.account);
  // A first try may have got half way.
  const devices = lost.filter((id) => !chain.devices.some(({ device_id, removed }) => to_base64url(device_id) === id && removed !== null));
  if (devices.length > 0) await revoke_devices(device, { devices });
  const profile = { ...device.own };
  delete profile.recovered;
  await device.store.transaction((changes) => changes.put("meta", "profile", profile));
  device.profile = profile;
  device.emit("profile");
}
