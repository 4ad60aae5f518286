// @ts-check
// Takes a message back from everybody, or from this account's devices alone.
import { to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { tell_conversation } from "../conversation_log.js";
import { outgoing_prefix } from "../records.js";
import { change_message } from "./change_message.js";
import { change_own } from "./change_own.js";
import { find_message } from "./find_message.js";
import { remove_message } from "./remove_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message, Outgoing } from "../records.js" */

/**
 * @param {Device} device
 * @param {{ conversation: string, id: string, for: "all" | "own" }} wish
 * @throws {Talk2meError} `not_found`, for what another has written too where all are to lose it
 */
export async function delete_message(device, { conversation, id, for: whom }) {
  if (whom !== "all" && whom !== "own") throw new Talk2meError("bad_request");
  if (await take_back(device, conversation, id)) return;
  if (whom === "own") await hide_own(device, conversation, id);
  else {
    await change_own(device, { conversation, id }, ({ own }) => {
      if (!own) throw new Talk2meError("not_found");
      return { type: "delete", after: 0 };
    });
  }
}

/**
 * What has not left this device: nobody has to be told.
 * @param {Device} device
 * @param {string} id
 * @param {string} content_id
 * @returns {Promise<boolean>} whether it was so
 */
async function take_back(device, id, content_id) {
  return device.store.transaction(async (changes) => {
    const message = await find_message(changes, id, content_id);
    if (!message?.own || (message.status !== "waiting" && message.status !== "failed")) return false;
    if (!(await drop_outgoing(changes, id, message))) return false;
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    await remove_message(changes, device, conversation, message);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
    return true;
  });
}

/** @param {Changes} changes @param {string} conversation @param {Message} message @returns {Promise<boolean>} false when it may be on its way */
async function drop_outgoing(changes, conversation, message) {
  const rows = await changes.list("outbox", outgoing_prefix(conversation));
  const about = rows.filter(({ value }) => is_about(value, message.id));
  if (about.some(({ value }) => value.envelope)) return false;
  for (const { id } of about) changes.delete("outbox", id);
  return true;
}

/** @param {Outgoing} outgoing @param {string} id */
function is_about({ content_id, body }, id) {
  return content_id === id || (body?.to instanceof Uint8Array && to_base64url(body.to) === id);
}

/** The account's other devices are told by the archive. @param {Device} device @param {string} id @param {string} to */
async function hide_own(device, id, to) {
  await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!conversation || !(await find_message(changes, id, to))) throw new Talk2meError("not_found");
    const now = device.now();
    const change_id = to_base64url(device.random(16));
    await change_message(changes, device, conversation, { type: "hide", to, author: device.own.account, id: change_id, time: now, received: now });
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}
