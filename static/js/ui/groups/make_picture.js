// @ts-check
// A group's picture out of any picture: a square, small, drawn anew, so that nothing that a camera wrote into the file goes along.

/** docs/groups.md: what a group's picture may weigh. */
const MOST_BYTES = 16 * 1024;
const LARGEST_FILE = 32 * 1024 * 1024;
const EDGES = [256, 192, 128, 96];
const QUALITIES = [0.86, 0.74, 0.6, 0.45];
/** The first that the browser can write; one that can't writes PNG instead. */
const TYPES = ["image/webp", "image/jpeg"];

/**
 * @param {Blob} file
 * @returns {Promise<Uint8Array | null>} null for what is no picture that the browser can show
 */
export async function make_picture(file) {
  if (file.size > LARGEST_FILE) return null;
  const source = await createImageBitmap(file).catch(() => null);
  if (source === null) return null;
  try {
    for (const edge of EDGES) {
      const canvas = draw_square(source, edge);
      for (const quality of QUALITIES) {
        const bytes = await encode(canvas, quality);
        if (bytes !== null && bytes.length <= MOST_BYTES) return bytes;
      }
    }
    return null;
  } finally {
    source.close();
  }
}

/**
 * @param {ImageBitmap} source
 * @param {number} edge
 * @returns {HTMLCanvasElement} the middle of it
 */
function draw_square(source, edge) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = edge;
  const side = Math.min(source.width, source.height);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  // What is see-through would be black in a JPEG.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, edge, edge);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, (source.width - side) / 2, (source.height - side) / 2, side, side, 0, 0, edge, edge);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} quality
 * @returns {Promise<Uint8Array | null>}
 */
async function encode(canvas, quality) {
  for (const type of TYPES) {
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, type, quality));
    if (blob?.type === type) return new Uint8Array(await blob.arrayBuffer());
  }
  return null;
}
