// @ts-check
// What a server would say that it has of the account, and the end of it.

import { Talk2meError } from "../../../static/js/errors.js";

/** @import { Known, KnownCommands } from "../../../static/js/ui/known_types.js" */
/** @import { FakeSession } from "./fake_session.js" */

const MINUTE = 60_000;
const DAY = 86_400_000;

const pause = (ms = 400) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {number} now @param {Partial<Known>} [changed] @returns {Known} */
export function known(now, changed = {}) {
  const at = (/** @type {number} */ days) => Math.floor((now + days * DAY) / MINUTE) * MINUTE;
  const day = (/** @type {number} */ days) => new Date(at(days)).toISOString().slice(0, 10);
  return {
    account: { account: "me00", username: "maya", created: day(-90), open_to_strangers: true, recovery_keys: 2 },
    chain: { events: 5, bytes: 3_120, leaves: 6 },
    devices: [
      { device: "d1", created: day(-90), last_seen: day(0), removed: false, key_packages: { single_use: 23, last_resort: 2, bytes: 41_300, expires: at(80) } },
      { device: "d2", created: day(-12), last_seen: day(-1), removed: false, key_packages: { single_use: 18, last_resort: 2, bytes: 33_000, expires: at(80) } },
      { device: "d3", created: day(-80), last_seen: day(-30), removed: true, key_packages: { single_use: 0, last_resort: 0, bytes: 0, expires: null } },
    ],
    sign_ins: [{ expires: at(0.02) }, { expires: at(0.04) }],
    recoveries: [],
    vault: { version: 41, bytes: 18_400, updated: at(-0.1) },
    passkeys: [{ passkey: "p1", created: day(-40), last_used: null }],
    invitations: [{ expires: at(6), used: 1 }],
    link_boxes: [],
    registration: { day: day(-90), by: "iris", label: "" },
    invited: [{ expires: at(4), state: "open", accounts: [] }, { expires: at(-20), state: "used", accounts: ["ben"] }],
    reset_permit: null,
    operators: [],
    mailboxes: {
      count: 6,
      envelopes: 1_309,
      bytes: 4_460_000,
      rows: [
        { mailbox: "m0", kind: "archive", envelopes: 1_240, bytes: 3_900_000, oldest: at(-88), expires: null },
        { mailbox: "m1", kind: "conversation", envelopes: 52, bytes: 480_000, oldest: at(-2), expires: at(30) },
        { mailbox: "m2", kind: "conversation", envelopes: 12, bytes: 66_000, oldest: at(-9), expires: at(29) },
        { mailbox: "m3", kind: "conversation", envelopes: 1, bytes: 2_048, oldest: at(-0.2), expires: at(30) },
        { mailbox: "m4", kind: "device", envelopes: 4, bytes: 12_000, oldest: at(-0.2), expires: at(30) },
        { mailbox: "m5", kind: "device", envelopes: 0, bytes: 0, oldest: null, expires: null },
      ],
    },
    attachments: {
      count: 62,
      bytes: 48_200_000,
      rows: [
        { id: "a1", bytes: 31_000_000, complete: true, keep: false, expires: at(22) },
        { id: "a2", bytes: 9_400_000, complete: true, keep: true, expires: null },
        { id: "a3", bytes: 2_100_000, complete: false, keep: false, expires: at(29) },
      ],
    },
    pushes: [{ device: "d1", host: "updates.push.services.mozilla.com" }],
    reports: [{ received: at(-3), bytes: 812, note: "he would not stop" }],
    quotas: { share: { used: 4_100_000, most: 3 * 2 ** 30 }, archive: { used: 3_900_000, most: 2 * 2 ** 30 }, attachments: { used: 49_200_000, most: 2 * 2 ** 30 } },
    ...changed,
  };
}

/** @param {FakeSession} fake @returns {KnownCommands} */
export function make_known_commands(fake) {
  /** @type {Set<string>} */
  const deleted = new Set();
  return {
    known_of_account: async () => {
      await pause(200);
      if (fake.scene.offline) throw new Talk2meError("offline");
      const told = known(Date.now());
      const rows = [...told.attachments.rows, { id: "a4", bytes: 640_000, complete: true, keep: true, expires: null }].filter(({ id }) => !deleted.has(id));
      return { ...told, attachments: { ...told.attachments, count: told.attachments.count + 1 - deleted.size, rows } };
    },
    delete_kept: async ({ ids }) => {
      await pause();
      if (fake.scene.offline) throw new Talk2meError("offline");
      for (const id of ids) deleted.add(id);
    },
    delete_account: async () => {
      await pause(1_500);
      if (fake.scene.offline) throw new Talk2meError("offline");
      Object.assign(fake.scene, { profile: null, locked: false, conversations: [], messages: {} });
      fake.emit("profile");
    },
  };
}
