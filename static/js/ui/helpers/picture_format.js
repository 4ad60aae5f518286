// @ts-check
// What a picture from somebody else claims to be, read from its first bytes: a few kilobytes can unpack to gigabytes, so
// only those of a modest size are given to the browser.

/** @typedef {{ type: "image/png" | "image/jpeg" | "image/webp", width: number, height: number }} PictureFormat */

const LARGEST = 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * @param {Uint8Array} bytes
 * @returns {PictureFormat | null} null for what is none of the three kinds, or too large
 */
export function read_picture(bytes) {
  const found = read_png(bytes) ?? read_jpeg(bytes) ?? read_webp(bytes);
  if (found === null || found.width < 1 || found.height < 1) return null;
  return Math.max(found.width, found.height) <= LARGEST ? found : null;
}

/** @param {Uint8Array} bytes @returns {PictureFormat | null} */
function read_png(bytes) {
  if (bytes.length < 24 || !PNG.every((byte, at) => bytes[at] === byte)) return null;
  const view = view_of(bytes);
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** Segments up to the one that begins a frame (ITU T.81, B.2.2). @param {Uint8Array} bytes @returns {PictureFormat | null} */
function read_jpeg(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = view_of(bytes);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    const begins_frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (begins_frame) return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** The three kinds of a first chunk (RFC 9649, 2.5 to 2.7). @param {Uint8Array} bytes @returns {PictureFormat | null} */
function read_webp(bytes) {
  if (bytes.length < 30 || ascii(bytes, 0) !== "RIFF" || ascii(bytes, 8) !== "WEBP") return null;
  const view = view_of(bytes);
  const type = "image/webp";
  const chunk = ascii(bytes, 12);
  if (chunk === "VP8 ") return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk === "VP8L") {
    const bits = view.getUint32(21, true);
    return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== "VP8X") return null;
  return { type, width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
}

/** @param {Uint8Array} bytes */
function view_of(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param {Uint8Array} bytes @param {number} at @returns {string} four letters */
function ascii(bytes, at) {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
