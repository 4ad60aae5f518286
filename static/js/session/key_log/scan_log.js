// @ts-check
// Looks through all leaves since the last time: they have to add up to the checkpoint, and those about this account have to be
// known to it. This finds an entry that the server showed to somebody and then made its map forget.
import { equal, to_hex } from "../../codec/bytes.js";
import { from_base64url } from "../../codec/base64url.js";
import { event_name, username_name } from "../../protocol/key_log_chain.js";
import { account_index, LEAF_LENGTH, MOST_VERSIONS, read_leaf, username_indexes } from "../../protocol/key_log_leaf.js";
import { append_to_frontier, frontier_root, leaf_hash } from "../../protocol/key_log_tree.js";
import { Talk2meError } from "../../errors.js";
import { next_turn } from "../../protocol/next_turn.js";
import { change_held, get_held } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */
/** @import { HeldLog, Hit } from "./held_log.js" */
/** @typedef {Pick<Hit, "account" | "name" | "version">} Sought */

const CHUNK = 2_048;
// A contact's chain is looked at as a whole once anything new of it shows.
const CONTACT_WINDOW = 8;

/**
 * @param {Device} device
 * @returns {Promise<void>} what may be news stands in `pending` then: leaves of contacts, and those of this account that are not
 *   where one was known to be
 * @throws {Talk2meError} `key_log_broken` after an alarm, what the transport throws
 */
export function scan_log(device) {
  return device.mutexes.run("key_log_scan", async () => {
    const held = await get_held(device.store);
    if (!held?.directory_key || held.alarm) return;
    const { size, root, scanned } = held;
    const contacts = await all_contacts(device);
    const sought = scanned < size ? what_is_sought(device, held, contacts) : new Map();
    /** @type {Hit[]} */
    const hits = [];
    let { frontier } = held;
    for (let from = scanned; from < size; from += CHUNK) {
      const leaves = await read_leaves(device, from, Math.min(from + CHUNK, size));
      for (const [at, leaf] of leaves.entries()) {
        frontier = append_to_frontier(frontier, from + at, leaf_hash(leaf));
        const found = sought.get(index_of(leaf));
        if (found) hits.push({ ...found, position: from + at, leaf, since: device.now() });
      }
      // So that the page keeps answering.
      await next_turn();
    }
    // What was served as leaves is not what the checkpoint was made of.
    if (!equal(frontier_root(frontier, size), root)) throw await raise_alarm(device, "log_split", {});
    await note_scanned(device, { generation: held.generation, size, frontier, hits, sought: new Set(contacts.map(({ account }) => account)) });
  });
}

/** @param {Device} device @returns {Promise<Contact[]>} */
async function all_contacts(device) {
  return (await device.store.list("contacts", { prefix: "" })).map(({ value }) => value);
}

/** @param {Device} device @param {number} from @param {number} to @returns {Promise<Bytes[]>} */
async function read_leaves(device, from, to) {
  const joined = await device.api.key_log_leaves(from, to);
  if (joined.length !== LEAF_LENGTH * (to - from)) throw new Talk2meError("answer_invalid");
  return Array.from({ length: to - from }, (_, at) => joined.slice(LEAF_LENGTH * at, LEAF_LENGTH * (at + 1)));
}

/** @param {Bytes} leaf @returns {string} in hex, "" for a leaf of a form that no browser of this release takes for anybody's */
function index_of(leaf) {
  try {
    return to_hex(read_leaf(leaf).index);
  } catch {
    return "";
  }
}

/**
 * Every version that this account's chain and name can ever have: whoever wanted to skip one would find no browser to take it.
 * @param {Device} device
 * @param {HeldLog} held
 * @param {Contact[]} contacts
 * @returns {Map<string, Sought>} by index, in hex
 */
function what_is_sought(device, held, contacts) {
  const { account, username } = device.own;
  const own = from_base64url(account);
  const of_name = username_indexes(/** @type {Bytes} */ (held.directory_key), username);
  /** @type {Map<string, Sought>} */
  const sought = new Map();
  for (let version = 1; version <= MOST_VERSIONS; version += 1) {
    sought.set(to_hex(account_index(own, version)), { account, name: event_name(version), version });
    sought.set(to_hex(of_name(version)), { account, name: username_name(version), version });
  }
  for (const { account: id, chain, own: is_own } of contacts) {
    if (is_own) continue;
    for (let version = chain.seq + 1; version <= chain.seq + CONTACT_WINDOW; version += 1) {
      sought.set(to_hex(account_index(from_base64url(id), version)), { account: id, name: "", version });
    }
  }
  return sought;
}

/**
 * @param {Device} device
 * @param {{ generation: number, size: number, frontier: Bytes, hits: Hit[], sought: Set<string> }} scanned `sought`: whose leaves
 *   would have been seen
 */
async function note_scanned(device, { generation, size, frontier, hits, sought }) {
  await change_held(device, async (held, changes) => {
    if (held.generation !== generation) return;
    held.pending.push(...hits.filter(({ name, position }) => !name || held.own_leaves[name] !== position));
    Object.assign(held, { scanned: size, frontier, looked: device.now() });
    for (const { account, proven = 0 } of await all_contacts(device)) {
      if (!sought.has(account) && proven < size) await doubt(changes, account);
    }
  });
}

/** What was passed by without looking for this contact may hold news of it. @param {Changes} changes @param {string} account */
async function doubt(changes, account) {
  await changes.update("contacts", account, (/** @type {Contact} */ contact) => void (contact.proven = 0));
}

/**
 * A chain that was proven by a smaller log than the one that has been looked through since is to be asked for once more.
 * @param {Changes} changes
 * @param {number} proven
 * @returns {Promise<number>}
 */
export async function proven_at(changes, proven) {
  const held = await get_held(changes);
  return held && held.scanned > proven ? 0 : proven;
}

/** What can be said of a leaf without asking the server again. @param {Hit} hit */
export function bare_entry({ position, leaf }) {
  return { position, index: read_leaf(leaf).index, leaf, inclusion: new Uint8Array(0), last: null, absent: null };
}
