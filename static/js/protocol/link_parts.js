// @ts-check
// docs/protocol.md 13: what two browsers put into the link box, and the key that the server does not have.
import { concat, is_bytes, to_utf8 } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { pad_with_length, unpad_with_length } from "../codec/padme.js";
import { import_aes_key, NONCE_LENGTH, open, seal } from "../crypto/aead.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { HPKE_ENC_LENGTH, HPKE_PUBLIC_KEY_LENGTH } from "../crypto/hpke.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";
import { is_name } from "./vault_entries.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ box: Bytes, key: CryptoKey }} Link `box`: the link box's id, 16 bytes */
/** @typedef {{ device_id: Bytes, signature_key: Bytes, sign_in_key: Bytes, suites: number[] }} LinkedDevice */
/**
 * @typedef {{ 1: { v: 1, commitment: Bytes },
 *   2: { v: 1, key: Bytes, nonce: Bytes, device: LinkedDevice, hpke: Bytes, name: string },
 *   3: { v: 1, key: Bytes, nonce: Bytes },
 *   4: { v: 1, enc: Bytes, sealed: Bytes },
 *   5: { v: 1, done: boolean } }} LinkParts `key` is made for this link, `hpke` is the new device's own
 */
/** @typedef {keyof LinkParts} PartNumber */

const LEAST = 256;
const MOST_SUITES = 8;
const NO_SALT = new Uint8Array(0);

/** @type {{ [N in PartNumber]: (value: unknown) => boolean }} */
const FORMS = {
  1: (value) => has_exactly(value, ["v", "commitment"]) && is_bytes(value.commitment, 32),
  2: (value) =>
    has_exactly(value, ["v", "key", "nonce", "device", "hpke", "name"]) &&
    is_opening(value) &&
    is_device(value.device) &&
    is_bytes(value.hpke, HPKE_PUBLIC_KEY_LENGTH) &&
    is_name(value.name),
  3: (value) => has_exactly(value, ["v", "key", "nonce"]) && is_opening(value),
  4: (value) =>
    has_exactly(value, ["v", "enc", "sealed"]) && is_bytes(value.enc, HPKE_ENC_LENGTH) && value.sealed instanceof Uint8Array,
  5: (value) => has_exactly(value, ["v", "done"]) && typeof value.done === "boolean",
};

/**
 * @param {Uint8Array} secret what the code says
 * @returns {Promise<Link>}
 */
export async function derive_link(secret) {
  const box = await hkdf_sha256(secret, NO_SALT, label("link box id"), 16);
  return { box, key: await import_aes_key(await hkdf_sha256(secret, NO_SALT, label("link box key"), 32)) };
}

/**
 * @template {PartNumber} N
 * @param {Link} link
 * @param {{ origin: string, number: N, value: LinkParts[N], random: (length: number) => Bytes }} part
 * @returns {Promise<Bytes>}
 * @throws {Talk2meError} `link_failed` for a value of another form
 */
export async function seal_part(link, { origin, number, value, random }) {
  if (!is_part(number, value)) throw new Talk2meError("link_failed");
  const nonce = random(NONCE_LENGTH);
  const padded = pad_with_length(part_plain(value), LEAST);
  return concat(nonce, await seal(link.key, nonce, padded, part_data(link, origin, number)));
}

/**
 * What the short code and the secrets are bound to: the same bytes that `open_part` gives the other side.
 * @param {LinkParts[PartNumber]} value
 * @returns {Bytes}
 */
export function part_plain(value) {
  return pack(value);
}

/**
 * @template {PartNumber} N
 * @param {Link} link
 * @param {{ origin: string, number: N, sealed: Uint8Array }} part
 * @returns {Promise<{ value: LinkParts[N], plain: Bytes }>}
 * @throws {Talk2meError} `link_failed`, whatever the reason was
 */
export async function open_part(link, { origin, number, sealed }) {
  try {
    const [nonce, rest] = [sealed.subarray(0, NONCE_LENGTH), sealed.subarray(NONCE_LENGTH)];
    const plain = unpad_with_length(await open(link.key, nonce, rest, part_data(link, origin, number)), LEAST);
    const value = unpack(plain);
    if (is_part(number, value)) return { value, plain };
  } catch {
    // told below
  }
  throw new Talk2meError("link_failed");
}

/**
 * @template {PartNumber} N
 * @param {N} number
 * @param {unknown} value
 * @returns {value is LinkParts[N]}
 */
function is_part(number, value) {
  return FORMS[number](value) && Object(value).v === 1;
}

/** @param {Record<string, unknown>} value */
const is_opening = ({ key, nonce }) => is_bytes(key, HPKE_PUBLIC_KEY_LENGTH) && is_bytes(nonce, 32);

/** @param {unknown} value */
function is_device(value) {
  return (
    has_exactly(value, ["device_id", "signature_key", "sign_in_key", "suites"]) &&
    is_bytes(value.device_id, 16) &&
    is_bytes(value.signature_key, 32) &&
    is_bytes(value.sign_in_key, 32) &&
    is_list(value.suites, MOST_SUITES, is_suite)
  );
}

/** @param {unknown} value @returns {value is number} */
const is_suite = (value) => is_integer(value, 1);

/** @param {Link} link @param {string} origin @param {number} number */
const part_data = ({ box }, origin, number) =>
  concat(label("link part"), to_utf8(origin), Uint8Array.of(0), box, Uint8Array.of(number));
