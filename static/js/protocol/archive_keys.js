// @ts-check
// docs/protocol.md 12: what follows from an archive key. An entry's id tells nobody what it is about, and is the same
// whichever device of the account writes it.
import { concat, u32, u64 } from "../codec/bytes.js";
import { import_aes_key } from "../crypto/aead.js";
import { hmac_sha256 } from "../crypto/hash.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ generation: number, account: Bytes, entry_key: CryptoKey, id_key: Bytes }} ArchiveKeys */

const ID_LENGTH = 16;

/**
 * @param {Uint8Array} key 32 bytes
 * @param {Uint8Array} account
 * @param {number} generation which of the account's archive keys it is, from 1
 * @returns {Promise<ArchiveKeys>}
 */
export async function derive_archive(key, account, generation) {
  const [entry_key, id_key] = await Promise.all(
    ["archive entry", "archive id"].map((name) => hkdf_sha256(key, account, label(name), 32)),
  );
  return { generation, account: concat(account), entry_key: await import_aes_key(entry_key), id_key };
}

/** @param {ArchiveKeys} keys @param {Uint8Array} conversation @param {Uint8Array} content_id */
export const message_entry_id = (keys, conversation, content_id) => entry_id(keys, "m", conversation, content_id);

/**
 * Not that of the message itself: what somebody gives must not take its place.
 * @param {ArchiveKeys} keys
 * @param {Uint8Array} conversation
 * @param {Uint8Array} content_id
 */
export const shared_entry_id = (keys, conversation, content_id) => entry_id(keys, "g", conversation, content_id);

/**
 * With the author, so that nobody keeps another's change out by giving the same id to one of its own.
 * @param {ArchiveKeys} keys
 * @param {Uint8Array} conversation
 * @param {Uint8Array} author
 * @param {Uint8Array} content_id
 */
export const change_entry_id = (keys, conversation, author, content_id) => entry_id(keys, "c", conversation, author, content_id);

/** @param {ArchiveKeys} keys @param {Uint8Array} group its mailbox @param {Uint8Array} hash as the group's context has it */
export const state_entry_id = (keys, group, hash) => entry_id(keys, "s", group, hash);

/** @param {ArchiveKeys} keys @param {Uint8Array} device @param {number} number */
export const link_entry_id = (keys, device, number) => entry_id(keys, "l", device, u32(number));

/** @param {ArchiveKeys} keys @param {Uint8Array} device @param {number} version */
export const vault_note_id = (keys, device, version) => entry_id(keys, "v", device, u64(version));

/** @param {ArchiveKeys} keys @param {string} letter @param {...Uint8Array} about @returns {Promise<Bytes>} 16 bytes */
async function entry_id({ id_key }, letter, ...about) {
  const whole = await hmac_sha256(id_key, Uint8Array.of(letter.charCodeAt(0)), ...about);
  return whole.slice(0, ID_LENGTH);
}
