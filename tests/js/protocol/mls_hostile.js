// @ts-check
// A member who does not keep to our rules: the library without our checks, on the state of one of ours.
import { createCommit, joinGroupExternal } from "ts-mls/createCommit.js";
import { createApplicationMessage, createProposal } from "ts-mls/createMessage.js";
import { encodeMlsMessage } from "ts-mls/message.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { PLAIN_CONFIG } from "../../../static/js/protocol/mls_config.js";
import { decode_body } from "../../../static/js/protocol/mls_change.js";
import { make_key_package } from "../../../static/js/protocol/mls_key_package.js";
import { suite_impl } from "../../../static/js/protocol/mls_suite.js";
import { NOW } from "./mls_people.js";

/** @import { Device } from "./mls_people.js" */
/** @import { Group } from "../../../static/js/protocol/mls_state.js" */
/** @typedef {import("ts-mls/proposal.js").Proposal} AnyProposal */
/** @typedef {import("ts-mls/clientState.js").ClientState} ClientState */
/** @typedef {import("../../../static/js/protocol/mls_suite.js").SuiteImpl} SuiteImpl */
/** @typedef {import("ts-mls/createCommit.js").CreateCommitOptions} CommitOptions */

const credulous = { ...PLAIN_CONFIG, authService: { validateCredential: async () => true } };

/** @param {Group} group @param {(state: ClientState) => ClientState} [alter] */
function credulous_state({ state }, alter = (same) => same) {
  return alter({ ...state, clientConfig: credulous });
}

/**
 * @param {Group} group
 * @param {AnyProposal[]} proposals
 * @param {{ options?: CommitOptions, alter?: (state: ClientState) => ClientState, impl?: (impl: SuiteImpl) => SuiteImpl,
 *   psks?: import("ts-mls/pskIndex.js").PskIndex }} [how]
 */
export async function hostile_commit(group, proposals, how = {}) {
  const { options, alter, impl = (same) => same, psks = emptyPskIndex } = how;
  const cipherSuite = impl(await suite_impl(group.suite, group.signature_key));
  const context = { state: credulous_state(group, alter), cipherSuite, pskIndex: psks };
  const made = await createCommit(context, { extraProposals: proposals, ratchetTreeExtension: true, ...options });
  const { welcome } = made;
  return {
    body: encodeMlsMessage(made.commit),
    welcome: welcome ? encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome }) : null,
    state: made.newState,
  };
}

/** @param {Group} group @param {AnyProposal} proposal */
export async function hostile_proposal(group, proposal) {
  const impl = await suite_impl(group.suite, group.signature_key);
  const made = await createProposal(credulous_state(group), false, proposal, impl);
  return { body: encodeMlsMessage(made.message), state: made.newState };
}

/** @param {Group} group @param {Uint8Array} plain @param {Uint8Array} authenticated_data */
export async function hostile_message(group, plain, authenticated_data) {
  const impl = await suite_impl(group.suite, group.signature_key);
  const made = await createApplicationMessage(credulous_state(group), plain, impl, authenticated_data);
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage: made.privateMessage });
}

/**
 * @param {Uint8Array} group_info
 * @param {Device} device
 * @param {(leaf: import("ts-mls/leafNode.js").LeafNode) => boolean} [is_removed] whom the joiner takes out
 */
export async function hostile_external_commit(group_info, device, is_removed) {
  const message = decode_body(group_info);
  if (message.wireformat !== "mls_group_info") throw new Error("not group info");
  const suite = 1;
  const impl = await suite_impl(suite, device.signature_key);
  const made = await make_key_package({ ...device, suite, now: NOW, lifetime_days: 1, last_resort: false });
  const config = {
    ...credulous,
    keyPackageEqualityConfig: {
      compareKeyPackages: () => false,
      compareKeyPackageToLeafNode: (/** @type {unknown} */ _own, /** @type {any} */ leaf) => is_removed?.(leaf) ?? false,
    },
  };
  const resync = is_removed !== undefined;
  const { publicMessage } = await joinGroupExternal(
    message.groupInfo,
    made.public_part,
    made.private_part,
    resync,
    impl,
    undefined,
    config,
  );
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_public_message", publicMessage });
}
