// @ts-check
// A group's state, and the parts it is stored in. Every part belongs to an object that the library replaces when it
// changes, so what did not change keeps its bytes by reference, and after a message one ratchet is written anew.
import { concat, read_u32, read_u64, u16, u32, u64, read_u16 } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import {
  mls_decode_group_context,
  mls_decode_key_schedule,
  mls_decode_private_path,
  mls_decode_proposals,
  mls_decode_ratchets,
  mls_decode_tree,
  mls_encode_group_context,
  mls_encode_key_schedule,
  mls_encode_tree,
  mls_private_path_encoder,
  mls_proposals_encoder,
  mls_ratchets_encoder,
  tls_encode,
} from "../../vendor/third_party.js";
import { PLAIN_CONFIG, RETENTION } from "./mls_config.js";
import { read_kind } from "./mls_leaf.js";
import { NO_KEY, suite_of_name } from "./mls_suite.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Kind, Tree } from "./mls_leaf.js" */
/** @import { SignatureKey, Suite } from "./mls_suite.js" */
/** @typedef {import("ts-mls/clientState.js").ClientState} ClientState */
/** @typedef {import("ts-mls/secretTree.js").SecretTree} SecretTree */
/** @typedef {import("ts-mls/epochReceiverData.js").EpochReceiverData} OldEpoch */
/** @typedef {{ mailbox: Bytes, suite: Suite, kind: Kind, state: ClientState, signature_key: SignatureKey }} Group
 *    never changed in place */

const VERSION = 1;
const encode_private_path = tls_encode(mls_private_path_encoder);
const encode_proposals = tls_encode(mls_proposals_encoder);
const encode_ratchets = tls_encode(mls_ratchets_encoder);

/** @type {SecretTree[number]} what stands where no member is */
const NO_RATCHETS = Object.freeze({
  handshake: { secret: NO_KEY, generation: 0, unusedGenerations: {} },
  application: { secret: NO_KEY, generation: 0, unusedGenerations: {} },
});

/** @type {WeakMap<object, Bytes>} */
const encoded = new WeakMap();

/**
 * A group around a state that the library gave, without the secrets that it keeps but no longer needs.
 * @param {ClientState} state
 * @param {SignatureKey} signature_key
 * @returns {Group}
 */
export function to_group(state, signature_key) {
  const { groupId, cipherSuite, extensions } = state.groupContext;
  const suite = suite_of_name(cipherSuite);
  const kind = read_kind(extensions);
  if (suite === null || kind === null) throw new Talk2meError("group_refused");
  const kept = {
    ...state,
    signaturePrivateKey: NO_KEY,
    clientConfig: PLAIN_CONFIG,
    secretTree: keep_ratchets_of_members(state.secretTree, state.ratchetTree),
    privatePath: keep_keys_of_tree(state.privatePath, state.ratchetTree),
  };
  return { mailbox: groupId.slice(), suite, kind, state: kept, signature_key };
}

/**
 * @param {Group} group
 * @returns {Map<string, Bytes>} names: `keys`, `proposals`, `removed`, and for each epoch that can be read `epoch/<n>`,
 *   `tree/<n>` and `ratchets/<n>/<leaf>`. All of it is secret.
 */
export function group_parts({ state }) {
  const { groupContext, keySchedule, privatePath, confirmationTag, groupActiveState } = state;
  /** @type {Map<string, Bytes>} */
  const parts = new Map();
  const put_keys = () =>
    join_fields(
      Uint8Array.of(VERSION),
      u64(groupContext.epoch),
      confirmationTag,
      mls_encode_key_schedule(keySchedule),
      encode_private_path(privatePath),
    );
  parts.set("keys", once(keySchedule, put_keys));
  parts.set(
    "proposals",
    once(state.unappliedProposals, () => concat(encode_proposals(state.unappliedProposals))),
  );
  if (groupActiveState.kind === "removedFromGroup") parts.set("removed", once(groupActiveState, () => Uint8Array.of(1)));
  put_epoch(parts, { ...state, senderDataSecret: keySchedule.senderDataSecret });
  for (const old of state.historicalReceiverData.values()) put_epoch(parts, old);
  return parts;
}

