// @ts-check
// What the screens of devices, ways back in, history and lock decide without a document.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { archive_line, format_left, format_size, restoring_words } from "../../../static/js/ui/helpers/archive_words.js";
import { device_name_of, suggest_device_name } from "../../../static/js/ui/helpers/device_name.js";
import { device_hint, order_devices } from "../../../static/js/ui/helpers/device_rows.js";
import { first_screen } from "../../../static/js/ui/helpers/first_screen.js";
import { format_countdown } from "../../../static/js/ui/helpers/format_countdown.js";
import { format_last_seen } from "../../../static/js/ui/helpers/format_last_seen.js";
import { loss_words } from "../../../static/js/ui/helpers/loss_words.js";
import { passphrase_problem, passphrase_strength } from "../../../static/js/ui/helpers/passphrase_rules.js";
import { count_characters, group_typed } from "../../../static/js/ui/helpers/recovery_groups.js";
import { reminder_for } from "../../../static/js/ui/helpers/reminder_rules.js";
import { report_activity, report_return } from "../../../static/js/ui/kit/activity.js";
import { group_while_typing } from "../../../static/js/ui/kit/key_field.js";

const NOW = Date.parse("2026-11-29T23:30:00Z");
const CLOCK = { locale: "en-GB", now: NOW };
const DAY = 86_400_000;

test("a browser suggests a name by which its owner knows it again", () => {
  const agents = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0": "Edge on Windows",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15": "Safari on Mac",
    "something new": "Browser",
  };
  for (const [agent, name] of Object.entries(agents)) assert.equal(suggest_device_name(agent), name);
  assert.equal(device_name_of("  ", "something new"), "Browser");
  assert.equal(device_name_of(" kitchen ", "something new"), "kitchen");
});

test("a key falls into groups of four while it is typed or pasted, and the caret stays behind its letter", () => {
  assert.deepEqual(group_typed("7k3mq", 5), { value: "7K3M-Q", caret: 6 });
  assert.deepEqual(group_typed(" 7k3m q8zp\n2xrt ", 16), { value: "7K3M-Q8ZP-2XRT", caret: 14 });
  assert.deepEqual(group_typed("7K3xM-Q8ZP", 4), { value: "7K3X-MQ8Z-P", caret: 4 });
  fc.assert(
    fc.property(fc.string(), fc.nat(40), (typed, at) => {
      const caret = Math.min(at, typed.length);
      const grouped = group_typed(typed, caret);
      assert.equal(count_characters(grouped.value), count_characters(typed));
      assert.equal(count_characters(grouped.value.slice(0, grouped.caret)), count_characters(typed.slice(0, caret)));
      assert.deepEqual(group_typed(grouped.value, grouped.value.length).value, grouped.value);
    }),
  );
});

test("what a scanner read is left as it is in the field for a code", () => {
  const input = Object.assign(new EventTarget(), { value: "T2ML1:Zk3vQ1xT8nLw5RbY7uPcMg", selectionStart: 3, setSelectionRange: () => undefined });
  const field = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (input));
  group_while_typing(field, new AbortController().signal);
  field.dispatchEvent(new Event("input"));
  assert.equal(field.value, "T2ML1:Zk3vQ1xT8nLw5RbY7uPcMg");
  field.value = "7k3mq8";
  field.dispatchEvent(new Event("input"));
  assert.equal(field.value, "7K3M-Q8");
});

test("the day a device was last used is told as the day that the server wrote down", () => {
  assert.equal(format_last_seen("2026-11-29", CLOCK), "Used today");
  assert.equal(format_last_seen("2026-11-28", CLOCK), "Last used yesterday");
  assert.equal(format_last_seen("2026-11-26", CLOCK), "Last used on Thursday");
  assert.equal(format_last_seen("2026-03-03", CLOCK), "Last used on 3 March");
  assert.equal(format_last_seen(null, CLOCK), "Not seen yet");
});

test("this browser comes first, then what is in use, and what was removed comes last", () => {
  const device = { name: "", created: null, verified: false, code: "", idle: false, last_seen: "2026-10-01" };
  const devices = [
    { ...device, device: "gone", own: false, active: false, added: 9 },
    { ...device, device: "first", own: false, active: true, added: 1 },
    { ...device, device: "new", own: false, active: true, added: 5 },
    { ...device, device: "own", own: true, active: true, added: 2 },
  ];
  assert.deepEqual(order_devices(devices).map((one) => one.device), ["own", "new", "first", "gone"]);
  assert.equal(device_hint({ ...devices[1], idle: true }, CLOCK), "Last used on 1 October. Still yours?");
  assert.equal(device_hint(devices[0], CLOCK), "Removed");
});

test("what a session wants to be shown: the lock before all, the recovery key when it is new", () => {
  const profile = { account: "a", username: "maya", device: "d", created: NOW, recovery_confirmed: true, role: /** @type {const} */ ("owner") };
  const base = { profile, locked: false, now: NOW, shown: "loading", was_confirmed: false };
  assert.equal(first_screen({ ...base, profile: null, locked: true }), "locked");
  assert.equal(first_screen({ ...base, profile: null }), "before");
  assert.equal(first_screen({ ...base, profile: { ...profile, recovered: true } }), "lost_devices");
  assert.equal(first_screen(base), "main");
});

