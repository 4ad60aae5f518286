// @ts-check
// Pictures drawn anew: what a camera wrote beside them (place, device, time) is not in what comes out.

/** @import { Bytes } from "../../codec/bytes.js" */

const LARGEST = 2048;
const QUALITY = 0.86;
const THUMBNAIL_BYTES = 8_192;
/** From the largest on, until one is small enough. */
const THUMBNAILS = /** @type {const} */ ([
  [320, 0.7],
  [320, 0.45],
  [240, 0.5],
  [160, 0.5],
  [96, 0.4],
]);

/** @typedef {{ blob: Blob, width: number, height: number }} Encoded */

/**
 * @param {ImageBitmap} bitmap
 * @param {boolean} is_photo a camera's: without transparency
 * @returns {Promise<Encoded>} at most 2048 pixels wide and high
 */
export function encode_smaller(bitmap, is_photo) {
  return encode(bitmap, LARGEST, is_photo ? "image/jpeg" : "image/webp", QUALITY);
}

/** @param {ImageBitmap} bitmap @returns {Promise<Bytes | undefined>} a JPEG of at most 8 KiB */
export async function encode_thumbnail(bitmap) {
  for (const [size, quality] of THUMBNAILS) {
    const { blob } = await encode(bitmap, size, "image/jpeg", quality);
    if (blob.type === "image/jpeg" && blob.size <= THUMBNAIL_BYTES) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} largest
 * @param {string} type what a browser can't write it writes as PNG
 * @param {number} quality
 * @returns {Promise<Encoded>}
 */
async function encode(bitmap, largest, type, quality) {
  const scale = Math.min(1, largest / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (type === "image/jpeg") {
    // What was transparent would become black.
    pen.fillStyle = "white";
    pen.fillRect(0, 0, width, height);
  }
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, width, height);
  return { blob: await canvas.convertToBlob({ type, quality }), width, height };
}
