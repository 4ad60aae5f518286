// @ts-check
// Ed25519 (RFC 8032) by WebCrypto. Public keys travel as their 32 bytes; private keys are CryptoKey.
import { concat, from_hex, to_hex } from "../codec/bytes.js";
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ public_key: Bytes, private_key: CryptoKey }} SigningKey */

export const SEED_LENGTH = 32;
export const PUBLIC_KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

// PrivateKeyInfo of RFC 8410 section 7, up to the seed.
const PKCS8_PREFIX = from_hex("302e020100300506032b657004220420");

// 2^255 - 19, the field's prime, as a number is written in a point: least significant byte first.
const PRIME = from_hex(`ed${"ff".repeat(30)}7f`);

// y of the points of order 1, 2, 4 and 8, the sign of x left out. Under such a key one signature fits every text
// (Chalkias et al., "Taming the many EdDSAs", 2020); the platforms do not agree on refusing them.
const LOW_ORDER = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

/**
 * @param {{ extractable: boolean }} options whether `export_seed` shall work
 * @returns {Promise<SigningKey>}
 */
export async function generate_signing_key({ extractable }) {
  const pair = /** @type {CryptoKeyPair} */ (
    await crypto.subtle.generateKey({ name: "Ed25519" }, extractable, ["sign", "verify"])
  );
  return {
    public_key: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
    private_key: pair.privateKey,
  };
}

/**
 * @param {Uint8Array} seed 32 bytes (RFC 8032 section 5.1.5 calls it the private key)
 * @param {{ extractable?: boolean }} [options]
 * @returns {Promise<SigningKey>}
 */
export async function signing_key_from_seed(seed, { extractable = false } = {}) {
  if (seed.length !== SEED_LENGTH) throw new Talk2meError("encoding_invalid");
  const encoded = concat(PKCS8_PREFIX, seed);
  // WebCrypto derives the public half only on export, so an exportable copy lives for the length of this call.
  const readable = await crypto.subtle.importKey("pkcs8", encoded, { name: "Ed25519" }, true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", readable);
  const private_key = extractable
    ? readable
    : await crypto.subtle.importKey("pkcs8", encoded, { name: "Ed25519" }, false, ["sign"]);
  return { public_key: from_base64url(/** @type {string} */ (x)), private_key };
}

/**
 * @param {CryptoKey} private_key an extractable one
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function export_seed(private_key) {
  const { d } = await crypto.subtle.exportKey("jwk", private_key);
  return from_base64url(/** @type {string} */ (d));
}

/**
 * @param {CryptoKey} private_key
 * @param {Uint8Array} bytes
 * @returns {Promise<Bytes>} 64 bytes
 */
export async function sign(private_key, bytes) {
  return new Uint8Array(await crypto.subtle.sign("Ed25519", private_key, concat(bytes)));
}

/**
 * @param {Uint8Array} public_key
 * @param {Uint8Array} bytes
 * @param {Uint8Array} signature
 * @returns {Promise<boolean>} false also for wrong lengths, points of low order and points not in canonical form
 */
export async function verify(public_key, bytes, signature) {
  if (!is_usable_public_key(public_key) || signature.length !== SIGNATURE_LENGTH) return false;
  if (!is_usable_point(signature.subarray(0, 32))) return false;
  try {
    const key = await crypto.subtle.importKey("raw", concat(public_key), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, concat(signature), concat(bytes));
  } catch {
    return false;
  }
}

/**
 * Tells whether 32 bytes may stand where a public key is expected. Whether they are on the curve shows on first use.
 * @param {Uint8Array} bytes
 */
export function is_usable_public_key(bytes) {
  return bytes.length === PUBLIC_KEY_LENGTH && is_usable_point(bytes);
}

/** @param {Uint8Array} point 32 bytes */
function is_usable_point(point) {
  const y = point.slice();
  y[31] &= 0x7f;
  return is_below_prime(y) && !LOW_ORDER.has(to_hex(y));
}

/** @param {Uint8Array} y least significant byte first */
function is_below_prime(y) {
  for (let at = 31; at >= 0; at -= 1) {
    if (y[at] !== PRIME[at]) return y[at] < PRIME[at];
  }
  return false;
}
