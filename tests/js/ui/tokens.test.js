// @ts-check
// The tokens of static/css/tokens.css: words can be read on whatever is behind them, lines and the focus can be seen, and
// nothing moves for whoever doesn't want it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const SHEETS = readdirSync("static/css").map((name) => ({ name, css: readFileSync(`static/css/${name}`, "utf8") }));
const TOKENS = SHEETS.find(({ name }) => name === "tokens.css")?.css ?? "";
const HUES = [160, ...[...(SHEETS.find(({ name }) => name === "hues.css")?.css ?? "").matchAll(/--hue: (\d+)/g)].map((match) => Number(match[1]))];

const SURFACES = ["canvas", "surface", "surface-front", "surface-raised", "surface-hover", "surface-sunken"];
/** Words, and what they stand on. */
const WORDS = [
  ["ink", [...SURFACES, "accent-soft", "bubble", "selection"]],
  ["ink-quiet", [...SURFACES, "accent-soft", "bubble"]],
  ["accent-ink", [...SURFACES, "accent-soft", "bubble"]],
  ["on-accent", ["accent", "accent-hover"]],
  ["on-bubble-own", ["bubble-own"]],
  ["on-bubble-own-quiet", ["bubble-own"]],
  ["danger", [...SURFACES, "accent-soft", "danger-soft"]],
  ["danger-ink", [...SURFACES, "danger-soft"]],
  ["on-danger", ["danger", "danger-hover"]],
  ["on-alarm", ["alarm", "alarm-hover"]],
  ["on-alarm-quiet", ["alarm", "alarm-hover"]],
  ["caution-ink", ["caution-soft", ...SURFACES]],
  ["on-toast", ["toast"]],
  ["person-ink", ["person-soft"]],
  ["author-ink", ["bubble", "surface-front", "surface-sunken"]],
];
/** What is no word and must be seen, and what it stands on. */
const SHAPES = [
  ["line-input", SURFACES],
  ["accent", SURFACES],
  ["focus", [...SURFACES, "accent-soft"]],
  ["author-line", ["bubble"]],
];
/** Besides, where more contrast is wanted. */
const MORE_SHAPES = [...SHAPES, ["line", SURFACES], ["line-button", SURFACES], ["danger-line", SURFACES]];

const LOOKS = [
  { name: "light", words: 4.5, shapes: SHAPES, tokens: tokens_of(0, false) },
  { name: "dark", words: 4.5, shapes: SHAPES, tokens: tokens_of(1, false) },
  { name: "light, more contrast", words: 7, shapes: MORE_SHAPES, tokens: tokens_of(0, true) },
  { name: "dark, more contrast", words: 7, shapes: MORE_SHAPES, tokens: tokens_of(1, true) },
];

for (const { name, words, shapes, tokens } of LOOKS) {
  test(`words can be read: ${name}`, () => assert.deepEqual(faint(WORDS, tokens, words), []));
  test(`lines and the focus can be seen: ${name}`, () => assert.deepEqual(faint(shapes, tokens, 3), []));
}

test("no style has a colour of its own, but for pictures, the code to scan and paper", () => {
  const free = ["tokens.css", "image_viewer.css", "files.css", "panels.css", "print.css"];
  const found = SHEETS.filter(({ name, css }) => !free.includes(name) && /#[0-9a-f]{3,8}\b|(?<!from )\b(?:rgb|hsl)\(|light-dark\(/i.test(css));
  assert.deepEqual(found.map(({ name }) => name), []);
});

test("left and right are said as start and end", () => {
  const sided = /\b(?:margin|padding|border|inset)-(?:left|right)\b|(?<![-\w])(?:left|right):|text-align: (?:left|right)|border-(?:top|bottom)-(?:left|right)-radius/;
  assert.deepEqual(SHEETS.filter(({ css }) => sided.test(css)).map(({ name }) => name), []);
});

test("whatever moves is as quick as a token says, or stands still where less motion is wanted", () => {
  const moving = SHEETS.flatMap(({ name, css }) => {
    const still = css.includes("@media (prefers-reduced-motion: reduce)");
    return [...css.matchAll(/(?:transition|animation): ([^;]+);/g)]
      .filter(([, how]) => how !== "none" && !/var\(--(?:quick|calm|turn)\)/.test(how) && !(still || /^(?:meant|come-late) /.test(how)))
      .map(([line]) => `${name}: ${line}`);
  });
  assert.deepEqual(moving, []);
});

/**
 * @param {0 | 1} side of `light-dark()`
 * @param {boolean} more contrast
 * @returns {Map<string, string>} by name, without what is no colour
 */
function tokens_of(side, more) {
  const blocks = [block(":root"), ...(more ? [block(':root[data-contrast="more"]')] : [])];
  const lines = blocks.flatMap((text) => [...text.matchAll(/--([\w-]+): ([^;]+);/g)]);
  return new Map(lines.map(([, name, value]) => [name, /^light-dark\((.+?\)?), (.+)\)$/.exec(value)?.[side + 1] ?? value]));
}

/** @param {string} selector */
function block(selector) {
  const from = TOKENS.indexOf(`${selector} {`);
  assert.ok(from > 0, selector);
  return TOKENS.slice(from, TOKENS.indexOf("\n  }", from));
}

/**
 * @param {(string | string[])[][]} pairs
 * @param {Map<string, string>} tokens
 * @param {number} least
 * @returns {string[]} those with less
 */
function faint(pairs, tokens, least) {
  return pairs.flatMap(([front, behind]) =>
    /** @type {string[]} */ (behind).flatMap((back) =>
      shades(tokens, String(front)).flatMap((one) =>
        shades(tokens, back).map((other) => ({ what: `${front} on ${back}`, ratio: contrast(one, other) })).filter(({ ratio }) => ratio < least),
      ),
    ),
  ).map(({ what, ratio }) => `${what}: ${ratio.toFixed(2)}`);
}

/**
 * @param {Map<string, string>} tokens
 * @param {string} name
 * @returns {number[]} how bright it is, as WCAG counts, in each person's hue where it has one
 */
function shades(tokens, name) {
  const value = tokens.get(name) ?? assert.fail(name);
  if (value.startsWith("#")) return [of_hex(value)];
  const [, light, chroma] = /^oklch\(([\d.]+)% ([\d.]+) 160deg\)$/.exec(value) ?? assert.fail(value);
  return HUES.map((hue) => of_oklch(Number(light) / 100, Number(chroma), hue));
}

/** @param {number} one @param {number} other */
function contrast(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** @param {string} hex */
function of_hex(hex) {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g) ?? [];
  const [red, green, blue] = digits.map((pair) => parseInt(pair, 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The matrices of CSS Color 4 (OKLab to linear sRGB). @param {number} light @param {number} chroma @param {number} hue */
function of_oklch(light, chroma, hue) {
  const [a, b] = [Math.cos, Math.sin].map((part) => chroma * part((hue * Math.PI) / 180));
  const [long, medium, short] = [light + 0.3963377774 * a + 0.2158037573 * b, light - 0.1055613458 * a - 0.0638541728 * b, light - 0.0894841775 * a - 1.291485548 * b].map((cone) => cone ** 3);
  const inside = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ].map((value) => Math.min(1, Math.max(0, value)));
  return 0.2126 * inside[0] + 0.7152 * inside[1] + 0.0722 * inside[2];
}
