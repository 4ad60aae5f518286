// @ts-check
import { to_base64url } from "../codec/base64url.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { Device } from "./device.js" */

/**
 * @param {Device} device
 * @returns {Promise<{ device: string, own: boolean, added: number, active: boolean, last_seen: null }[]>} `added`: the number of
 *   the chain's event; the server tells nobody when a device was last seen
 */
export async function list_devices(device) {
  const { chain } = await refresh_contact(device, device.own.account);
  return chain.devices.map(({ device_id, added, removed }) => {
    const id = to_base64url(device_id);
    return { device: id, own: id === device.own.device, added, active: removed === null, last_seen: null };
  });
}
