// @ts-check
import { concat, to_utf8 } from "../codec/bytes.js";
import { sign } from "../crypto/ed25519.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */

/**
 * Answers a server's challenge (docs/protocol.md 2).
 * @param {{ origin: string, account: Uint8Array, device: Uint8Array, nonce: Uint8Array, sign_in_key: CryptoKey }} challenge
 * @returns {Promise<Bytes>} 64 bytes
 */
export async function sign_challenge({ origin, account, device, nonce, sign_in_key }) {
  return sign(sign_in_key, concat(label("sign in"), to_utf8(origin), Uint8Array.of(0), account, device, nonce));
}

/**
 * Proves a recovery key of an account (docs/protocol.md 2).
 * @param {{ origin: string, account: Uint8Array, key: Uint8Array, nonce: Uint8Array, signing_key: CryptoKey }} challenge `key`
 *   is the public half
 * @returns {Promise<Bytes>} 64 bytes
 */
export async function sign_recovery({ origin, account, key, nonce, signing_key }) {
  return sign(signing_key, concat(label("recover"), to_utf8(origin), Uint8Array.of(0), account, key, nonce));
}

/**
 * Asks for the end of the account (docs/protocol.md 2): by the identity key, and by the device's own.
 * @param {{ origin: string, account: Uint8Array, device: Uint8Array, nonce: Uint8Array, signing_key: CryptoKey }} statement
 * @returns {Promise<Bytes>} 64 bytes
 */
export async function sign_deletion({ origin, account, device, nonce, signing_key }) {
  return sign(signing_key, concat(label("delete account"), to_utf8(origin), Uint8Array.of(0), account, device, nonce));
}
