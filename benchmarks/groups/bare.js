// @ts-check
// The ceilings: the library with none of our checks, and the cryptography that it asks for with nothing in between.
import {
  mls_create_application_message,
  mls_create_commit,
  mls_create_group_info,
  mls_join_group,
  mls_no_psks,
  mls_process_message,
} from "../../static/vendor/third_party.js";
import { decode_body } from "../../static/js/protocol/mls_change.js";
import { PLAIN_CONFIG } from "../../static/js/protocol/mls_config.js";
import { decode_key_package, decode_private_part } from "../../static/js/protocol/mls_key_package.js";

/** @import { Proposal } from "../../static/js/protocol/mls_policy.js" */
/** @import { Group } from "../../static/js/protocol/mls_state.js" */
/** @import { SuiteImpl } from "../../static/js/protocol/mls_suite.js" */
/** @import { Guest } from "./grown.js" */

const credulous = { ...PLAIN_CONFIG, authService: { validateCredential: async () => true } };

/** @param {Group} group */
function state_of({ state }) {
  return { ...state, clientConfig: credulous };
}

/** With the group info that is stored beside it. @param {Group} group @param {Proposal[]} proposals @param {SuiteImpl} impl */
export async function bare_commit(group, proposals, impl) {
  const context = { state: state_of(group), cipherSuite: impl, pskIndex: mls_no_psks };
  const { newState } = await mls_create_commit(context, { extraProposals: proposals, ratchetTreeExtension: true });
  return mls_create_group_info(newState, [], impl);
}

/** @param {Group} group @param {Uint8Array} body @param {SuiteImpl} impl */
export async function bare_process(group, body, impl) {
  const message = /** @type {any} */ (decode_body(body));
  return mls_process_message(message, state_of(group), mls_no_psks, () => "accept", impl);
}

/** @param {Group} group @param {Uint8Array} plain @param {SuiteImpl} impl */
export async function bare_encrypt(group, plain, impl) {
  return mls_create_application_message(state_of(group), plain, impl);
}

/** @param {Guest} guest @param {Uint8Array} welcome @param {SuiteImpl} impl */
export async function bare_join({ key_package }, welcome, impl) {
  const message = decode_body(welcome);
  if (message.wireformat !== "mls_welcome") throw new Error("no welcome");
  const public_part = decode_key_package(key_package.key_package);
  const private_part = decode_private_part(key_package.private_part);
  return mls_join_group(message.welcome, public_part, private_part, mls_no_psks, impl, undefined, undefined, credulous);
}

/** @param {unknown} argument the library wipes some of its secrets afterwards */
function own_copy(argument) {
  return argument instanceof Uint8Array ? argument.slice() : argument;
}

/**
 * @param {SuiteImpl} impl
 * @returns {{ impl: SuiteImpl, replay: () => Promise<unknown> }} replay: all calls that were made through it, again and at once
 */
export function record_calls(impl) {
  /** @type {(() => unknown)[]} */
  const calls = [];
  const watch = (/** @type {Record<string, any>} */ part) => {
    const watched = Object.entries(part).map(([name, held]) => {
      if (typeof held !== "function") return [name, held];
      const call = (/** @type {unknown[]} */ ...given) => {
        const copies = given.map(own_copy);
        calls.push(() => held.apply(part, copies));
        return held.apply(part, given);
      };
      return [name, call];
    });
    return Object.fromEntries(watched);
  };
  const { hash, kdf, hpke, signature } = impl;
  const recording = { ...impl, hash: watch(hash), kdf: watch(kdf), hpke: watch(hpke), signature: watch(signature) };
  return { impl: /** @type {any} */ (recording), replay: () => Promise.all(calls.map((call) => call())) };
}
