// @ts-check
// JSON for what is signed: JSON.parse keeps the last of two equal keys, other readers the first, and one signature would
// then cover two meanings. So a second pass over the tokens refuses that, and every number that is not a plain integer.
import { Talk2meError } from "../errors.js";
import { from_utf8, is_well_formed } from "./bytes.js";

// Matches the tokens of a text that JSON.parse has already taken.
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
const WORDS = new Set(["true", "false", "null"]);

/**
 * @param {Uint8Array} bytes
 * @returns {Record<string, unknown>}
 * @throws {Talk2meError} `encoding_invalid`: not UTF-8, not one JSON object, a repeated key, a number other than an integer
 *   of at most 2^53 - 1 in plain digits, or text with a lone surrogate
 */
export function read_json_object(bytes) {
  const text = from_utf8(bytes);
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Talk2meError("encoding_invalid");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Talk2meError("encoding_invalid");
  check_tokens(text);
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {string} text */
function check_tokens(text) {
  /** @type {(Set<string> | null)[]} the keys seen in each open object, null for an open array */
  const open = [];
  let last_text = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") note_key(open.at(-1), last_text);
    else if (token.startsWith('"')) last_text = read_text(token);
    else if (token !== "," && !WORDS.has(token)) check_integer(token);
  }
}

/**
 * @param {Set<string> | null | undefined} keys
 * @param {string} key
 */
function note_key(keys, key) {
  if (!keys || keys.has(key) || key === "__proto__") throw new Talk2meError("encoding_invalid");
  keys.add(key);
}

/** @param {string} token */
function read_text(token) {
  const text = JSON.parse(token);
  if (!is_well_formed(text)) throw new Talk2meError("encoding_invalid");
  return text;
}

/** @param {string} token */
function check_integer(token) {
  if (!INTEGER.test(token) || !Number.isSafeInteger(Number(token))) throw new Talk2meError("encoding_invalid");
}
