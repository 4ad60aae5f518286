// @ts-check
// Has this device anything to say that a vault which it has just taken in lacks? Where each device wrote again whatever it takes in,
// they would answer each other without an end.
import { equal } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { is_later_setting } from "../settings.js";

/** @import { Wrap } from "../../protocol/vault.js" */
/** @import { VaultContents } from "../../protocol/vault_contents.js" */

/**
 * @param {VaultContents} mine what this device would write
 * @param {VaultContents} theirs
 * @returns {boolean}
 */
export function adds_to_contents(mine, theirs) {
  return (
    !is_same_archive(mine.archive, theirs.archive) ||
    adds(mine.recovery, theirs.recovery, ({ key }) => key, (one, other) => one.created > other.created) ||
    // How far links go is told when this device marks its vault for them.
    adds(mine.devices, theirs.devices, ({ device }) => device, (one, other) => one.time > other.time) ||
    adds(mine.contacts, theirs.contacts, ({ account }) => account, (one, other) => is_later_contact(one, other)) ||
    adds(mine.conversations, theirs.conversations, ({ mailbox }) => mailbox, (one, other) => one.time > other.time) ||
    adds(mine.invitations, theirs.invitations, ({ token }) => token, () => false) ||
    Object.entries(mine.settings).some(([name, entry]) => !theirs.settings[name] || is_later_setting(entry, theirs.settings[name]))
  );
}

/**
 * @param {Wrap[]} wraps
 * @param {{ device: Uint8Array, recovery: { key: Uint8Array }[] }} who this device and the recovery keys that it can wrap to
 * @returns {boolean} whether one of them opens nothing
 */
export function lacks_wraps(wraps, { device, recovery }) {
  const has = (/** @type {Wrap["kind"]} */ kind, /** @type {Uint8Array} */ id) => wraps.some((wrap) => wrap.kind === kind && equal(wrap.id, id));
  return !has("device", device) || !recovery.every(({ key }) => has("recovery", key));
}

/**
 * @template T
 * @param {T[]} mine
 * @param {T[]} theirs
 * @param {(entry: T) => Uint8Array} id
 * @param {(one: T, other: T) => boolean} is_later
 */
function adds(mine, theirs, id, is_later) {
  const known = new Map(theirs.map((entry) => [to_base64url(id(entry)), entry]));
  return mine.some((entry) => {
    const other = known.get(to_base64url(id(entry)));
    return !other || is_later(entry, other);
  });
}

/** @param {VaultContents["contacts"][0]} one @param {VaultContents["contacts"][0]} other */
function is_later_contact(one, other) {
  return one.seq > other.seq || (one.verified?.time ?? 0) > (other.verified?.time ?? 0);
}

/** @param {VaultContents["archive"]} one @param {VaultContents["archive"]} other */
function is_same_archive(one, other) {
  const is_same_mailbox = one.mailbox === null || other.mailbox === null ? one.mailbox === other.mailbox : equal(one.mailbox, other.mailbox);
  return is_same_mailbox && one.keys.length === other.keys.length && one.keys.every(({ key }, at) => equal(key, other.keys[at].key));
}
