// @ts-check
// Devices of the account that are lost: (a) the vault gets keys that they don't have, (b) the chain and the server put them out, (c) so
// do the conversations, before anything else is said there. What has begun is finished at the next start.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { active_devices, find_device } from "../../protocol/account_chain.js";
import { sign_device_remove } from "../../protocol/sign_account_event.js";
import { keep_vault } from "../vault/keep_vault.js";
import { note_leaving } from "./leaving_devices.js";
import { refresh_contact } from "../refresh_contact.js";
import { rotate_or_owe } from "../vault/rotate_vault_key.js";
import { append_own_event, identity_key_of, own_authority } from "./sign_own_event.js";

/** @import { Device } from "../device.js" */
/** @typedef {{ devices: string[] }} Revocation the record `meta.revocation`, from (a) until (c) has been asked for */

/**
 * @param {Device} device
 * @param {{ devices: string[] }} wish others than this one
 * @throws {Talk2meError} `not_found` for one that is no active device; what the transport throws: it goes on by itself then
 */
export async function revoke_devices(device, { devices }) {
  await device.mutexes.run("revocation", async () => {
    const { chain } = await refresh_contact(device, device.own.account);
    const active = active_devices(chain).map(({ device_id }) => to_base64url(device_id));
    const may_go = (/** @type {string} */ id) => active.includes(id) && id !== device.own.device;
    if (!Array.isArray(devices) || devices.length === 0 || !devices.every(may_go)) throw new Talk2meError("not_found");
    await device.store.transaction(async (changes) => {
      /** @type {Revocation | undefined} */
      const begun = await changes.get("meta", "revocation");
      await note_leaving(changes, devices, device.now());
      await rotate_or_owe(changes, device, chain);
      changes.put("meta", "revocation", { devices: [...new Set([...(begun?.devices ?? []), ...devices])] });
    });
  });
  await finish_revocation(device);
}

/** @param {Device} device */
export async function finish_revocation(device) {
  await device.mutexes.run("revocation", async () => {
    /** @type {Revocation | undefined} */
    const begun = await device.store.get("meta", "revocation");
    if (!begun) return;
    const is_written = await write_vault_or_not(device);
    for (const id of begun.devices) await remove_from_chain(device, id);
    await put_out(device);
    // Who wrote the one that is there is no device any more, if all is well.
    if (!is_written) device.background(() => keep_vault(device, { look: true }));
  });
}

/**
 * Who is to go must not be able to stay by writing vaults that this device can't read, or too fast.
 * @param {Device} device
 * @returns {Promise<boolean>}
 */
async function write_vault_or_not(device) {
  try {
    await keep_vault(device);
    return true;
  } catch (error) {
    if (is_talk2me_error(error, "vault_invalid") || is_talk2me_error(error, "vault_conflict")) return false;
    throw error;
  }
}

/** @param {Device} device @param {string} id */
async function remove_from_chain(device, id) {
  const device_id = from_base64url(id);
  await append_own_event(device, async (chain) => {
    if (find_device(chain, device_id)?.removed !== null) return null;
    const signers = { identity: await identity_key_of(device), authority: own_authority(device) };
    return sign_device_remove(chain, { origin: device.origin, device_id, signers, now: device.now() });
  });
}

/** Each conversation has something to put right now. @param {Device} device */
async function put_out(device) {
  const cursors = await device.store.list("cursors", { prefix: "" });
  await device.store.transaction(async (changes) => {
    for (const { id } of cursors) await changes.update("cursors", id, (cursor) => (cursor.repair = true));
    changes.delete("meta", "revocation");
    changes.after(() => {
      device.emit("devices");
      device.tasks.flush_all();
    });
  });
}
