// @ts-check
// What somebody has chosen, made ready to be sent.
import { with_ending } from "../helpers/file_names.js";
import { first_bytes, image_type } from "../helpers/image_type.js";
import { encode_smaller, encode_thumbnail } from "./encode_image.js";

/** @import { GivenFile } from "../file_types.js" */

const LONGEST_NAME = 255;
// Drawn anew they would not move any more.
const AS_IT_IS = new Set(["image/gif"]);
/** @type {Record<string, string>} */
const ENDINGS = { "image/jpeg": ".jpg", "image/webp": ".webp", "image/png": ".png" };

/**
 * @param {File} file
 * @param {{ original: boolean }} wish `original`: pictures as they are, with all that the camera wrote into them
 * @returns {Promise<GivenFile>}
 */
export async function prepare_file(file, { original }) {
  const name = [...(file.name || "file")].slice(0, LONGEST_NAME).join("");
  const type = image_type(await first_bytes(file).catch(() => new Uint8Array(0)));
  const bitmap = type === null ? null : await createImageBitmap(file).catch(() => null);
  if (type === null || bitmap === null) return { blob: file, name, media: file.type.slice(0, 127), kind: "file" };
  try {
    return await prepare_image(file, name, type, bitmap, original);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {File} file
 * @param {string} name
 * @param {string} type
 * @param {ImageBitmap} bitmap
 * @param {boolean} original
 * @returns {Promise<GivenFile>}
 */
async function prepare_image(file, name, type, bitmap, original) {
  const thumbnail = await encode_thumbnail(bitmap);
  const more = thumbnail === undefined ? {} : { thumbnail };
  if (original || AS_IT_IS.has(type)) {
    return { blob: file, name, media: type, kind: "image", width: bitmap.width, height: bitmap.height, ...more };
  }
  const { blob, width, height } = await encode_smaller(bitmap, type === "image/jpeg");
  return { blob, name: with_ending(name, ENDINGS[blob.type] ?? ""), media: blob.type, kind: "image", width, height, ...more };
}
