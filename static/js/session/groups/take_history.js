// @ts-check
// Fetches the past messages that this account was given, and puts them before the point at which it came in. Only in a group that was
// accepted; what can't be fetched now is fetched later.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error } from "../../errors.js";
import { read_history } from "../../protocol/history_bundle.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { cache_of, name_of } from "../files/blob_cache.js";
import { download_file } from "../files/download_file.js";
import { meet_account } from "../meet_account.js";
import { take_shared } from "../messages/shared_message.js";
import { find_lowest } from "../place_message.js";
import { GIVING_WAIT } from "./give_history.js";

/** @import { SharedBody } from "../../protocol/archive_schema.js" */
/** @import { Code } from "../../errors.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, GivenHistory } from "../records.js" */

// It will not be otherwise later. Anything else is tried again, as long as whoever gives would.
const FINAL = /** @type {Code[]} */ (["history_invalid", "file_damaged", "file_expired", "range_invalid"]);
const AGAIN = 60_000;

/** @param {Device} device @param {string} id of a group */
export function take_history(device, id) {
  return device.mutexes.run(`take history/${id}`, async () => {
    /** @type {Conversation | undefined} */
    const conversation = await device.store.get("conversations", id);
    const given = conversation?.group?.history;
    if (!given || conversation.state !== "active" || !device.online) return;
    try {
      const messages = await fetch_history(device, id, given);
      if (await store_history(device, id, given, messages)) device.background(() => meet_authors(device, id, messages));
    } catch (error) {
      if (!is_talk2me_error(error)) throw error;
      const is_late = Math.abs(device.now() - given.since) > GIVING_WAIT;
      if (is_late || FINAL.includes(error.code)) await note_damaged(device, id, given);
      else device.later(AGAIN, async () => device.tasks.flush(id));
    }
  });
}

/** @param {Device} device @param {string} id @param {GivenHistory} given @returns {Promise<SharedBody[]>} */
async function fetch_history(device, id, { by, before, count, since: _since, ...file }) {
  const record = { ...file, id: to_base64url(file.id) };
  const blob = await download_file(device, record);
  // Nobody opens it a second time.
  cache_of(device).delete(name_of(record));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return read_history(bytes, { group: from_base64url(id), by: from_base64url(by), before, count });
}

/**
 * All of them, or none.
 * @param {Device} device
 * @param {string} id
 * @param {GivenHistory} given
 * @param {SharedBody[]} messages
 * @returns {Promise<boolean>} whether they were still wanted
 */
function store_history(device, id, given, messages) {
  return device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!conversation?.group || !is_same(conversation.group.history, given)) return false;
    delete conversation.group.history;
    const { time } = conversation;
    const lowest = await find_lowest(changes, [id]);
    for (const body of [...messages].reverse()) await take_shared(changes, device, conversation, body, lowest);
    // The group is as new as it was.
    conversation.time = time;
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
    return true;
  });
}

/** @param {Device} device @param {string} id @param {GivenHistory} given */
async function note_damaged(device, id, given) {
  await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!conversation?.group || !is_same(conversation.group.history, given)) return;
    delete conversation.group.history;
    add_notice(changes, device, conversation, "history_damaged", given.by);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}

/** @param {GivenHistory | undefined} one @param {GivenHistory} other */
const is_same = (one, other) => one !== undefined && to_base64url(one.id) === to_base64url(other.id);

/** One after the other: nobody waits for their names. @param {Device} device @param {string} id @param {SharedBody[]} messages */
async function meet_authors(device, id, messages) {
  for (const author of new Set(messages.map((message) => to_base64url(message.author)))) {
    // An account that is gone, or never was, stays without a name.
    await meet_account(device, author).catch(() => undefined);
  }
  device.emit("messages", { conversation: id });
}
