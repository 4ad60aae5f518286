// @ts-check
// The server's word that from here on an older copy of it goes on: what came behind that copy is gone from it (docs/protocol.md 9). It
// may be a lie that hides what is kept back: so whoever is shown it is told, each time.
import { equal } from "../codec/bytes.js";
import { sha256 } from "../crypto/hash.js";
import { label } from "../protocol/labels.js";

/** @import { Envelope } from "./read_envelopes.js" */

/** So many places lie between what a copy has and the mark; nothing was ever there. */
export const LEFT_OUT = 2 ** 32 - 1;

/** @param {Envelope} envelope */
export async function is_restored_mark({ kind, body, hash }) {
  return kind === "notice" && !body && hash !== null && equal(hash, await sha256(label("server restored")));
}
