// @ts-check
// What the fake session holds, by name: `?scene=many` of the preview.

/** @import { Profile, Conversation, KeyLog, Message, Settings } from "../../../static/js/ui/session_types.js" */
/** @import { Archive, Device, Lock, Losses, Passkey, Recovery } from "../../../static/js/ui/device_types.js" */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * @typedef {object} Scene
 * @property {Profile | null} profile
 * @property {string[]} missing
 * @property {"open" | "invite" | "closed"} registration
 * @property {string | null} [gate]
 * @property {Conversation[]} conversations
 * @property {Record<string, Message[]>} messages
 * @property {Settings} settings
 * @property {Device[]} devices
 * @property {KeyLog} key_log
 * @property {boolean} locked
 * @property {boolean} cleared the browser's storage was cleared
 * @property {"" | "compare" | "done"} link how far a link gets by itself
 * @property {Passkey[]} passkeys
 * @property {Archive} archive
 * @property {Lock} lock
 * @property {Recovery} recovery
 * @property {Losses} losses
 * @property {boolean} offline
 * @property {[number, any, any][]} events delay in ms, topic, event
 */

/** @type {Record<string, () => Scene>} */
export const SCENES = {
  fresh: () => base({ profile: null }),
  cleared: () => base({ profile: null, cleared: true }),
  link: () => many({ link: "compare" }),
  link_new: () => base({ profile: null, link: "compare" }),
  lost_devices: () => base({ profile: { ...me(), recovered: true } }),
  locked: () => many({ locked: true, lock: { kind: "passphrase", timeout: 15, persisted: true } }),
  locked_passkey: () => many({ locked: true, lock: { kind: "passkey", timeout: 5, persisted: true } }),
  lock_set: () => many({ lock: { kind: "passphrase", timeout: 15, persisted: true } }),
  restoring: () => many({ archive: { ...archive(), state: "restoring", done: 1204, total: 9120, bytes: 3.4e6, bytes_total: 21e6, seconds_left: 170 } }),
  reminder: () => many({ recovery: { ...recovery(), reminder_due: true } }),
  announced: () => many({ recovery: { ...recovery(), announced: { from: Date.now() + 5 * DAY, own: false } } }),
  reset_announced: () => many({ recovery: { ...recovery(), reset_from: new Date(Date.now() + 5 * DAY).toISOString().slice(0, 10) } }),
  unsafe: () =>
    many({
      recovery: { ...recovery(), confirmed: false, reminder_due: true },
      archive: { ...archive(), state: "full", missing: 3 },
      lock: { kind: "none", timeout: 0, persisted: false },
      losses: { unarchived: 12, archive_on: true, recovery_confirmed: false, other_devices: 0 },
    }),
  device_alerts: () => many({ events: DEVICE_ALERTS.map((code, index) => [600 + index * 100, "alert", { code, missing: 3, name: "Safari on iPhone" }]) }),
  unsupported: () => base({ profile: null, missing: ["WebCrypto", "Web Locks", "Ed25519"] }),
  invite_only: () => base({ profile: null, registration: "invite" }),
  gate: () => base({ profile: null, registration: "invite", gate: "Riverside School" }),
  closed: () => base({ profile: null, registration: "closed" }),
  invites: () => many({ registration: "invite" }),
  recovery: () => base({ profile: { ...me(), created: Date.now(), recovery_confirmed: false } }),
  empty: () => base({}),
  many: () => many(),
  offline: () => ({ ...many(), offline: true, events: [[200, "connection", { state: "offline", retry_at: Date.now() + 9000 }]] }),
  view: () => many({ profile: { ...me(), role: "view" } }),
  account_deleted: () => account_deleted(),
  alert: () => many({ events: [[600, "alert", { code: "identity_changed", conversation: "c_tomas" }]] }),
  full: () => many({ events: [[600, "alert", { code: "storage_full" }]] }),
  split: () => broken("log_split", { username: "jun.watanabe" }),
  rolled_back: () => broken("log_rolled_back"),
  own_account: () => broken("log_own_account"),
  entry_dropped: () => broken("log_entry_dropped", { username: "jun.watanabe" }),
  key_changed: () => broken("log_key_changed"),
  broken_seen: () => broken("log_split", { username: "jun.watanabe", seen: true }),
  frozen: () => with_log({ state: "frozen", time: Date.now() - 31 * 60 * MINUTE }),
  unreachable: () => with_log({ state: "unreachable", checked: Date.now() - 2 * DAY }),
  unwitnessed: () => with_log({ state: "unwitnessed", witnesses: WITNESSES, quorum: 2 }),
  clock_behind: () => with_log({ clock: 3 * 60 * MINUTE }),
  clock_ahead: () => with_log({ clock: -5 * DAY }),
  log_new: () => with_log({ size: 0, time: 0, checked: 0 }),
  log_alerts: () => many({ events: LOG_ALERTS.map((code, index) => [600 + index * 100, "alert", { code, account: "acc_jun.watanabe", username: "jun.watanabe" }]) }),
};

