// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { format_span } from "../../../static/js/ui/helpers/format_span.js";
import { banner_for, is_new_alarm, tidy_witnesses } from "../../../static/js/ui/helpers/key_log_rules.js";
import { TEXTS } from "../../../static/js/ui/texts.js";

const MINUTE = 60_000;
const STATES = /** @type {const} */ (["ok", "frozen", "unreachable", "unwitnessed", "broken"]);
const CODES = /** @type {const} */ (["log_split", "log_rolled_back", "log_own_account", "log_entry_dropped", "log_key_changed"]);

test("what keeps messages waiting is told before a wrong clock, and nothing while all is well", () => {
  assert.equal(banner_for({ state: "ok", clock: 0 }), null);
  for (const clock of [20 * MINUTE, -20 * MINUTE]) assert.equal(banner_for({ state: "ok", clock }), "clock");
  for (const state of STATES.slice(1)) assert.equal(banner_for({ state, clock: 20 * MINUTE }), state);
});

test("only an alarm that nobody has answered takes the whole screen", () => {
  for (const code of CODES) {
    assert.equal(is_new_alarm({ state: "broken", alarm: { code, found: 1, seen: false } }), true);
    assert.equal(is_new_alarm({ state: "broken", alarm: { code, found: 1, seen: true } }), false);
  }
  assert.equal(is_new_alarm({ state: "broken", alarm: null }), false);
  assert.equal(is_new_alarm({ state: "ok", alarm: null }), false);
});

test("as many witnesses can be asked for as are named, and none where none is", () => {
  const line = fc.stringMatching(/^[a-z]+$/).filter((name) => name !== "");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.integer({ min: -2, max: 8 }), (lines, quorum) => {
      const typed = lines.map((name) => `  ${name}\r\n\n`).join("");
      const tidy = tidy_witnesses(typed, quorum);
      if (lines.length === 0) assert.deepEqual(tidy, { witnesses: "", quorum: 0 });
      else if (quorum < 1 || quorum > lines.length) assert.equal(tidy, null);
      else assert.deepEqual(tidy, { witnesses: lines.join("\n"), quorum });
    }),
  );
  for (const quorum of [NaN, 0.5, 1.5, Infinity]) assert.equal(tidy_witnesses("a\nb", quorum), null);
});

test("each state and each alarm has words of its own", () => {
  for (const state of STATES.slice(1)) for (const family of ["banner", "waits", "log"]) assert.ok(TEXTS[`${family}_${state}`], `${family}_${state}`);
  for (const code of CODES) {
    const texts = ["", "_title", "_means"].map((suffix) => TEXTS[`alarm_${code}${suffix}`] ?? "");
    for (const words of texts) assert.ok(words.length > 20, code);
    // Whoever is named there is not always known.
    if (texts.some((words) => words.includes("{name}"))) assert.ok(TEXTS[`alarm_${code}_who`], code);
    assert.equal((TEXTS[`alarm_${code}`] ?? "").match(/[.?!]( |$)/g)?.length, 2, `two sentences: ${code}`);
  }
});

test("a stretch of time is told in the unit in which it is at least two", () => {
  assert.equal(format_span(11 * MINUTE), "11 minutes");
  assert.equal(format_span(-119 * MINUTE), "119 minutes");
  assert.equal(format_span(120 * MINUTE), "2 hours");
  assert.equal(format_span(-47 * 60 * MINUTE), "47 hours");
  assert.equal(format_span(48 * 60 * MINUTE), "2 days");
  assert.equal(format_span(MINUTE), "1 minute");
});
