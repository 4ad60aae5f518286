// @ts-check
import { to_base64url } from "../codec/base64url.js";

/** @import { Bytes } from "../codec/bytes.js" */

/**
 * Tells whether the server delivers to exactly the devices in the tree.
 * @param {{ device: Uint8Array }[]} members
 * @param {Bytes[]} subscribers
 */
export function same_devices(members, subscribers) {
  const in_tree = new Set(members.map(({ device }) => to_base64url(device)));
  const subscribed = new Set(subscribers.map(to_base64url));
  return in_tree.size === subscribed.size && [...in_tree].every((device) => subscribed.has(device));
}
