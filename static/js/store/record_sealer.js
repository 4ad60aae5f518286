// @ts-check
// What one record looks like at rest (docs/protocol.md 11): nonce || AES-256-GCM under the data key, bound to its place.
import { concat, to_utf8 } from "../codec/bytes.js";
import { pack, unpack } from "../codec/msgpack.js";
import { NONCE_LENGTH, open, seal } from "../crypto/aead.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {(length: number) => Bytes} Random */

const LABEL = to_utf8("talk2me/1 store\0");

/** @param {string} store @param {string} id */
const place_of = (store, id) => concat(LABEL, to_utf8(`${store}\0${id}`));

/** @param {CryptoKey} wrapping_key @param {Uint8Array} data_key 32 bytes @param {Random} random */
export async function wrap_data_key(wrapping_key, data_key, random) {
  const nonce = random(NONCE_LENGTH);
  return concat(nonce, await seal(wrapping_key, nonce, data_key, place_of("keys", "data_key")));
}

/**
 * @param {CryptoKey} wrapping_key
 * @param {Uint8Array} wrapped
 * @returns {Promise<Bytes>}
 */
export async function unwrap_data_key(wrapping_key, wrapped) {
  return open(wrapping_key, wrapped.slice(0, NONCE_LENGTH), wrapped.slice(NONCE_LENGTH), place_of("keys", "data_key"));
}

export class RecordSealer {
  /** @param {CryptoKey} key @param {Random} random */
  constructor(key, random) {
    this.key = key;
    this.random = random;
  }

  /** @param {string} store @param {string} id @param {unknown} value what MessagePack holds */
  async seal(store, id, value) {
    const nonce = this.random(NONCE_LENGTH);
    return concat(nonce, await seal(this.key, nonce, pack(value), place_of(store, id)));
  }

  /**
   * @param {string} store
   * @param {string} id
   * @param {Uint8Array} sealed
   * @returns {Promise<any>}
   * @throws {Talk2meError} `storage_damaged` for a record that was altered or moved
   */
  async open(store, id, sealed) {
    try {
      const plain = await open(this.key, sealed.slice(0, NONCE_LENGTH), sealed.slice(NONCE_LENGTH), place_of(store, id));
      return unpack(plain);
    } catch {
      throw new Talk2meError("storage_damaged", { store });
    }
  }
}
