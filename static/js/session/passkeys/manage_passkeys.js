// @ts-check
// Passkeys of the account: each is one more recovery key, so the chain has to hear of it first, by a recovery key that counts already.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { equal, is_bytes } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { derive_recovery } from "../../protocol/recovery_key.js";
import { check_device_name } from "../devices/device_name.js";
import { recovery_of } from "../vault/make_wraps.js";
import { recovery_entry } from "../vault/recovery_entry.js";
import { get_contact } from "../refresh_contact.js";
import { get_secrets } from "../vault/secrets.js";
import { authority_of, recovery_shown, rotate_recovery } from "../recovery/rotate_recovery.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { MadeCredential } from "../../transport/authenticator.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact, RecoveryEntry } from "../records.js" */

/** @param {Device} device @returns {Promise<{ key: string, name: string, created: number, last_used: string | null }[]>} `last_used`: a day */
export async function list_passkeys(device) {
  const used = await device.api.passkeys();
  const passkeys = (await entries_now(device)).filter(({ kind }) => kind === "passkey");
  return passkeys.map(({ key, name, created }) => {
    const last_used = used.find(({ recovery_key }) => equal(recovery_key, key))?.last_used ?? null;
    return { key: to_base64url(key), name, created, last_used };
  });
}

/**
 * What the browser's authenticator is asked with. Looks first whether the person may add one at all.
 * @param {Device} device
 * @param {{ recovery_key?: string }} shown
 * @throws {Talk2meError} `recovery_key_invalid`, `recovery_key_wrong`, `recovery_key_needed`
 */
export async function passkey_options(device, { recovery_key }) {
  await recovery_shown(device, { recovery_key });
  await entries_now(device);
  return device.api.passkey_options();
}

/**
 * @param {Device} device
 * @param {{ name: string, recovery_key?: string, credential: MadeCredential, prf: Bytes }} made `prf` stays in this browser
 * @throws {Talk2meError} `passkey_no_prf`, `passkey_refused`, `recovery_key_invalid`, `recovery_key_wrong`, `recovery_key_needed`
 */
export async function add_passkey(device, { name, recovery_key, credential, prf }) {
  if (!is_bytes(prf, 32)) throw new Talk2meError("passkey_no_prf");
  const called = check_device_name(name);
  const authority = authority_of(await recovery_shown(device, { recovery_key }));
  const before = await entries_now(device);
  const recovery = await derive_recovery(prf, from_base64url(device.own.account));
  const entry = recovery_entry(recovery, { kind: "passkey", name: called, created: device.now() });
  await rotate_recovery(device, { entries: [...before, entry], key: null, announced: false }, authority);
  try {
    await device.api.add_passkey({ credential, recovery_key: entry.key });
  } catch (error) {
    // One that the server does not know can't sign in: it must not go on counting.
    await rotate_recovery(device, { entries: before, key: null, announced: false }, authority);
    throw error;
  }
}

/**
 * @param {Device} device
 * @param {{ key: string, recovery_key?: string, prf?: Bytes }} wish `prf`: of a passkey of the account
 * @throws {Talk2meError} `not_found`, `recovery_key_invalid`, `recovery_key_wrong`, `recovery_key_needed`
 */
export async function remove_passkey(device, { key: id, recovery_key, prf }) {
  const key = from_base64url(id);
  const before = await entries_now(device);
  const left = before.filter((entry) => entry.kind !== "passkey" || !equal(entry.key, key));
  if (left.length === before.length || left.length === 0) throw new Talk2meError("not_found");
  const authority = authority_of(await recovery_shown(device, { recovery_key, prf }));
  await rotate_recovery(device, { entries: left, key: null, announced: false }, authority);
}

/** @param {Device} device @returns {Promise<RecoveryEntry[]>} @throws {Talk2meError} `recovery_key_needed` when one is of before 0.4 */
async function entries_now(device) {
  const { chain } = /** @type {Contact} */ (await get_contact(device, device.own.account));
  const { known, unknown } = recovery_of(await get_secrets(device), chain);
  if (unknown.length > 0) throw new Talk2meError("recovery_key_needed");
  return known;
}
