// @ts-check
// The device's keys in the file. A browser keeps them where no page can read them; here they are sealed with a key that lies in a
// file of its own (docs/command_line.md, What lies where). Every other record comes sealed already.
import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createSecretKey, KeyObject, randomBytes } from "node:crypto";
import { pack, unpack } from "../../static/js/codec/msgpack.js";
import { Talk2meError } from "../../static/js/errors.js";

/** @import { Form } from "./sqlite_database.js" */

const CIPHER = "aes-256-gcm";
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const LABEL = "talk2me/1 key file\0";

/** Keys that are made from now on can be written to a file. Nothing else in this process is a page that they had to be kept from. */
export function make_keys_readable() {
  const { generateKey } = SubtleCrypto.prototype;
  /** @this {SubtleCrypto} @param {any} algorithm @param {boolean} _extractable @param {any} usages */
  function generate_readable(algorithm, _extractable, usages) {
    return generateKey.call(this, algorithm, true, usages);
  }
  SubtleCrypto.prototype.generateKey = /** @type {any} */ (generate_readable);
}

/** @param {string} secret hexadecimal: what is in the key file @returns {Form} */
export function make_form(secret) {
  const key = createHash("sha256").update(LABEL).update(Buffer.from(secret, "hex")).digest();
  return {
    encode: (store, id, value) => (store === "keys" ? seal(key, id, pack(to_plain(value))) : to_bytes(value)),
    decode: (store, id, bytes) => {
      if (store === "keys") return from_plain(unpack(open(key, id, bytes)));
      return store === "owner" ? unpack(bytes) : bytes;
    },
  };
}

/** @param {any} value a sealed record, or the owner's generation */
const to_bytes = (value) => (value instanceof Uint8Array ? value : pack(value));

/** @param {Buffer} key @param {string} id @param {Uint8Array} plain */
function seal(key, id, plain) {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(LABEL + id));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @param {Buffer} key @param {string} id @param {Uint8Array} sealed @throws {Talk2meError} `storage_damaged`: another key, or altered */
function open(key, id, sealed) {
  const end = sealed.length - TAG_LENGTH;
  try {
    const cipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_LENGTH)).setAAD(Buffer.from(LABEL + id));
    cipher.setAuthTag(sealed.subarray(end));
    return new Uint8Array(Buffer.concat([cipher.update(sealed.subarray(NONCE_LENGTH, end)), cipher.final()]));
  } catch {
    throw new Talk2meError("storage_damaged", { store: "keys" });
  }
}

/** @param {any} value with CryptoKeys in it @returns {any} */
function to_plain(value) {
  if (value instanceof CryptoKey) return { crypto_key: value.algorithm.name, usages: [...value.usages], octets: octets_of(value) };
  return map_fields(value, to_plain);
}

/** @param {any} value @returns {any} */
function from_plain(value) {
  if (typeof value?.crypto_key !== "string") return map_fields(value, from_plain);
  const { crypto_key: name, usages, octets } = value;
  const key = name === "Ed25519" ? createPrivateKey({ key: Buffer.from(octets), format: "der", type: "pkcs8" }) : createSecretKey(octets);
  return key.toCryptoKey({ name }, true, usages);
}

/** @param {any} value @param {(field: any) => any} change */
function map_fields(value, change) {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, change(field)]));
}

/** @param {CryptoKey} key @returns {Uint8Array} */
function octets_of(key) {
  const object = KeyObject.from(key);
  return new Uint8Array(object.type === "secret" ? object.export() : object.export({ format: "der", type: "pkcs8" }));
}
