// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { avatar_hue, initials } from "../../../static/js/ui/helpers/avatar.js";
import { name_problem, tidy_name } from "../../../static/js/ui/helpers/name_rules.js";
import { counted } from "../../../static/js/ui/helpers/plural.js";
import { count_characters, pick_two, split_groups } from "../../../static/js/ui/helpers/recovery_groups.js";
import { seconds_left } from "../../../static/js/ui/helpers/seconds_left.js";
import { text_parts } from "../../../static/js/ui/helpers/text_parts.js";
import { qr_path } from "../../../static/js/ui/kit/qr_view.js";
import { key_for, text } from "../../../static/js/ui/texts.js";

test("an avatar shows the beginnings of a name and keeps its colour", () => {
  assert.equal(initials("jun.watanabe"), "JW");
  assert.equal(initials("zoë"), "Z");
  assert.equal(initials("😀smile"), "😀");
  assert.equal(initials("."), "?");
  assert.equal(avatar_hue("acc_alice"), avatar_hue("acc_alice"));
  fc.assert(fc.property(fc.string(), (account) => Number.isInteger(avatar_hue(account)) && avatar_hue(account) < 8));
});

test("one is counted otherwise than many", () => {
  assert.equal(counted("jump_new", 1), "1 new message");
  assert.equal(counted("jump_new", 0), "0 new messages");
  assert.equal(counted("jump_new", 21), "21 new messages");
});

test("two different groups of the recovery key are asked, in their order", () => {
  fc.assert(
    fc.property(fc.nat(6), fc.nat(5), (one, other) => {
      const dice = [one, other];
      const [first, second] = pick_two(7, () => /** @type {number} */ (dice.shift()));
      assert.ok(first < second && first >= 0 && second <= 6);
    }),
  );
});

test("a recovery key is split at hyphens or spaces, and only its letters and digits count", () => {
  assert.deepEqual(split_groups(" 7K3M-Q8ZP 2XRT "), ["7K3M", "Q8ZP", "2XRT"]);
  assert.equal(count_characters("7k3m - q8zp"), 8);
});

test("what is wrong with a name is told while it is typed", () => {
  assert.equal(name_problem(""), "name_missing");
  assert.equal(name_problem("a"), "name_too_short");
  assert.equal(name_problem("a".repeat(33)), "name_too_long");
  for (const name of ["a b", "a@b", ".dot", "\u0301acute", "a\u202eb"]) assert.equal(name_problem(name), "name_characters", name);
  for (const name of ["al", "zoë", "jun.watanabe", "李小龍", "o'neil"]) assert.equal(name_problem(name), null, name);
  assert.equal(tidy_name(" @bob "), "bob");
});

test("the wait for the next attempt never goes below nothing", () => {
  assert.equal(seconds_left(10_001, 5000), 6);
  assert.equal(seconds_left(1000, 5000), 0);
  assert.equal(seconds_left(undefined, 5000), 0);
});

test("addresses in a message become links, without the punctuation around them, and nothing of the text is lost", () => {
  assert.deepEqual(text_parts("See https://a.example/x?y=1."), [
    { kind: "text", text: "See " },
    { kind: "link", text: "https://a.example/x?y=1" },
    { kind: "text", text: "." },
  ]);
  const links = (/** @type {string} */ words) => text_parts(words).filter(({ kind }) => kind === "link");
  for (const words of [`${"javascript"}:alert(1)`, "data:text/html,x", "file:///etc/passwd", "https://", "no address"]) {
    assert.deepEqual(links(words), [], words);
  }
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl()), { maxLength: 5 }), (words) => {
      const whole = words.join(" ").replace(/[*_`>]/g, "");
      assert.equal(text_parts(whole).map((part) => part.text).join(""), whole);
      for (const part of links(whole)) assert.match(part.text, /^https?:\/\//);
    }),
  );
});

test("a code is drawn with every dark module once", () => {
  const rows = ["#.##", "....", "####", ".#.#"];
  const path = qr_path(4, (x, y) => rows[y][x] === "#");
  assert.equal(path, "M0 0h1v1h-1zM2 0h2v1h-2zM0 2h4v1h-4zM1 3h1v1h-1zM3 3h1v1h-1z");
});

test("texts are filled in, and a gap shows itself instead of breaking a page", () => {
  assert.equal(text("search_start", { name: "bob" }), "Talk to bob");
  assert.equal(text("search_start"), "Talk to {name}");
  assert.equal(text("toString"), "toString");
  assert.equal(key_for("notice", "left"), "notice_left");
  assert.equal(key_for("notice", "something new"), "notice_other");
});
