// @ts-check
// Those in a group, as far as sending to them goes.
import { is_talk2me_error } from "../../errors.js";
import { fresh_contact, get_contact } from "../refresh_contact.js";

/** @import { Device } from "../device.js" */
/** @import { Contact, Conversation } from "../records.js" */

// An account that is gone, or shows something wrong, is told of as such, and keeps nobody else from talking.
const OF_ONE = ["not_found", "chain_invalid", "identity_changed"];

/**
 * @param {Device} device
 * @param {Pick<Conversation, "peer" | "group">} conversation
 * @returns {string[]} the other accounts
 */
export function others_in(device, { peer, group }) {
  return group ? group.members.map(({ account }) => account).filter((account) => account !== device.own.account) : [peer];
}

/**
 * Asks for what is old.
 * @param {Device} device
 * @param {Conversation} conversation
 * @returns {Promise<(Contact | undefined)[]>} the other people
 */
export async function freshen_people(device, conversation) {
  await fresh_contact(device, device.own.account);
  return Promise.all(others_in(device, conversation).map((account) => freshen(device, account, conversation.kind === "group")));
}

/** @param {Device} device @param {string} account @param {boolean} is_one_of_many */
async function freshen(device, account, is_one_of_many) {
  try {
    return await fresh_contact(device, account);
  } catch (error) {
    if (!is_one_of_many || !is_talk2me_error(error) || !OF_ONE.includes(error.code)) throw error;
    return get_contact(device, account);
  }
}
