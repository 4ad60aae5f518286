// @ts-check
// What others say they have seen of the log, in each message and in scanned codes: the server has to show that it is the same log.
// Off the main path: noted with the message, compared a little later.
import { equal } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { checkpoint_from_parts } from "../../protocol/key_log_checkpoint.js";
import { verify_consistency } from "../../protocol/key_log_tree.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { advance_log, ready_log, with_log } from "./advance_log.js";
import { change_held } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/**
 * @typedef {{ size: number, root: Bytes, signature: Bytes | null }} Told `signature` of the log; null where the person's own word
 *   stands for it, as in a scanned code
 */

const TOLD = "key_log_told";
// What answers with an error has proven nothing, and may have its reasons.
const RETRY = 60_000;

/**
 * The newest one of each teller is kept: an older one of another log would still not fit the newer.
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} teller account, or what else it came by
 * @param {Told | null} told
 */
export async function note_told(changes, device, teller, told) {
  if (!told || told.size === 0) return;
  const held = await changes.get("meta", "key_log");
  if (held && held.size === told.size && equal(held.root, told.root)) return;
  const all = (await changes.get("meta", TOLD)) ?? {};
  if (is_same(all[teller], told)) return;
  changes.put("meta", TOLD, { ...all, [teller]: told });
  changes.after(() => device.tasks.compare_log());
}

/**
 * @param {Device} device
 * @throws {Talk2meError} `key_log_broken` after an alarm; what the transport throws
 */
export async function compare_told(device) {
  const all = Object.entries((await device.store.get("meta", TOLD)) ?? {});
  for (const [teller, told] of all) {
    const fits = await with_log(device, () => compare(device, told));
    if (!fits) await tell_foreign(device, teller);
    await forget(device, teller, told);
  }
  if (all.length > 0) await change_held(device, (held) => void (held.unproven_since = null));
}

/**
 * @param {Device} device
 * @param {Told} told
 * @returns {Promise<boolean>} false when this log's key has not signed it
 */
async function compare(device, told) {
  let held = await ready_log(device);
  const theirs = told.signature ? await checkpoint_from_parts({ ...told, signature: told.signature }, held) : null;
  if (told.signature && !theirs) return false;
  const found = { theirs: theirs?.note ?? null, told };
  if (told.size > held.size) {
    const { log } = await owed(device, () => device.api.key_log_news(held.size));
    const { checkpoint } = await advance_log(device, held, log);
    held = { ...held, ...checkpoint };
    if (told.size > held.size) throw await raise_alarm(device, "log_rolled_back", found);
  }
  if (told.size === held.size) {
    if (!equal(told.root, held.root)) throw await raise_alarm(device, "log_split", found);
    return true;
  }
  const proof = await owed(device, () => device.api.key_log_consistency(told.size, held.size));
  const is_one = verify_consistency({ from: told.size, to: held.size, root_from: told.root, root_to: held.root, proof });
  if (is_one) return true;
  const { size } = held;
  throw await raise_alarm(device, "log_split", { ...found, proof: { from: told.size, to: size, hashes: proof } });
}

/**
 * The server owes an answer. One that has none for 26 hours is as one that can't be reached.
 * @template T
 * @param {Device} device
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function owed(device, ask) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Talk2meError && error.code !== "offline") {
      await change_held(device, (held) => void (held.unproven_since ??= device.now()));
      device.later(RETRY, async () => device.tasks.compare_log());
    }
    throw error;
  }
}

/** @param {Device} device @param {string} account */
async function tell_foreign(device, account) {
  await device.store.transaction(async (changes) => {
    const conversation = await changes.get("conversations", account);
    const contact = await changes.get("contacts", account);
    if (!conversation || !contact) return;
    add_notice(changes, device, conversation, "log_foreign");
    changes.put("conversations", account, conversation);
    tell_conversation(changes, device, account);
    const { username } = contact.chain;
    changes.after(() => device.emit("alert", { code: "log_foreign", account, username, conversation: account }));
  });
}

/** @param {Device} device @param {string} teller @param {Told} told */
async function forget(device, teller, told) {
  await device.store.transaction(async (changes) => {
    const { [teller]: present, ...others } = (await changes.get("meta", TOLD)) ?? {};
    if (is_same(present, told)) changes.put("meta", TOLD, others);
  });
}

/** @param {Told | undefined} a @param {Told} b */
function is_same(a, b) {
  return a !== undefined && a.size === b.size && equal(a.root, b.root) && (a.signature === null) === (b.signature === null);
}
