// @ts-check
// Finds the account's archive on the server, or makes it: whichever device writes first does.
import { equal } from "../../codec/bytes.js";
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error } from "../../errors.js";
import { derive_archive } from "../../protocol/archive_keys.js";
import { get_device_entries } from "../vault/device_entries.js";
import { mark_vault } from "../vault/keep_vault.js";
import { find_subscription } from "../list_mailboxes.js";
import { get_secrets } from "../vault/secrets.js";
import { get_state, is_archive_on, new_state, update_state } from "./archive_state.js";
import { nothing_checked } from "./check_links.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ArchiveKeys } from "../../protocol/archive_keys.js" */
/** @import { Device } from "../device.js" */
/** @typedef {{ mailbox: Bytes, keys: ArchiveKeys[] }} Archive keys of every generation, the newest first */

// An archive that is gone was erased by another device, whose vault says so soon; if none does, the server has lost it.
const LOST_WAIT = 30_000;

/** @type {WeakMap<Device, { key: Bytes, derived: ArchiveKeys }[]>} */
const derived_keys = new WeakMap();

/**
 * @param {Device} device
 * @returns {Promise<Archive | null>} null while the archive is off, or another device has erased it
 * @throws {Talk2meError} what the transport throws; `id_conflict` while another device makes it
 */
export function open_archive(device) {
  return device.mutexes.run("archive open", async () => {
    if (!(await is_archive_on(device.store))) return null;
    const { archive } = await get_secrets(device);
    const mailbox = archive.mailbox ?? (await choose_mailbox(device));
    const state = await get_state(device.store);
    if (state?.mailbox !== to_base64url(mailbox) || state.lost > 0) {
      if (!(await find_or_make(device, mailbox))) return null;
    }
    return { mailbox, keys: await derive_all(device, archive.keys) };
  });
}

/** The server does not know it (any more). @param {Device} device */
export async function note_lost(device) {
  await device.store.transaction(async (changes) => {
    await update_state(changes, device, (state) => (state.lost ||= device.now()));
    // Writing the vault takes in what another device has said of the archive.
    await mark_vault(changes, device);
  });
  device.tasks.archive(LOST_WAIT);
}

/** @param {Device} device @returns {Promise<Bytes>} */
function choose_mailbox(device) {
  return device.store.transaction(async (changes) => {
    const secrets = await get_secrets({ store: changes });
    const mailbox = secrets.archive.mailbox ?? device.random(16);
    changes.put("meta", "secrets", { ...secrets, archive: { ...secrets.archive, mailbox } });
    await mark_vault(changes, device);
    return mailbox;
  });
}

/** @param {Device} device @param {Bytes} mailbox @returns {Promise<boolean>} */
async function find_or_make(device, mailbox) {
  const id = to_base64url(mailbox);
  const before = await get_state(device.store);
  // Before the server is asked: the links that the vault knows of are stored by then.
  const checked = nothing_checked(await get_device_entries(device.store));
  let found = await find_subscription(device, mailbox);
  if (!found || found.kind !== "archive") {
    if (before?.mailbox === id && device.now() < before.lost + LOST_WAIT) return false;
    found = await make_mailbox(device, mailbox);
  } else if (before?.mailbox === id) {
    await device.store.transaction((changes) => update_state(changes, device, (state) => (state.lost = 0)));
    return true;
  }
  const state = new_state(id, found ?? { head: 0, bytes: 0 }, { checked, now: device.now(), again: before !== undefined });
  await device.store.transaction((changes) => changes.put("meta", "archive", state));
  return true;
}

/** @param {Device} device @param {Bytes} mailbox */
async function make_mailbox(device, mailbox) {
  try {
    await device.request({ type: "mailbox.create", mailbox, kind: "archive" });
    return null;
  } catch (error) {
    if (!is_talk2me_error(error, "id_conflict")) throw error;
    // Another device of the account was faster.
    const found = await find_subscription(device, mailbox);
    if (found?.kind !== "archive") throw error;
    return found;
  }
}

/** @param {Device} device @param {{ generation: number, key: Bytes }[]} keys */
async function derive_all(device, keys) {
  const known = derived_keys.get(device) ?? [];
  const account = from_base64url(device.own.account);
  const all = await Promise.all(
    keys.map(async ({ generation, key }) => {
      const held = known.find(({ derived, key: other }) => derived.generation === generation && equal(key, other));
      return held ?? { key, derived: await derive_archive(key, account, generation) };
    }),
  );
  derived_keys.set(device, all);
  return all.map(({ derived }) => derived).sort((a, b) => b.generation - a.generation);
}
