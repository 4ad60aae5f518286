// @ts-check
// Reads the archive on: what another device of the account has and this one has missed comes in at its place, and what it
// has seen arrive it does not write.
import { concat } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error } from "../../errors.js";
import { acknowledge } from "../acknowledge.js";
import { add_notice } from "../conversation_log.js";
import { message_prefix } from "../records.js";
import { read_batch, read_pushed } from "../read_envelopes.js";
import { LEFT_OUT } from "../restored_mark.js";
import { get_state, update_state } from "./archive_state.js";
import { note_caught_up, pass_over_late } from "./late_entries.js";
import { note_lost, open_archive } from "./open_archive.js";
import { open_entries } from "./open_entries.js";
import { ArchivedMessages } from "./take_message.js";
import { compare_own_link } from "./write_link.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Cursor, Message } from "../records.js" */
/** @import { ArchiveState } from "./archive_state.js" */
/** @import { Archive } from "./open_archive.js" */
/** @import { Opened } from "./open_entries.js" */
/** @import { Envelope } from "../read_envelopes.js" */

const LIMIT = 128;
// What comes to this device by itself is waited for so long: milliseconds.
const COMING_WAIT = 30_000;
const KEY_WAIT = 600_000;
const KEY_LOOK = 60_000;
const LEAST_LOOK = 300;
const MOST_LOOK = 5_000;
// What was seen arrive is listed a little later.
const LINK_LOOK = 20_000;
// What a device misses while it joins is no gap.
const JOINING = 60_000;

/**
 * @typedef {{ sequence: number, since: number, stuck: Map<string, number> }} Wait at which entry, and by mailbox where this device
 *   stands that was waited for in vain
 */
/** @type {WeakMap<Device, Wait>} */
const waits = new WeakMap();

/**
 * @param {Device} device
 * @param {any} [pushed] an `envelope.new` that brought something
 */
export function read_forward(device, pushed) {
  return device.mutexes.run("archive read", async () => {
    try {
      const archive = await open_archive(device);
      if (archive) await read_on(device, archive, pushed);
    } catch (error) {
      if (!is_talk2me_error(error, "mailbox_unknown")) throw error;
      await note_lost(device);
    }
  });
}

/** @param {Device} device @param {Archive} archive @param {any} pushed */
async function read_on(device, archive, pushed) {
  let batch = pushed ? read_pushed(pushed) : null;
  for (;;) {
    const state = await get_state(device.store);
    if (!state || (batch && batch.head <= state.read)) return;
    if (!batch?.envelopes.some(({ sequence }) => sequence === state.read + 1)) {
      const frame = { type: "envelope.drain", mailbox: archive.mailbox, after: state.read, limit: LIMIT };
      batch = read_batch(await device.request(frame));
    }
    const next = batch.envelopes.filter(({ sequence }) => sequence > state.read);
    if (next.length === 0) break;
    const read = await take_piece(device, archive, state, next);
    acknowledge(device, state.mailbox, read);
    if (read < next[next.length - 1].sequence) {
      const { since } = wait_of(device);
      device.tasks.read_archive(Math.min(MOST_LOOK, Math.max(LEAST_LOOK, device.now() - since)));
      return;
    }
    if (read >= batch.head) break;
    batch = null;
  }
  await note_caught_up(device, archive);
}

/**
 * @param {Device} device
 * @param {Archive} archive
 * @param {ArchiveState} state
 * @param {Envelope[]} envelopes
 * @returns {Promise<number>} how far it has read
 */
async function take_piece(device, archive, state, envelopes) {
  const opened = await pass_over_late(device, await open_entries(archive, envelopes));
  const ready = await ready_ones(device, opened);
  const read = ready.at(-1)?.sequence ?? state.read;
  const marks = ready.filter(({ is_mark }) => is_mark).length;
  // This device may have read further than the copy goes.
  const holes = Math.max(0, read - state.read - ready.length - marks * LEFT_OUT);
  if (read === state.read) return read;
  await device.store.transaction((changes) => store_piece(changes, device, ready, { read, holes }));
  for (const { entry, hash } of ready) {
    if (entry?.type !== "link" || to_base64url(entry.body.device) !== device.own.device) continue;
    await compare_own_link(device, entry.body.number, hash);
  }
  if (marks > 0) device.emit("alert", { code: "server_restored" });
  if (holes > 0) device.emit("alert", { code: "archive_incomplete", missing: state.missing + holes });
  return read;
}

