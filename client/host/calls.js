// @ts-check
// What the command can ask for besides the session's own commands and queries.
import { openAsBlob } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Talk2meError } from "../../static/js/errors.js";

/** @import { Session } from "../../static/js/session/open_session.js" */
/** @import { Following } from "./following.js" */
/** @typedef {(session: Session, args: any, following: Following) => Promise<unknown>} HostCall */

const PIECE = 200;
const RANKS = ["waiting", "stored", "delivered", "read"];

/** @type {Record<string, HostCall>} */
export const HOST_CALLS = {
  profile: async (session) => session.profile(),
  received: (_session, _args, following) => following.received(),
  unread,
  sent,
  send_files,
  save_file,
  export_account,
};

/**
 * What others have written, and what was noted, since somebody here said that it was read; in the order of each conversation.
 * @type {HostCall}
 */
async function unread(session) {
  const store = await session.open_store();
  const found = [];
  for (const conversation of await session.queries.conversations()) {
    if (conversation.state === "declined") continue;
    const { read_order } = await store.get("conversations", conversation.id);
    const messages = await session.queries.messages({ conversation: conversation.id, after: read_order, limit: PIECE });
    if (messages.length > 0) found.push({ conversation, messages });
  }
  return found;
}

/**
 * Waits until a message of one's own has come so far, or can't for now.
 * @param {Session} session
 * @param {{ conversation: string, id: string, until: "stored" | "delivered" | "read" }} wish
 * @param {Following} following
 * @returns {Promise<{ status: string }>}
 * @throws {Talk2meError} why it failed; `identity_changed`, `conversation_stopped`, `key_log_broken`, `key_log_unreachable` while it waits
 *   for somebody to decide, or for the key log
 */
async function sent(session, { conversation, id, until }, following) {
  if (!RANKS.includes(until)) throw new Talk2meError("bad_request");
  return following.until(async () => {
    const details = await session.queries.message_details({ conversation, id });
    if (!details) throw new Talk2meError("not_found");
    const { status, error } = details.message;
    if (status === "failed") throw new Talk2meError(error ?? "internal");
    if (RANKS.indexOf(status) >= RANKS.indexOf(until)) return { status };
    if (status === "waiting") await look_what_it_waits_for(session, conversation);
    return null;
  });
}

/** @param {Session} session @param {string} id */
async function look_what_it_waits_for(session, id) {
  const entry = await session.queries.conversation({ id });
  const { group, stopped } = await (await session.open_store()).get("conversations", id);
  if (stopped === "identity_changed" || group?.changed?.length > 0) throw new Talk2meError("identity_changed");
  if (entry.state === "stopped") throw new Talk2meError("conversation_stopped");
  if (!entry.waits_for_log) return;
  const { state } = await session.queries.key_log();
  throw new Talk2meError(state === "broken" ? "key_log_broken" : "key_log_unreachable");
}

/** @type {HostCall} */
async function send_files(session, { conversation, paths, media, text }) {
  const files = [];
  for (const [at, path] of paths.entries()) {
    const blob = await openAsBlob(path).catch(() => Promise.reject(new Talk2meError("file_unreadable")));
    files.push({ blob, name: basename(path), media: media[at], kind: "file" });
  }
  return session.commands.send_files({ conversation, files, ...(text ? { text } : {}) });
}

/** @type {HostCall} */
async function save_file(session, { conversation, id, index, path }) {
  const { blob, name } = await session.commands.read_file({ conversation, id, index });
  await write_new(path, blob);
  return { name, bytes: blob.size };
}

/** @type {HostCall} */
async function export_account(session, { path }) {
  const { file } = await session.commands.export_account();
  await write_new(path, file);
  return { bytes: (await stat(path)).size };
}

/** Never over a file that is there; readable for its owner alone. @param {string} path @param {Blob} blob */
async function write_new(path, blob) {
  const file = await open(path, "wx", 0o600).catch(() => Promise.reject(new Talk2meError("file_unreadable")));
  try {
    await file.writeFile(/** @type {any} */ (blob.stream()));
    await file.sync();
  } finally {
    await file.close();
  }
}
