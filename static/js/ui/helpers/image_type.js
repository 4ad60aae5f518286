// @ts-check
// What a file is, by its first bytes: what whoever sent it says is not believed. Only pictures and sounds that are nothing else
// are ever given to the browser as what they are.

const BYTES_NEEDED = 32;

/** @type {[string, (bytes: Uint8Array) => boolean][]} */
const IMAGES = [
  ["image/png", (bytes) => begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ["image/jpeg", (bytes) => begins(bytes, [0xff, 0xd8, 0xff])],
  ["image/gif", (bytes) => ascii(bytes, 0, 6) === "GIF87a" || ascii(bytes, 0, 6) === "GIF89a"],
  ["image/webp", (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP"],
  ["image/avif", (bytes) => ascii(bytes, 4, 8) === "ftyp" && ["avif", "avis"].includes(ascii(bytes, 8, 12))],
];

/** @type {[string, (bytes: Uint8Array) => boolean][]} */
const SOUNDS = [
  ["audio/webm", (bytes) => begins(bytes, [0x1a, 0x45, 0xdf, 0xa3])],
  ["audio/ogg", (bytes) => ascii(bytes, 0, 4) === "OggS"],
  ["audio/mp4", (bytes) => ascii(bytes, 4, 8) === "ftyp"],
];

/** @param {Uint8Array} bytes its first ones @returns {string | null} null for what is not shown as a picture: SVG and all the rest */
export function image_type(bytes) {
  return IMAGES.find(([, is]) => is(bytes))?.[0] ?? null;
}

/** @param {Uint8Array} bytes @returns {string | null} */
export function sound_type(bytes) {
  return SOUNDS.find(([, is]) => is(bytes))?.[0] ?? null;
}

/** @param {Blob} blob @returns {Promise<Uint8Array>} what the two above look at */
export async function first_bytes(blob) {
  return new Uint8Array(await blob.slice(0, BYTES_NEEDED).arrayBuffer());
}

/** @param {Uint8Array} bytes @param {number[]} beginning */
function begins(bytes, beginning) {
  return beginning.every((byte, at) => bytes[at] === byte);
}

/** @param {Uint8Array} bytes @param {number} from @param {number} to */
function ascii(bytes, from, to) {
  return String.fromCharCode(...bytes.subarray(from, to));
}
