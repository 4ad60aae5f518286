// @ts-check
// This device's links: each lists what it knows to be stored, so that whoever reads the archive finds what the server leaves out.
import { equal } from "../../codec/bytes.js";
import { from_base64url } from "../../codec/base64url.js";
import { sha256 } from "../../crypto/hash.js";
import { seal_entry } from "../../protocol/archive_entry.js";
import { link_entry_id } from "../../protocol/archive_keys.js";
import { LINKED_LENGTH, MOST_LINKED } from "../../protocol/archive_schema.js";
import { mark_vault } from "../vault/keep_vault.js";
import { get_state, update_state } from "./archive_state.js";
import { send_entry } from "./send_entry.js";

/** @import { Device } from "../device.js" */
/** @import { PendingLink } from "./archive_state.js" */
/** @import { Archive } from "./open_archive.js" */

const FULL = MOST_LINKED * LINKED_LENGTH;
// After the last entry, where fewer than a link holds are waiting.
const LINK_WAIT = 20_000;
// The vault says how far the links go; a cut end of less than this is not found.
const VAULT_WAIT = 600_000;

/** @type {WeakSet<Device>} those whose person was told of a copy of this device */
const told = new WeakSet();

/** @param {Device} device @returns {Promise<number | null>} ms until a link is due, null with nothing to list */
export async function link_due(device) {
  const { links } = (await get_state(device.store)) ?? {};
  if (!links || (links.waiting.length === 0 && !links.pending)) return null;
  if (links.pending || links.waiting.length >= FULL) return 0;
  return Math.min(LINK_WAIT, Math.max(0, links.last + LINK_WAIT - device.now()));
}

/** @param {Device} device @param {Archive} archive */
export async function write_link(device, archive) {
  const pending = await make_link(device, archive);
  const hash = await send_entry(device, archive, pending);
  const is_ours = equal(hash, await sha256(pending.body));
  await device.store.transaction(async (changes) => {
    let is_to_tell = false;
    await update_state(changes, device, ({ links }) => {
      Object.assign(links, { number: pending.number, prev: hash, pending: null });
      // Where another hand has written under this number, the next one lists it all.
      if (is_ours) links.waiting = links.waiting.slice(pending.length);
      is_to_tell = device.now() - links.told > VAULT_WAIT;
      if (is_to_tell) links.told = device.now();
    });
    if (is_to_tell) await mark_vault(changes, device);
  });
  if (!is_ours) tell_clone(device);
}

/**
 * Stored before it leaves: sent again after a crash it is the same one.
 * @param {Device} device
 * @param {Archive} archive
 * @returns {Promise<PendingLink>}
 */
async function make_link(device, { mailbox, keys: [keys] }) {
  const links = (await get_state(device.store))?.links;
  if (!links) throw new Error("an archive without a state");
  if (links.pending) return links.pending;
  const own = from_base64url(device.own.device);
  const number = links.number + 1;
  const entries = links.waiting.slice(0, FULL);
  const id = await link_entry_id(keys, own, number);
  const body = await seal_entry(
    keys,
    { mailbox, id },
    { type: "link", body: { device: own, number, prev: links.prev, entries } },
    device.random,
  );
  const pending = { number, id, body, length: entries.length };
  await device.store.transaction((changes) => update_state(changes, device, (state) => (state.links.pending = pending)));
  return pending;
}

/**
 * A link of this device has come out of the archive: is it one that this browser has written?
 * @param {Device} device
 * @param {number} number
 * @param {Uint8Array} hash of its body
 */
export async function compare_own_link(device, number, hash) {
  const links = (await get_state(device.store))?.links;
  if (!links) return;
  const { pending, prev } = links;
  const is_pending = pending?.number === number && equal(await sha256(pending.body), hash);
  const is_last = links.number === number && equal(prev, hash);
  if (!is_pending && !is_last && number >= links.number) tell_clone(device);
}

/** @param {Device} device */
function tell_clone(device) {
  if (told.has(device)) return;
  told.add(device);
  device.emit("alert", { code: "clone_found" });
}
