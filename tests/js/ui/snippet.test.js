// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { snippet } from "../../../static/js/ui/helpers/snippet.js";

describe("the part of a message that was looked for", () => {
  it("is the whole of a short one, with what was found apart", () => {
    assert.deepEqual(snippet("see you\nat five", [[8, 10]]), [
      { text: "see you ", found: false },
      { text: "at", found: true },
      { text: " five", found: false },
    ]);
  });

  it("is what stands around it in a long one", () => {
    const words = `${"before ".repeat(60)}needle${" after".repeat(60)}`;
    const pieces = snippet(words, [[420, 426]]);
    assert.equal(pieces[0].text, "… ");
    assert.equal(pieces.find(({ found }) => found)?.text, "needle");
    assert.equal(pieces.at(-1)?.text, " …");
    assert.ok(pieces.map(({ text }) => text).join("").length < 200);
  });

  it("leaves nothing out between where it begins and where it ends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 150 }), fc.nat(120), fc.nat(20), (words, at, length) => {
        const range = /** @type {[number, number]} */ ([Math.min(at, words.length), Math.min(at + length, words.length)]);
        if (range[0] >= 80 || words.length > 160) return;
        const joined = snippet(words, [range]).map(({ text }) => text).join("");
        assert.equal(joined.replace(/\s+/gu, ""), words.replace(/\s+/gu, ""));
      }),
    );
  });
});
