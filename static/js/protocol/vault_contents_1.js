// @ts-check
// What vaults and account files of before 0.4 hold, and how it is read as what they hold now (docs/protocol.md 4).
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, is_list } from "../codec/fields.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { label } from "./labels.js";
import { is_contact, is_conversation_state, is_invitation, is_plain_setting, MOST_ENTRIES } from "./vault_entries.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { VaultContents } from "./vault_contents.js" */
/** @import { Contact, ConversationEntry, Invitation } from "./vault_entries.js" */
/** @typedef {Omit<ConversationEntry, "archive" | "time">} ConversationEntry1 */
/**
 * @typedef {{ v: 1, identity_seed: Bytes, archive_key: Bytes, contacts: Contact[], invitations: Invitation[],
 *   conversations: ConversationEntry1[], settings: Record<string, boolean | number | string> }} VaultContents1
 */

/**
 * @param {unknown} value
 * @returns {value is VaultContents1}
 */
export function is_vault_contents_1(value) {
  return (
    has_exactly(value, ["v", "identity_seed", "archive_key", "contacts", "invitations", "conversations", "settings"]) &&
    value.v === 1 &&
    is_bytes(value.identity_seed, 32) &&
    is_bytes(value.archive_key, 32) &&
    is_list(value.contacts, MOST_ENTRIES, is_contact) &&
    is_list(value.invitations, MOST_ENTRIES, is_invitation) &&
    is_list(value.conversations, MOST_ENTRIES, is_conversation) &&
    is_settings(value.settings)
  );
}

/**
 * What has no time counts as older than all that has one.
 * @param {VaultContents1} contents
 * @returns {Promise<VaultContents>} the same for every device that does so: the archive's mailbox comes from its key
 */
export async function upgrade_contents({ identity_seed, archive_key, contacts, invitations, conversations, settings }) {
  const mailbox = await hkdf_sha256(archive_key, new Uint8Array(0), label("archive mailbox"), 16);
  return {
    v: 2,
    identity_seed,
    archive: { mailbox, keys: [{ generation: 1, key: archive_key }] },
    recovery: [],
    devices: [],
    contacts,
    invitations,
    conversations: conversations.map((entry) => ({ ...entry, archive: true, time: 0 })),
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value, time: 0 }])),
  };
}

/** @param {unknown} value @returns {value is ConversationEntry1} */
function is_conversation(value) {
  return has_exactly(value, ["mailbox", "kind", "peers", "state"]) && is_conversation_state(value);
}

/** @param {unknown} value @returns {value is VaultContents1["settings"]} */
function is_settings(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  return Object.values(value).every(is_plain_setting);
}