/**
 * Those before the first that has to wait: for the message to come by itself, or for a key that another device has made.
 * @param {Device} device
 * @param {Opened[]} opened
 */
async function ready_ones(device, opened) {
  for (const [at, one] of opened.entries()) {
    if ((await is_waited_for(device, one)) || (await is_coming(device, one))) return opened.slice(0, at);
  }
  return opened;
}

/** The vault has the key. @param {Device} device @param {Opened} opened */
async function is_waited_for(device, { sequence, is_newer }) {
  if (!is_newer) return false;
  const so_far = waited(device, sequence);
  if (so_far > KEY_WAIT) return false;
  if (so_far % KEY_LOOK < MOST_LOOK) device.tasks.vault_note({ version: Number.MAX_SAFE_INTEGER });
  return true;
}

/** @param {Device} device @param {Opened} opened */
async function is_coming(device, { sequence: at, entry }) {
  if ((entry?.type !== "message" && entry?.type !== "change") || !entry.body.place) return false;
  const mailbox = to_base64url(entry.body.place.mailbox);
  /** @type {Cursor | undefined} */
  const cursor = await device.store.get("cursors", mailbox);
  const stands = cursor?.sequence ?? -1;
  const { stuck } = wait_of(device);
  if (stands >= entry.body.place.sequence || stuck.get(mailbox) === stands) return false;
  if (waited(device, at) <= COMING_WAIT) return true;
  stuck.set(mailbox, stands);
  return false;
}

/** @param {Device} device @returns {Wait} */
function wait_of(device) {
  const wait = waits.get(device) ?? { sequence: 0, since: 0, stuck: new Map() };
  waits.set(device, wait);
  return wait;
}

/** @param {Device} device @param {number} sequence @returns {number} for how long, ms */
function waited(device, sequence) {
  const wait = wait_of(device);
  if (wait.sequence !== sequence) Object.assign(wait, { sequence, since: device.now() });
  return device.now() - wait.since;
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Opened[]} ready
 * @param {{ read: number, holes: number }} got
 */
async function store_piece(changes, device, ready, { read, holes }) {
  const messages = new ArchivedMessages(changes, device, false);
  await messages.read_ahead(ready.flatMap(({ entry }) => (entry?.type === "message" || entry?.type === "change" ? [entry.body] : [])));
  /** @type {Uint8Array[]} */
  const listed = [];
  /** @type {Set<string>} */
  const healed = new Set();
  for (const { id, hash, entry } of ready) {
    if (entry?.type === "message") {
      const taken = await messages.take(entry.body);
      if (taken === "noted") listed.push(concat(id, hash));
      const is_missed = taken === "placed" && entry.body.type === "text" && entry.body.received > device.own.created + JOINING;
      if (is_missed) healed.add(to_base64url(entry.body.conversation));
    } else if (entry?.type === "change") {
      if ((await messages.take_change(entry.body)) === "noted") listed.push(concat(id, hash));
    } else if (entry?.type === "state") await messages.take_state(entry.body);
    else if (entry?.type === "vault") note_vault_of(changes, device, entry.body);
  }
  for (const id of healed) await note_recovered(changes, device, messages.conversations.get(id));
  messages.store();
  await update_state(changes, device, (stored) => {
    stored.read = read;
    stored.missing += holes;
    if (listed.length === 0) return;
    stored.links.waiting = concat(stored.links.waiting, ...listed);
    stored.links.last = device.now();
  });
  if (listed.length > 0) changes.after(() => device.tasks.archive(LINK_LOOK));
}

/** @param {Changes} changes @param {Device} device @param {{ device: Uint8Array, version: number }} body */
function note_vault_of(changes, device, { device: by, version }) {
  if (to_base64url(by) !== device.own.device) changes.after(() => device.tasks.vault_note({ version }));
}

/** Once, until something else is said. @param {Changes} changes @param {Device} device @param {Conversation} [conversation] */
async function note_recovered(changes, device, conversation) {
  if (!conversation) return;
  /** @type {Message | undefined} */
  const newest = await changes.first("messages", { prefix: message_prefix(conversation.id), newest_first: true });
  if (newest?.code === "recovered_messages") return;
  add_notice(changes, device, conversation, "recovered_messages", device.own.account);
}

/** @param {Device} device @param {string} mailbox whether it is the archive's @returns {Promise<boolean>} */
export async function is_archive(device, mailbox) {
  return (await get_state(device.store))?.mailbox === mailbox;
}
