// @ts-check
import { content_index_id, message_id } from "../records.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Message } from "../records.js" */

/**
 * @param {Store | Changes} store
 * @param {string} conversation
 * @param {string} id
 * @returns {Promise<Message | undefined>}
 */
export async function find_message(store, conversation, id) {
  const index = await store.get("messages", content_index_id(conversation, id));
  /** @type {Message | undefined} */
  const message = index && (await store.get("messages", message_id(conversation, index.order)));
  return message?.id === id ? message : undefined;
}
