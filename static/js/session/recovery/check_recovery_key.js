// @ts-check
// Is the recovery key still at hand? The browser has forgotten it: what follows from it is compared with the chain.
import { from_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { derive_recovery, parse_recovery_key } from "../../protocol/recovery_key.js";
import { mark_vault } from "../vault/keep_vault.js";
import { recovery_of } from "../vault/make_wraps.js";
import { recovery_entry } from "../vault/recovery_entry.js";
import { get_contact } from "../refresh_contact.js";
import { get_secrets } from "../vault/secrets.js";
import { rotate_if_owed } from "../vault/rotate_vault_key.js";
import { put_setting } from "../settings.js";

/** @import { Recovery } from "../../protocol/recovery_key.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */

/**
 * @param {Device} device
 * @param {{ recovery_key: string }} wish the whole of it
 * @returns {Promise<{ right: boolean }>}
 * @throws {Talk2meError} `recovery_key_invalid` when it was mistyped
 */
export async function check_recovery_key(device, { recovery_key }) {
  const recovery = await derive_recovery(await parse_recovery_key(recovery_key), from_base64url(device.own.account));
  const { chain } = /** @type {Contact} */ (await get_contact(device, device.own.account));
  const right = chain.recovery_keys.some((key) => equal(key, recovery.signing.public_key));
  if (right) {
    await note_confirmed(device, recovery);
    await rotate_if_owed(device);
  }
  return { right };
}

/**
 * @param {Device} device
 * @param {Recovery} [recovery] what follows from it, where it is at hand: one of before 0.4 can be wrapped to from now on
 */
export async function note_confirmed(device, recovery) {
  const profile = { ...device.own, recovery_confirmed: /** @type {const} */ (true) };
  await device.store.transaction(async (changes) => {
    if (recovery) await note_public_halves(changes, device, recovery);
    changes.delete("meta", "recovery_key");
    changes.put("meta", "profile", profile);
    await put_setting(changes, "recovery_checked", device.now(), device.now());
    await mark_vault(changes, device);
  });
  device.profile = profile;
  device.emit("profile");
  device.emit("devices");
}

/** @param {Changes} changes @param {Device} device @param {Recovery} recovery */
async function note_public_halves(changes, device, recovery) {
  const secrets = await get_secrets({ store: changes });
  const { chain } = await changes.get("contacts", device.own.account);
  const { unknown } = recovery_of(secrets, chain);
  if (!unknown.some((key) => equal(key, recovery.signing.public_key))) return;
  const entry = recovery_entry(recovery, { kind: "key", name: "", created: device.now() });
  changes.put("meta", "secrets", { ...secrets, recovery: [...secrets.recovery, entry] });
}

/** @param {Device} device */
export async function postpone_recovery_reminder(device) {
  await device.store.transaction(async (changes) => {
    await put_setting(changes, "recovery_put_off", device.now(), device.now());
    await mark_vault(changes, device);
  });
  device.emit("devices");
}
