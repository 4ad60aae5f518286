// @ts-check
// An account that is gone while its devices are in a group: who comes in then asks for its chain in vain, and takes the whole group for
// one that breaks the rules. So nobody is let in before they are out. That an account is gone only the server says; with that it can
// keep people from coming in, which it could by other means as well, and nobody is put out.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { get_contact, refresh_contact } from "../refresh_contact.js";
import { others_in } from "./group_people.js";

/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */

// Who was there so short a time ago is not asked about again: milliseconds.
const RECENT = 60_000;

/**
 * @param {Device} device
 * @param {Conversation} conversation a group
 * @throws {Talk2meError} `member_gone`, with a notice of who it is
 */
export async function check_nobody_is_gone(device, conversation) {
  const others = others_in(device, conversation);
  const answers = await Promise.all(others.map((account) => is_gone(device, account)));
  const about = others.filter((_, at) => answers[at]);
  if (about.length === 0) return;
  await device.store.transaction(async (changes) => {
    await changes.update("conversations", conversation.id, (/** @type {Conversation} */ present) =>
      add_notice(changes, device, present, "member_gone", device.own.account, { about }),
    );
    tell_conversation(changes, device, conversation.id);
  });
  throw new Talk2meError("member_gone");
}

/** @param {Device} device @param {string} account */
async function is_gone(device, account) {
  const contact = await get_contact(device, account);
  if (contact && Math.abs(device.now() - contact.fetched) < RECENT) return false;
  try {
    await refresh_contact(device, account);
    return false;
  } catch (error) {
    if (!is_talk2me_error(error)) throw error;
    return error.code === "not_found";
  }
}
