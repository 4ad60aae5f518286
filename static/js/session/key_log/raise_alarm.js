// @ts-check
// The log is broken: kept with what proves it, until the person starts over with this log.
import { to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { make_vkey, TYPES, write_vkey } from "../../protocol/signed_note.js";
import { change_held } from "./held_log.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @import { AlarmCode, HeldLog } from "./held_log.js" */
/**
 * @typedef {{ position: number, index: Bytes, leaf: Bytes, inclusion: Bytes, last: any, absent: any }} Dropped an entry that the
 *   tree has and the map denies; `last` and `absent` as the server gave them
 * @typedef {{ theirs?: string | null, told?: { size: number, root: Bytes }, proof?: { from: number, to: number, hashes: Bytes } | null,
 *   entry?: Dropped, username?: string }} Found
 */

/**
 * @param {Device} device
 * @param {AlarmCode} code
 * @param {Found} found
 * @returns {Promise<Talk2meError>} to be thrown: `key_log_broken`
 */
export async function raise_alarm(device, code, found) {
  await change_held(device, (held) => {
    // The first one counts: what came after follows from it.
    held.alarm ??= {
      ...{ code, found: device.now(), seen: false, username: found.username ?? null },
      evidence: make_evidence(device.origin, code, held, found, device.now()),
    };
  });
  device.emit("alert", { code: "log_broken" });
  return new Talk2meError("key_log_broken");
}

/** @param {string} origin @param {AlarmCode} code @param {HeldLog} held @param {Found} found @param {number} now */
function make_evidence(origin, code, held, { theirs = null, told, proof, entry }, now) {
  const { name, key, note } = held;
  return {
    ...{ v: 1, kind: "talk2me key log evidence", origin, log: write_vkey(make_vkey(name, TYPES.ed25519, key)), code, found: now },
    ...{ ours: note, theirs, told: told ? { size: told.size, root: to_base64url(told.root) } : null },
    proof: proof ? { ...proof, hashes: to_base64url(proof.hashes) } : null,
    entry: entry
      ? { ...entry, index: to_base64url(entry.index), leaf: to_base64url(entry.leaf), inclusion: to_base64url(entry.inclusion) }
      : null,
  };
}
