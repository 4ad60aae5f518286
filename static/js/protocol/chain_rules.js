// @ts-check
// docs/protocol.md 1: what each account event needs and what it changes. account_chain.js checks the signatures;
// keys/chain_rules.py has the same for the server.
import { equal } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import { all_different } from "./chain_event.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ChainDevice, ChainFault, ChainState } from "./account_chain.js" */
/** @import { EventBody, NewDevice, Signatures, UnverifiedEvent } from "./chain_event.js" */

/** How long the other devices have to object before a device may put new recovery keys in the place of lost ones: ms. */
export const RECOVERY_WAIT = 7 * 24 * 3_600_000;

/** @param {ChainFault} reason */
export const chain_invalid = (reason) => new Talk2meError("chain_invalid", { reason });

/**
 * Pairs each signature an event needs with its key. One that is not asked for is refused, as is an authority that has none
 * here; of a missing one the pair has none.
 * @param {ChainState | null} state
 * @param {UnverifiedEvent} event
 * @param {Signatures} given
 * @returns {[Uint8Array, Uint8Array | undefined][]}
 */
export function needed_signatures(state, event, given) {
  const { body } = event;
  /** @type {[Uint8Array, Uint8Array | undefined][]} */
  const needed = [];
  if ("identity_key" in body) needed.push([body.identity_key, given.identity]);
  else if (state) needed.push([state.identity_key, given.identity]);
  if ("device" in body) {
    needed.push([body.device.sign_in_key, given.sign_in], [body.device.signature_key, given.mls]);
  } else if (given.sign_in || given.mls) throw chain_invalid("signature_invalid");
  const { authority } = given;
  if (!authority) {
    if (body.type !== "create" && body.type !== "reset") throw chain_invalid("signature_invalid");
    return needed;
  }
  if (!state || !includes(authorities(state, event), authority.key)) throw chain_invalid("signature_invalid");
  return [...needed, [authority.key, authority.signature]];
}

/**
 * @param {ChainState | null} state
 * @param {UnverifiedEvent} event whose signatures hold
 * @param {Bytes} hash of its bytes
 * @param {{ has_authority: boolean }} given
 * @returns {ChainState}
 * @throws {Talk2meError} `chain_invalid`, reason `event_invalid`
 */
export function next_state(state, { account, seq, time, body }, hash, { has_authority }) {
  if (body.type === "create") {
    const { username, identity_key, recovery_keys, device } = body;
    if (!all_different([identity_key, ...recovery_keys])) throw chain_invalid("event_invalid");
    const begun = { account, username, identity_key, recovery_keys, devices: [], seq, hash };
    return with_device({ ...begun, announced: null, reset: null, former_identities: [] }, device);
  }
  const next = { .../** @type {ChainState} */ (state), seq, hash };
  switch (body.type) {
    case "device_add":
      return with_device(next, body.device);
    case "device_remove":
      return without_device(next, body.device_id);
    case "recovery_rotate":
      return { ...next, recovery_keys: checked_keys(next, body.recovery_keys), announced: null };
    case "recovery_announce":
      return { ...next, announced: { recovery_keys: checked_keys(next, body.recovery_keys), time, seq } };
    case "recovery_object":
      if (!next.announced) throw chain_invalid("event_invalid");
      return { ...next, announced: null };
    case "reset":
      return started_over(next, body, has_authority ? "recovery" : "operator");
    default:
      throw chain_invalid("event_invalid");
  }
}

/**
 * Whether a device may make these the recovery keys: they were announced so, long enough ago.
 * @param {ChainState} state
 * @param {Uint8Array[]} recovery_keys in the order of the announcement
 * @param {number} time unix ms
 */
export function is_rotation_due({ announced }, recovery_keys, time) {
  if (!announced || announced.recovery_keys.length !== recovery_keys.length) return false;
  const is_same = announced.recovery_keys.every((key, at) => equal(key, recovery_keys[at]));
  return is_same && time >= announced.time + RECOVERY_WAIT;
}

/** @param {ChainState} state @param {UnverifiedEvent} event @returns {Uint8Array[]} */
function authorities(state, { body, time }) {
  const devices = state.devices.filter(({ removed }) => removed === null).map(({ sign_in_key }) => sign_in_key);
  if (body.type === "recovery_announce") return devices;
  if (body.type === "reset") return state.recovery_keys;
  if (body.type === "recovery_rotate" && !is_rotation_due(state, body.recovery_keys, time)) return state.recovery_keys;
  return [...devices, ...state.recovery_keys];
}

/** Every key that a new one may not be. @param {ChainState} state @returns {Uint8Array[]} */
function keys_of(state) {
  const of_devices = state.devices.flatMap(({ signature_key, sign_in_key }) => [signature_key, sign_in_key]);
  return [state.identity_key, ...state.former_identities, ...state.recovery_keys, ...of_devices];
}

/** @param {Uint8Array[]} keys @param {Uint8Array} wanted */
function includes(keys, wanted) {
  return keys.some((key) => equal(key, wanted));
}

/** @param {ChainState} state @param {NewDevice} device @returns {ChainState} */
function with_device(state, device) {
  const is_known = state.devices.some(({ device_id }) => equal(device_id, device.device_id));
  if (is_known || !all_different([...keys_of(state), device.signature_key, device.sign_in_key])) {
    throw chain_invalid("event_invalid");
  }
  return { ...state, devices: [...state.devices, { ...device, added: state.seq, removed: null }] };
}

/** @param {ChainState} state @param {Uint8Array} device_id @returns {ChainState} */
function without_device(state, device_id) {
  const removed = state.devices.find((device) => equal(device.device_id, device_id));
  if (!removed || removed.removed !== null) throw chain_invalid("event_invalid");
  return { ...state, devices: state.devices.map((device) => (device === removed ? end_device(device, state.seq) : device)) };
}

/** @param {ChainDevice} device @param {number} seq @returns {ChainDevice} */
function end_device(device, seq) {
  return device.removed === null ? { ...device, removed: seq } : device;
}

/**
 * The next recovery keys are another set than now, of present ones and of new ones.
 * @param {ChainState} state
 * @param {Bytes[]} keys
 */
function checked_keys(state, keys) {
  const present = state.recovery_keys;
  const added = keys.filter((key) => !includes(present, key));
  const is_same = added.length === 0 && keys.length === present.length;
  const used = keys_of(state);
  if (!all_different(keys) || is_same || added.some((key) => includes(used, key))) throw chain_invalid("event_invalid");
  return keys;
}

/**
 * @param {ChainState} state
 * @param {EventBody & { type: "reset" }} body
 * @param {"recovery" | "operator"} by
 * @returns {ChainState}
 */
function started_over(state, { identity_key, recovery_keys, device }, by) {
  const former_identities = [...state.former_identities, state.identity_key];
  // Nothing of it has stood in the chain before, nor stands twice in the event.
  if (!all_different([...keys_of(state), identity_key, ...recovery_keys])) throw chain_invalid("event_invalid");
  const devices = state.devices.map((old) => end_device(old, state.seq));
  const begun = { ...state, identity_key, former_identities, recovery_keys, devices };
  const next = with_device({ ...begun, recovery_keys: [...state.recovery_keys, ...recovery_keys] }, device);
  return { ...next, recovery_keys, announced: null, reset: { seq: state.seq, by } };
}
