// @ts-check
import { is_talk2me_error } from "../errors.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { Device } from "./device.js" */
/** @import { Contact } from "./records.js" */

/**
 * Looks at the chain of everyone who is known, and at the own one: what changed shows without anything being sent.
 * @param {Device} device
 */
export async function refresh_all_contacts(device) {
  const contacts = await device.store.list("contacts", { prefix: "" });
  for (const { value } of contacts) {
    try {
      await refresh_contact(device, /** @type {Contact} */ (value).account);
    } catch (error) {
      // One account's trouble is not another's; without a network there is no use in going on.
      if (!is_talk2me_error(error) || error.code === "offline") throw error;
    }
  }
}
