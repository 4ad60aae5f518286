// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { safety_number } from "../../../static/js/protocol/safety_number.js";
import {
  make_verification_code,
  parse_verification_code,
  verification_code_matches,
} from "../../../static/js/protocol/verification_code.js";

const origin = "https://chat.example";
const make_side = () => ({ account: random_bytes(16), identity_key: random_bytes(32) });
const [mine, theirs] = [make_side(), make_side()];

test("both people see the same twelve groups", async () => {
  const number = await safety_number(origin, mine, theirs);
  assert.match(number, /^(?:\d{5} ){11}\d{5}$/);
  assert.equal(await safety_number(origin, theirs, mine), number);
});

test("another key, another account and another server give another number", async () => {
  const numbers = await Promise.all([
    safety_number(origin, mine, theirs),
    safety_number(origin, mine, { ...theirs, identity_key: random_bytes(32) }),
    safety_number(origin, mine, { ...theirs, account: random_bytes(16) }),
    safety_number("https://other.example", mine, theirs),
  ]);
  assert.equal(new Set(numbers).size, 4);
});

test("other work goes on while it is computed", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  await safety_number(origin, mine, theirs);
  clearInterval(timer);
  assert.ok(turns >= 10, `${turns} turns`);
});

test("a scanned code matches on the other side, and only there", () => {
  const scanned = parse_verification_code(` ${make_verification_code(mine, theirs)}\n`);
  assert.equal(verification_code_matches(scanned, theirs, mine), true);
  assert.equal(verification_code_matches(scanned, mine, theirs), false);
  assert.equal(verification_code_matches(scanned, theirs, { ...mine, identity_key: random_bytes(32) }), false);
  assert.equal(verification_code_matches(scanned, { ...theirs, identity_key: random_bytes(32) }, mine), false);
  assert.equal(verification_code_matches(scanned, { ...theirs, account: random_bytes(16) }, mine), false);
});

test("a code carries the log's head", () => {
  const log = { size: 12, root: random_bytes(32), signature: random_bytes(64) };
  assert.deepEqual(parse_verification_code(make_verification_code(mine, theirs, log)), { mine, theirs, log });
});

test("other QR codes are refused", () => {
  const code = make_verification_code(mine, theirs);
  for (const wrong of ["", "https://chat.example/", code.slice(4), `${code}AAAA`, code.slice(0, -1), `A${code.slice(1)}`]) {
    assert.throws(() => parse_verification_code(wrong), { code: "verification_code_invalid" });
  }
});
