// @ts-check
// The form of account events (docs/protocol.md 1): bytes to unverified values. What comes out has the right shape and
// nothing more; only account_chain.js makes it something to believe.
import { concat, equal, is_well_formed, to_utf8 } from "../codec/bytes.js";
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { has_exactly, is_integer } from "../codec/fields.js";
import { read_json_object } from "../codec/json.js";
import { is_usable_public_key } from "../crypto/ed25519.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ device_id: Bytes, signature_key: Bytes, sign_in_key: Bytes, suites: number[] }} NewDevice */
/**
 * @typedef {{ type: "create", identity_key: Bytes, recovery_keys: Bytes[], username: string, device: NewDevice } |
 *   { type: "device_add", device: NewDevice } | { type: "device_remove", device_id: Bytes } |
 *   { type: "recovery_rotate", recovery_keys: Bytes[] } | { type: "recovery_announce", recovery_keys: Bytes[] } |
 *   { type: "recovery_object" } |
 *   { type: "reset", identity_key: Bytes, recovery_keys: Bytes[], device: NewDevice }} EventBody
 */
/** @typedef {{ account: Bytes, seq: number, prev: Bytes, time: number, body: EventBody }} UnverifiedEvent time in unix ms */
/**
 * @typedef {{ identity: Uint8Array, sign_in?: Uint8Array, mls?: Uint8Array,
 *   authority?: { key: Uint8Array, signature: Uint8Array } }} Signatures of 64 bytes each
 */
/** @typedef {{ identity: string, sign_in?: string, mls?: string, authority?: { key: string, signature: string } }} SignaturesJson */

const EVENT_FIELDS = ["v", "account", "seq", "prev", "type", "time", "body"];
const CREATE_FIELDS = ["identity_key", "recovery_keys", "username", "device"];
const RESET_FIELDS = ["identity_key", "recovery_keys", "device"];
const DEVICE_FIELDS = ["device_id", "signature_key", "sign_in_key", "suites"];
const MOST_BYTES = 16 * 1024;
const MOST_RECOVERY_KEYS = 8;
const MOST_SUITES = 8;

/** @returns {Talk2meError} */
const wrong_form = () => new Talk2meError("chain_invalid", { reason: "event_invalid" });

/**
 * @param {Uint8Array} bytes
 * @returns {UnverifiedEvent}
 * @throws {Talk2meError} `chain_invalid`, reason `event_invalid`
 */
export function read_event(bytes) {
  if (bytes.length > MOST_BYTES) throw wrong_form();
  try {
    const { v, account, seq, prev, type, time, body } = fields(read_json_object(bytes), EVENT_FIELDS);
    if (v !== 1 || !is_integer(seq, 1) || !is_integer(time)) throw wrong_form();
    if ((type === "create") !== (seq === 1)) throw wrong_form();
    return {
      account: read_bytes(account, 16),
      seq,
      prev: read_bytes(prev, seq === 1 ? 0 : 32),
      time,
      body: read_body(type, body),
    };
  } catch {
    throw wrong_form();
  }
}

/**
 * Reads the signatures beside an event from their JSON object.
 * @param {unknown} json
 * @returns {Signatures}
 * @throws {Talk2meError} `chain_invalid`, reason `signature_invalid`
 */
export function signatures_from_json(json) {
  try {
    const { identity, sign_in, mls, authority, ...more } = /** @type {Record<string, unknown>} */ (Object(json));
    if (Object.keys(more).length > 0) throw wrong_form();
    return {
      identity: read_bytes(identity, 64),
      ...(sign_in !== undefined && { sign_in: read_bytes(sign_in, 64) }),
      ...(mls !== undefined && { mls: read_bytes(mls, 64) }),
      ...(authority !== undefined && { authority: read_authority(authority) }),
    };
  } catch {
    throw new Talk2meError("chain_invalid", { reason: "signature_invalid" });
  }
}

/**
 * @param {Signatures} signatures
 * @returns {SignaturesJson}
 */
export function signatures_to_json({ identity, sign_in, mls, authority }) {
  return {
    identity: to_base64url(identity),
    ...(sign_in && { sign_in: to_base64url(sign_in) }),
    ...(mls && { mls: to_base64url(mls) }),
    ...(authority && { authority: { key: to_base64url(authority.key), signature: to_base64url(authority.signature) } }),
  };
}

