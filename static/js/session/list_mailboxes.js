// @ts-check
// What this device is subscribed to, as the server says.
import { compare, equal, is_bytes } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { is_integer } from "../codec/fields.js";
import { Talk2meError } from "../errors.js";

/** @import { Device } from "./device.js" */
/**
 * @typedef {{ mailbox: string, kind: string, head: number, first: number, last: number | null, acknowledged: number,
 *   slot: number, bytes: number }} Subscription `bytes`: what it holds
 */

/** @param {Device} device @returns {Promise<Subscription[]>} */
export async function list_mailboxes(device) {
  const all = [];
  /** @type {Uint8Array | null} */
  let after = null;
  for (;;) {
    const page = await device.request({ type: "mailbox.list", after });
    const entries = read_page(page);
    all.push(...entries.map(to_subscription));
    if (!page.more || entries.length === 0) return all;
    const last = entries[entries.length - 1].mailbox;
    // A list that does not go on would never end.
    if (after && compare(last, after) <= 0) throw new Talk2meError("answer_invalid");
    after = last;
  }
}

/** @param {Device} device @param {Uint8Array} mailbox @returns {Promise<Subscription | null>} */
export async function find_subscription(device, mailbox) {
  const page = await device.request({ type: "mailbox.list", after: id_before(mailbox) });
  const [first] = read_page(page);
  return first && equal(first.mailbox, mailbox) ? to_subscription(first) : null;
}

/** The largest id that sorts below this one. @param {Uint8Array} id @returns {Uint8Array | null} */
export function id_before(id) {
  const before = id.slice();
  for (let at = before.length - 1; at >= 0; at -= 1) {
    before[at] = (before[at] + 255) % 256;
    if (before[at] !== 255) return before;
  }
  return null;
}

/** @param {any} page @returns {any[]} */
function read_page(page) {
  const entries = Array.isArray(page.mailboxes) ? page.mailboxes : [];
  return entries.filter((/** @type {any} */ entry) => {
    const { mailbox, head, first, slot } = Object(entry);
    return is_bytes(mailbox, 16) && is_integer(head) && is_integer(first) && is_integer(slot);
  });
}

/** @param {any} entry @returns {Subscription} */
function to_subscription({ mailbox, kind, head, first, last, acknowledged, slot, bytes }) {
  return {
    ...{ mailbox: to_base64url(mailbox), kind, head, first, last: last ?? null, acknowledged: acknowledged ?? 0, slot },
    bytes: is_integer(bytes) ? bytes : 0,
  };
}
