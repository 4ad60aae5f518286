// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { is_showable_username, normalise_username } from "../../../static/js/protocol/username.js";
import { read_vectors } from "./vectors.js";

for (const { typed, kept } of read_vectors("usernames.json")) {
  test(`${typed} is kept as ${kept}, as the server keeps it`, () => {
    assert.equal(normalise_username(typed), kept);
    assert.equal(normalise_username(kept), kept);
    assert.ok(is_showable_username(kept));
  });
}

test("spaces around a typed name are not part of it", () => {
  assert.equal(normalise_username("  Alice\n"), "alice");
});

test("a name that no honest server lets in is not shown", () => {
  const refused = ["", "a b", "\u202Ebob", "bob\u2069", "bob\u200B", "bob\u2713", "bob\u{1F512}", "a\u0000", "a\nb", "x".repeat(33)];
  for (const name of refused) assert.ok(!is_showable_username(name), JSON.stringify(name));
  for (const name of ["bob", "zoë", "x".repeat(32), "a.b_c-d", "名前", "\u0628\u200C\u0628"]) assert.ok(is_showable_username(name), name);
});
