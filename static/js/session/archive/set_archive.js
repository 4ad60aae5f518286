// @ts-check
// What a person decides about the archive.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { mark_vault } from "../vault/keep_vault.js";
import { get_device_entries } from "../vault/device_entries.js";
import { add_archive_key, with_links_of } from "../vault/merge_secrets.js";
import { get_secrets } from "../vault/secrets.js";
import { put_setting } from "../settings.js";
import { tell_conversation } from "../conversation_log.js";
import { message_id } from "../records.js";
import { get_state, is_archive_on, tell_archive } from "./archive_state.js";
import { begin_backfill } from "./backfill_archive.js";
import { erase_left, note_erase } from "./erase_archive.js";
import { follow_archive } from "./follow_archive.js";
import { NOTED } from "./note_archive.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Secrets } from "../records.js" */

/**
 * Off erases what the server has of it; on begins a new one, with a new key.
 * @param {Device} device
 * @param {{ on: boolean }} wish
 */
export async function set_archive(device, { on }) {
  if (typeof on !== "boolean") throw new Talk2meError("bad_request");
  const noted = await device.store.list("outbox", { prefix: NOTED });
  const is_changed = await device.store.transaction(async (changes) => {
    if ((await is_archive_on(changes)) === on) return false;
    await put_setting(changes, "archive", on, device.now());
    if (on) await begin_new(changes, device);
    else await end(changes, noted.map(({ id }) => id));
    await mark_vault(changes, device);
    changes.after(() => tell_archive(device));
    return true;
  });
  if (!is_changed) return;
  try {
    await (on ? follow_archive(device) : erase_left(device));
  } catch (error) {
    // The next connection begins with it.
    if (!is_talk2me_error(error)) throw error;
  }
}

/** @param {Changes} changes @param {Device} device */
async function begin_new(changes, device) {
  const secrets = await get_secrets({ store: changes });
  const { keys } = add_archive_key(secrets.archive, device.random(32));
  await put_archive(changes, { mailbox: device.random(16), keys });
}

/** @param {Changes} changes @param {string[]} noted */
async function end(changes, noted) {
  const secrets = await get_secrets({ store: changes });
  if (secrets.archive.mailbox) await note_erase(changes, secrets.archive.mailbox);
  await put_archive(changes, { ...secrets.archive, mailbox: null });
  for (const id of noted) changes.delete("outbox", id);
  // Its mailbox stays known: what was written there has to be written again into another.
  const state = await get_state(changes);
  if (state) changes.put("meta", "archive", { ...state, ended: true, restore: null, backfill: null, full: false, missing: 0 });
}

/** @param {Changes} changes @param {Secrets["archive"]} archive another one than before */
async function put_archive(changes, archive) {
  const secrets = await get_secrets({ store: changes });
  changes.put("meta", "secrets", { ...secrets, archive });
  changes.put("meta", "devices", with_links_of(await get_device_entries(changes), secrets.archive, archive));
}

/**
 * Leaves a conversation out, or takes it in with all that is here of it. What is in the archive already stays there.
 * @param {Device} device
 * @param {{ conversation: string, on: boolean }} wish
 */
export async function set_conversation_archive(device, { conversation: id, on }) {
  if (typeof on !== "boolean") throw new Talk2meError("bad_request");
  const noted = await device.store.list("outbox", { prefix: NOTED });
  await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!conversation) throw new Talk2meError("not_found");
    if ((conversation.archive ?? true) === on) return;
    changes.put("conversations", id, { ...conversation, archive: on, archive_time: device.now() });
    if (on) await begin_backfill(changes, device);
    else for (const { id: key, value } of noted) if (value.conversation === id) await drop_noted(changes, key, value);
    await mark_vault(changes, device);
    tell_conversation(changes, device, id);
  });
}

/** @param {Changes} changes @param {string} key @param {any} noted */
async function drop_noted(changes, key, { type, conversation, order }) {
  changes.delete("outbox", key);
  if (type === "message") await changes.update("messages", message_id(conversation, order), (message) => delete message.archived);
}
