// @ts-check
// If the person asks for it: k of n witnesses have signed a checkpoint that this browser's own one continues.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { cosigned_by, read_checkpoint } from "../../protocol/key_log_checkpoint.js";
import { verify_consistency } from "../../protocol/key_log_tree.js";
import { parse_vkey, TYPES } from "../../protocol/signed_note.js";
import { mark_vault } from "../vault/keep_vault.js";
import { put_setting } from "../settings.js";
import { advance_log, ready_log, with_log } from "./advance_log.js";
import { change_held, FRESH, witness_wish } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Device } from "../device.js" */
/** @import { Checkpoint } from "../../protocol/key_log_checkpoint.js" */
/** @import { HeldLog } from "./held_log.js" */
/** @import { Vkey } from "../../protocol/signed_note.js" */

const MOST_WITNESSES = 16;

/** @param {Device} device @throws {Talk2meError} `key_log_broken` after an alarm; what the transport throws */
export async function check_witnesses(device) {
  const { witnesses, quorum } = await witness_wish(device.store);
  if (quorum === 0) return;
  await with_log(device, async () => {
    let held = await ready_log(device);
    const note = await cosigned_note(device);
    const cosigned = note && (await read_cosigned(note, held));
    if (!cosigned) return;
    const signers = await cosigned_by(note, read_witnesses(witnesses));
    // One from the future would count for ever; by as much as the past a clock may be wrong.
    const times = signers.map(({ time }) => time).filter((time) => Math.abs(device.now() - time) <= FRESH);
    // Too few, or too old: what was found good before counts for as long as it may.
    if (times.length < quorum) return;
    if (cosigned.size > held.size) {
      const { log } = await device.api.key_log_news(held.size);
      held = { ...held, ...(await advance_log(device, held, log)).checkpoint };
    }
    if (cosigned.size > held.size) throw await raise_alarm(device, "log_rolled_back", { theirs: note });
    const proof = cosigned.size === held.size ? new Uint8Array(0) : await device.api.key_log_consistency(cosigned.size, held.size);
    const steps = { from: cosigned.size, to: held.size };
    if (!verify_consistency({ ...steps, root_from: cosigned.root, root_to: held.root, proof })) {
      throw await raise_alarm(device, "log_split", { theirs: note, proof: { ...steps, hashes: proof } });
    }
    // As old as the oldest of the newest k.
    const time = times.sort((a, b) => b - a)[quorum - 1];
    await change_held(device, (now_held) => void (now_held.witnessed = Math.min(time, device.now())));
  });
}

/** @param {Device} device @returns {Promise<string | null>} null while witnesses have signed nothing */
async function cosigned_note(device) {
  try {
    return await device.api.key_log_cosigned();
  } catch (error) {
    if (error instanceof Talk2meError && error.code === "not_found") return null;
    throw error;
  }
}

/** @param {string} note @param {HeldLog} held @returns {Promise<Checkpoint | null>} null for one of a log of before, by another key */
async function read_cosigned(note, held) {
  try {
    return await read_checkpoint(note, held);
  } catch (error) {
    if (is_talk2me_error(error, "log_key_changed")) return null;
    throw error;
  }
}

/**
 * @param {Device} device
 * @param {{ witnesses: string, quorum: number }} wish verifier keys (C2SP), one a line
 * @throws {Talk2meError} `witnesses_invalid`
 */
export async function set_witnesses(device, { witnesses, quorum }) {
  const lines = witnesses.split(/\s+/).filter(Boolean);
  const names = new Set(read_witnesses(lines.join("\n")).map(({ name }) => name));
  if (!Number.isSafeInteger(quorum) || quorum < 0 || quorum > lines.length || names.size !== lines.length) {
    throw new Talk2meError("witnesses_invalid");
  }
  await device.store.transaction(async (changes) => {
    await put_setting(changes, "key_log_witnesses", lines.join("\n"), device.now());
    await put_setting(changes, "key_log_quorum", quorum, device.now());
    const held = await changes.get("meta", "key_log");
    // From now on they are asked for: until they have been heard this is no reason for an alarm, later it is.
    if (held) changes.put("meta", "key_log", { ...held, witnessed: 0, begun: device.now() });
    await mark_vault(changes, device);
    changes.after(() => device.emit("key_log"));
  });
  device.background(() => check_witnesses(device));
}

/** @param {string} text @returns {Vkey[]} */
function read_witnesses(text) {
  const lines = text.split("\n").filter(Boolean);
  if (lines.length > MOST_WITNESSES) throw new Talk2meError("witnesses_invalid");
  return lines.map((line) => {
    try {
      const vkey = parse_vkey(line);
      if (vkey.type === TYPES.cosignature) return vkey;
    } catch {
      // told below
    }
    throw new Talk2meError("witnesses_invalid");
  });
}