/**
 * @param {UnverifiedEvent} event
 * @returns {Bytes} the exact bytes that are signed, hashed and kept; never made a second time
 */
export function write_event({ account, seq, prev, time, body: { type, ...body } }) {
  const written = { v: 1, account, seq, prev, type, time, body };
  return to_utf8(JSON.stringify(written, (_, value) => (value instanceof Uint8Array ? to_base64url(value) : value)));
}

/**
 * @param {string} origin
 * @param {Uint8Array} event
 * @returns {Bytes} what the signatures beside an event cover
 */
export function signed_event(origin, event) {
  return concat(label("account event"), to_utf8(origin), Uint8Array.of(0), event);
}

/** @type {Record<string, (body: unknown) => EventBody>} */
const READERS = {
  create: (body) => {
    const { identity_key, recovery_keys, username, device } = fields(body, CREATE_FIELDS);
    if (typeof username !== "string" || username === "" || !is_well_formed(username)) throw wrong_form();
    return {
      type: "create",
      identity_key: read_key(identity_key),
      recovery_keys: read_keys(recovery_keys),
      username,
      device: read_device(device),
    };
  },
  device_add: (body) => ({ type: "device_add", device: read_device(fields(body, ["device"]).device) }),
  device_remove: (body) => ({ type: "device_remove", device_id: read_bytes(fields(body, ["device_id"]).device_id, 16) }),
  recovery_rotate: (body) => ({
    type: "recovery_rotate",
    recovery_keys: read_keys(fields(body, ["recovery_keys"]).recovery_keys),
  }),
  recovery_announce: (body) => ({
    type: "recovery_announce",
    recovery_keys: read_keys(fields(body, ["recovery_keys"]).recovery_keys),
  }),
  recovery_object: (body) => {
    fields(body, []);
    return { type: "recovery_object" };
  },
  reset: (body) => {
    const { identity_key, recovery_keys, device } = fields(body, RESET_FIELDS);
    return {
      type: "reset",
      identity_key: read_key(identity_key),
      recovery_keys: read_keys(recovery_keys),
      device: read_device(device),
    };
  },
};

/** @param {unknown} type @param {unknown} body @returns {EventBody} */
function read_body(type, body) {
  if (typeof type !== "string" || !Object.hasOwn(READERS, type)) throw wrong_form();
  return READERS[type](body);
}

/** @param {unknown} value */
function read_keys(value) {
  return read_list(value, MOST_RECOVERY_KEYS).map(read_key);
}

/** @param {unknown} value @returns {NewDevice} */
function read_device(value) {
  const device = fields(value, DEVICE_FIELDS);
  const suites = read_list(device.suites, MOST_SUITES).map((suite) => {
    if (!is_integer(suite, 1) || suite > 0xffff) throw wrong_form();
    return suite;
  });
  if (new Set(suites).size !== suites.length) throw wrong_form();
  return {
    device_id: read_bytes(device.device_id, 16),
    signature_key: read_key(device.signature_key),
    sign_in_key: read_key(device.sign_in_key),
    suites,
  };
}

/** @param {unknown} value */
function read_authority(value) {
  const { key, signature } = fields(value, ["key", "signature"]);
  return { key: read_bytes(key, 32), signature: read_bytes(signature, 64) };
}

/** @param {unknown} value @param {string[]} names */
function fields(value, names) {
  if (!has_exactly(value, names)) throw wrong_form();
  return value;
}

/** @param {unknown} value @param {number} length */
function read_bytes(value, length) {
  if (typeof value !== "string") throw wrong_form();
  const bytes = from_base64url(value);
  if (bytes.length !== length) throw wrong_form();
  return bytes;
}

/** @param {unknown} value */
function read_key(value) {
  const key = read_bytes(value, 32);
  if (!is_usable_public_key(key)) throw wrong_form();
  return key;
}

/** @param {unknown} value @param {number} most @returns {unknown[]} */
function read_list(value, most) {
  if (!Array.isArray(value) || value.length < 1 || value.length > most) throw wrong_form();
  return value;
}

/** @param {Uint8Array[]} keys */
export function all_different(keys) {
  return keys.every((key, at) => keys.slice(at + 1).every((other) => !equal(key, other)));
}
