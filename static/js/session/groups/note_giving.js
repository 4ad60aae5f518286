// @ts-check
// Past messages that are to be given to people who were just let in: noted with the commit that let them in, so that a page can end at any
// time; and what became of it.
import { from_base64url } from "../../codec/base64url.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { forget_upload } from "../files/stored_parts.js";
import { queue_content } from "../queue_content.js";
import { outgoing_commit_id } from "../records.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @import { Upload } from "../files/stored_parts.js" */
/** @import { Conversation, Giving, OutgoingCommit } from "../records.js" */

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {number} sequence of a commit of this device that was accepted
 */
export async function note_giving(changes, device, conversation, sequence) {
  const { group, id } = conversation;
  /** @type {OutgoingCommit | undefined} */
  const commit = group && (await changes.get("outbox", outgoing_commit_id(id)));
  if (!group || !commit?.history) return;
  const giving = { id: commit.id, ...commit.history, before: sequence, since: device.now() };
  group.giving = [...(group.giving ?? []), giving];
  changes.after(() => device.tasks.flush(id));
}

/** @param {Store} store @param {string} conversation @param {string} id @returns {Promise<boolean>} */
export async function is_giving(store, conversation, id) {
  /** @type {Conversation | undefined} */
  const found = await store.get("conversations", conversation);
  return Boolean(found?.group?.giving?.some((giving) => giving.id === id));
}

/**
 * The sealed messages are on the server: whom they are for is told, and so is everybody else.
 * @param {Device} device
 * @param {Upload} upload
 * @returns {Promise<boolean>} false: nobody is there any more whom they are for
 */
export function note_given(device, upload) {
  return device.store.transaction(async (changes) => {
    const { conversation, giving } = await end_giving(changes, upload.conversation, upload.history ?? "");
    const present = new Set(conversation?.group?.members.map(({ account }) => account));
    const accounts = giving?.accounts.filter((account) => present.has(account)) ?? [];
    if (!conversation || !giving?.file || conversation.state !== "active" || accounts.length === 0) return false;
    const { file, count = 0 } = giving;
    forget_upload(changes, upload);
    queue_content(changes, device, conversation, { type: "history", body: { file, for: accounts.map(from_base64url), count } });
    add_notice(changes, device, conversation, "history_given", device.own.account, { about: accounts, count });
    changes.put("conversations", conversation.id, conversation);
    tell_conversation(changes, device, conversation.id);
    changes.after(() => device.tasks.flush(conversation.id));
    return true;
  });
}

/**
 * They could not be given: whoever wanted it sees it, the others were never told.
 * @param {Device} device
 * @param {string} id of the conversation
 * @param {string} giving
 * @param {Upload} [upload]
 */
export async function note_not_given(device, id, giving, upload) {
  await device.store.transaction(async (changes) => {
    if (upload) forget_upload(changes, upload);
    const { conversation, giving: ended } = await end_giving(changes, id, giving);
    if (!conversation || !ended) return;
    add_notice(changes, device, conversation, "history_not_given", device.own.account, { about: ended.accounts });
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}

/** There is nothing to be given. @param {Device} device @param {string} id @param {string} giving */
export async function drop_giving(device, id, giving) {
  await device.store.transaction(async (changes) => void (await end_giving(changes, id, giving)));
}

/**
 * @param {Changes} changes
 * @param {string} id of the conversation
 * @param {string} giving
 * @returns {Promise<{ conversation?: Conversation, giving?: Giving }>} none that has ended before
 */
async function end_giving(changes, id, giving) {
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", id);
  const found = conversation?.group?.giving?.find((one) => one.id === giving);
  if (!conversation?.group?.giving || !found) return {};
  const left = conversation.group.giving.filter((one) => one !== found);
  if (left.length > 0) conversation.group.giving = left;
  else delete conversation.group.giving;
  changes.put("conversations", id, conversation);
  return { conversation, giving: found };
}
