// @ts-check
// Two devices have each made a conversation for notes. What was written in the one that is lost goes into the one that holds, each
// device moving what it has written itself, and nobody sees the lost one any more.
import { decline_request } from "../accept_request.js";
import { tell_conversation } from "../conversation_log.js";
import { same_file } from "../messages/forward_message.js";
import { store_own_message } from "../messages/own_message.js";
import { hide_message } from "../messages/remove_message.js";
import { message_prefix, outgoing_prefix } from "../records.js";
import { get_notes, lost_notes, put_lost_notes } from "./lost_notes.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */

/**
 * What can't be moved yet is tried again with the next connection.
 * @param {Device} device
 */
export function settle_notes(device) {
  return device.mutexes.run("notes", async () => {
    for (const { id } of await lost_notes(device.store)) await settle(device, id);
  });
}

/** @param {Device} device @param {string} id */
async function settle(device, id) {
  if (!(await device.store.transaction((changes) => move_once(changes, device, id)))) return;
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", id);
  if (conversation?.state === "active") await decline_request(device, { conversation: id });
  await device.store.transaction(async (changes) =>
    put_lost_notes(changes, (await lost_notes(changes)).filter((lost) => lost.id !== id)),
  );
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} id
 * @returns {Promise<boolean>} whether nothing is left to move
 */
async function move_once(changes, device, id) {
  const lost = await lost_notes(changes);
  if (lost.some((one) => one.id === id && one.moved)) return true;
  /** @type {Conversation | undefined} */
  const from = await changes.get("conversations", id);
  const held = await get_notes(changes);
  /** @type {Conversation | undefined} */
  const to = held === null ? undefined : await changes.get("conversations", held);
  // One that this account was put out of stays where it can be read.
  if (from && from.state !== "stopped") {
    const written = await written_here(changes, id);
    if (to?.state !== "active" || written.some(({ files = [] }) => files.some(({ uploading }) => uploading))) return false;
    for (const message of written) await move(changes, device, { message, from, to });
    for (const waiting of await changes.list("outbox", outgoing_prefix(id))) changes.delete("outbox", waiting.id);
    changes.put("conversations", id, from);
    tell_conversation(changes, device, id);
  }
  put_lost_notes(changes, lost.map((one) => (one.id === id ? { ...one, moved: true } : one)));
  return true;
}

/** @param {Changes} changes @param {string} id @returns {Promise<Message[]>} oldest first */
async function written_here(changes, id) {
  const messages = (await changes.list("messages", message_prefix(id))).map(({ value }) => /** @type {Message} */ (value));
  return messages.filter(({ own, here, type, deleted }) => own && here && type === "text" && !deleted).sort((a, b) => a.order - b.order);
}

/** @param {Changes} changes @param {Device} device @param {{ message: Message, from: Conversation, to: Conversation }} what both conversations altered in place */
async function move(changes, device, { message, from, to }) {
  const { files = [], ...rest } = message;
  const { text = "", timer = 0 } = rest;
  const moved = files.map((file) => ({ ...same_file(file), ...(file.kept ? { kept: file.kept } : {}) }));
  await store_own_message(changes, device, to, { text, files: moved, timer });
  // Its files are the other's now.
  await hide_message(changes, device, from, rest);
}
