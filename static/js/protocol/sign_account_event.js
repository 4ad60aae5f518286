// @ts-check
// docs/protocol.md 1: making the events of one's own account.
import { concat } from "../codec/bytes.js";
import { sign } from "../crypto/ed25519.js";
import { signed_event, write_event } from "./chain_event.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ChainState } from "./account_chain.js" */
/** @import { EventBody, Signatures } from "./chain_event.js" */
/**
 * @typedef {{ device_id: Uint8Array, signature_key: Uint8Array, sign_in_key: Uint8Array, suites: number[] }} DeviceToAdd
 *   suites in order of preference
 */
/** @typedef {{ key: Uint8Array, private_key: CryptoKey }} Authority an active device's sign-in key or a recovery key */
/** @typedef {{ identity: CryptoKey, sign_in?: CryptoKey, mls?: CryptoKey, authority?: Authority }} Signers */
/** @typedef {{ event: Bytes, signatures: Signatures }} NewEvent */
/** @typedef {{ identity?: Bytes, sign_in?: Bytes, mls?: Bytes, authority?: { key: Bytes, signature: Bytes } }} SignatureHalf */
/**
 * @typedef {{ origin: string, recovery_keys: Uint8Array[], signers: { identity: CryptoKey, authority: Authority }, now: number }} NewRecoveryKeys
 *   public keys, 1 to 8; `now` in unix ms
 */

/**
 * @param {{ origin: string, account: Uint8Array, username: string, recovery_public_keys: Uint8Array[], device: DeviceToAdd,
 *   identity_key: Uint8Array, signers: { identity: CryptoKey, sign_in: CryptoKey, mls: CryptoKey }, now: number }} account
 *   `now` in unix ms; `identity_key` is the public half
 * @returns {Promise<NewEvent>}
 */
export async function sign_create(account) {
  const { origin, signers } = account;
  /** @type {EventBody} */
  const body = {
    type: "create",
    identity_key: concat(account.identity_key),
    recovery_keys: own_copies(account.recovery_public_keys),
    username: account.username,
    device: own_copy(account.device),
  };
  const first = { account: concat(account.account), seq: 1, prev: new Uint8Array(0), time: account.now, body };
  const event = write_event(first);
  return { event, signatures: await make_signatures(origin, event, signers) };
}

/**
 * @param {ChainState} state of the own chain
 * @param {{ origin: string, device: DeviceToAdd, now: number,
 *   signers: { identity: CryptoKey, sign_in: CryptoKey, mls: CryptoKey, authority: Authority } }} addition
 * @returns {Promise<NewEvent>}
 */
export async function sign_device_add(state, { origin, device, signers, now }) {
  return sign_next(state, origin, { type: "device_add", device: own_copy(device) }, signers, now);
}

/**
 * @param {ChainState} state of the own chain
 * @param {{ origin: string, device_id: Uint8Array, now: number,
 *   signers: { identity: CryptoKey, authority: Authority } }} removal
 * @returns {Promise<NewEvent>}
 */
export async function sign_device_remove(state, { origin, device_id, signers, now }) {
  return sign_next(state, origin, { type: "device_remove", device_id: concat(device_id) }, signers, now);
}

/**
 * The signatures that one holder of keys gives to an event whose others come from elsewhere: any of them.
 * @param {string} origin
 * @param {Uint8Array} event
 * @param {Partial<Signers>} signers
 * @returns {Promise<SignatureHalf>}
 */
export async function sign_half(origin, event, { identity, sign_in, mls, authority }) {
  const signed = signed_event(origin, event);
  return {
    ...(identity && { identity: await sign(identity, signed) }),
    ...(sign_in && { sign_in: await sign(sign_in, signed) }),
    ...(mls && { mls: await sign(mls, signed) }),
    ...(authority && { authority: { key: concat(authority.key), signature: await sign(authority.private_key, signed) } }),
  };
}

/**
 * @param {ChainState} state of the own chain
 * @param {{ device: DeviceToAdd, now: number }} addition
 * @returns {Bytes} a `device_add`, signed by nobody yet
 */
export function write_device_add(state, { device, now }) {
  return write_next(state, { type: "device_add", device: own_copy(device) }, now);
}

/**
 * By a recovery key at once; by a device when exactly these keys were announced 7 days ago.
 * @param {ChainState} state of the own chain
 * @param {NewRecoveryKeys} rotation
 * @returns {Promise<NewEvent>}
 */
export async function sign_recovery_rotate(state, { origin, recovery_keys, signers, now }) {
  return sign_next(state, origin, { type: "recovery_rotate", recovery_keys: own_copies(recovery_keys) }, signers, now);
}

/**
 * By a device; what was announced before no longer counts.
 * @param {ChainState} state of the own chain
 * @param {NewRecoveryKeys} announcement
 * @returns {Promise<NewEvent>}
 */
export async function sign_recovery_announce(state, { origin, recovery_keys, signers, now }) {
  return sign_next(state, origin, { type: "recovery_announce", recovery_keys: own_copies(recovery_keys) }, signers, now);
}

/**
 * @param {ChainState} state of the own chain, in which something is announced
 * @param {{ origin: string, signers: { identity: CryptoKey, authority: Authority }, now: number }} objection
 * @returns {Promise<NewEvent>}
 */
export async function sign_recovery_object(state, { origin, signers, now }) {
  return sign_next(state, origin, { type: "recovery_object" }, signers, now);
}

/**
 * Starts the account over with keys that have not stood in its chain. Without authority the server wants the operator's code.
 * @param {ChainState} state of the own chain
 * @param {{ origin: string, identity_key: Uint8Array, recovery_keys: Uint8Array[], device: DeviceToAdd, now: number,
 *   signers: { identity: CryptoKey, sign_in: CryptoKey, mls: CryptoKey, authority?: Authority } }} reset `identity` is the new
 *   identity key, `authority` a recovery key of before
 * @returns {Promise<NewEvent>}
 */
export async function sign_reset(state, { origin, identity_key, recovery_keys, device, signers, now }) {
  /** @type {EventBody} */
  const body = {
    type: "reset",
    identity_key: concat(identity_key),
    recovery_keys: own_copies(recovery_keys),
    device: own_copy(device),
  };
  return sign_next(state, origin, body, signers, now);
}

/**
 * @param {ChainState} state
 * @param {string} origin
 * @param {EventBody} body
 * @param {Signers} signers
 * @param {number} now
 * @returns {Promise<NewEvent>}
 */
async function sign_next(state, origin, body, signers, now) {
  const event = write_next(state, body, now);
  return { event, signatures: await make_signatures(origin, event, signers) };
}

/** @param {ChainState} state @param {EventBody} body @param {number} now */
function write_next(state, body, now) {
  return write_event({ account: state.account, seq: state.seq + 1, prev: state.hash, time: now, body });
}

/**
 * @param {string} origin
 * @param {Uint8Array} event
 * @param {Signers} signers
 * @returns {Promise<Signatures>}
 */
async function make_signatures(origin, event, signers) {
  return /** @type {Signatures} */ (await sign_half(origin, event, signers));
}

/** @param {Uint8Array[]} keys */
function own_copies(keys) {
  return keys.map((key) => concat(key));
}

/** @param {DeviceToAdd} device */
function own_copy({ device_id, signature_key, sign_in_key, suites }) {
  return {
    device_id: concat(device_id),
    signature_key: concat(signature_key),
    sign_in_key: concat(sign_in_key),
    suites: [...suites],
  };
}
