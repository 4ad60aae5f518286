// @ts-check
// What others say they have seen of the log, in each message and in scanned codes: the server has to show that it is the same log.
// Off the main path: noted with the message, compared a little later.
import { equal } from "../../codec/bytes.js";
import { is_talk2me_error } from "../../errors.js";
import { checkpoint_from_parts } from "../../protocol/key_log_checkpoint.js";
import { verify_consistency } from "../../protocol/key_log_tree.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { advance_log, ready_log, with_log } from "./advance_log.js";
import { change_held } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Conversation } from "../records.js" */
/** @import { Device } from "../device.js" */
/**
 * @typedef {{ size: number, root: Bytes, signature: Bytes | null }} Told `signature` of the log; null for what this account's own
 *   vault says
 */

const TOLD = "key_log_told";
const FOREIGN = "key_log_foreign";
// What does not answer has proven nothing, and may have its reasons: milliseconds.
const RETRY = 60_000;

/**
 * The newest one of each teller is kept: an older one of another log would still not fit the newer.
 * @param {Changes} changes
 * @param {Device} device
 * @param {{ account: string, by: string }} teller `by`: the device, or how else it came
 * @param {Told | null} told
 */
export async function note_told(changes, device, { account, by }, told) {
  if (!told || told.size === 0) return;
  const held = await changes.get("meta", "key_log");
  if (held && held.size === told.size && equal(held.root, told.root)) return;
  const all = (await changes.get("meta", TOLD)) ?? {};
  const teller = `${account}/${by}`;
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
  if (all.length === 0) return;
  const failures = [];
  for (const [teller, told] of all) {
    try {
      const is_ours = await with_log(device, () => compare(device, told));
      await note_compared(device, teller, told, is_ours);
    } catch (error) {
      // One that is not answered hides none of the others.
      failures.push(error);
    }
  }
  // The server owes an answer, whatever keeps it from giving one: without any for 26 hours it is as one that can't be reached.
  await change_held(device, (held) => {
    held.unproven_since = failures.length === 0 ? null : (held.unproven_since ?? device.now());
  });
  if (failures.length === 0) return;
  if (!failures.some((error) => is_talk2me_error(error, "key_log_broken"))) device.tasks.compare_log(RETRY);
  throw failures[0];
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
    const { log } = await device.api.key_log_news(held.size);
    const { checkpoint } = await advance_log(device, held, log);
    held = { ...held, ...checkpoint };
    if (told.size > held.size) throw await raise_alarm(device, "log_rolled_back", found);
  }
  if (told.size === held.size) {
    if (!equal(told.root, held.root)) throw await raise_alarm(device, "log_split", found);
    return true;
  }
  const proof = await device.api.key_log_consistency(told.size, held.size);
  const is_one = verify_consistency({ from: told.size, to: held.size, root_from: told.root, root_to: held.root, proof });
  if (is_one) return true;
  const { size } = held;
  throw await raise_alarm(device, "log_split", { ...found, proof: { from: told.size, to: size, hashes: proof } });
}

/**
 * @param {Device} device
 * @param {string} teller
 * @param {Told} told
 * @param {boolean} is_ours
 */
async function note_compared(device, teller, told, is_ours) {
  const [account] = teller.split("/");
  await device.store.transaction(async (changes) => {
    const { [teller]: present, ...others } = (await changes.get("meta", TOLD)) ?? {};
    if (is_same(present, told)) changes.put("meta", TOLD, others);
    const { [account]: was_foreign, ...rest } = (await changes.get("meta", FOREIGN)) ?? {};
    // Said once, and again only after the two have agreed.
    if (is_ours && was_foreign) changes.put("meta", FOREIGN, rest);
    if (!is_ours && !was_foreign && (await tell_foreign(changes, device, account))) {
      changes.put("meta", FOREIGN, { ...rest, [account]: true });
    }
  });
}

/** @param {Changes} changes @param {Device} device @param {string} account @returns {Promise<boolean>} whether it was told */
async function tell_foreign(changes, device, account) {
  const contact = await changes.get("contacts", account);
  const own = account === device.own.account;
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", account);
  // Somebody who is not accepted yet makes no dialog open.
  if (!contact || (!own && conversation?.state !== "active" && conversation?.state !== "stopped")) return false;
  const { username } = contact.chain;
  if (conversation) {
    add_notice(changes, device, conversation, "log_foreign");
    changes.put("conversations", account, conversation);
    tell_conversation(changes, device, account);
  }
  changes.after(() => device.emit("alert", { code: "log_foreign", account, username, own, ...(own ? {} : { conversation: account }) }));
  return true;
}

/** @param {Told | undefined} a @param {Told} b */
function is_same(a, b) {
  return a !== undefined && a.size === b.size && equal(a.root, b.root) && (a.signature === null) === (b.signature === null);
}
