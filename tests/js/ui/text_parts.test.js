// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { is_emoji_only, plain_text, text_parts } from "../../../static/js/ui/helpers/text_parts.js";

/** @import { Part } from "../../../static/js/ui/helpers/text_parts.js" */

/** @param {string} words @param {string[]} [names] @returns {string[]} `kind:text` */
const parts = (words, names) => text_parts(words, names).map(({ kind, text }) => `${kind}:${text}`);

/** @param {Part[]} list @returns {string} every text of it, one after the other */
const shown = (list) => list.map(({ text, parts: inner }) => (inner ? shown(inner) : text)).join("");

test("a few marks are known: bold, italic, code, blocks and quotes", () => {
  assert.deepEqual(parts("a *b* c"), ["text:a ", "bold:b", "text: c"]);
  assert.deepEqual(parts("_b_, `c`"), ["italic:b", "text:, ", "code:c"]);
  assert.deepEqual(parts("so:\n```\nx = 1\n  y\n```\nyes"), ["text:so:", "block:x = 1\n  y", "text:yes"]);
  assert.deepEqual(parts("> one\n> two\nthree"), ["quote:one\ntwo", "text:three"]);
  assert.deepEqual(text_parts("*a _b_*"), [
    { kind: "bold", text: "a _b_", parts: [{ kind: "text", text: "a " }, { kind: "italic", text: "b", parts: [{ kind: "text", text: "b" }] }] },
  ]);
});

test("within a word, beside a space, or without its other half, a mark is just a character", () => {
  for (const words of ["2*3*4", "snake_case_name", "* not bold *", "*", "**", "a * b * c", "_", "`", "```", "``` ```", ">", "*a\nb*", "5 > 3"]) {
    const found = text_parts(words).filter(({ kind }) => kind !== "text" && kind !== "block");
    assert.deepEqual(found, [], words);
  }
});

test("what stands in code is shown as it is", () => {
  assert.deepEqual(parts("`*a* https://a.example`"), ["code:*a* https://a.example"]);
  assert.deepEqual(parts("```*a* > b```"), ["block:*a* > b"]);
});

test("a link in bold is a link, and marks in a link are part of it", () => {
  assert.deepEqual(text_parts("*https://a.example*")[0].parts, [{ kind: "link", text: "https://a.example" }]);
  assert.deepEqual(parts("https://a.example/_x_/y*z"), ["link:https://a.example/_x_/y*z"]);
});

test("those who are mentioned stand out, and nobody else does", () => {
  assert.deepEqual(parts("hi @ana, and @anabel", ["ana"]), ["text:hi ", "mention:@ana", "text:, and @anabel"]);
  assert.deepEqual(parts("@ana @ana.b", ["ana", "ana.b"]), ["mention:@ana", "text: ", "mention:@ana.b"]);
  assert.deepEqual(parts("mail@ana and @bob", ["ana"]), ["text:mail@ana and @bob"]);
  assert.deepEqual(parts("@a+b (x", ["a+b (x"]), ["mention:@a+b (x"]);
});

test("of whatever is written nothing is invented, and everything but the marks is shown", () => {
  const pieces = fc.constantFrom("*", "_", "`", "```", "> ", "\n", " ", "a", "b.", "https://x.example/", "@ana");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
      const words = list.join("");
      const strip = (/** @type {string} */ text) => text.replace(/[*_`>\s]/g, "");
      assert.equal(strip(shown(text_parts(words, ["ana"]))), strip(words));
    }),
  );
});

test("the longest text of nothing but marks is read in a moment", () => {
  for (const unit of ["*", "_", "`", "*a ", "_a ", "`a", "```a", "> ", "https://a.example/.", "@", "*a_b`"]) {
    const words = unit.repeat(Math.floor(16_384 / unit.length));
    assert.ok(shown(text_parts(words, ["ana"])).length <= words.length);
  }
});

test("for where there is little room, a text is one line without marks", () => {
  assert.equal(plain_text("*Now*:\n> read\n`this`\n```\ncode\n```"), "Now: read this code");
  assert.equal(plain_text(""), "");
});

test("up to three emoji alone are shown large", () => {
  for (const words of ["👍", "❤️", "😂😂😂", "🏳️‍🌈", "👩‍👩‍👧", "🇩🇪 🇫🇷", "👍🏽"]) assert.ok(is_emoji_only(words), words);
  for (const words of ["", "1", "a", "👍 ok", "😂😂😂😂", ":-)", "#"]) assert.ok(!is_emoji_only(words), words);
});
