// @ts-check
// Looks through all leaves since the last time: they have to add up to the checkpoint, and those about this account have to be
// known to it. This finds an entry that the server showed to somebody and then made its map forget.
import { equal, to_hex } from "../../codec/bytes.js";
import { from_base64url } from "../../codec/base64url.js";
import { event_name, username_name } from "../../protocol/key_log_chain.js";
import { account_index, LEAF_LENGTH, MOST_VERSIONS, read_leaf, username_index } from "../../protocol/key_log_leaf.js";
import { append_to_frontier, frontier_root, leaf_hash } from "../../protocol/key_log_tree.js";
import { Talk2meError } from "../../errors.js";
import { change_held, get_held } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */
/** @import { HeldLog, Hit } from "./held_log.js" */
/** @typedef {Omit<Hit, "position" | "leaf">} Sought */

const CHUNK = 2_048;
// A contact's chain is looked at as a whole once anything new of it shows.
const CONTACT_WINDOW = 8;

/**
 * @param {Device} device
 * @returns {Promise<void>} what may be news stands in `pending` then: leaves of contacts, and those of this account that it has not
 *   noted
 * @throws {Talk2meError} `key_log_broken` after an alarm, what the transport throws
 */
export function scan_log(device) {
  return device.mutexes.run("key_log_scan", async () => {
    const held = await get_held(device.store);
    if (!held?.directory_key || held.alarm) return;
    const { size, root, scanned } = held;
    const sought = scanned < size ? await what_is_sought(device, held) : new Map();
    /** @type {Hit[]} */
    const hits = [];
    let { frontier } = held;
    for (let from = scanned; from < size; from += CHUNK) {
      const leaves = await read_leaves(device, from, Math.min(from + CHUNK, size));
      for (const [at, leaf] of leaves.entries()) {
        frontier = append_to_frontier(frontier, from + at, leaf_hash(leaf));
        const found = sought.get(to_hex(read_leaf(leaf).index));
        if (found) hits.push({ ...found, position: from + at, leaf });
      }
      // So that the page keeps answering.
      await new Promise((resolve) => void setTimeout(resolve, 0));
    }
    // What was served as leaves is not what the checkpoint was made of.
    if (!equal(frontier_root(frontier, size), root)) throw await raise_alarm(device, "log_split", {});
    await note_scanned(device, { size, frontier, hits });
  });
}

/** @param {Device} device @param {number} from @param {number} to @returns {Promise<Bytes[]>} */
async function read_leaves(device, from, to) {
  const joined = await device.api.key_log_leaves(from, to);
  if (joined.length !== LEAF_LENGTH * (to - from)) throw new Talk2meError("answer_invalid");
  return Array.from({ length: to - from }, (_, at) => joined.slice(LEAF_LENGTH * at, LEAF_LENGTH * (at + 1)));
}

/**
 * Every version that this account's chain and name can ever have: whoever wanted to skip one would find no browser to take it.
 * @param {Device} device
 * @param {HeldLog} held
 * @returns {Promise<Map<string, Sought>>} by index, in hex
 */
async function what_is_sought(device, held) {
  const { account, username } = device.own;
  const own = from_base64url(account);
  /** @type {Map<string, Sought>} */
  const sought = new Map();
  for (let version = 1; version <= MOST_VERSIONS; version += 1) {
    sought.set(to_hex(account_index(own, version)), { account, name: event_name(version), version });
    const of_name = username_index(/** @type {Bytes} */ (held.directory_key), username, version);
    sought.set(to_hex(of_name), { account, name: username_name(version), version });
  }
  for (const { value } of await device.store.list("contacts", { prefix: "" })) {
    const { account: id, chain, own: is_own } = /** @type {Contact} */ (value);
    if (is_own) continue;
    for (let version = chain.seq + 1; version <= chain.seq + CONTACT_WINDOW; version += 1) {
      sought.set(to_hex(account_index(from_base64url(id), version)), { account: id, name: "", version });
    }
  }
  return sought;
}

/**
 * @param {Device} device
 * @param {{ size: number, frontier: Bytes, hits: Hit[] }} scanned
 * @throws {Talk2meError} `key_log_broken` when there is a second leaf for what has one
 */
async function note_scanned(device, { size, frontier, hits }) {
  /** @type {Hit | null} */
  let twice = null;
  await change_held(device, (held) => {
    for (const hit of hits) {
      const known = hit.name ? held.own_leaves[hit.name] : undefined;
      if (known === undefined) held.pending.push(hit);
      else if (known !== hit.position) twice ??= hit;
    }
    Object.assign(held, { scanned: size, frontier, looked: device.now() });
  });
  if (twice) throw await raise_alarm(device, "log_own_account", { entry: bare_entry(twice) });
}

/** What can be said of a leaf without asking the server again. @param {Hit} hit */
export function bare_entry({ position, leaf }) {
  return { position, index: read_leaf(leaf).index, leaf, inclusion: new Uint8Array(0), last: null, absent: null };
}

/**
 * The leaves that prove what this account's chain and name are now; a second place for one of them is a lie.
 * @param {Device} device
 * @param {Record<string, number>} positions
 * @throws {Talk2meError} `key_log_broken`
 */
export async function note_own_leaves(device, positions) {
  let moved = false;
  await change_held(device, (held) => {
    for (const [name, position] of Object.entries(positions)) {
      const known = held.own_leaves[name];
      if (known !== undefined && known !== position) moved = true;
      else held.own_leaves[name] = position;
    }
  });
  if (moved) throw await raise_alarm(device, "log_own_account", {});
}
