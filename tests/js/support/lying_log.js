// @ts-check
// A whole key log in memory that says whatever a test wants: begun anew or built from the leaves of a real server, forked, cut
// back, gone on with, made to forget. Signed with the key that the server makes of KEYLOG_KEY. It follows docs/key_log.md by itself, by the
// recursive definitions of RFC 9162, so that it is also what the browser's checks are tested against.
import { concat, equal, from_utf8, to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { sign, signing_key_from_seed } from "../../../static/js/crypto/ed25519.js";
import { sha256 } from "../../../static/js/crypto/hash.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { checkpoint_text } from "../../../static/js/protocol/key_log_checkpoint.js";
import { hash } from "../../../static/js/protocol/key_log_hash.js";
import {
  account_index,
  commitment,
  genesis_index,
  LEAF,
  LEAF_LENGTH,
  read_leaf,
  username_index,
  write_leaf,
} from "../../../static/js/protocol/key_log_leaf.js";
import { leaf_hash, node_hash } from "../../../static/js/protocol/key_log_tree.js";
import { cosigned_text, make_vkey, parse_note, TYPES, write_note, write_vkey } from "../../../static/js/protocol/signed_note.js";
import { absence_path, find_in_map, map_hash, presence_path, with_entry, without_entry } from "./lying_map.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @import { SigningKey } from "../../../static/js/crypto/ed25519.js" */
/** @import { LeafType } from "../../../static/js/protocol/key_log_leaf.js" */
/** @import { LyingMap } from "./lying_map.js" */
/**
 * @typedef {{ time?: number, opening?: Bytes, in_map?: boolean, position?: number }} Adding `time` in unix ms, now when left out; not
 *   `in_map`: the leaf is added, but the map is not told; `position`: what the map is told instead of the leaf's own
 * @typedef {{ since?: number, size?: number, account?: Uint8Array, seq?: number, username?: string, version?: number }} Asked what a
 *   `log` object shall hold: entries of `account` (its newest one, or that of `seq`) and of `username` (newest, or `version`), of
 *   the tree of `size` leaves (all when left out)
 */

const MINUTE = 60_000;
/** What the real server signs with when its setting is this. */
export const KEYLOG_KEY = "only for tests, and there are none who could use it";

/** @param {string} text of the setting KEYLOG_KEY @returns {Promise<SigningKey>} */
export async function log_signing_key(text) {
  return signing_key_from_seed(await sha256(to_utf8("talk2me/1 key log\0"), to_utf8(text)));
}

export class LyingLog {
  /** @type {Bytes[]} */
  leaves = [];
  /** @type {LyingMap[]} the map after each leaf */
  maps = [];
  /** @type {(Bytes | undefined)[]} of each leaf; of a real server's log those that were learned */
  openings = [];

  /** @param {{ origin: string, signing: SigningKey, directory_key: Bytes | null }} log */
  constructor({ origin, signing, directory_key }) {
    this.origin = origin;
    this.name = `${new URL(origin).host}/keylog/1`;
    this.signing = signing;
    this.directory_key = directory_key;
  }

  /**
   * A new log with its genesis.
   * @param {{ origin: string, keylog_key?: string, directory_key?: Bytes } & Adding} log
   */
  static async begin({ origin, keylog_key = KEYLOG_KEY, directory_key = random_bytes(32), ...adding }) {
    const log = new LyingLog({ origin, signing: await log_signing_key(keylog_key), directory_key });
    log.add({ type: LEAF.genesis, index: genesis_index(origin), content: directory_key }, { ...adding, in_map: false });
    return log;
  }

  /**
   * The log of a real server, from what `GET key_log/leaves` gives. Its map is made from the leaves. For proofs of what is in it
   * openings have to be learned first.
   * @param {{ origin: string, leaves: Uint8Array, keylog_key?: string, directory_key?: Bytes | null }} log `leaves` joined
   */
  static async of_leaves({ origin, leaves, keylog_key = KEYLOG_KEY, directory_key = null }) {
    const log = new LyingLog({ origin, signing: await log_signing_key(keylog_key), directory_key });
    for (let at = 0; at < leaves.length; at += LEAF_LENGTH) {
      const leaf = Uint8Array.from(leaves.subarray(at, at + LEAF_LENGTH));
      const { type, index, map_root } = read_leaf(leaf);
      const has_entry = type === LEAF.account || type === LEAF.username;
      const map = has_entry ? with_entry(log.map, index, log.size) : log.map;
      if (!equal(map_hash(map), map_root)) throw new Error(`the map after leaf ${log.size} is another one`);
      log.push(leaf, map, undefined);
    }
    return log;
  }

  /** The same log, to go on with apart from this one. */
  fork() {
    const copy = new LyingLog(this);
    [copy.leaves, copy.maps, copy.openings] = [[...this.leaves], [...this.maps], [...this.openings]];
    return copy;
  }

  /** @param {number} size forgets every leaf after so many */
  cut(size) {
    for (const list of [this.leaves, this.maps, this.openings]) list.length = size;
    return this;
  }

  get size() {
    return this.leaves.length;
  }

  get map() {
    return this.maps.at(-1) ?? null;
  }

  /** @returns {string} as `GET server` says it */
  get vkey() {
    return write_vkey(make_vkey(this.name, TYPES.ed25519, this.signing.public_key));
  }

  // Adding

  /**
   * @param {{ account: Uint8Array, seq: number, event: Uint8Array }} event
   * @param {Adding} [adding]
   * @returns {number} its position
   */
  add_account({ account, seq, event }, adding) {
    return this.add({ type: LEAF.account, index: account_index(account, seq), content: event }, adding);
  }

  /** @param {{ username: string, account: Uint8Array, version?: number }} name @param {Adding} [adding] @returns {number} */
  add_username({ username, account, version = 1 }, adding) {
    return this.add({ type: LEAF.username, index: this.username_index(username, version), content: account }, adding);
  }

  /** @param {Adding} [adding] @returns {number} */
  add_heartbeat({ time } = {}) {
    return this.add({ type: LEAF.heartbeat, index: new Uint8Array(32), content: null }, { time, in_map: false });
  }

  /**
   * @param {{ type: LeafType, index: Bytes, content: Uint8Array | null }} what
   * @param {Adding} [adding]
   * @returns {number} its position
   */
  add({ type, index, content }, { time = Date.now(), opening = random_bytes(32), in_map = true, position = this.size } = {}) {
    const map = in_map ? with_entry(this.map, index, position) : this.map;
    const leaf = write_leaf({
      ...{ type, index, time: time - (time % MINUTE), map_root: map_hash(map) },
      commitment: content ? commitment(opening, index, content) : new Uint8Array(32),
    });
    return this.push(leaf, map, opening);
  }

  /** @param {Bytes} leaf @param {LyingMap} map @param {Bytes | undefined} opening @returns {number} */
  push(leaf, map, opening) {
    this.maps.push(map);
    this.openings.push(opening);
    return this.leaves.push(leaf) - 1;
  }

  /** From the next leaf on the map has no such entry. @param {Uint8Array} index */
  forget(index) {
    this.maps[this.size - 1] = without_entry(this.map, index);
  }

  // What the server answers

  /** Takes over the openings of a real server's answer. @param {any} log */
  learn({ account, first, username }) {
    for (const entry of [account, first, username]) {
      if (entry) this.openings[entry.position] = from_base64url(entry.opening);
    }
  }

  /** The same from its `GET key_log/directory`. @param {any} answer */
  learn_directory({ genesis }) {
    this.openings[0] = from_base64url(genesis.opening);
    this.directory_key = from_base64url(genesis.directory_key);
  }

  /** @param {Asked} [asked] @returns {Promise<any>} the `log` object of docs/key_log.md 4 */
  async log({ since = 0, size = this.size, account, seq, username, version } = {}) {
    const entries = { ...(account && this.account_entries(account, size, seq)) };
    const name = (/** @type {number} */ of) => this.username_index(/** @type {string} */ (username), of);
    if (username !== undefined) entries.username = this.entry(name, version ?? this.newest(name, size), size);
    return {
      checkpoint: await this.checkpoint(size),
      consistency: to_base64url(since > 0 && since < size ? this.consistency(since, size) : new Uint8Array(0)),
      last: { leaf: to_base64url(this.leaves[size - 1]), inclusion: to_base64url(this.inclusion(size - 1, size)) },
      ...entries,
    };
  }

  /** @param {{ since?: number, size?: number }} [asked] @returns {Promise<any>} as `GET key_log/directory` */
  async directory({ since, size = this.size } = {}) {
    return { log: await this.log({ since, size }), genesis: this.genesis(size), frontier: to_base64url(this.frontier(size)) };
  }

  /** @param {number} [size] */
  genesis(size = this.size) {
    return {
      leaf: to_base64url(this.leaves[0]),
      inclusion: to_base64url(this.inclusion(0, size)),
      opening: to_base64url(/** @type {Bytes} */ (this.openings[0])),
      directory_key: to_base64url(/** @type {Bytes} */ (this.directory_key)),
    };
  }

  /**
   * @param {number} [size]
   * @param {Bytes} [root] that of the tree when left out
   * @returns {Promise<string>} the signed note
   */
  async checkpoint(size = this.size, root = this.root(size)) {
    const text = checkpoint_text({ name: this.name, size, root });
    const { id } = make_vkey(this.name, TYPES.ed25519, this.signing.public_key);
    return write_note(text, [{ name: this.name, id, signature: await sign(this.signing.private_key, to_utf8(text)) }]);
  }

  /** What a message says of a checkpoint. @param {number} [size] @param {Bytes} [root] */
  async parts(size = this.size, root = this.root(size)) {
    const [{ signature }] = parse_note(await this.checkpoint(size, root)).lines;
    return { size, root, signature };
  }

  /** As `GET key_log/leaves`. @param {number} from @param {number} to @returns {Bytes} */
  leaves_between(from, to) {
    return concat(...this.leaves.slice(from, to));
  }

  /** @param {number} [size] @returns {Bytes} */
  root(size = this.size) {
    return tree_root(this.hashes(size));
  }

  /** @param {number} position @param {number} [size] @returns {Bytes} joined */
  inclusion(position, size = this.size) {
    return concat(...inclusion_path(position, this.hashes(size)));
  }

  /** @param {number} from @param {number} [to] @returns {Bytes} joined */
  consistency(from, to = this.size) {
    return concat(...consistency_path(from, this.hashes(to), true));
  }

  /** @param {number} [size] @returns {Bytes} roots of the complete subtrees, largest first, joined */
  frontier(size = this.size) {
    if (size === 0) return new Uint8Array(0);
    const largest = 2 ** Math.floor(Math.log2(size));
    const hashes = this.hashes(size);
    const rest = new LyingLog(this);
    rest.leaves = this.leaves.slice(largest, size);
    return concat(tree_root(hashes.slice(0, largest)), rest.frontier());
  }

  /** @param {string} username @param {number} version */
  username_index(username, version) {
    return username_index(/** @type {Bytes} */ (this.directory_key), username, version);
  }

  // Internal

  /** @param {number} size */
  hashes(size) {
    return this.leaves.slice(0, size).map(leaf_hash);
  }

  /** @param {Uint8Array} account @param {number} size @param {number} [seq] @returns {Record<string, any>} */
  account_entries(account, size, seq) {
    const index = (/** @type {number} */ version) => account_index(account, version);
    const last = seq ?? this.newest(index, size);
    const entry = this.entry(index, last, size);
    return last === 1 ? { account: entry } : { account: entry, first: this.entry(index, 1, size, false) };
  }

  /** @param {(version: number) => Bytes} index @param {number} size @returns {number} 1 also when there is none */
  newest(index, size) {
    let version = 1;
    while (find_in_map(this.maps[size - 1], index(version + 1)) !== undefined) version += 1;
    return version;
  }

  /** @param {(version: number) => Bytes} index @param {number} version @param {number} size @param {boolean} [is_newest] */
  entry(index, version, size, is_newest = true) {
    const map = this.maps[size - 1];
    const hex = to_hex(index(version));
    // What the map has forgotten is looked for among the leaves, so that the answer is as good as it can be.
    const position = find_in_map(map, index(version)) ?? this.leaves.findIndex((leaf) => to_hex(read_leaf(leaf).index) === hex);
    if (position < 0) throw new Error("the log has no such entry");
    const { path, other } = absence_path(map, index(version + 1));
    return {
      version,
      position,
      leaf: to_base64url(this.leaves[position]),
      inclusion: to_base64url(this.inclusion(position, size)),
      opening: to_base64url(this.openings[position] ?? new Uint8Array(32)),
      present: to_base64url(presence_path(map, index(version))),
      ...(is_newest && {
        absent: { path: to_base64url(path), other: other && { key: to_base64url(other.key), position: other.position } },
      }),
    };
  }
}

/**
 * @param {string} note of a checkpoint
 * @param {{ name: string, signing: SigningKey }} witness
 * @param {number} time unix seconds
 * @returns {Promise<string>} the note with its line (C2SP tlog-cosignature)
 */
export async function cosign(note, { name, signing }, time) {
  const { text, lines } = parse_note(note);
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  const signature = concat(stamp, await sign(signing.private_key, to_utf8(cosigned_text(text, time))));
  return write_note(text, [...lines, { name, id: make_vkey(name, TYPES.cosignature, signing.public_key).id, signature }]);
}

/** @param {number} count more than 1 @returns {number} the largest power of two below it */
const split_of = (count) => 2 ** Math.ceil(Math.log2(count) - 1);

/** RFC 9162 section 2.1.1. @param {Bytes[]} hashes @returns {Bytes} */
function tree_root(hashes) {
  if (hashes.length === 0) return hash();
  if (hashes.length === 1) return hashes[0];
  const split = split_of(hashes.length);
  return node_hash(tree_root(hashes.slice(0, split)), tree_root(hashes.slice(split)));
}

/** RFC 9162 section 2.1.3.1. @param {number} position @param {Bytes[]} hashes @returns {Bytes[]} */
function inclusion_path(position, hashes) {
  if (hashes.length <= 1) return [];
  const split = split_of(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return position < split
    ? [...inclusion_path(position, left), tree_root(right)]
    : [...inclusion_path(position - split, right), tree_root(left)];
}

/** RFC 9162 section 2.1.4.1. @param {number} from @param {Bytes[]} hashes @param {boolean} is_known @returns {Bytes[]} */
function consistency_path(from, hashes, is_known) {
  if (from === hashes.length) return is_known ? [] : [tree_root(hashes)];
  const split = split_of(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return from <= split
    ? [...consistency_path(from, left, is_known), tree_root(right)]
    : [...consistency_path(from - split, right, false), tree_root(left)];
}

/**
 * Every text that differs in one bit of its UTF-8 form, as far as those bits still make a text.
 * @param {string} text
 * @returns {Iterable<string>}
 */
export function* one_bit_off(text) {
  const bytes = to_utf8(text);
  for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
    bytes[bit >> 3] ^= 1 << (bit & 7);
    try {
      yield from_utf8(bytes);
    } catch {
      // no text at all
    }
    bytes[bit >> 3] ^= 1 << (bit & 7);
  }
}
