// @ts-check
// What is measured: each thing that a group does, on the side of whoever does it and of whoever gets it, by our modules and by
// the library alone. Nothing changes the group, so it can be done again and again.
import { random_bytes } from "../../static/js/crypto/random.js";
import { add_members, change_context, encrypt, process, remove_members } from "../../static/js/protocol/mls.js";
import { decode_key_package } from "../../static/js/protocol/mls_key_package.js";
import { to_context_extensions } from "../../static/js/protocol/mls_leaf.js";
import { any_hashes } from "../../tests/js/protocol/mls_people.js";
import { bare_commit, bare_encrypt, bare_join, bare_process } from "./bare.js";
import { join } from "./grown.js";

/** @import { Pending } from "../../static/js/protocol/mls_change.js" */
/** @import { Proposal } from "../../static/js/protocol/mls_policy.js" */
/** @import { SignatureKey, SuiteImpl } from "../../static/js/protocol/mls_suite.js" */
/** @import { Grown } from "./grown.js" */
/** @typedef {{ ours: () => Promise<unknown>, library: (impl: SuiteImpl) => Promise<unknown>, signature_key: SignatureKey }} Step */
/** @typedef {{ bytes: Record<string, number>, steps: Record<string, Step> }} Operation */

/** A message of about a thousand characters, padded (docs/protocol.md 8). */
const MESSAGE = 1_088;

/** @param {Grown} grown @returns {Promise<Record<string, Operation>>} */
export async function prepare_operations(grown) {
  return { add: await add(grown), remove: await remove(grown), settings: await settings(grown), message: await message(grown) };
}

/** @param {Grown} grown @returns {Promise<Operation>} one more member */
async function add(grown) {
  const { writer, policy, guest } = grown;
  const { key_package } = guest.key_package;
  const ours = () => add_members(writer, [key_package], policy);
  const made = await ours();
  const operation = commit(grown, made, ours, [{ proposalType: "add", add: { keyPackage: decode_key_package(key_package) } }]);
  operation.steps.join = {
    ours: () => join(guest, made.welcome, policy),
    library: (impl) => bare_join(guest, made.welcome ?? new Uint8Array(0), impl),
    signature_key: guest.device.signature_key,
  };
  return operation;
}

/** @param {Grown} grown @returns {Promise<Operation>} one less */
async function remove(grown) {
  const { writer, reader, policy, out } = grown;
  const ours = () => remove_members(writer, [out], policy);
  const operation = commit(grown, await ours(), ours, [{ proposalType: "remove", remove: { removed: out } }]);
  // In a group of two it is the reader who goes.
  if (reader.state.privatePath.leafIndex === out) delete operation.steps.read;
  return operation;
}

/** @param {Grown} grown @returns {Promise<Operation>} another title */
async function settings(grown) {
  const { writer, policy } = grown;
  const hashes = any_hashes();
  const ours = () => change_context(writer, hashes, policy);
  const extensions = to_context_extensions(hashes);
  const proposals = [{ proposalType: /** @type {const} */ ("group_context_extensions"), groupContextExtensions: { extensions } }];
  return commit(grown, await ours(), ours, proposals);
}

/** @param {Grown} grown @returns {Promise<Operation>} */
async function message({ writer, reader, policy }) {
  const plain = random_bytes(MESSAGE);
  const { body } = await encrypt(writer, plain);
  return {
    bytes: { message: body.length },
    steps: {
      make: {
        ours: () => encrypt(writer, plain),
        library: (impl) => bare_encrypt(writer, plain, impl),
        signature_key: writer.signature_key,
      },
      read: {
        ours: () => process(reader, body, policy),
        library: (impl) => bare_process(reader, body, impl),
        signature_key: reader.signature_key,
      },
    },
  };
}

/**
 * @param {Grown} grown
 * @param {Pending} made
 * @param {() => Promise<unknown>} ours
 * @param {Proposal[]} proposals
 * @returns {Operation}
 */
function commit({ writer, reader, policy }, made, ours, proposals) {
  const { welcome, group_info } = made;
  return {
    bytes: { commit: made.commit.length, welcome: welcome?.length ?? 0, group_info: group_info.length },
    steps: {
      make: { ours, library: (impl) => bare_commit(writer, proposals, impl), signature_key: writer.signature_key },
      read: {
        ours: () => process(reader, made.commit, policy),
        library: (impl) => bare_process(reader, made.commit, impl),
        signature_key: reader.signature_key,
      },
    },
  };
}
