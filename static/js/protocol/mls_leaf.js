// @ts-check
// Who is in a group, and what our leaves and group contexts say (docs/protocol.md 10).
import { concat, equal, is_bytes, to_hex } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {import("ts-mls/leafNode.js").LeafNode} LeafNode */
/** @typedef {import("ts-mls/credential.js").Credential} Credential */
/** @typedef {import("ts-mls/extension.js").Extension} Extension */
/** @typedef {import("ts-mls/ratchetTree.js").RatchetTree} Tree */
/** @typedef {import("ts-mls/capabilities.js").Capabilities} Capabilities */
/** @typedef {import("./mls_suite.js").SuiteName} SuiteName */
/** @typedef {{ account: Bytes, device: Bytes }} Owner */
/** @typedef {Owner & { leaf: number, signature_key: Bytes }} Member */
/** @typedef {"direct" | "group"} Kind */
/** @typedef {{ roles: Bytes, rights: Bytes, settings: Bytes }} Hashes of a group's state (group_state.js), 32 bytes each */

/** Of the range for private use (RFC 9420 section 17.3). */
export const CONVERSATION_EXTENSION = 0xf2e0;
/** draft-ietf-mls-extensions: a key package that may be used more than once. */
export const LAST_RESORT_EXTENSION = 0x000a;

const ID_LENGTH = 16;
const EXTENSION_VERSION = 1;
const KIND_GROUP = 2;
const HASH_LENGTH = 32;

/**
 * @param {Owner} owner
 * @returns {Credential}
 */
export function to_credential({ account, device }) {
  return { credentialType: "basic", identity: concat(account, device) };
}

/**
 * @param {Credential} credential
 * @returns {Owner | null} null for a credential that is not of ours
 */
export function read_credential(credential) {
  if (credential.credentialType !== "basic" || !is_bytes(credential.identity, 2 * ID_LENGTH)) return null;
  return { account: credential.identity.slice(0, ID_LENGTH), device: credential.identity.slice(ID_LENGTH) };
}

/** @param {Owner} a @param {Owner} b */
export function same_device(a, b) {
  return equal(a.account, b.account) && equal(a.device, b.device);
}

/**
 * @param {SuiteName} suite
 * @returns {Capabilities}
 */
export function own_capabilities(suite) {
  return {
    versions: ["mls10"],
    ciphersuites: [suite],
    extensions: [LAST_RESORT_EXTENSION, CONVERSATION_EXTENSION],
    proposals: [],
    credentials: ["basic"],
  };
}

/**
 * @param {Tree} tree
 * @param {number} leaf
 * @returns {LeafNode | null}
 */
export function leaf_at(tree, leaf) {
  const node = tree[2 * leaf];
  return node?.nodeType === "leaf" ? node.leaf : null;
}

/**
 * The members of a tree whose credentials are all of ours, by leaf.
 * @param {Tree} tree
 * @returns {Member[] | null} null when one is not, or when a device stands there twice
 */
export function read_members(tree) {
  const members = [];
  const seen = new Set();
  for (let leaf = 0; 2 * leaf < tree.length; leaf += 1) {
    const node = leaf_at(tree, leaf);
    if (node === null) continue;
    const owner = read_credential(node.credential);
    if (owner === null) return null;
    seen.add(to_hex(owner.device));
    members.push({ leaf, ...owner, signature_key: node.signaturePublicKey.slice() });
  }
  return seen.size === members.length ? members : null;
}

/**
 * A direct conversation's context has no extension: it would always say the same, and so any implementation of MLS can
 * take part in it (docs/decisions/mls_group_context.md).
 * @param {Hashes | null} hashes null for a direct conversation
 * @returns {Extension[]}
 */
export function to_context_extensions(hashes) {
  if (hashes === null) return [];
  const extensionData = concat(Uint8Array.of(EXTENSION_VERSION, KIND_GROUP), hashes.roles, hashes.rights, hashes.settings);
  return [{ extensionType: CONVERSATION_EXTENSION, extensionData }];
}

/**
 * @param {Extension[]} extensions of a group context
 * @returns {Kind | null} null when there is anything but what we write
 */
export function read_kind(extensions) {
  if (extensions.length === 0) return "direct";
  const [{ extensionType, extensionData }] = extensions;
  const is_ours =
    extensions.length === 1 &&
    extensionType === CONVERSATION_EXTENSION &&
    extensionData.length === 2 + 3 * HASH_LENGTH &&
    extensionData[0] === EXTENSION_VERSION &&
    extensionData[1] === KIND_GROUP;
  return is_ours ? "group" : null;
}

/**
 * @param {Extension[]} extensions of a group context
 * @returns {Hashes | null} null where there are none
 */
export function read_hashes(extensions) {
  if (read_kind(extensions) !== "group") return null;
  const [{ extensionData }] = extensions;
  const hash = (/** @type {number} */ at) => extensionData.slice(2 + at * HASH_LENGTH, 2 + (at + 1) * HASH_LENGTH);
  return { roles: hash(0), rights: hash(1), settings: hash(2) };
}
