// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { pack, unpack } from "../../../../static/js/codec/msgpack.js";
import { make_segment, OpenSegment } from "../../../../static/js/session/search/segment.js";

const texts = fc.array(fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }), { maxLength: 6 }), { maxLength: 30 });
/** @param {string[][]} terms */
const entries = (terms) => terms.map((own, at) => ({ conversation: "c", order: at, time: at, author: "a", file: false, terms: own }));

describe("a segment of the index", () => {
  it("finds exactly what has a word with that beginning, after it was stored", () => {
    fc.assert(
      fc.property(texts, fc.string({ unit: "grapheme", maxLength: 3 }), (terms, prefix) => {
        const segment = new OpenSegment(/** @type {any} */ (unpack(pack(make_segment(entries(terms))))));
        const expected = terms.flatMap((own, at) => (own.some((term) => term.startsWith(prefix)) ? [at] : []));
        assert.deepEqual([...segment.find(prefix)].sort((a, b) => a - b), expected);
      }),
    );
  });

  it("gives back what it was made of", () => {
    fc.assert(
      fc.property(texts, (terms) => {
        const again = new OpenSegment(make_segment(entries(terms))).entries();
        assert.deepEqual(again.map((entry) => [...entry.terms].sort()), terms.map((own) => [...own].sort()));
      }),
    );
  });
});
