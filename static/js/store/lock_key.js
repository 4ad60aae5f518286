// @ts-check
// The key that a person's passphrase or passkey makes, and the data key that it wraps.
import { concat, to_utf8 } from "../codec/bytes.js";
import { import_aes_key, NONCE_LENGTH, open, seal } from "../crypto/aead.js";
import { argon2id } from "../crypto/argon2id.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { Talk2meError } from "../errors.js";
import { check_lock, COST, lock_context } from "./lock_record.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { LockForm, LockRecord } from "./lock_record.js" */
/** @import { Random } from "./record_sealer.js" */
/**
 * @typedef {{ passphrase: string }} ByPassphrase
 * @typedef {{ prf: Uint8Array }} ByPasskey `prf`: 32 bytes
 * @typedef {{ form: LockForm, key: CryptoKey }} NewLock `key` can't be exported
 */

const LABEL = to_utf8("talk2me/1 lock\0");
const SHORTEST = 8;

/**
 * @param {ByPassphrase | ByPasskey & { credential_id: Bytes, prf_salt: Bytes }} secret
 * @param {Random} random
 * @returns {Promise<NewLock>}
 * @throws {Talk2meError} `lock_short` for a passphrase of fewer than 8 characters
 */
export async function make_lock(secret, random) {
  /** @type {LockForm} */
  let form;
  if ("passphrase" in secret) {
    if ([...secret.passphrase.normalize("NFC")].length < SHORTEST) throw new Talk2meError("lock_short");
    form = { v: 1, kind: "passphrase", ...COST, salt: random(16) };
  } else form = { v: 1, kind: "passkey", credential_id: secret.credential_id, prf_salt: secret.prf_salt };
  return { form, key: await derive_lock_key(form, secret) };
}

/** @param {NewLock} lock @param {Uint8Array} data_key 32 bytes @param {Random} random @returns {Promise<LockRecord>} */
export async function wrap_by_lock({ form, key }, data_key, random) {
  const nonce = random(NONCE_LENGTH);
  return check_lock({ ...form, wrapped: concat(nonce, await seal(key, nonce, data_key, lock_context(form))) });
}

/**
 * @param {LockRecord} lock
 * @param {ByPassphrase | ByPasskey} secret
 * @returns {Promise<Bytes>} the data key
 * @throws {Talk2meError} `lock_wrong`, `lock_weak`, `storage_damaged`
 */
export async function unwrap_by_lock(lock, secret) {
  const { wrapped } = check_lock(lock);
  const key = await derive_lock_key(lock, secret);
  try {
    return await open(key, wrapped.slice(0, NONCE_LENGTH), wrapped.slice(NONCE_LENGTH), lock_context(lock));
  } catch {
    throw new Talk2meError("lock_wrong");
  }
}

/** @param {LockForm} form @param {ByPassphrase | ByPasskey} secret @returns {Promise<CryptoKey>} */
async function derive_lock_key(form, secret) {
  if (form.kind === "passphrase" && "passphrase" in secret) {
    const bytes = to_utf8(secret.passphrase.normalize("NFC"));
    return import_aes_key(await argon2id(bytes, form.salt, form, 32));
  }
  if (form.kind === "passkey" && "prf" in secret) {
    return import_aes_key(await hkdf_sha256(secret.prf, new Uint8Array(), LABEL, 32));
  }
  throw new Talk2meError("lock_wrong");
}
