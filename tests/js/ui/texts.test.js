// @ts-check
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { CODES, Talk2meError } from "../../../static/js/errors.js";
import { ERROR_WORDS, words_for_code, words_for_error } from "../../../static/js/ui/error_words.js";
import { TEXTS } from "../../../static/js/ui/texts.js";

const JARGON = /\b(MLS|epoch|commit|ratchet|ciphertext|envelope|mailbox|key package|leaf|token|nonce|payload|sync)\b/i;

/** @param {string} folder @param {string} ending @returns {string[]} the texts of its files */
function read_all(folder, ending) {
  const names = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith(ending));
  return names.map((name) => readFileSync(`${folder}/${name}`, "utf8"));
}

const code = read_all("static/js/ui", ".js").join("\n");

test("every error code has words, and no words are left without a code", () => {
  assert.deepEqual(Object.keys(ERROR_WORDS).sort(), Object.keys(CODES).sort());
});

test("whatever was thrown, a person is told something", () => {
  assert.equal(words_for_error(new Talk2meError("username_taken")), ERROR_WORDS.username_taken);
  for (const thrown of [new Error("secret detail"), null, "text", undefined]) {
    assert.match(words_for_error(thrown), /went wrong/);
    assert.doesNotMatch(words_for_error(thrown), /secret/);
  }
  assert.match(words_for_code("toString"), /went wrong/);
});

test("people are never shown the words of the machinery", () => {
  const page = read_all("templates/ui", ".html").join("\n").replace(/<[^>]*>/g, " ");
  for (const words of [...Object.values(TEXTS), ...Object.values(ERROR_WORDS), page]) assert.doesNotMatch(words, JARGON);
});

test("every text that the code asks for exists", () => {
  for (const [, key] of code.matchAll(/\btext\("(\w+)"/g)) assert.ok(Object.hasOwn(TEXTS, key), key);
  for (const [, key] of code.matchAll(/\bcounted\("(\w+)"/g)) {
    assert.ok(Object.hasOwn(TEXTS, `${key}_one`) && Object.hasOwn(TEXTS, `${key}_other`), key);
  }
});

test("no text is left that nothing asks for", () => {
  const families = /^(notice|action|delete|emoji|short|stopped|alert|alarm|banner|waits|log|missing|status|connection|peer|name|safety|link_new|reminder|recovery|archive|lock|passphrase|group_you|role|make_owner|step_down|join|size|in_sentence|release)_|_(one|other)$/;
  for (const key of Object.keys(TEXTS)) {
    if (!families.test(key)) assert.ok(code.includes(`"${key}"`), key);
  }
});

test("everything that is told in a dialog has a title and a text", () => {
  const [, list = ""] = /IN_A_DIALOG = new Set\(\[([^\]]*)\]/.exec(readFileSync("static/js/ui/alert_view.js", "utf8")) ?? [];
  const codes = [...list.matchAll(/"(\w+)"/g)].map((match) => match[1]);
  assert.ok(codes.length > 5);
  for (const name of codes) assert.ok(TEXTS[`alert_${name}`] && TEXTS[`alert_${name}_title`], name);
});

test("each family of texts has one for what nobody foresaw", () => {
  for (const key of ["notice_other", "stopped_other", "stopped_other_title", "alarm_other", "alarm_other_title", "alarm_other_means", "waits_other"]) assert.ok(TEXTS[key]);
});
