// @ts-check
// A new vault key and a new archive key: who was able to open the vault until now opens nothing that is written from now on.
import { Talk2meError } from "../../errors.js";
import { mark_vault } from "./keep_vault.js";
import { recovery_of } from "./make_wraps.js";
import { add_archive_key } from "./merge_secrets.js";
import { get_contact } from "../refresh_contact.js";
import { get_secrets } from "./secrets.js";
import { get_settings, put_setting } from "../settings.js";

/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */

// A setting, so that whichever device gets a recovery key that can be wrapped to makes up for it.
const OWED = "rotation_owed";

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {ChainState} chain the own one, as it is now
 * @throws {Talk2meError} `recovery_key_needed` when a recovery key would no longer open the vault, because it is of before 0.4
 */
export async function rotate_vault_key(changes, device, chain) {
  const secrets = await get_secrets({ store: changes });
  if (recovery_of(secrets, chain).unknown.length > 0) throw new Talk2meError("recovery_key_needed");
  const archive = add_archive_key(secrets.archive, device.random(32));
  changes.put("meta", "secrets", { ...secrets, vault_key: device.random(32), wraps: [], archive });
  if (await is_owed(changes)) await put_setting(changes, OWED, false, device.now());
  await mark_vault(changes, device);
  await changes.update("meta", "vault", (state) => (state.rotated = state.marks));
}

/**
 * A device that is lost has to go at once, also where the vault can't have another key yet.
 * @param {Changes} changes
 * @param {Device} device
 * @param {ChainState} chain the own one, as it is now
 */
export async function rotate_or_owe(changes, device, chain) {
  const { unknown } = recovery_of(await get_secrets({ store: changes }), chain);
  if (unknown.length === 0) {
    await rotate_vault_key(changes, device, chain);
    return;
  }
  await put_setting(changes, OWED, true, device.now());
  await mark_vault(changes, device);
}

/** The person has a recovery key by now that can be wrapped to. @param {Device} device */
export async function rotate_if_owed(device) {
  const { chain } = /** @type {Contact} */ (await get_contact(device, device.own.account));
  await device.store.transaction(async (changes) => {
    if (!(await is_owed(changes))) return;
    if (recovery_of(await get_secrets({ store: changes }), chain).unknown.length === 0) await rotate_vault_key(changes, device, chain);
  });
}

/** @param {Changes} changes */
const is_owed = async (changes) => (await get_settings(changes))[OWED] === true;
