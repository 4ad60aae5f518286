// @ts-check
// What a text is made of: addresses, and the few marks that people know. Nothing here is ever markup; each part becomes a
// node with a text (conversation/text_nodes.js). Every pattern is left by the first character that can't belong to it, so
// that a long text of nothing but marks takes no longer than another.

const FENCE = "```";
const TAIL = new Set(".,;:!?)]}'\"»”");
const QUOTED = /^> ?/;
// A mark counts at the edge of a word: 2*3*4 and snake_case_name stay what they are.
const MARKS =
  /https?:\/\/[^\s<>"']+|`[^`\n]+`|(?<![\p{L}\p{N}*])\*(?![\s*])[^*\n]+(?<!\s)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?![\s_])[^_\n]+(?<!\s)_(?![\p{L}\p{N}_])/gu;

const ONE_EMOJI = String.raw`\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic})*|\p{Regional_Indicator}{2}`;
const FEW_EMOJI = new RegExp(String.raw`^(?:(?:${ONE_EMOJI})\s*){1,3}$`, "u");

/** @typedef {"text" | "link" | "code" | "block" | "bold" | "italic" | "quote" | "mention"} Kind */
/** @typedef {{ kind: Kind, text: string, parts?: Part[] }} Part `text` without the marks; `parts`: what it is made of in turn */

/**
 * @param {string} text of a message
 * @param {string[]} [names] of those who are mentioned in it
 * @returns {Part[]}
 */
export function text_parts(text, names = []) {
  const parts = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf(FENCE);
    const end = start < 0 ? -1 : rest.indexOf(FENCE, start + FENCE.length);
    const block = end < 0 ? "" : rest.slice(start + FENCE.length, end).replace(/^\n|\n$/g, "");
    if (end < 0 || block === "") break;
    parts.push(...line_parts(rest.slice(0, start).replace(/\n$/, ""), names), /** @type {Part} */ ({ kind: "block", text: block }));
    rest = rest.slice(end + FENCE.length).replace(/^\n/, "");
  }
  return [...parts, ...line_parts(rest, names)];
}

/**
 * @param {string} text of a message
 * @returns {string} on one line and without marks, for where there is little room
 */
export function plain_text(text) {
  return flat(text_parts(text)).replace(/\s+/g, " ").trim();
}

/**
 * @param {string} text
 * @returns {boolean} whether it is nothing but up to three emoji, which are shown large
 */
export function is_emoji_only(text) {
  return text.length < 64 && FEW_EMOJI.test(text);
}

/**
 * @param {Part[]} parts
 * @returns {string}
 */
function flat(parts) {
  const words = parts.map(({ kind, text, parts: inner }) => {
    const flattened = inner ? flat(inner) : text;
    return kind === "quote" || kind === "block" ? ` ${flattened} ` : flattened;
  });
  return words.join("");
}

/**
 * @param {string} text without blocks
 * @param {string[]} names
 * @returns {Part[]}
 */
function line_parts(text, names) {
  if (text === "") return [];
  /** @type {Part[]} */
  const parts = [];
  /** @type {{ quoted: boolean, lines: string[] }[]} */
  const runs = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTED.test(line) && line.replace(QUOTED, "") !== "";
    if (runs.at(-1)?.quoted !== quoted) runs.push({ quoted, lines: [] });
    runs.at(-1)?.lines.push(quoted ? line.replace(QUOTED, "") : line);
  }
  for (const { quoted, lines } of runs) {
    const words = lines.join("\n");
    if (quoted) parts.push({ kind: "quote", text: words, parts: inline_parts(words, names) });
    else parts.push(...inline_parts(words, names));
  }
  return parts;
}

/**
 * @param {string} text
 * @param {string[]} names
 * @returns {Part[]}
 */
function inline_parts(text, names) {
  /** @type {Part[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const found = marked_part(match[0], names);
    if (found === null) continue;
    parts.push(...mention_parts(text.slice(end, match.index), names), found.part);
    end = match.index + found.length;
  }
  return [...parts, ...mention_parts(text.slice(end), names)];
}

/**
 * @param {string} match of `MARKS`
 * @param {string[]} names
 * @returns {{ part: Part, length: number } | null} `length`: how much of the match it takes
 */
function marked_part(match, names) {
  const inner = match.slice(1, -1);
  if (match.startsWith("`")) return { part: { kind: "code", text: inner }, length: match.length };
  if (match.startsWith("*")) return { part: { kind: "bold", text: inner, parts: inline_parts(inner, names) }, length: match.length };
  if (match.startsWith("_")) return { part: { kind: "italic", text: inner, parts: inline_parts(inner, names) }, length: match.length };
  const link = without_tail(match);
  return URL.canParse(link) ? { part: { kind: "link", text: link }, length: link.length } : null;
}

/**
 * @param {string} link
 * @returns {string} without the full stop behind it
 */
function without_tail(link) {
  let end = link.length;
  while (end > 0 && TAIL.has(link[end - 1])) end -= 1;
  return link.slice(0, end);
}

/**
 * @param {string} text without marks
 * @param {string[]} names
 * @returns {Part[]} mentions apart
 */
function mention_parts(text, names) {
  if (text === "") return [];
  if (names.length === 0) return [{ kind: "text", text }];
  const longest_first = names.toSorted((one, other) => other.length - one.length).map(escaped);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(@(?:${longest_first.join("|")}))(?![\\p{L}\\p{N}])`, "u");
  const pieces = text.split(pattern).map((piece, index) => ({ kind: /** @type {Kind} */ (index % 2 ? "mention" : "text"), text: piece }));
  return pieces.filter((piece) => piece.text !== "");
}

/**
 * @param {string} name
 * @returns {string} a pattern for exactly this
 */
function escaped(name) {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
