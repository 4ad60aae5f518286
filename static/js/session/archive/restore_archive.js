// @ts-check
// Brings in what the archive holds from before this device: from the newest backwards, piece by piece, each with the place that it
// got to, so that a page can be closed at any time and every conversation used at once.
import { to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error } from "../../errors.js";
import { next_turn } from "../../protocol/next_turn.js";
import { meet_account } from "../meet_account.js";
import { is_before } from "../place_message.js";
import { LEFT_OUT } from "../restored_mark.js";
import { read_batch } from "../read_envelopes.js";
import { get_state, update_state } from "./archive_state.js";
import { LinkCheck } from "./check_links.js";
import { note_lost, open_archive } from "./open_archive.js";
import { open_entries } from "./open_entries.js";
import { ArchivedMessages } from "./take_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { MessageBody, SharedBody } from "../../protocol/archive_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { Batch, Envelope } from "../read_envelopes.js" */
/** @import { Restore } from "./archive_state.js" */
/** @import { Archive } from "./open_archive.js" */
/** @import { Opened } from "./open_entries.js" */

const PIECE = 128;

/**
 * @param {Device} device
 * @param {{ pieces?: number }} [most] so many of them and no more for now
 */
export function restore_archive(device, { pieces = Infinity } = {}) {
  return device.mutexes.run("archive restore", async () => {
    const archive = await open_archive(device);
    const restore = (await get_state(device.store))?.restore;
    if (!archive || !restore) return;
    await device.store.transaction((changes) =>
      update_state(changes, device, (state) => {
        if (state.restore) Object.assign(state.restore, { started: device.now(), began_at: state.restore.before });
      }),
    );
    try {
      await read_back(device, archive, { from: restore.before, pieces });
    } catch (error) {
      if (!is_talk2me_error(error, "mailbox_unknown")) throw error;
      await note_lost(device);
    }
  });
}

/** @param {Device} device @param {Archive} archive @param {{ from: number, pieces: number }} part */
async function read_back(device, archive, { from, pieces }) {
  let before = from;
  let asked = before > 1 ? ask(device, archive, before) : null;
  /** @type {Set<string>} */
  const met = new Set();
  for (let left = pieces; asked && left > 0 && !device.closed; left -= 1) {
    const { envelopes } = await asked;
    const piece = envelopes.filter(({ sequence }) => sequence < before);
    const lowest = piece[0]?.sequence ?? 1;
    // On its way while this piece is stored.
    asked = lowest > 1 ? ask(device, archive, lowest) : null;
    asked?.catch(() => undefined);
    if (!(await store_piece(device, archive, piece, { before, lowest, met }))) return;
    before = lowest;
    // So that the page stays as quick as without this.
    await next_turn();
  }
  if (!device.closed && !asked) await finish(device);
}

/** @param {Device} device @param {Archive} archive @param {number} before @returns {Promise<Batch>} */
async function ask(device, { mailbox }, before) {
  return read_batch(await device.request({ type: "envelope.drain", mailbox, after: 0, before, limit: PIECE }));
}

/**
 * @param {Device} device
 * @param {Archive} archive
 * @param {Envelope[]} piece in rising order
 * @param {{ before: number, lowest: number, met: Set<string> }} place `met`: whose names have been asked for
 * @returns {Promise<boolean>} false when the archive is another one by now
 */
async function store_piece(device, archive, piece, { before, lowest, met }) {
  const opened = (await open_entries(archive, piece)).reverse();
  const mailbox = to_base64url(archive.mailbox);
  const marks = opened.filter(({ is_mark }) => is_mark).length;
  /** @type {Set<string>} */
  const peers = new Set();
  const is_stored = await device.store.transaction(async (changes) => {
    const { restore, mailbox: present } = (await get_state(changes)) ?? {};
    if (!restore || present !== mailbox || restore.before !== before) return false;
    const checked = check_piece(restore, opened);
    for (const id of await place_all(changes, device, opened)) peers.add(id);
    await update_state(changes, device, (state) => {
      if (!state.restore) return;
      state.restore.before = lowest;
      state.restore.bytes += piece.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
      // Below 0 until the next piece, where a mark is the lowest of this one.
      state.restore.holes += before - lowest - piece.length - marks * LEFT_OUT;
      state.restore.checked = checked;
    });
    return true;
  });
  if (is_stored && marks > 0) device.emit("alert", { code: "server_restored" });
  for (const peer of peers) if (!met.has(peer)) device.background(() => meet_account(device, peer));
  for (const peer of peers) met.add(peer);
  return is_stored;
}

/** @param {Restore} restore @param {Opened[]} opened newest first */
function check_piece(restore, opened) {
  const check = new LinkCheck(restore.checked);
  for (const { id, hash, entry } of opened) {
    check.see_entry(id, hash);
    if (entry?.type === "link") check.see_link(entry.body, hash);
  }
  return check.to_record();
}

/** @param {Changes} changes @param {Device} device @param {Opened[]} opened @returns {Promise<string[]>} accounts whose names are shown */
async function place_all(changes, device, opened) {
  const messages = new ArchivedMessages(changes, device, true);
  const bodies = opened.flatMap(({ entry }) => (entry?.type === "message" ? [entry.body] : []));
  const changed = opened.flatMap(({ entry }) => (entry?.type === "change" ? [entry.body] : []));
  await messages.read_ahead([...bodies, ...changed]);
  for (const body of bodies.sort(newest_first)) await messages.take(body);
  for (const body of changed) await messages.take_change(body);
  for (const { entry } of opened) if (entry?.type === "state") await messages.take_state(entry.body);
  messages.store();
  const shown = [...messages.conversations.values()].filter(({ state }) => state !== "declined");
  const authors = bodies.filter(({ group }) => group).map(({ author }) => to_base64url(author));
  return [...shown.flatMap(({ peer }) => (peer === "" ? [] : [peer])), ...authors];
}

/** @param {MessageBody | SharedBody} a @param {MessageBody | SharedBody} b */
function newest_first(a, b) {
  return is_before(comparable(a), comparable(b)) ? 1 : -1;
}

/** @param {MessageBody | SharedBody} body @returns {any} */
function comparable({ time, received, place }) {
  return { time, received, ...(place ? { place: { mailbox: to_base64url(place.mailbox), sequence: place.sequence } } : {}) };
}

/** @param {Device} device */
async function finish(device) {
  const missing = await device.store.transaction(async (changes) => {
    let found = 0;
    await update_state(changes, device, (state) => {
      if (!state.restore) return;
      found = Math.max(state.restore.holes, new LinkCheck(state.restore.checked).missing());
      state.missing += found;
      state.restore = null;
    });
    return found;
  });
  if (missing > 0) device.emit("alert", { code: "archive_incomplete", missing });
  // What was there before the archive is written from now on.
  device.tasks.archive(0);
}
