// @ts-check
// A part of what a group has agreed on. It counts if it is what the group's context has the hash of when it is read: so it does for
// all members alike, whoever sends it.
import { equal } from "../../codec/bytes.js";
import { PARTS } from "../../protocol/group_parts.js";
import { read_part } from "../../protocol/group_state.js";
import { describe } from "../../protocol/mls.js";
import { note_state } from "../archive/note_archive.js";
import { note_shown } from "./answer_wishes.js";
import { add_state_notices } from "./state_notices.js";

/** @import { PartName, StatePart } from "../../protocol/group_state.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { EnvelopeBatch } from "../envelope_batch.js" */
/** @import { Conversation, StateContent } from "../records.js" */

/** @param {EnvelopeBatch} batch @param {string} author account @param {StateContent} content */
export async function take_state(batch, author, { part, salt, value }) {
  const { record, group } = batch;
  const hashes = record && describe(group).hashes;
  if (!hashes || !(await read_part(part, { salt, value }, hashes[part]))) return;
  note_shown(batch.device, batch.cursor.mailbox, hashes[part]);
  put_in_force(batch, part, { salt, value, hash: hashes[part] }, author);
}

/** Who has joined by itself knows from the archive what the group has agreed on. @param {EnvelopeBatch} batch */
export function take_kept(batch) {
  const { hashes } = describe(batch.group);
  for (const part of hashes ? PARTS : []) {
    const found = batch.record?.kept?.find((kept) => kept.part === part && equal(kept.hash, /** @type {any} */ (hashes)[part]));
    if (found) put_in_force(batch, part, { salt: found.salt, value: found.value, hash: found.hash }, "");
  }
}

/** @param {EnvelopeBatch} batch @param {PartName} part @param {StatePart} state @param {string} author */
function put_in_force({ record, items }, part, state, author) {
  if (!record || (record[part] && equal(record[part].hash, state.hash))) return;
  record[part] = state;
  items.push({ kind: "state", part, state, author });
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {{ part: PartName, state: StatePart, author: string, quiet?: boolean }} item `quiet`: what it comes from is told already
 */
export async function store_state(changes, device, conversation, { part, state, author, quiet = false }) {
  const { group } = conversation;
  if (!group) return;
  const before = group[part];
  group[part] = state;
  if (PARTS.every((name) => group[name])) delete group.kept;
  await note_state(changes, device, conversation, part, state);
  if (!quiet) await add_state_notices(changes, device, conversation, { part, before, author });
}
