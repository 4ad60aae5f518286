// @ts-check
// The form of what a vault holds (docs/protocol.md 4). It was sealed by a device of the same account, perhaps of another
// release, so nothing is taken whose form is not exactly this one.
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list } from "../codec/fields.js";
import {
  is_archive_key,
  is_contact,
  is_conversation,
  is_device,
  is_invitation,
  is_plain_setting,
  is_recovery,
  MOST_ENTRIES,
} from "./vault_entries.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import * as entries from "./vault_entries.js" */
/** @typedef {entries.Verification} Verification */
/** @typedef {entries.Contact} Contact */
/** @typedef {entries.Invitation} Invitation */
/** @typedef {entries.ConversationEntry} ConversationEntry */
/** @typedef {entries.ArchiveKey} ArchiveKey */
/** @typedef {entries.RecoveryEntry} RecoveryEntry */
/** @typedef {entries.DeviceEntry} DeviceEntry */
/** @typedef {{ mailbox: Bytes | null, keys: ArchiveKey[] }} ArchiveState `mailbox`: null while it is off; the newest key first */
/** @typedef {{ value: boolean | number | string, time: number }} Setting */
/**
 * @typedef {{ v: 2, identity_seed: Bytes, archive: ArchiveState, recovery: RecoveryEntry[], devices: DeviceEntry[],
 *   contacts: Contact[], invitations: Invitation[], conversations: ConversationEntry[],
 *   settings: Record<string, Setting> }} VaultContents
 */

const FIELDS = ["v", "identity_seed", "archive", "recovery", "devices", "contacts", "invitations", "conversations", "settings"];
const MOST_ARCHIVE_KEYS = 64;

/**
 * @param {unknown} value
 * @returns {value is VaultContents}
 */
export function is_vault_contents(value) {
  return (
    has_exactly(value, FIELDS) &&
    value.v === 2 &&
    is_bytes(value.identity_seed, 32) &&
    is_archive(value.archive) &&
    is_list(value.recovery, MOST_ENTRIES, is_recovery) &&
    is_list(value.devices, MOST_ENTRIES, is_device) &&
    is_list(value.contacts, MOST_ENTRIES, is_contact) &&
    is_list(value.invitations, MOST_ENTRIES, is_invitation) &&
    is_list(value.conversations, MOST_ENTRIES, is_conversation) &&
    is_settings(value.settings)
  );
}

/** @param {unknown} value @returns {value is ArchiveState} */
function is_archive(value) {
  return (
    has_exactly(value, ["mailbox", "keys"]) &&
    (value.mailbox === null || is_bytes(value.mailbox, 16)) &&
    is_list(value.keys, MOST_ARCHIVE_KEYS, is_archive_key) &&
    value.keys.every(({ generation }, at, keys) => at === 0 || generation < keys[at - 1].generation)
  );
}

/** @param {unknown} value @returns {value is Record<string, Setting>} */
function is_settings(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  return Object.values(value).every(is_setting);
}

/** @param {unknown} value @returns {value is Setting} */
function is_setting(value) {
  return has_exactly(value, ["value", "time"]) && is_plain_setting(value.value) && is_integer(value.time);
}