/**
 * @param {Map<string, Uint8Array>} parts as `group_parts` gave them
 * @param {{ signature_key: SignatureKey }} own
 * @returns {Group}
 * @throws {Talk2meError} `storage_damaged`
 */
export function group_from_parts(parts, { signature_key }) {
  try {
    const [version, epoch, confirmationTag, schedule, path] = split_fields(part(parts, "keys"));
    if (version[0] !== VERSION) throw new Talk2meError("storage_damaged");
    const keySchedule = remember(read_all(mls_decode_key_schedule, schedule), part(parts, "keys"));
    const current = BigInt(read_u64(epoch));
    const { groupContext, ratchetTree, secretTree } = read_epoch(parts, current);
    const state = {
      groupContext,
      keySchedule,
      secretTree,
      ratchetTree,
      privatePath: read_all(mls_decode_private_path, path),
      signaturePrivateKey: NO_KEY,
      unappliedProposals: remember(read_all(mls_decode_proposals, part(parts, "proposals")), part(parts, "proposals")),
      confirmationTag,
      historicalReceiverData: read_old_epochs(parts, current),
      groupActiveState: parts.has("removed")
        ? remember({ kind: /** @type {const} */ ("removedFromGroup") }, part(parts, "removed"))
        : { kind: /** @type {const} */ ("active") },
      clientConfig: PLAIN_CONFIG,
    };
    const group = to_group(state, signature_key);
    if (group_parts(group).size !== parts.size) throw new Talk2meError("storage_damaged");
    return group;
  } catch {
    throw new Talk2meError("storage_damaged");
  }
}

/**
 * For a device that joins anew: what was sent in the epochs that it could read stays readable, as after any commit. A message may
 * have been on its way when it joined.
 * @param {Group} group as joined
 * @param {Group} before the same group, in an earlier epoch
 * @returns {Group}
 */
export function keep_epochs(group, before) {
  const { groupContext, keySchedule, secretTree, ratchetTree, historicalReceiverData } = before.state;
  const { senderDataSecret } = keySchedule;
  /** @type {[bigint, OldEpoch][]} */
  const epochs = [
    ...historicalReceiverData,
    [groupContext.epoch, { groupContext, ratchetTree, secretTree, senderDataSecret, resumptionPsk: NO_KEY }],
  ];
  const kept = epochs.slice(-RETENTION.retainKeysForEpochs);
  return { ...group, state: { ...group.state, historicalReceiverData: new Map(kept) } };
}

/**
 * The same group, which reads nothing of the epochs before.
 * @param {Group} group
 * @returns {Group}
 */
export function forget_epochs(group) {
  return { ...group, state: { ...group.state, historicalReceiverData: new Map() } };
}

/**
 * @param {Map<string, Bytes>} parts
 * @param {Pick<OldEpoch, "groupContext" | "ratchetTree" | "secretTree" | "senderDataSecret">} epoch
 */
function put_epoch(parts, { groupContext, ratchetTree, secretTree, senderDataSecret }) {
  const name = groupContext.epoch;
  const put_context = () => join_fields(mls_encode_group_context(groupContext), senderDataSecret);
  parts.set(`epoch/${name}`, once(groupContext, put_context));
  parts.set(
    `tree/${name}`,
    once(ratchetTree, () => concat(mls_encode_tree(ratchetTree))),
  );
  secretTree.forEach((ratchets, node) => {
    if (ratchets === NO_RATCHETS) return;
    const put_ratchets = () => concat(encode_ratchets(ratchets));
    parts.set(`ratchets/${name}/${node / 2}`, once(ratchets, put_ratchets));
  });
}

/**
 * @param {Map<string, Uint8Array>} parts
 * @param {bigint} epoch
 * @returns {OldEpoch}
 */
