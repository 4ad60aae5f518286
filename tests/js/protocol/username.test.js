// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalise_username } from "../../../static/js/protocol/username.js";
import { read_vectors } from "./vectors.js";

for (const { typed, kept } of read_vectors("usernames.json")) {
  test(`${typed} is kept as ${kept}, as the server keeps it`, () => {
    assert.equal(normalise_username(typed), kept);
    assert.equal(normalise_username(kept), kept);
  });
}

test("spaces around a typed name are not part of it", () => {
  assert.equal(normalise_username("  Alice\n"), "alice");
});
