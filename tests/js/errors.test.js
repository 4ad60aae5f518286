// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { CODES, Talk2meError, error_from_server, is_talk2me_error } from "../../static/js/errors.js";

test("an error carries its code and details", () => {
  const error = new Talk2meError("rate_limited", { retry_after: 3 });
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.code, error.message, error.details.retry_after], ["Talk2meError", "rate_limited", "rate_limited", 3]);
  assert.ok(is_talk2me_error(error) && is_talk2me_error(error, "rate_limited"));
  assert.ok(!is_talk2me_error(error, "offline") && !is_talk2me_error(new Error("rate_limited")));
});

test("a server's code is taken only when a server may say it", () => {
  assert.equal(error_from_server("slot_conflict", { slot: 4 }).details.slot, 4);
  for (const code of ["identity_changed", "of_a_newer_server", "__proto__", "toString", 7, null, undefined]) {
    assert.equal(error_from_server(code).code, "internal");
  }
});

test("a server can't make anybody wait for ever, or not at all by a number that is too large", () => {
  assert.equal(error_from_server("rate_limited", { retry_after: 20 }).details.retry_after, 20);
  assert.equal(error_from_server("rate_limited", { retry_after: Number.MAX_SAFE_INTEGER }).details.retry_after, 3_600);
});

test("the table cannot be changed", () => {
  assert.throws(() => Object.assign(CODES, { offline: "server" }), TypeError);
});