const WITNESSES = "witness.one.example+5a6b7c8d+BGxpZ2h0IG9mIGRheSBmYWxscyBvbiBhbGwgb2YgaXQ=\nwitness.two.example+0a1b2c3d+BGFub3RoZXIgb25lIHRoYXQga2VlcHMgYSB3YXRjaC4=";
const DEVICE_ALERTS = ["archive_incomplete", "vault_by_removed_device", "recovery_announced", "reset_announced", "device_linked"];
const LOG_ALERTS = ["log_proof_wrong", "log_foreign", "own_device_added", "state_rolled_back", "clone_found", "vault_rolled_back"];

/**
 * A log that is not in order: whoever is not verified waits.
 * @param {Partial<KeyLog>} fields
 * @returns {Scene}
 */
function with_log(fields) {
  const scene = many();
  Object.assign(scene.key_log, fields);
  if (scene.key_log.state !== "ok") for (const conversation of scene.conversations) conversation.waits_for_log = !conversation.peer.verified;
  return scene;
}

/**
 * @param {NonNullable<KeyLog["alarm"]>["code"]} code
 * @param {{ username?: string, seen?: boolean }} [fields]
 * @returns {Scene}
 */
function broken(code, fields = {}) {
  return with_log({ state: "broken", alarm: { code, found: Date.now() - 12 * MINUTE, seen: false, ...fields } });
}

/** @returns {Profile} */
function me() {
  return { account: "me00", username: "maya", device: "d1", created: Date.now() - 90 * DAY, recovery_confirmed: true, role: "owner" };
}

/** @returns {Archive} */
function archive() {
  return { on: true, state: "idle", done: 0, total: 0, bytes: 0, bytes_total: 0, seconds_left: null, waiting: 0, missing: 0 };
}

/** @returns {Recovery} */
function recovery() {
  return { confirmed: true, reminder_due: false, announced: null, renewal_needed: false, reset_from: null };
}

/**
 * @param {string} id
 * @param {Partial<Omit<Device, "last_seen">> & { last_seen: number }} fields `last_seen`: days ago
 * @returns {Device}
 */
function device(id, { last_seen, ...fields }) {
  const day = (/** @type {number} */ ago) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
  const code = "30147 82956 11408 67523 90031 44872";
  return { device: id, own: false, name: "", added: 1, active: true, idle: false, verified: false, code, created: day(90), last_seen: day(last_seen), ...fields };
}

/**
 * @param {Partial<Scene>} fields
 * @returns {Scene}
 */
function base(fields) {
  return {
    profile: me(),
    missing: [],
    registration: "open",
    conversations: [],
    messages: {},
    settings: { open_to_strangers: true, receipts: true, read_receipts: false, typing: false },
    devices: [
      device("d1", { own: true, name: "Firefox on Linux", added: 4, verified: true, last_seen: 0 }),
      device("d3", { name: "Safari on iPhone", added: 3, verified: true, last_seen: 0 }),
      device("d2", { name: "Chrome on Windows, at work", added: 2, last_seen: 47, idle: true }),
      device("d0", { name: "Old laptop", added: 1, active: false, last_seen: 80 }),
    ],
    locked: false,
    cleared: false,
    link: "done",
    passkeys: [{ key: "p0", name: "iCloud Keychain", created: Date.now() - 20 * DAY, last_used: null }],
    archive: archive(),
    lock: { kind: "none", timeout: 0, persisted: false },
    recovery: recovery(),
    losses: { unarchived: 0, archive_on: true, recovery_confirmed: true, other_devices: 2 },
    key_log: {
      ...{ state: "ok", alarm: null, size: 1841, time: Date.now() - 3 * 60 * MINUTE, checked: Date.now() - 9 * MINUTE },
      ...{ witnesses: "", quorum: 0, name: "chat.example/keylog/1", clock: 0 },
    },
    offline: false,
    events: [[50, "connection", { state: "online" }]],
    ...fields,
  };
}

/** @returns {Scene} */
function account_deleted() {
  const scene = many();
  add(scene, "ingrid", { state: "stopped", stopped: "account_deleted" }, [
    line(Date.now() - 3 * 60 * MINUTE, "ingrid", "I am leaving this server. It was good to talk to you."),
    line(Date.now() - 2 * MINUTE, "ingrid", "", { type: "notice", code: "account_deleted" }),
  ]);
  return scene;
}

/**
 * @param {Partial<Scene>} [fields]
 * @returns {Scene}
 */
