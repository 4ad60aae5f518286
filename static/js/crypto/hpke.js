// @ts-check
// HPKE (RFC 9180), base mode: X-Wing (draft-connolly-cfrg-xwing-kem), HKDF-SHA-256, AES-256-GCM. A private key is X-Wing's seed.
import { Aes256Gcm, CipherSuite, HkdfSha256, XWing } from "../../vendor/third_party.js";
import { concat } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ public_key: Bytes, private_key: Bytes }} HpkeKey 1,216 and 32 bytes */

export const HPKE_SEED_LENGTH = 32;
export const HPKE_PUBLIC_KEY_LENGTH = 1216;
export const HPKE_ENC_LENGTH = 1120;

const kem = new XWing();
const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/**
 * @param {(length: number) => Bytes} random
 * @returns {Promise<HpkeKey>}
 */
export async function generate_hpke_key(random) {
  return hpke_key_from_seed(random(HPKE_SEED_LENGTH));
}

/**
 * @param {Uint8Array} seed 32 bytes, uniformly random or derived: they are the private key
 * @returns {Promise<HpkeKey>}
 * @throws {Talk2meError} `encoding_invalid` for another length
 */
export async function hpke_key_from_seed(seed) {
  if (seed.length !== HPKE_SEED_LENGTH) throw new Talk2meError("encoding_invalid");
  const { publicKey } = await kem.generateKeyPairDerand(concat(seed));
  return { public_key: new Uint8Array(await kem.serializePublicKey(publicKey)), private_key: concat(seed) };
}

/**
 * Seals one text to a public key; whoever opens it learns nothing of who sealed it.
 * @param {{ to: Uint8Array, info: Uint8Array, associated_data: Uint8Array, plain: Uint8Array }} text `to`: a public key
 * @returns {Promise<{ enc: Bytes, sealed: Bytes }>} 1,120 bytes, and 16 more than `plain`
 * @throws {Talk2meError} `encoding_invalid` when `to` is no public key
 */
export async function hpke_seal({ to, info, associated_data, plain }) {
  try {
    const recipientPublicKey = await kem.importKey("raw", concat(to).buffer, true);
    const { enc, ct } = await suite.seal({ recipientPublicKey, info: concat(info) }, concat(plain), concat(associated_data));
    return { enc: new Uint8Array(enc), sealed: new Uint8Array(ct) };
  } catch {
    throw new Talk2meError("encoding_invalid");
  }
}

/**
 * @param {{ private_key: Uint8Array, enc: Uint8Array, info: Uint8Array, associated_data: Uint8Array, sealed: Uint8Array }} sealed
 * @returns {Promise<Bytes>}
 * @throws {Talk2meError} `not_decryptable`, whatever the reason was
 */
export async function hpke_open({ private_key, enc, info, associated_data, sealed }) {
  try {
    const recipientKey = await kem.importKey("raw", concat(private_key).buffer, false);
    const parameters = { recipientKey, enc: concat(enc), info: concat(info) };
    return new Uint8Array(await suite.open(parameters, concat(sealed), concat(associated_data)));
  } catch {
    throw new Talk2meError("not_decryptable");
  }
}
