// @ts-check
// A member's commit also tells the server to whom it is to deliver. Where all others refuse it, and whatever that member's device
// adds to it, the server's list is theirs and no lie of the server: as far as it goes by devices that were named in what this device
// has read and refused itself.
import { to_base64url } from "../codec/base64url.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Named } from "../protocol/mls_process.js" */
/** @import { Cursor, NamedDevices } from "./records.js" */

// Of the newest refused commits: nobody makes a device keep more.
const MOST_COMMITS = 16;

/** @param {Cursor} cursor altered in place @param {Named} named in a commit that was refused, and whose author is proven */
export function note_named(cursor, { by, added, removed }) {
  if (added.length === 0 && removed.length === 0) return;
  const entry = { by: to_base64url(by), added: added.map(to_base64url), removed: removed.map(to_base64url) };
  cursor.named = [...(cursor.named ?? []), entry].slice(-MOST_COMMITS);
}

/**
 * Whose commit is taken is with the others again, and who is out can commit nothing: what they named explains nothing any more.
 * @param {Cursor} cursor altered in place
 * @param {{ committer?: { device: Uint8Array }, members: { device: Uint8Array }[] }} taken a commit, and who is there after it; no `committer` for this device's own
 */
export function forget_named(cursor, { committer, members }) {
  if (!cursor.named) return;
  const present = new Set(members.map(({ device }) => to_base64url(device)));
  if (committer) present.delete(to_base64url(committer.device));
  const named = cursor.named.filter(({ by }) => present.has(by));
  if (named.length > 0) cursor.named = named;
  else delete cursor.named;
}

/**
 * @param {NamedDevices[] | undefined} named
 * @param {{ device: Uint8Array }[]} members
 * @param {Bytes[]} subscribers
 * @returns {boolean} whether every device that is too many or missing was named
 */
export function is_explained(named = [], members, subscribers) {
  const in_tree = new Set(members.map(({ device }) => to_base64url(device)));
  const subscribed = new Set(subscribers.map(to_base64url));
  const added = new Set(named.flatMap((one) => one.added));
  const removed = new Set(named.flatMap((one) => one.removed));
  const all_in = (/** @type {Set<string>} */ devices, /** @type {Set<string>} */ others, /** @type {Set<string>} */ known) =>
    [...devices].every((device) => others.has(device) || known.has(device));
  return all_in(subscribed, in_tree, added) && all_in(in_tree, subscribed, removed);
}
