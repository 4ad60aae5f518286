// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { load_emoji } from "../../../static/js/codec/load_emoji.js";
import { find_emoji, QUICK } from "../../../static/js/ui/helpers/emoji_search.js";
import { matching_members, mention_at, mentioned } from "../../../static/js/ui/helpers/mention_query.js";
import { notice_words } from "../../../static/js/ui/helpers/notice_words.js";
import { short_time_left, time_left } from "../../../static/js/ui/helpers/time_left.js";

/** @import { Message } from "../../../static/js/ui/session_types.js" */

const PEOPLE = ["ana", "anabel", "bob", "Zoë", "jun.watanabe", "hanna"].map((username) => ({ account: `acc_${username}`, username }));
const names = (/** @type {{ username: string }[]} */ people) => people.map(({ username }) => username);

test("a name is being typed where an @ begins a word before the caret", () => {
  assert.deepEqual(mention_at("hi @an", 6), { query: "an", start: 3 });
  assert.deepEqual(mention_at("@", 1), { query: "", start: 0 });
  assert.deepEqual(mention_at("hi @ana and more", 7), { query: "ana", start: 3 });
  for (const [text, caret] of /** @type {[string, number][]} */ ([["mail@ana", 8], ["hi @ana ", 8], ["hi", 2], ["", 0], ["@ana", 0]])) assert.equal(mention_at(text, caret), null, text);
});

test("members are found by the beginning of their name first, then by what is in it, whatever the accents", () => {
  assert.deepEqual(names(matching_members(PEOPLE, "an")), ["ana", "anabel", "hanna", "jun.watanabe"]);
  assert.deepEqual(names(matching_members(PEOPLE, "zoe")), ["Zoë"]);
  assert.deepEqual(matching_members(PEOPLE, "x"), []);
  assert.deepEqual(matching_members([], ""), []);
});

test("who is mentioned is who is named in full, with or without a full stop behind it", () => {
  assert.deepEqual(mentioned("@ana, ask @jun.watanabe.", PEOPLE), ["acc_ana", "acc_jun.watanabe"]);
  assert.deepEqual(mentioned("mail@bob @anabe @nobody", PEOPLE), []);
});

test("the time left is told in the largest unit that there is a whole one of", () => {
  assert.equal(time_left(30_000), "30 seconds");
  assert.equal(time_left(60_000), "1 minute");
  assert.equal(time_left(90_000), "2 minutes");
  assert.equal(time_left(8 * 3_600_000), "8 hours");
  assert.equal(time_left(28 * 86_400_000), "4 weeks");
  assert.equal(short_time_left(86_400_000), "1 d");
  assert.equal(time_left(0), "0 seconds");
  fc.assert(fc.property(fc.nat(), (ms) => !/NaN|-|undefined|left_/.test(time_left(ms))));
});

test("emoji are found by words or their beginnings, all of them", async () => {
  const groups = (await load_emoji()).map(([name, entries]) => ({ name, emoji: entries.map(([emoji, label, tags]) => ({ emoji, name: label, tags })) }));
  const found = (/** @type {string} */ query) => find_emoji(groups, query).map(({ emoji }) => emoji);
  assert.equal(found("thumbs up")[0], "👍️");
  assert.ok(found("party").length > 1 && found("party").includes("🎉"));
  assert.ok(found("grin cat").every((emoji) => found("cat").includes(emoji)));
  assert.deepEqual(found(""), []);
  assert.deepEqual(found("qqqq"), []);
  assert.ok(groups.length === 9 && groups.every(({ emoji }) => emoji.length > 50));
});

test("there are six quick reactions, all different", () => {
  assert.equal(new Set(QUICK).size, 6);
});

test("who lets messages disappear is named, oneself as you", () => {
  const notice = (/** @type {Partial<Message>} */ fields) =>
    notice_words(/** @type {Message} */ ({ type: "notice", code: "timer_changed", author: { account: "acc_ana", username: "ana" }, own: false, ...fields }), "acc_me");
  assert.equal(notice({ seconds: 86_400 }), "ana lets messages disappear after 1 day.");
  assert.equal(notice({ own: true, seconds: 0 }), "You let messages stay.");
  assert.equal(notice({ seconds: 0 }), "ana lets messages stay.");
  assert.match(notice({ code: "something_new" }), /can't show/);
});
