// @ts-check
// What this browser holds of the key log (docs/key_log.md 5): the newest checkpoint that it has checked, and how far it has looked
// at the leaves. One record, written only under the mutex `key_log` or inside a transaction that reads it first.
import { Talk2meError } from "../../errors.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/**
 * @typedef {"log_split" | "log_rolled_back" | "log_key_changed" | "log_own_account" | "log_entry_dropped"} AlarmCode
 * @typedef {{ code: AlarmCode, found: number, seen: boolean, username: string | null, evidence: Record<string, any> }} Alarm
 *   `seen`: the person has chosen to go on with verified contacts; `evidence` is what the saved file holds
 * @typedef {{ account: string, name: string, version: number, position: number, leaf: Bytes, since: number }} Hit a leaf that a
 *   scan found; `name`: under which its position is noted, "" for a contact's
 * @typedef {{ name: string, key: Bytes, size: number, root: Bytes, note: string, signature: Bytes, time: number, checked: number,
 *   begun: number, generation: number, unproven_since: number | null, directory_key: Bytes | null, scanned: number,
 *   frontier: Bytes, looked: number, own_leaves: Record<string, number>, pending: Hit[], witnessed: number,
 *   alarm: Alarm | null }} HeldLog `size` 0 while there is no checkpoint; `generation` is another one after starting over;
 *   `frontier`: of the tree of `scanned` leaves; `own_leaves`: positions of the leaves about this account, by what they are of;
 *   `pending`: hits that are still to be looked into. Times, in unix ms: `time` of the newest leaf; `checked`, when a checkpoint was
 *   last taken; `begun`, when this browser first wanted one, or asked for something more of it; `unproven_since`, since when the
 *   server owes a proof; `looked`, when a scan last reached its end; `witnessed` of the cosignatures that were last found good
 */
/** @typedef {"ok" | "frozen" | "unreachable" | "unwitnessed" | "broken"} LogState */

/** How old the newest leaf, the last look and the cosignatures may be: milliseconds. */
export const FRESH = 26 * 3_600_000;
/** A clock that is off by less is not spoken of: milliseconds. */
const CLOCK_TOLERANCE = 600_000;

/** @param {{ get: (store: string, id: string) => Promise<any> }} store @returns {Promise<HeldLog | undefined>} */
export function get_held(store) {
  return store.get("meta", "key_log");
}

/** @param {{ name: string, key: Bytes }} log @param {number} now @returns {HeldLog} before the first checkpoint */
export function new_held({ name, key }, now) {
  const none = new Uint8Array(0);
  return {
    ...{ name, key, size: 0, root: new Uint8Array(32), note: "", signature: none, time: 0, checked: 0, begun: now, generation: now },
    ...{ unproven_since: null, directory_key: null, scanned: 0, frontier: none, looked: 0, own_leaves: {}, pending: [] },
    witnessed: 0,
    alarm: null,
  };
}

/**
 * Alters the record; when the log is well again by that, what waited for it can leave.
 * @param {Device} device
 * @param {(held: HeldLog, changes: Changes) => void | Promise<void>} change alters it in place
 * @returns {Promise<HeldLog>}
 * @throws {Talk2meError} `key_log_unreachable` when it was given up meanwhile
 */
export async function change_held(device, change) {
  return device.store.transaction(async (changes) => {
    const held = await get_held(changes);
    if (!held) throw new Talk2meError("key_log_unreachable");
    const { quorum } = await witness_wish(changes);
    const before = log_state(held, quorum, device.now());
    await change(held, changes);
    changes.put("meta", "key_log", held);
    const is_well_again = before !== "ok" && log_state(held, quorum, device.now()) === "ok";
    changes.after(() => {
      device.emit("key_log");
      if (is_well_again) device.tasks.flush_all();
    });
    return held;
  });
}

/**
 * How the log stands, from what is held alone.
 * @param {HeldLog | undefined} held
 * @param {number} quorum how many witnesses the person asks for
 * @param {number} now
 * @returns {LogState}
 */
export function log_state(held, quorum, now) {
  if (!held) return "ok";
  // A clock that was ahead must not make what is old young, nor a leaf of the future a dead log alive.
  const is_far = (/** @type {number} */ time) => Math.abs(now - time) > FRESH;
  const is_old = (/** @type {number} */ time) => is_far(time) && is_far(held.begun);
  if (held.alarm) return "broken";
  const owed = [held.unproven_since, ...held.pending.map(({ since }) => since)].filter((since) => since !== null);
  if (is_old(held.checked) || is_old(held.looked) || owed.some(is_far)) return "unreachable";
  if (held.size > 0 && is_far(held.time)) return "frozen";
  return quorum > 0 && is_old(held.witnessed) ? "unwitnessed" : "ok";
}

/**
 * By how much this device's clock is behind the log's newest leaf; a leaf of the past tells nothing.
 * @param {HeldLog | undefined} held
 * @param {number} now
 * @returns {number} milliseconds, 0 for as much as nothing
 */
export function clock_lag(held, now) {
  const lag = held ? held.time - now : 0;
  return lag > CLOCK_TOLERANCE ? lag : 0;
}

/** @param {Store | Changes} store @returns {Promise<{ witnesses: string, quorum: number }>} what the person asks for */
export async function witness_wish(store) {
  const { key_log_witnesses: witnesses = "", key_log_quorum: quorum = 0 } = (await store.get("meta", "settings")) ?? {};
  return { witnesses, quorum };
}
