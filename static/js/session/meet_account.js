// @ts-check
import { get_contact, refresh_contact } from "./refresh_contact.js";

/** @import { Device } from "./device.js" */

/** A name for somebody whom this device does not know yet. @param {Device} device @param {string} account */
export async function meet_account(device, account) {
  if (await get_contact(device, account)) return;
  await refresh_contact(device, account);
  device.emit("conversations");
}
