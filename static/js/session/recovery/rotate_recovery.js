// @ts-check
// Other recovery keys than before. What they will be is stored before the chain hears of it: whoever made a key must not forget it.
import { from_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { derive_recovery, parse_recovery_key } from "../../protocol/recovery_key.js";
import { sign_recovery_rotate } from "../../protocol/sign_account_event.js";
import { keep_vault } from "../vault/keep_vault.js";
import { refresh_contact } from "../refresh_contact.js";
import { rotate_vault_key } from "../vault/rotate_vault_key.js";
import { get_secrets } from "../vault/secrets.js";
import { put_setting } from "../settings.js";
import { is_same } from "./same_keys.js";
import { append_own_event, identity_key_of } from "../devices/sign_own_event.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { Authority } from "../../protocol/sign_account_event.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { RecoveryEntry } from "../records.js" */
/** @typedef {{ entries: RecoveryEntry[], key: Bytes | null, announced: boolean }} NextRecovery the record `meta.next_recovery`: all recovery keys
 *   that will count; `key`: 16 bytes that the person has not seen yet */

/**
 * What a person shows that the account's recovery keys may be changed.
 * @param {Device} device
 * @param {{ recovery_key?: string, prf?: Bytes }} shown `prf`: of a passkey; without both the key that is not confirmed yet
 * @returns {Promise<Recovery>}
 * @throws {Talk2meError} `recovery_key_invalid`, `recovery_key_wrong`, `recovery_key_needed`
 */
export async function recovery_shown(device, { recovery_key, prf }) {
  const account = from_base64url(device.own.account);
  const pending = await device.store.get("meta", "recovery_key");
  const secret = recovery_key ? await parse_recovery_key(recovery_key) : (prf ?? pending?.key);
  if (!secret) throw new Talk2meError("recovery_key_needed");
  const recovery = await derive_recovery(secret, account);
  const { chain } = await refresh_contact(device, device.own.account);
  // What was asked for before may have come to pass without an answer; its key must not be forgotten for another.
  await adopt_next(device, chain);
  if (!chain.recovery_keys.some((key) => equal(key, recovery.signing.public_key))) throw new Talk2meError("recovery_key_wrong");
  return recovery;
}

/** @param {Recovery} recovery @returns {Authority} */
export function authority_of({ signing }) {
  return { key: signing.public_key, private_key: signing.private_key };
}

/**
 * @param {Device} device
 * @param {NextRecovery} next
 * @param {Authority} authority
 */
export async function rotate_recovery(device, next, authority) {
  await note_next(device, next);
  const recovery_keys = next.entries.map(({ key }) => key);
  const chain = await append_own_event(device, async (state) => {
    if (is_same(state.recovery_keys, recovery_keys)) return null;
    const signers = { identity: await identity_key_of(device), authority };
    return sign_recovery_rotate(state, { origin: device.origin, recovery_keys, signers, now: device.now() });
  });
  await adopt_next(device, chain);
}

/** @param {Device} device @param {NextRecovery} next */
export async function note_next(device, next) {
  await device.store.transaction((changes) => changes.put("meta", "next_recovery", next));
}

/**
 * The chain says so by now: the vault gets a new key, which the old recovery keys don't open.
 * @param {Device} device
 * @param {ChainState} chain
 * @returns {Promise<boolean>} false when nothing was waiting, or the chain says something else
 */
export async function adopt_next(device, chain) {
  /** @type {NextRecovery | undefined} */
  const next = await device.store.get("meta", "next_recovery");
  if (!next || !is_same(chain.recovery_keys, next.entries.map(({ key }) => key))) return false;
  await device.store.transaction(async (changes) => {
    changes.put("meta", "secrets", { ...(await get_secrets({ store: changes })), recovery: next.entries });
    await rotate_vault_key(changes, device, chain);
    changes.delete("meta", "next_recovery");
    if (next.key) await show_key(changes, device, next.key);
    changes.after(() => device.emit("devices"));
  });
  device.emit("profile");
  await keep_vault(device);
  return true;
}

/** It is to be written down and confirmed, as the first one was. @param {Changes} changes @param {Device} device @param {Bytes} key */
async function show_key(changes, device, key) {
  const profile = { ...device.own, recovery_confirmed: false };
  changes.put("meta", "recovery_key", { key });
  changes.put("meta", "profile", profile);
  await put_setting(changes, "recovery_made", device.now(), device.now());
  await put_setting(changes, "recovery_checked", 0, device.now());
  changes.after(() => (device.profile = profile));
}
