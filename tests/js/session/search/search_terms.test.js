// @ts-check
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { find_in, fold, index_terms, prefix_of, wanted_terms, words_of, words_of_name } from "../../../../static/js/session/search/search_terms.js";

/** @param {string} text @param {string} looked_for */
const finds = (text, looked_for) => find_in(text, wanted_terms(looked_for)) !== null;

/** @param {string} text @param {string} looked_for whether the index leads to it */
const is_indexed = (text, looked_for) =>
  wanted_terms(looked_for).every((wanted) => [...index_terms(text)].some((term) => term.startsWith(prefix_of(wanted))));

describe("words that a text is found by", () => {
  for (const [what, text, looked_for] of [
    ["the beginning of a word", "See you at the playground", "playg"],
    ["several beginnings, in any order", "See you at the playground", "play see"],
    ["another case", "Straße nach KÖLN", "köln"],
    ["no accents", "Le café est fermé", "cafe ferme"],
    ["accents that are not there", "cafe", "café"],
    ["Greek without its accent", "Καλημέρα κόσμε", "καλημερα"],
    ["Cyrillic", "Привет, мир", "прив"],
    ["Arabic", "صباح الخير يا صديقي", "الخ"],
    ["Hindi", "नमस्ते दुनिया", "नमस्ते"],
    ["Hangul, by the beginning of a word", "안녕하세요 여러분", "안녕"],
    ["Chinese, from the middle of what has no spaces", "我们明天在公园见面", "公园"],
    ["Japanese, longer than the index holds", "明日の会議は午後三時からです", "会議は午後三時"],
    ["Thai", "พรุ่งนี้เจอกันที่สวนสาธารณะ", "สวน"],
    ["a picture", "happy birthday 🎂!", "🎂"],
    ["digits", "the code is 4711", "47"],
    ["wide letters", "ＡＢＣ", "abc"],
  ]) {
    it(`finds ${what}`, () => {
      assert.ok(finds(text, looked_for));
      assert.ok(is_indexed(text, looked_for));
    });
  }

  it("does not find the middle of a word, nor what is only half there", () => {
    assert.ok(!finds("playground", "ground"));
    assert.ok(!finds("See you at the playground", "see nobody"));
  });

  it("says where", () => {
    assert.deepEqual(find_in("Ana und Anna, an Bord", wanted_terms("an")), [[0, 3], [8, 12], [14, 16]]);
    assert.deepEqual(find_in("我们明天在公园见面", wanted_terms("公园")), [[5, 7]]);
  });

  it("wants nothing of what has no words", () => assert.deepEqual(wanted_terms(" -- ! "), []));

  it("takes the name of a file apart", () => {
    const name = "blood_test-2026.final.pdf";
    assert.equal(words_of_name(name).length, name.length);
    assert.ok(finds(words_of_name(name), "test pdf"));
  });

  it("leads from every word of a text to that text, whatever its script", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        for (const { from, to } of words_of(text)) {
          const word = text.slice(from, to);
          if (fold(word).length === 0) continue;
          assert.ok(is_indexed(text, word), word);
        }
      }),
    );
  });
});
