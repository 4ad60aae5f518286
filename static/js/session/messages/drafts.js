// @ts-check
// What was typed and not sent: kept on this device alone, sealed like everything else.
import { is_text } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";
import { TEXT_LIMIT } from "../../protocol/content_schema.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @typedef {{ text: string, reply?: string }} Draft `reply`: to which message */

/** @param {string} conversation */
const draft_id = (conversation) => `draft/${conversation}`;

/**
 * @param {Device} device
 * @param {{ conversation: string, text: string, reply?: string }} wish with no text and no reply there is none any more
 */
export async function save_draft(device, { conversation, text, reply }) {
  if (!is_text(text, 0, TEXT_LIMIT) || (reply !== undefined && !is_text(reply, 1, 64))) throw new Talk2meError("text_invalid");
  await device.store.transaction(async (changes) => {
    if (!(await changes.get("conversations", conversation))) throw new Talk2meError("not_found");
    /** @type {Draft | undefined} */
    const before = await changes.get("meta", draft_id(conversation));
    if ((before?.text ?? "") === text && before?.reply === reply) return;
    if (!text && !reply) changes.delete("meta", draft_id(conversation));
    else changes.put("meta", draft_id(conversation), { text, ...(reply ? { reply } : {}) });
    changes.after(() => device.emit("conversations"));
  });
}

/** @param {Changes} changes @param {string} conversation */
export async function drop_draft(changes, conversation) {
  if (await changes.get("meta", draft_id(conversation))) changes.delete("meta", draft_id(conversation));
}

/** @param {Store} store @param {{ conversation: string }} of @returns {Promise<Draft | null>} */
export async function query_draft(store, { conversation }) {
  return (await store.get("meta", draft_id(conversation))) ?? null;
}

/**
 * @template {{ id: string }} Entry
 * @param {Store} store
 * @param {Entry[]} entries of the list of conversations
 * @returns {Promise<(Entry & { draft?: string })[]>}
 */
export async function add_drafts(store, entries) {
  const drafts = await store.get_many("meta", entries.map(({ id }) => draft_id(id)));
  return entries.map((entry, at) => (drafts[at]?.text ? { ...entry, draft: drafts[at].text } : entry));
}
