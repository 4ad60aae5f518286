// @ts-check
// Takes a newer checkpoint, once it fits the one that is held. Everything here wants the mutex `key_log` held.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { verify_frontier, verify_genesis, verify_log } from "../../protocol/key_log_answer.js";
import { parse_vkey, TYPES } from "../../protocol/signed_note.js";
import { change_held, get_held, new_held } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Device } from "../device.js" */
/** @import { AlarmCode, HeldLog } from "./held_log.js" */
/** @import { LogEvidence, VerifiedLog } from "../../protocol/key_log_answer.js" */

const ALARMS = new Set(["log_split", "log_rolled_back", "log_key_changed"]);

/** @param {Device} device @template T @param {() => Promise<T>} work @returns {Promise<T>} */
export function with_log(device, work) {
  return device.mutexes.run("key_log", work);
}

/**
 * The log as this browser knows it, begun if it knows nothing of it yet.
 * @param {Device} device signed in
 * @returns {Promise<HeldLog>} with a directory key
 * @throws {Talk2meError} `key_log_broken`; `key_log_invalid`; what the transport throws
 */
export async function ready_log(device) {
  const held = await open_log(device);
  if (held.alarm) throw new Talk2meError("key_log_broken");
  return held.directory_key ? held : begin(device, held);
}

/**
 * The log before anybody is signed in: its key is pinned with the first look.
 * @param {Device} device
 * @returns {Promise<HeldLog>}
 */
export async function open_log(device) {
  const held = await get_held(device.store);
  if (held) return held;
  const { key_log } = await device.api.server();
  const fresh = new_held(read_vkey(key_log), device.now());
  await device.store.transaction((changes) => changes.put("meta", "key_log", fresh));
  return fresh;
}

/** @param {unknown} vkey */
function read_vkey(vkey) {
  try {
    const { name, key, type } = parse_vkey(vkey);
    if (type === TYPES.ed25519) return { name, key };
  } catch {
    // told below
  }
  throw new Talk2meError("key_log_invalid");
}

/**
 * A checkpoint from before this account is in the log: all that comes after it will be looked at.
 * @param {Device} device not signed in
 */
export function take_first_checkpoint(device) {
  return with_log(device, async () => {
    const held = await open_log(device);
    if (held.size > 0) return;
    const { log } = await device.api.key_log_news(0);
    await advance_log(device, held, log);
  });
}

/**
 * The directory key and the frontier, once: from here on this browser goes on by itself.
 * @param {Device} device
 * @param {HeldLog} held
 */
async function begin(device, held) {
  const answer = await device.api.key_log_directory(held.size);
  const { checkpoint } = await advance_log(device, held, answer.log);
  const directory_key = verify_genesis(answer.genesis, device.origin, checkpoint);
  const begun = held.size > 0 ? held : checkpoint;
  const frontier = verify_frontier(answer.frontier, begun);
  return change_held(device, (now_held) => {
    Object.assign(now_held, { directory_key, frontier, scanned: begun.size });
  });
}

/**
 * @param {Device} device
 * @param {HeldLog} held as it was when the server was asked
 * @param {unknown} log as the server answered (docs/key_log.md 4)
 * @returns {Promise<VerifiedLog>} stored by now
 * @throws {Talk2meError} `key_log_invalid` for what proves nothing; `key_log_broken` after an alarm for what proves a lie
 */
export async function advance_log(device, held, log) {
  let verified;
  try {
    verified = await verify_log(log, held);
  } catch (error) {
    if (!is_talk2me_error(error) || !ALARMS.has(error.code)) throw error;
    throw await raise_alarm(device, /** @type {AlarmCode} */ (error.code), /** @type {LogEvidence} */ (error.details));
  }
  const { checkpoint, last } = verified;
  await change_held(device, (now_held) => {
    const { size, root, note, signature } = checkpoint;
    Object.assign(now_held, { size, root, note, signature, time: last.time, checked: device.now() });
  });
  return verified;
}
