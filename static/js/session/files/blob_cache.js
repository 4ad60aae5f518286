// @ts-check
// Files that were opened stay in memory, the ones used last up to so many bytes. Nothing of them is kept at rest.

import { to_base64url } from "../../codec/base64url.js";

/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */

const MOST_BYTES = 134_217_728;

export class BlobCache {
  /** @type {Map<string, Blob>} the one used last is the last */
  #blobs = new Map();
  #bytes = 0;

  /** @param {number} [most] bytes */
  constructor(most = MOST_BYTES) {
    this.most = most;
  }

  /** @param {string} name as `name_of` gives it @returns {Blob | undefined} */
  get(name) {
    const blob = this.#blobs.get(name);
    if (!blob) return undefined;
    this.#blobs.delete(name);
    this.#blobs.set(name, blob);
    return blob;
  }

  /** @param {string} name @param {Blob} blob */
  put(name, blob) {
    this.delete(name);
    if (blob.size > this.most) return;
    this.#blobs.set(name, blob);
    this.#bytes += blob.size;
    for (const [oldest] of this.#blobs) {
      if (this.#bytes <= this.most) return;
      this.delete(oldest);
    }
  }

  /** @param {string} name */
  delete(name) {
    this.#bytes -= this.#blobs.get(name)?.size ?? 0;
    this.#blobs.delete(name);
  }
}

/**
 * What a message says of a file, and not its id alone: whoever sends another message with that id, and has a server give their own bytes
 * under it, must not have put them into the place of the file.
 * @param {Pick<FileRecord, "digest" | "key">} file
 */
export const name_of = ({ digest, key }) => `${to_base64url(digest)} ${to_base64url(key)}`;

/** @type {WeakMap<Device, BlobCache>} gone with the device: a locked page holds none */
const caches = new WeakMap();

/** @param {Device} device @returns {BlobCache} */
export function cache_of(device) {
  const cache = caches.get(device) ?? new BlobCache();
  caches.set(device, cache);
  return cache;
}
