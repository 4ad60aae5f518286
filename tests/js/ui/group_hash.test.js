// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { group_hash } from "../../../static/js/ui/helpers/group_hash.js";

test("a hash is shown in groups that people can compare", () => {
  assert.equal(group_hash("0123456789abcdef".repeat(4)), "01234567 89abcdef 01234567 89abcdef 01234567 89abcdef 01234567 89abcdef");
});

for (const other of ["", "0".repeat(63), "0".repeat(65), "g".repeat(64), `${"0".repeat(64)}\n`, undefined, 7]) {
  test(`what is no hash is not shown as one: ${JSON.stringify(other)}`, () => assert.equal(group_hash(other), null));
}