test("a recovery key that is not confirmed takes the screen when it is new, and never tears anybody away", () => {
  const profile = { account: "a", username: "maya", device: "d", created: NOW, recovery_confirmed: false, role: /** @type {const} */ ("owner") };
  const old = { ...profile, created: NOW - 2 * DAY };
  const base = { profile, locked: false, now: NOW, was_confirmed: false };
  assert.equal(first_screen({ ...base, shown: "sign_up" }), "recovery");
  assert.equal(first_screen({ ...base, shown: "loading" }), "recovery");
  assert.equal(first_screen({ ...base, profile: old, shown: "loading" }), "main");
  assert.equal(first_screen({ ...base, profile: old, shown: "start_over" }), "recovery");
  assert.equal(first_screen({ ...base, shown: "main" }), "main");
  assert.equal(first_screen({ ...base, profile: old, shown: "main", was_confirmed: true }), "recovery");
});

test("of several reminders the one about what somebody else may be doing is shown", () => {
  const calm = { confirmed: true, reminder_due: false, announced: null, renewal_needed: false, reset_from: null };
  assert.equal(reminder_for(calm), null);
  assert.equal(reminder_for({ ...calm, reminder_due: true }), "check");
  assert.equal(reminder_for({ ...calm, reminder_due: true, renewal_needed: true }), "renewal");
  assert.equal(reminder_for({ ...calm, reminder_due: true, confirmed: false }), "confirm");
  assert.equal(reminder_for({ ...calm, reminder_due: true, announced: { from: NOW, own: false } }), "recovery_announced");
  assert.equal(reminder_for({ ...calm, announced: { from: NOW, own: true } }), null);
  assert.equal(reminder_for({ ...calm, announced: { from: NOW, own: false }, reset_from: "2026-12-04" }), "reset_announced");
});

test("how far the history is says messages, sizes and time, as far as they are known", () => {
  const archive = { on: true, state: /** @type {const} */ ("restoring"), done: 1200, total: 9000, bytes: 3.4e6, bytes_total: 2.05e7, seconds_left: 170, waiting: 0, missing: 0 };
  assert.equal(restoring_words(archive), "1,200 of 9,000 messages, 3.4 MB of 21 MB, about 3 minutes left");
  assert.equal(restoring_words({ ...archive, seconds_left: null }), "1,200 of 9,000 messages, 3.4 MB of 21 MB");
  assert.equal(format_left(20), "less than a minute left");
  assert.equal(format_left(61), "about 1 minute left");
  assert.deepEqual([0, 999, 1500, 2.5e6, 3e9].map(format_size), ["0 B", "999 B", "2 kB", "2.5 MB", "3.0 GB"]);
  assert.equal(archive_line({ ...archive, state: "idle" }), "Everything is kept.");
  assert.equal(archive_line({ ...archive, state: "idle", waiting: 1 }), "1 message is still to be kept");
  assert.equal(archive_line({ ...archive, state: "writing" }), "Older messages are being put away.");
  assert.match(archive_line({ ...archive, state: "full" }), /keeps no more/);
});

test("erasing says what would be gone, and nothing where nothing would", () => {
  const safe = { unarchived: 0, archive_on: true, recovery_confirmed: true, other_devices: 2 };
  assert.deepEqual(loss_words(safe), []);
  assert.deepEqual(loss_words({ ...safe, unarchived: 2 }), ["2 messages are not kept anywhere else yet."]);
  assert.equal(loss_words({ ...safe, other_devices: 0, recovery_confirmed: false, archive_on: false }).length, 3);
  assert.match(loss_words({ ...safe, other_devices: 0, recovery_confirmed: false }).join(" "), /lost for good/);
});

test("a passphrase is judged by its length, and typed twice", () => {
  assert.deepEqual(["", "1234567", "12345678", "four words and more here"].map(passphrase_strength), ["short", "short", "fair", "good"]);
  assert.equal(passphrase_strength("😀".repeat(7)), "short");
  assert.equal(passphrase_problem("", ""), "passphrase_missing");
  assert.equal(passphrase_problem("short", "short"), "passphrase_short");
  assert.equal(passphrase_problem("long enough", "long enougj"), "passphrase_differs");
  assert.equal(passphrase_problem("long enough", "long enough"), null);
});

test("a code counts down in minutes and seconds", () => {
  assert.deepEqual([300, 65, 9, 0].map(format_countdown), ["5:00", "1:05", "0:09", "0:00"]);
});

test("the session hears that somebody is here at once, and then at most every ten seconds", () => {
  const target = new EventTarget();
  let time = NOW;
  let touches = 0;
  report_activity(() => (touches += 1), () => time, target);
  for (let step = 0; step < 30; step += 1) {
    target.dispatchEvent(new Event(step % 2 === 0 ? "keydown" : "pointerdown"));
    time += 1000;
  }
  assert.equal(touches, 3);
});

test("the session hears that the page is seen again before anybody touches it, and a clock that was set back silences nobody", () => {
  const [page, window] = [new EventTarget(), new EventTarget()];
  let looks = 0;
  report_return(() => (looks += 1), { page, window });
  for (const type of ["visibilitychange", "resume"]) page.dispatchEvent(new Event(type));
  for (const type of ["focus", "pageshow"]) window.dispatchEvent(new Event(type));
  assert.equal(looks, 4);
  let time = NOW;
  let touches = 0;
  report_activity(() => (touches += 1), () => time, page);
  page.dispatchEvent(new Event("keydown"));
  time -= 3_600_000;
  page.dispatchEvent(new Event("keydown"));
  assert.equal(touches, 2);
});
