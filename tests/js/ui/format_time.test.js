// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { day_and_time, day_key, day_label, full_date, short_time, time_of_day } from "../../../static/js/ui/helpers/format_time.js";

const now = Date.UTC(2026, 2, 18, 14, 5); // a Wednesday
const clock = { locale: "en-GB", now, zone: "UTC" };
const hours = (/** @type {number} */ count) => count * 3_600_000;

test("a time is the hour and minute of the person's region", () => {
  assert.equal(time_of_day(now, clock), "14:05");
  assert.match(time_of_day(now, { ...clock, locale: "en-US" }), /^2:05\sPM$/);
});

test("a day is called today, yesterday, by its weekday, by its date, and with its year where that differs", () => {
  assert.equal(day_label(now - hours(14), clock), "Today");
  assert.equal(day_label(now - hours(15), clock), "Yesterday");
  assert.equal(day_label(now - hours(72), clock), "Sunday");
  assert.equal(day_label(now - hours(24 * 9), clock), "9 March");
  assert.equal(day_label(Date.UTC(2025, 11, 31), clock), "31 December 2025");
});

test("a time that lies ahead, because of a wrong clock, is told by its date and never by a weekday gone by", () => {
  assert.equal(day_label(now + hours(48), clock), "20 March");
});

test("the same weekday of last week is told by its date", () => {
  assert.equal(day_label(now - hours(24 * 7), clock), "11 March");
});

test("the list shows the shortest that says when", () => {
  assert.equal(short_time(now - hours(1), clock), "13:05");
  assert.equal(short_time(now - hours(20), clock), "Yesterday");
  assert.equal(short_time(now - hours(72), clock), "Sun");
  assert.equal(short_time(now - hours(24 * 9), clock), "9 Mar");
  assert.equal(short_time(Date.UTC(2024, 4, 6), clock), "06/05/24");
});

test("the day ends at midnight where the person is", () => {
  const late = Date.UTC(2026, 2, 18, 23, 30);
  assert.equal(day_key(late, "UTC"), "2026-03-18");
  assert.equal(day_key(late, "Europe/Berlin"), "2026-03-19");
});

test("dates are written out", () => assert.equal(full_date(now, clock), "18 March 2026"));

test("a moment of these days is told by its day and its time", () => {
  assert.equal(day_and_time(now, clock), "Today, 14:05");
  assert.equal(day_and_time(now - hours(24 * 9), clock), "9 March, 14:05");
});
