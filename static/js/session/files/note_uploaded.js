// @ts-check
// What has become of a file on its way to the server, in the message that shows it. The message leaves when all its files are there.
import { set_status, tell_conversation } from "../conversation_log.js";
import { note_given, note_not_given } from "../groups/note_giving.js";
import { find_message } from "../messages/find_message.js";
import { queue_own_message } from "../messages/own_message.js";
import { message_id } from "../records.js";
import { forget_there } from "./forget_there.js";
import { forget_upload, shown_id, upload_id } from "./stored_parts.js";
import { tell_progress } from "./tell_progress.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Code } from "../../errors.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, FileRecord, Message } from "../records.js" */
/** @import { Upload } from "./stored_parts.js" */

/**
 * @param {Device} device
 * @param {Upload} upload
 * @param {number | null} expires when the server forgets it
 */
export async function note_uploaded(device, upload, expires) {
  const is_wanted = upload.history ? await note_given(device, upload) : await note_in_message(device, upload, expires);
  if (is_wanted) return;
  // What it was for is gone meanwhile: nobody will ever ask for the file.
  await device.store.transaction((changes) => {
    forget_upload(changes, upload);
    forget_there(changes, device, [upload.id]);
  });
}

/** @param {Device} device @param {Upload} upload @param {number | null} expires */
function note_in_message(device, upload, expires) {
  return change_message(device, upload, async (changes, conversation, message) => {
    forget_upload(changes, upload);
    const files = (message.files ?? []).map((file) => (file.id === shown_id(upload) ? uploaded(file, upload, expires) : file));
    put_files(changes, device, conversation, message, files);
  });
}

/** @param {FileRecord} file @param {Upload} upload @param {number | null} expires @returns {FileRecord} */
function uploaded(file, { keeps }, expires) {
  if (keeps) return { ...keeps.file, kept: true };
  const next = { ...file, ...(expires === null ? {} : { expires }) };
  delete next.uploading;
  return next;
}

/**
 * The files of a message of ours are others than before. It leaves once none of them is on its way any more.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {Message} message
 * @param {FileRecord[]} files
 */
export function put_files(changes, device, conversation, message, files) {
  const was_held = message.files?.some(({ uploading }) => uploading);
  /** @type {Message} */
  const next = { ...message, files };
  if (files.length === 0) delete next.files;
  changes.put("messages", message_id(conversation.id, message.order), next);
  const leaves = was_held && message.status === "waiting" && !files.some(({ uploading }) => uploading);
  if (leaves) queue_own_message(changes, device, conversation, next);
}

/** @param {Device} device @param {Upload} upload @param {Code} code */
export async function note_upload_failed(device, upload, code) {
  tell_progress(device, { id: shown_id(upload), state: "failed", done: 0, total: upload.stored, error: code });
  if (upload.history) {
    await note_not_given(device, upload.conversation, upload.history, upload);
    return;
  }
  if (upload.keeps) {
    await device.store.transaction((changes) => forget_upload(changes, upload));
    return;
  }
  await change_message(device, upload, async (changes, conversation, message) => {
    changes.put("files", upload_id(upload.id), { ...upload, failed: code });
    await set_status(changes, conversation, message.order, "failed", code);
  });
}

/**
 * @param {Device} device
 * @param {Upload} upload
 * @param {(changes: Changes, conversation: Conversation, message: Message) => Promise<void>} change `conversation` is altered in place
 * @returns {Promise<boolean>} false: there is no such message any more
 */
function change_message(device, { conversation: id, message: content_id }, change) {
  return device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    const message = conversation && (await find_message(changes, id, content_id));
    if (!message || message.deleted) return false;
    await change(changes, conversation, message);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
    return true;
  });
}
