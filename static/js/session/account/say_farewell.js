// @ts-check
// Before an account ends: it leaves its groups, and tells everybody else. It waits for nobody for long: who can't be told now finds
// the account gone, and a group that nobody has let it out of keeps its leaves (docs/groups.md 2).
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { tell_conversation } from "../conversation_log.js";
import { flush_outbox } from "../flush_outbox.js";
import { leave_group } from "../groups/leave_group.js";
import { blocked_accounts } from "../people/blocked.js";
import { pause } from "../pause.js";
import { queue_content } from "../queue_content.js";
import { outgoing_prefix } from "../records.js";
import { mark_vault } from "../vault/keep_vault.js";

/** @import { Device } from "../device.js" */
/** @import { Conversation, Outgoing } from "../records.js" */

// Of the two minutes that the nonce is good for.
const MOST_WAIT = 20_000;
const LOOK = 150;

/**
 * @param {Device} device
 * @returns {Promise<Conversation[]>} where something is to be said, and groups that it has left and is not out of yet; groups first: there
 *   others have something to do. Nobody who is blocked is told by themselves.
 */
export async function who_is_to_be_told(device) {
  const rows = await device.store.list("conversations", { prefix: "" });
  const blocked = await blocked_accounts(device.store);
  const all = rows.map(({ value }) => /** @type {Conversation} */ (value)).filter(({ kind, id }) => kind === "group" || !blocked.has(id));
  return all.filter(({ state, group }) => state === "active" || group?.leaving).sort((one, other) => Number(other.kind === "group") - Number(one.kind === "group"));
}

/**
 * @param {Device} device
 * @param {Conversation[]} conversations
 * @throws {Talk2meError} `offline`: nothing is to be ended then
 */
export async function say_farewell(device, conversations) {
  const until = device.now() + MOST_WAIT;
  const is_time = () => device.now() < until;
  /** @type {any} */
  let timer;
  const enough = new Promise((resolve) => (timer = setTimeout(resolve, MOST_WAIT)));
  await Promise.race([tell_all(device, conversations, is_time), enough]);
  clearTimeout(timer);
  check_online(device);
}

/** @param {Device} device @param {Conversation[]} conversations @param {() => boolean} is_time */
async function tell_all(device, conversations, is_time) {
  for (const conversation of conversations) {
    check_online(device);
    if (!is_time()) return;
    try {
      if (conversation.state === "active") await end(device, conversation);
      await flush_outbox(device, conversation.id);
    } catch (error) {
      // One that stands still keeps nobody here.
      if (!is_talk2me_error(error)) throw error;
    }
  }
  while (is_time() && device.online && (await is_in_one(device, conversations))) await pause(LOOK);
}

/** @param {Device} device @param {Conversation} conversation */
function end(device, { id, kind }) {
  return kind === "group" ? leave_group(device, { conversation: id }) : queue_farewell(device, id);
}

/** @param {Device} device */
function check_online(device) {
  if (!device.online) throw new Talk2meError("offline");
}

/** Has asked to be let out, and is not out yet. @param {Device} device @param {Conversation[]} conversations */
async function is_in_one(device, conversations) {
  /** @type {(Conversation | undefined)[]} */
  const found = await device.store.get_many("conversations", conversations.map(({ id }) => id));
  return found.some((conversation) => conversation?.group?.leaving);
}

/** @param {Device} device @param {string} id */
async function queue_farewell(device, id) {
  await device.store.transaction(async (changes) => {
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    // Nobody has been written to yet: there is nobody to tell.
    if (conversation.mailboxes.length === 0) return;
    queue_content(changes, device, conversation, { type: "farewell", body: {} });
    changes.put("conversations", id, conversation);
  });
}

/**
 * The account stays after all: what was not sent is not said later. What was sealed may be there already, and stands.
 * @param {Device} device
 * @param {Conversation[]} conversations those that `say_farewell` was about
 */
export async function take_farewells_back(device, conversations) {
  // What had been left before stays left.
  for (const { id } of conversations.filter(({ state }) => state === "active")) await device.mutexes.run(`outbox/${id}`, () => take_back(device, id));
}

/** @param {Device} device @param {string} id */
async function take_back(device, id) {
  await device.store.transaction(async (changes) => {
    const rows = await changes.list("outbox", outgoing_prefix(id));
    for (const { value } of rows) {
      const { key, type, accepted, envelope } = /** @type {Outgoing} */ (value);
      if (accepted || envelope || (type !== "farewell" && type !== "leave")) continue;
      changes.delete("outbox", key);
      if (type === "leave") await stay(changes, device, id);
    }
  });
}

/** @param {import("../../store/changes.js").Changes} changes @param {Device} device @param {string} id of a group */
async function stay(changes, device, id) {
  await changes.update("conversations", id, (/** @type {Conversation} */ conversation) => {
    Object.assign(conversation, { state: "active", stopped: null, state_time: device.now() });
    delete conversation.group?.leaving;
  });
  await mark_vault(changes, device);
  tell_conversation(changes, device, id);
}
