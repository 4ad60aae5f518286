// @ts-check
import { is_talk2me_error } from "../errors.js";
import { normalise_username } from "../protocol/username.js";
import { lookup_chain } from "./key_log/fetch_chain.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { Device } from "./device.js" */

/**
 * @param {Device} device
 * @param {{ username: string }} wish exact, as the person gave it
 * @returns {Promise<{ account: string, username: string, own: boolean, known: boolean } | null>}
 */
export async function find_account(device, { username }) {
  const name = normalise_username(username);
  try {
    const fetched = await lookup_chain(device, name);
    const { account } = fetched;
    const contact = await refresh_contact(device, account, fetched);
    const own = account === device.own.account;
    const known = Boolean(await device.store.get("conversations", account));
    // The answer has to be about the name that was asked for, or a server could lead anyone to anyone.
    return contact.chain.username === name ? { account, username: name, own, known } : null;
  } catch (error) {
    if (is_talk2me_error(error, "not_found") || is_talk2me_error(error, "username_invalid")) return null;
    throw error;
  }
}
