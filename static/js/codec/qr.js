// @ts-check
import { qrcode } from "../../vendor/third_party.js";
import { Talk2meError } from "../errors.js";

/**
 * Makes the modules of a QR code (ISO/IEC 18004, error correction M); whoever draws it adds a margin of 4 modules.
 * @param {string} text ASCII
 * @returns {{ size: number, dark: (x: number, y: number) => boolean }}
 * @throws {Talk2meError} `too_large` when no QR code holds the text
 */
export function qr_modules(text) {
  const code = qrcode(0, "M");
  code.addData(text, "Byte");
  try {
    code.make();
  } catch {
    throw new Talk2meError("too_large");
  }
  return { size: code.getModuleCount(), dark: (x, y) => code.isDark(y, x) };
}
