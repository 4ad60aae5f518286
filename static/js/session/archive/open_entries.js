// @ts-check
// Envelopes of the archive, opened: all of a piece side by side.
import { sha256 } from "../../crypto/hash.js";
import { is_talk2me_error } from "../../errors.js";
import { entry_generation, open_entry } from "../../protocol/archive_entry.js";
import { is_restored_mark } from "../restored_mark.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Entry } from "../../protocol/archive_schema.js" */
/** @import { Envelope } from "../read_envelopes.js" */
/** @import { Archive } from "./open_archive.js" */
/**
 * @typedef {{ sequence: number, id: Bytes, hash: Bytes, entry: Entry | null, generation: number, is_newer: boolean,
 *   is_mark: boolean }} Opened `entry` null for what is
 *   passed over: of a type that this release does not know, or nothing that a device of the account has made; `is_newer`: made with
 *   a key that this device does not have yet; `is_mark`: where an older copy of the server goes on
 */

/** @param {Archive} archive @param {Envelope[]} envelopes @returns {Promise<Opened[]>} */
export function open_entries(archive, envelopes) {
  return Promise.all(envelopes.map((envelope) => open_one(archive, envelope)));
}

/** @param {Archive} archive @param {Envelope} envelope @returns {Promise<Opened>} */
async function open_one({ mailbox, keys }, envelope) {
  const { sequence, id, body } = envelope;
  const is_mark = await is_restored_mark(envelope);
  const bytes = body ?? new Uint8Array(0);
  const hash = await sha256(bytes);
  try {
    const generation = entry_generation(bytes);
    const fitting = keys.find((one) => one.generation === generation);
    const entry = fitting ? await open_entry(fitting, { mailbox, id }, bytes) : null;
    return { sequence, id, hash, entry, generation, is_newer: generation > (keys[0]?.generation ?? 0), is_mark };
  } catch (error) {
    if (!is_talk2me_error(error)) throw error;
    return { sequence, id, hash, entry: null, generation: 0, is_newer: false, is_mark };
  }
}