function read_epoch(parts, epoch) {
  const [context, senderDataSecret] = split_fields(part(parts, `epoch/${epoch}`));
  const groupContext = remember(read_all(mls_decode_group_context, context), part(parts, `epoch/${epoch}`));
  const ratchetTree = remember(read_all(mls_decode_tree, part(parts, `tree/${epoch}`)), part(parts, `tree/${epoch}`));
  const secretTree = Array.from(ratchetTree, (node, at) => {
    if (node?.nodeType !== "leaf") return NO_RATCHETS;
    const stored = part(parts, `ratchets/${epoch}/${at / 2}`);
    return remember(read_all(mls_decode_ratchets, stored), stored);
  });
  return { groupContext, ratchetTree, secretTree, senderDataSecret, resumptionPsk: NO_KEY };
}

/**
 * @param {Map<string, Uint8Array>} parts
 * @param {bigint} current
 * @returns {Map<bigint, OldEpoch>}
 */
function read_old_epochs(parts, current) {
  const epochs = [...parts.keys()].filter((name) => name.startsWith("epoch/")).map((name) => BigInt(name.slice(6)));
  const old = epochs.filter((epoch) => epoch !== current).sort((a, b) => (a < b ? -1 : 1));
  return new Map(old.map((epoch) => [epoch, read_epoch(parts, epoch)]));
}

/**
 * @param {SecretTree} secrets
 * @param {Tree} tree
 * @returns {SecretTree} the same one when nothing is to be forgotten
 */
function keep_ratchets_of_members(secrets, tree) {
  const is_kept = (/** @type {unknown} */ ratchets, /** @type {number} */ at) =>
    ratchets === NO_RATCHETS || tree[at]?.nodeType === "leaf";
  if (secrets.every(is_kept)) return secrets;
  return secrets.map((ratchets, at) => (is_kept(ratchets, at) ? ratchets : NO_RATCHETS));
}

/**
 * A blanked node's private key is of no use but to an attacker (RFC 9420 section 16.6).
 * @param {ClientState["privatePath"]} path
 * @param {Tree} tree
 */
function keep_keys_of_tree(path, tree) {
  const kept = Object.entries(path.privateKeys).filter(([node]) => tree[Number(node)] !== undefined);
  return { ...path, privateKeys: Object.fromEntries(kept) };
}

/** @param {object} owner @param {() => Bytes} encode @returns {Bytes} */
function once(owner, encode) {
  const bytes = encoded.get(owner) ?? encode();
  encoded.set(owner, bytes);
  return bytes;
}

/**
 * @template {object} T
 * @param {T} owner
 * @param {Uint8Array} bytes
 * @returns {T}
 */
function remember(owner, bytes) {
  encoded.set(owner, /** @type {Bytes} */ (bytes));
  return owner;
}

/** @param {Map<string, Uint8Array>} parts @param {string} name */
function part(parts, name) {
  const bytes = parts.get(name);
  if (bytes === undefined) throw new Talk2meError("storage_damaged");
  return bytes;
}

/**
 * @template T
 * @param {(bytes: Uint8Array, offset: number) => [T, number] | undefined} decode
 * @param {Uint8Array} bytes
 * @returns {T}
 */
function read_all(decode, bytes) {
  // A copy: what the library decodes are views on it, and the stored bytes must not change with them.
  const decoded = decode(bytes.slice(), 0);
  if (decoded === undefined || decoded[1] !== bytes.length) throw new Talk2meError("storage_damaged");
  return decoded[0];
}

/** @param {...Uint8Array} fields @returns {Bytes} */
function join_fields(...fields) {
  return concat(u16(fields.length), ...fields.flatMap((field) => [u32(field.length), field]));
}

/** @param {Uint8Array} bytes @returns {Bytes[]} */
function split_fields(bytes) {
  const fields = [];
  let at = 2;
  for (let count = read_u16(bytes); count > 0; count -= 1) {
    const length = read_u32(bytes, at);
    fields.push(bytes.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (at !== bytes.length) throw new Talk2meError("storage_damaged");
  return fields;
}
