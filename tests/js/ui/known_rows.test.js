// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { known_groups } from "../../../static/js/ui/helpers/known_rows.js";
import { known } from "../support/fake_known.js";

/** @import { KnownRow } from "../../../static/js/ui/known_types.js" */

const NOW = Date.parse("2026-03-09T14:05:00Z");
const reader = { clock: { locale: "en-GB", now: NOW, zone: "UTC" }, device: "d1" };

/** @param {Parameters<typeof known>[1]} [changed] @returns {KnownRow[]} all lines, those that open with theirs behind them */
function lines(changed) {
  const rows = known_groups(known(NOW, changed), reader).flatMap((group) => group.rows);
  return rows.flatMap((row) => [row, ...(row.rows ?? [])]);
}

/** @param {KnownRow[]} rows @param {string} name */
function line(rows, name) {
  const found = rows.find((row) => row.name === name);
  assert.ok(found, `${name} in ${rows.map((row) => row.name).join(", ")}`);
  return found;
}

test("each thing has a size, and says until when it stays", () => {
  const rows = lines();
  assert.deepEqual(line(rows, "History for your devices"), {
    name: "History for your devices",
    hint: "1,240 sealed messages, until you turn it off",
    size: "3.9 MB",
  });
  assert.equal(line(rows, "Conversation 1").hint, "52 sealed messages, the oldest from 7 March 2026, 14:05; gone by 8 April 2026");
  assert.equal(line(rows, "3 conversations").size, "548 kB");
  assert.equal(line(rows, "File 1").hint, "Gone by 31 March 2026");
  assert.match(line(rows, "File 2").hint ?? "", /^Not all of it has arrived/);
  assert.equal(line(rows, "Notes to your devices").size, "12 kB");
});

test("what is not told one by one is counted", () => {
  assert.ok(line(lines(), "and 59 more, in the file that you can download"));
});

test("what is kept can be deleted one by one and all at once, and what was only sent can't", () => {
  assert.deepEqual(line(lines(), "1 file that you keep").rows, [{ name: "Kept file 1", size: "9.4 MB", kept: ["a2"] }]);
  const kept = [3, 2, 1].map((number) => ({ id: `a${number}`, bytes: number * 1_000_000, complete: number > 1, keep: true, expires: null }));
  const rows = lines({ attachments: { count: 3, bytes: 6_000_000, rows: kept } });
  assert.deepEqual(rows.filter((row) => row.kept).map(({ name, size, kept: ids }) => [name, size, ids]), [
    ["All of them", "5.0 MB", ["a3", "a2"]],
    ["Kept file 1", "3.0 MB", ["a3"]],
    ["Kept file 2", "2.0 MB", ["a2"]],
  ]);
  assert.equal(line(rows, "1 file that you sent").size, "1.0 MB", "what is on its way goes by itself");
});

test("devices have numbers, for the server knows no names; this browser is found by its id", () => {
  const rows = lines();
  assert.match(line(rows, "Device 1, this browser").hint ?? "", /25 keys wait.*updates\.push\.services\.mozilla\.com/);
  assert.equal(line(rows, "Device 3, removed").size, undefined);
  assert.ok(line(rows, "2 sign-ins"));
});

test("what operators did, and a report of one's own, are there in words", () => {
  const rows = lines({ operators: [{ time: NOW, what: "suspended" }], reset_permit: { created: "2026-03-09", from_day: "2026-03-16" } });
  assert.equal(line(rows, "Whoever runs the server: suspended").hint, "9 March 2026, 14:05");
  assert.match(line(rows, "A report that you made").hint ?? "", /he would not stop/);
  assert.ok(rows.some(({ name }) => name.startsWith("Leave to start over")));
});

test("who invited whom is there in words", () => {
  const rows = lines();
  assert.ok(line(rows, "You came by an invitation of iris"));
  assert.ok(line(rows, "You invited ben to this server"));
  assert.ok(rows.some(({ name }) => name.startsWith("An invitation of yours to this server, good until")));
  const registration = { day: "2026-03-09", by: null, label: "the choir" };
  assert.ok(line(lines({ registration }), "You came by a code of whoever runs the server: the choir"));
  assert.ok(line(lines({ registration: { ...registration, label: "" } }), "You came by a code of whoever runs the server"));
});

test("of what is not there is no line, and no heading without one", () => {
  const nothing = { count: 0, envelopes: 0, bytes: 0, rows: [] };
  const empty = { vault: null, mailboxes: nothing, attachments: nothing, passkeys: [], invitations: [], invited: [], reports: [] };
  const groups = known_groups(known(NOW, { ...empty, account: { ...known(NOW).account, recovery_keys: 0 } }), reader);
  assert.deepEqual(groups.map(({ title }) => title), ["Your account", "Your devices", "Room"]);
});

test("no line says an id, and none is unfilled", () => {
  const rows = lines();
  for (const { name, hint = "", size = "" } of rows) assert.doesNotMatch(`${name} ${hint} ${size}`, /\{|\bm\d\b|\ba\d\b|undefined|NaN|Invalid/);
});