function many(fields = {}) {
  const now = Date.now();
  const scene = base(fields);
  add(scene, "alice", { verified: true, unread: 2 }, alice_and_maya(now));
  add(scene, "kofi", { state: "request", unread: 1 }, [line(now - 22 * MINUTE, "kofi", "Hi Maya, Alice gave me your name. Are you the one organising the boat trip?")]);
  add(scene, "tomas", { state: "stopped", stopped: "identity_changed", verified: false, identity_changed: true }, [
    line(now - 26 * 60 * MINUTE, "tomas", "I'll bring the documents on Monday."),
    line(now - 25.9 * 60 * MINUTE, "maya", "Good, thank you.", { status: "delivered" }),
    line(now - 50 * MINUTE, "tomas", "", { type: "notice", code: "identity_changed" }),
  ]);
  add(scene, "jun.watanabe", {}, [
    line(now - 3 * DAY, "jun.watanabe", "Did the parcel arrive?"),
    line(now - 3 * DAY + 4 * MINUTE, "maya", "This morning! Here is the tracking page: https://example.org/track/9f2c?lang=en.", { status: "delivered" }),
    line(now - 2 * 60 * MINUTE, "jun.watanabe", "Good. Mine says it is already tomorrow.", { clock_ahead: true }),
    line(now - 2 * 60 * MINUTE, "jun.watanabe", "", { type: "notice", code: "log_foreign" }),
    line(now - 80 * MINUTE, "maya", "And thank you so much for the tea.", { status: "failed", error: "offline" }),
  ]);
  add(scene, "grandma_ines", { verified: true }, [
    line(now - 8 * DAY, "grandma_ines", "Call me when you have a moment, my dear. No hurry."),
    line(now - 8 * DAY + 60 * MINUTE, "maya", "Tonight at eight?", { status: "stored" }),
  ]);
  add(scene, "long", { verified: false }, long_one(now));
  add(scene, "elisabeth-von-hohenzollern.1987", {}, [line(now - 21 * DAY, "elisabeth-von-hohenzollern.1987", "See you in a while then. It was a pleasure to finally meet you and the whole family at the lake.")]);
  add(scene, "zoë", {}, [line(now - 200 * DAY, "zoë", "🎉")]);
  add(scene, "sam", {}, []);
  scene.conversations.sort((one, other) => (other.last?.time ?? 0) - (one.last?.time ?? 0));
  return scene;
}

/**
 * @param {Scene} scene
 * @param {string} username
 * @param {{ verified?: boolean, identity_changed?: boolean, unread?: number, state?: Conversation["state"], stopped?: string }} fields
 * @param {Message[]} messages
 */
function add(scene, username, { verified = false, identity_changed = false, unread = 0, state = "active", stopped }, messages) {
  const id = `c_${username.replace(/[^a-z]/g, "")}`;
  const last = messages.filter(({ type }) => type === "text").at(-1);
  scene.messages[id] = messages.map((message, index) => ({ ...message, order: index + 1, id: `${id}_${index}` }));
  scene.conversations.push({
    id,
    kind: "direct",
    state,
    ...(stopped === undefined ? {} : { stopped }),
    peer: { account: `acc_${username}`, username, verified, identity_changed },
    last: last === undefined ? null : { text: last.text ?? "", own: last.own, time: last.time, status: last.status },
    unread,
  });
}

/**
 * @param {number} time
 * @param {string} username
 * @param {string} text
 * @param {Partial<Message>} [fields]
 * @returns {Message}
 */
export function line(time, username, text, fields = {}) {
  const own = username === "maya";
  const author = { account: own ? "me00" : `acc_${username}`, username };
  return { id: "", order: 0, own, author, type: "text", text, time, status: "delivered", ...fields };
}

/**
 * @param {number} now
 * @returns {Message[]}
 */
function alice_and_maya(now) {
  const yesterday = now - DAY;
  return [
    line(yesterday - 65 * MINUTE, "alice", "Morning! Did you look at the cabin?"),
    line(yesterday - 63 * MINUTE, "maya", "Yes, it's lovely. Two rooms, a stove, and the lake is right there."),
    line(yesterday - 62 * MINUTE, "maya", "They want an answer by Friday."),
    line(yesterday - 40 * MINUTE, "alice", "Then let's take it.\nI can pay the deposit and we sort the rest out later, if that is fine for you. I would rather not lose it to somebody else; last year we waited a day too long and ended up in that place beside the motorway, remember?"),
    line(yesterday - 39 * MINUTE, "maya", "How could I forget 😄"),
    line(yesterday - 38 * MINUTE, "alice", "", { type: "notice", code: "device_added" }),
    line(now - 30 * MINUTE, "maya", "Booked it this morning."),
    line(now - 29 * MINUTE, "maya", "Check-in from three, and we need to bring our own sheets."),
    line(now - 9 * MINUTE, "alice", "Wonderful!"),
    line(now - 8 * MINUTE, "alice", "Are we still on for the early train on Saturday?"),
  ];
}

/**
 * @param {number} now
 * @returns {Message[]}
 */
function long_one(now) {
  const words = ["Yes.", "I think so, but let me ask the others before we decide anything.", "👍", "Could you send me the list again?", "It rained the whole day, so we stayed in and played cards until the children fell asleep on the carpet. A good day, all in all.", "On my way", "Tomorrow then"];
  return Array.from({ length: 900 }, (_, index) => {
    const time = now - 10 * DAY - (900 - index) * 47 * MINUTE;
    return line(time, index % 3 === 0 ? "maya" : "long", `${words[(index * 5) % words.length]} (${index + 1})`);
  });
}
