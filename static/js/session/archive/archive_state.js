// @ts-check
// What this device keeps of the account's archive (meta.archive), and who is told that it has changed.

import { to_base64url } from "../../codec/base64url.js";
import { get_secrets } from "../vault/secrets.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @import { Checked } from "./check_links.js" */
/**
 * @typedef {{ before: number, top: number, bytes: number, bytes_total: number, started: number, began_at: number, holes: number,
 *   checked: Checked }} Restore `before`: all from there on is read; `began_at`: `before` when this page went on, at `started` ms
 * @typedef {{ number: number, id: Bytes, body: Bytes, length: number }} PendingLink `length` of what it lists, in bytes
 * @typedef {{ number: number, prev: Bytes, waiting: Bytes, pending: PendingLink | null, last: number, told: number }} OwnLinks
 *   `number` written so far; `waiting`: 48 bytes for each entry that no link lists; `last`: when one was added, `told`: when the
 *   vault was marked for them
 * @typedef {{ mailbox: string, read: number, restore: Restore | null, missing: number, links: OwnLinks, full: boolean,
 *   backfill: { after: string, again: boolean } | null, lost: number, ended?: boolean, newest?: { generation: number, since: number } }} ArchiveState
 *   `read`: forwards, up to there; `lost`: when the server was found not to have it any more, 0 for has it; `ended`: it is to be erased; `newest`: the key with
 *   which this device has caught up, and since when
 */

const TELL_WAIT = 250;

/** @type {WeakSet<Device>} those that will tell in a moment */
const telling = new WeakSet();

/** @param {Store | Changes} store @returns {Promise<ArchiveState | undefined>} */
export function get_state(store) {
  return store.get("meta", "archive");
}

/** @param {Changes} changes @param {Device} device @param {(state: ArchiveState) => void} change in place */
export async function update_state(changes, device, change) {
  await changes.update("meta", "archive", change);
  changes.after(() => tell_archive(device));
}

/** @param {Store | Changes} store */
export async function is_archive_on(store) {
  return (await store.get("meta", "settings"))?.archive !== false;
}

/** How many links this device has written, for the vault. @param {Store | Changes} store @returns {Promise<number>} */
export async function links_written(store) {
  const [state, { archive }] = [await get_state(store), await get_secrets({ store })];
  return state && archive.mailbox && state.mailbox === to_base64url(archive.mailbox) ? state.links.number : 0;
}

/** At most four times a second. @param {Device} device */
export function tell_archive(device) {
  if (telling.has(device)) return;
  telling.add(device);
  device.later(TELL_WAIT, async () => {
    telling.delete(device);
    device.emit("archive");
  });
}

/** @param {string} mailbox @param {{ head: number, bytes: number }} stored @param {{ checked: Checked, now: number, again: boolean }} more
 * @returns {ArchiveState} */
export function new_state(mailbox, { head, bytes }, { checked, now, again }) {
  const restore = { before: head + 1, top: head, bytes: 0, bytes_total: bytes, started: now, began_at: head + 1, holes: 0, checked };
  return {
    mailbox,
    read: head,
    restore: head > 0 ? restore : null,
    missing: 0,
    links: no_links(),
    full: false,
    backfill: { after: "", again },
    lost: 0,
  };
}

/** @returns {OwnLinks} */
function no_links() {
  return { number: 0, prev: new Uint8Array(32), waiting: new Uint8Array(0), pending: null, last: 0, told: 0 };
}
