// @ts-check
// Reading tests/vectors: bytes stand in those files as {"hex": "..."}.
import { readFileSync } from "node:fs";
import { from_hex } from "../../../static/js/codec/bytes.js";

/**
 * @param {string} name
 * @returns {any}
 */
export function read_vectors(name) {
  const text = readFileSync(new URL(`../../vectors/${name}`, import.meta.url), "utf8");
  return JSON.parse(text, (_, value) => (is_hex(value) ? from_hex(value.hex) : value));
}

/** @param {unknown} value */
function is_hex(value) {
  return Object.keys(Object(value)).join() === "hex";
}
