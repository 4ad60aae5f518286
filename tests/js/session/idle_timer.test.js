// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { IdleTimer } from "../../../static/js/session/lock/idle_timer.js";

function make() {
  const clock = { now: 1_000, idle: 0 };
  const timer = new IdleTimer({ now: () => clock.now, on_idle: () => (clock.idle += 1) });
  return { clock, timer };
}

test("a touch puts it off, and one that comes too late is none", () => {
  const { clock, timer } = make();
  timer.start(60_000);
  clock.now += 59_999;
  assert.ok(timer.touch());
  clock.now += 59_999;
  assert.ok(timer.touch());
  clock.now += 60_000;
  assert.equal(timer.touch(), false);
  assert.equal(clock.idle, 1);
  // It is over: who starts it again begins anew.
  assert.ok(timer.touch());
  timer.start(60_000);
  assert.ok(timer.touch());
  timer.stop();
  assert.equal(clock.idle, 1);
});

test("without a limit it never ends", () => {
  const { clock, timer } = make();
  timer.start(0);
  clock.now += 10 ** 10;
  assert.ok(timer.touch());
  assert.equal(clock.idle, 0);
});

test("it ends by itself, after the last touch", async () => {
  let idle = 0;
  const timer = new IdleTimer({ now: Date.now, on_idle: () => (idle += 1) });
  const began = Date.now();
  timer.start(80);
  await new Promise((resolve) => void setTimeout(resolve, 40));
  timer.touch();
  while (idle === 0) await new Promise((resolve) => void setTimeout(resolve, 5));
  assert.ok(Date.now() - began >= 120);
  assert.equal(idle, 1);
});

test("a machine that wakes is looked at within a second, whatever its timer says", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, timer } = make();
  timer.start(900_000);
  clock.now += 8 * 3_600_000;
  mock.timers.tick(1_000);
  assert.equal(clock.idle, 1);
});

test("who looks at it finds that it is over, and puts nothing off", () => {
  const { clock, timer } = make();
  timer.start(60_000);
  clock.now += 59_000;
  assert.ok(timer.look());
  clock.now += 1_000;
  assert.equal(timer.look(), false);
  assert.equal(clock.idle, 1);
});

test("a clock that is set back lengthens nothing", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, timer } = make();
  timer.start(60_000);
  clock.now -= 10 ** 9;
  // It may even stand still meanwhile.
  for (let second = 0; second < 59; second += 1) mock.timers.tick(1_000);
  assert.equal(clock.idle, 0);
  mock.timers.tick(1_000);
  assert.equal(clock.idle, 1);
});
