// @ts-check
// What has to be true in the end: every device of an account has every message of every conversation, once, readable, each sender's in
// its order, and nobody was told that something is wrong.
import { pause } from "./renewal.js";

/** @import { Account, Actor } from "./actors.js" */
/** @import { Ledger, Entry } from "./ledger.js" */

const LOOK = 500;
// Nothing has come any nearer for so long.
const STANDSTILL = 90_000;
// What people are told when all is well: devices come and go, and some messages come from the archive.
const FINE_NOTICES = new Set(["device_added", "device_removed", "own_device_joined", "own_device_removed", "recovered_messages"]);
const FINE_ALERTS = new Set(["own_device_added", "device_linked"]);
// The vault is written without a device before that device is put out; one that was away meanwhile is not let in when it comes.
const BEING_REVOKED = ["device_revoked", "vault_invalid", "sign_in_refused"];

/**
 * Waits until everything is everywhere, for as long as it comes nearer.
 * @param {Account[]} accounts @param {Ledger} ledger
 * @returns {Promise<string[]>} what is not there
 */
export async function settle(accounts, ledger) {
  let least = Infinity;
  let since = Date.now();
  /** @type {Set<string>} views that have everything */
  const complete = new Set();
  for (;;) {
    const looked = Date.now();
    const left = [...(await missing_texts(accounts, ledger, complete)), ...(await unfinished(accounts))];
    if (left.length === 0) return [];
    const missing = left.reduce((sum, { count }) => sum + count, 0);
    if (missing < least) [least, since] = [missing, Date.now()];
    if (Date.now() - since > STANDSTILL) return left.map(({ who, what, count }) => `${who}: ${count} ${what}`);
    // Looking at thousands of messages keeps those who are at work from it.
    await pause(Math.max(LOOK, 2 * (Date.now() - looked)));
  }
}

/** @param {Account[]} accounts @param {Ledger} ledger @param {Set<string>} complete is added to */
async function missing_texts(accounts, ledger, complete) {
  const left = [];
  for (const { actor, peer } of all_views(accounts)) {
    const view = `${actor.label} ${peer}`;
    if (complete.has(view)) continue;
    const texts = new Set((await texts_of(actor, peer)).map(({ text }) => text));
    const missing = [...ledger.between(actor.account, peer).values()].filter(({ kept, text }) => kept && !texts.has(text));
    if (missing.length === 0) complete.add(view);
    else left.push({ who: actor.label, what: `messages missing, such as ${name_of(missing[0])}`, count: missing.length });
  }
  return left;
}

/** @param {Account[]} accounts */
async function unfinished(accounts) {
  const left = [];
  for (const { actors } of accounts) {
    for (const actor of actors) {
      const waiting = (await actor.device.store.list("outbox", { prefix: "" })).length;
      if (waiting > 0) left.push({ who: actor.label, what: "things that have not left", count: waiting });
      const { state, done, total } = await actor.ask("archive");
      if (state !== "idle") left.push({ who: actor.label, what: `entries of the archive to go: ${state}`, count: Math.max(1, total - done) });
    }
  }
  return left;
}

/** @param {Account[]} accounts @param {Ledger} ledger @returns {Promise<string[]>} what is wrong */
export async function judge(accounts, ledger) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, { label: string, transcript: string }>} */
  const seen = new Map();
  for (const { actor, peer } of all_views(accounts)) {
    const messages = await messages_of(actor, peer);
    const entries = ledger.between(actor.account, peer);
    for (const problem of judge_messages(messages, entries)) problems.push(`${actor.label}: ${problem}`);
    const key = [actor.account, peer].sort().join(" ");
    const transcript = fold(messages);
    const other = seen.get(key) ?? { label: actor.label, transcript };
    seen.set(key, other);
    if (other.transcript !== transcript) problems.push(`${actor.label} has another transcript than ${other.label}`);
  }
  for (const { actors, revoked } of accounts) {
    for (const actor of actors) problems.push(...(await judge_device(actor)));
    for (const actor of revoked) problems.push(...judge_alerts(actor, BEING_REVOKED).map((problem) => `revoked ${problem}`));
  }
  return problems;
}

/** @param {any[]} messages @param {Map<string, Entry>} entries @returns {string[]} */
function judge_messages(messages, entries) {
  const problems = [];
  const texts = messages.filter(({ type }) => type === "text");
  const counts = new Map();
  /** @type {Map<string, { number: number, message: any }>} */
  const last = new Map();
  for (const message of texts) {
    const { text, author, status } = message;
    const entry = entries.get(text);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (!entry) problems.push(`nobody wrote "${text}"`);
    else if (entry.author !== author.account) problems.push(`${name_of(entry)} has another author`);
    else {
      const before = last.get(entry.by);
      if (!before || entry.number > before.number) last.set(entry.by, { number: entry.number, message });
      else problems.push(`${name_of(entry)} comes after ${entry.by} ${before.number}: ${where(message)} after ${where(before.message)}`);
    }
    if (status === "waiting" || status === "failed") problems.push(`"${text.slice(0, 20)}" is ${status}`);
  }
  for (const [text, count] of counts) if (count > 1) problems.push(`"${text.slice(0, 20)}" ${count} times`);
  for (const entry of entries.values()) if (entry.kept && !counts.has(entry.text)) problems.push(`${name_of(entry)} is missing`);
  for (const { type, code = type } of messages) if (type !== "text" && !FINE_NOTICES.has(code)) problems.push(`notice ${code}`);
  return problems;
}

/** Why a message stands where it stands. @param {any} message */
function where({ order, place, time, received, here = false, archived = false }) {
  return `order ${order}, sequence ${place?.sequence}, time ${time}, received ${received}${here ? ", written here" : ""}${archived ? ", archived" : ""}`;
}

/** @param {Entry} entry */
const name_of = ({ by, number }) => `${by} ${number}`;

/** @param {Actor} actor @returns {Promise<string[]>} */
async function judge_device(actor) {
  const problems = judge_alerts(actor, []);
  const { state, missing } = await actor.ask("archive");
  if (state === "off" || state === "full" || missing > 0) problems.push(`${actor.label}: archive ${state}, ${missing} missing`);
  return problems;
}

/** @param {Actor} actor @param {string[]} expected @returns {string[]} */
function judge_alerts({ label, machine }, expected) {
  const alerts = machine.alerts.filter(({ code }) => !FINE_ALERTS.has(code) && !expected.includes(code));
  const faults = machine.faults.map((fault) => (fault instanceof Error ? fault.stack : String(fault)));
  return [...alerts.map((alert) => `${label}: alert ${JSON.stringify(alert)}`), ...faults.map((fault) => `${label}: fault ${fault}`)];
}

/** @param {any[]} messages @returns {string} the same for every device of both accounts, whatever order they have */
function fold(messages) {
  const texts = messages.filter(({ type }) => type === "text");
  return JSON.stringify(texts.map(({ id, author, text }) => `${id} ${author.account} ${text}`).sort());
}

/** @param {Account[]} accounts */
function all_views(accounts) {
  return accounts.flatMap(({ id, actors }) => {
    const peers = accounts.filter((other) => other.id !== id);
    return actors.flatMap((actor) => peers.map((peer) => ({ actor, peer: peer.id })));
  });
}

/** @param {Actor} actor @param {string} peer @returns {Promise<any[]>} oldest first */
async function messages_of(actor, peer) {
  return actor.ask("messages", { conversation: peer, limit: 1_000_000 });
}

/** @param {Actor} actor @param {string} peer */
async function texts_of(actor, peer) {
  return (await messages_of(actor, peer)).filter(({ type }) => type === "text");
}
