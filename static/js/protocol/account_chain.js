// @ts-check
// docs/protocol.md 1: verifying the events of an account and following the state they make. keys/chain.py does the same;
// both replay tests/vectors/account_chain.json and recovery_chain.json.
import { equal } from "../codec/bytes.js";
import { verify } from "../crypto/ed25519.js";
import { sha256 } from "../crypto/hash.js";
import { Talk2meError } from "../errors.js";
import { read_event, signed_event } from "./chain_event.js";
import { chain_invalid, needed_signatures, next_state } from "./chain_rules.js";

export { sign_create, sign_device_add, sign_device_remove } from "./sign_account_event.js";
export { signatures_from_json, signatures_to_json } from "./chain_event.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { NewDevice, Signatures } from "./chain_event.js" */
/** @typedef {NewDevice & { added: number, removed: number | null }} ChainDevice `added`, `removed`: seq of the events */
/** @typedef {{ recovery_keys: Bytes[], time: number, seq: number }} Announced by a device, instead of lost ones; `time` in unix ms */
/** @typedef {{ seq: number, by: "recovery" | "operator" }} Reset the last start over, and who vouched for it */
/**
 * @typedef {{ account: Bytes, username: string, identity_key: Bytes, recovery_keys: Bytes[], devices: ChainDevice[],
 *   seq: number, hash: Bytes, announced: Announced | null, reset: Reset | null, former_identities: Bytes[] }} ChainState what
 *   the chain says after its event `seq`, whose SHA-256 is `hash`; one that a release before 0.4 stored lacks the last three
 */
/** @typedef {{ event: Uint8Array, signatures: Signatures }} SignedEvent */
/** @typedef {{ seq: number, hash: Uint8Array, identity_key: Uint8Array }} ChainPin what was believed before */
/** @typedef {"event_invalid" | "signature_invalid" | "chain_conflict" | "rolled_back"} ChainFault in `details.reason` */

// What a release before 0.4 has stored lacks these: in its time no event could change them.
/** @type {Partial<ChainState>} */
const UNTOUCHED = { announced: null, reset: null, former_identities: [] };

/**
 * @param {ChainState | null} state null before the first event
 * @param {Uint8Array} event
 * @param {Signatures} signatures
 * @param {string} origin
 * @returns {Promise<ChainState>} a new state
 * @throws {Talk2meError} `chain_invalid`; `details.reason` is the code by which the server refuses the same event
 */
export async function verify_event(state, event, signatures, origin) {
  const unverified = read_event(event);
  const is_first = unverified.body.type === "create";
  if ((state === null) !== is_first || (state && !equal(state.account, unverified.account))) {
    throw chain_invalid("event_invalid");
  }
  const needed = needed_signatures(state, unverified, signatures);
  const signed = signed_event(origin, event);
  for (const [key, signature] of needed) {
    if (!signature || !(await verify(key, signed, signature))) throw chain_invalid("signature_invalid");
  }
  if (state && (unverified.seq !== state.seq + 1 || !equal(unverified.prev, state.hash))) {
    throw chain_invalid("chain_conflict");
  }
  return next_state(state, unverified, await sha256(event), { has_authority: signatures.authority !== undefined });
}

/**
 * @param {SignedEvent[]} events the whole chain, from `create`
 * @param {string} origin
 * @param {ChainPin | null} [pinned]
 * @returns {Promise<ChainState>}
 * @throws {Talk2meError} `chain_invalid` (reason `rolled_back` when the chain is shorter than what was pinned);
 *   `identity_changed` when it is a valid chain, but not a continuation of the pinned one
 */
export async function verify_chain(events, origin, pinned = null) {
  /** @type {ChainState | null} */
  let state = null;
  let continues = pinned === null;
  for (const { event, signatures } of events) {
    state = await verify_event(state, event, signatures, origin);
    if (pinned && state.seq === pinned.seq) continues = is_pinned(state, pinned);
  }
  if (!state) throw chain_invalid("event_invalid");
  if (pinned && !equal(state.identity_key, pinned.identity_key)) throw new Talk2meError("identity_changed");
  if (pinned && state.seq < pinned.seq) throw chain_invalid("rolled_back");
  if (!continues) throw new Talk2meError("identity_changed");
  return state;
}

/**
 * Goes on from a state that was verified before.
 * @param {ChainState} state
 * @param {SignedEvent[]} events those after it
 * @param {string} origin
 * @returns {Promise<ChainState>}
 * @throws {Talk2meError} `chain_invalid`
 */
export async function extend_chain(state, events, origin) {
  /** @type {ChainState} */
  let extended = { ...UNTOUCHED, ...state };
  for (const { event, signatures } of events) extended = await verify_event(extended, event, signatures, origin);
  return extended;
}

/**
 * @param {ChainState} state
 * @param {Uint8Array} device_id
 * @returns {ChainDevice | null} the device of that id, removed or not
 */
export function find_device(state, device_id) {
  return state.devices.find((device) => equal(device.device_id, device_id)) ?? null;
}

/** @param {ChainState} state @returns {ChainDevice[]} */
export function active_devices(state) {
  return state.devices.filter((device) => device.removed === null);
}

/** @param {ChainState} state @param {ChainPin} pinned */
function is_pinned(state, pinned) {
  return equal(state.hash, pinned.hash) && equal(state.identity_key, pinned.identity_key);
}
