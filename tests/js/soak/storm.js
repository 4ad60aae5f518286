// @ts-check
// The whole run: accounts are made, everybody writes to everybody while things go wrong, then it is quiet and the verdict is had.
import { start_server } from "../support/server.js";
import { until } from "../support/browser.js";
import { Account, filler_text, recover_actor } from "./actors.js";
import { Dice } from "./dice.js";
import { Ledger } from "./ledger.js";
import { link_actor, pause } from "./renewal.js";
import { judge, settle } from "./verdict.js";
import { Weather } from "./weather.js";

/** @import { Actor } from "./actors.js" */
/** @typedef {{ messages: number, seed: number, minutes: number, strike_every: number, say?: (text: string) => void }} Wish */

const DEVICES = 3;
const SAY_EVERY = 1_000;
const MOST_WAITING = 12;
const LONGEST_BURST = 6;
const LONGEST_PAUSE = 120;
const NO_LIMITS = Object.fromEntries(
  ["ACCOUNTS", "SIGN_IN", "LINK", "RECOVERY", "LOOKUP", "CLAIM", "CLAIM_PAIR", "ADD", "ADD_PAIR", "API", "STORED", "FRAMES", "ENVELOPES", "BYTES"].map(
    (name) => [`RATE_${name}`, ""],
  ),
);

export class Storm {
  /** @param {string} origin @param {Wish} wish */
  constructor(origin, { messages, seed, minutes, strike_every, say = () => {} }) {
    this.origin = origin;
    this.messages = messages;
    this.strike_every = strike_every;
    this.ends = Date.now() + minutes * 60_000;
    this.say = say;
    this.dice = new Dice(seed);
    this.ledger = new Ledger();
    this.accounts = ["a", "b", "c"].map((letter) => new Account(letter));
    this.weather = new Weather(this);
    this.begun = 0;
    /** @type {unknown} the first thing that the storm itself could not do */
    this.failure = null;
    /** @type {Set<Promise<unknown>>} */
    this.writers = new Set();
  }

  get actors() {
    return this.accounts.flatMap(({ actors }) => actors);
  }

  get over() {
    return this.failure !== null || this.begun >= this.messages || Date.now() > this.ends;
  }

  /** @param {unknown} error */
  fail(error) {
    this.failure ??= error;
  }

  async gather() {
    const { accounts, origin } = this;
    await Promise.all(accounts.map((account) => account.sign_up(origin)));
    for (const [one, other] of [[0, 1], [1, 2], [2, 0]]) await accounts[one].actors[0].meet(accounts[other].actors[0]);
    await Promise.all(
      accounts.map(async (account) => {
        while (account.actors.length < DEVICES) await link_actor(account, account.actors[0], origin);
      }),
    );
    for (const actor of this.actors) await until(() => knows_all(actor, accounts), `${actor.label} has both conversations`);
  }

  async rage() {
    for (const actor of this.actors) this.watch(actor);
    while (this.writers.size > 0) await Promise.all(this.writers);
    await this.weather.clear();
    for (const { machine } of this.actors) machine.reconnect();
  }

  /** Lets a device write until it is over. @param {Actor} actor */
  watch(actor) {
    const writing = this.#write_on(actor).catch((error) => this.fail(error));
    this.writers.add(writing);
    void writing.then(() => this.writers.delete(writing));
  }

  /** @param {Actor} actor @param {Account} [to] */
  async write(actor, to) {
    await actor.page;
    if (this.over || actor.quiet || actor.gone) return;
    const peers = this.accounts.filter(({ id }) => id !== actor.account);
    this.begun += 1;
    if (this.begun % this.strike_every === 0) this.weather.strike();
    if (this.begun % SAY_EVERY === 0) this.say(`${this.begun} messages begun`);
    await actor.write(this.ledger, (to ?? this.dice.pick(peers)).id, filler_text(this.dice));
  }

  /** @param {Actor} actor */
  async #write_on(actor) {
    while (!this.over && !actor.quiet && !actor.gone) {
      if ((await actor.waiting()) < MOST_WAITING) {
        for (let left = this.dice.between(1, LONGEST_BURST); left > 0; left -= 1) await this.write(actor);
      }
      await pause(this.dice.between(0, LONGEST_PAUSE));
    }
  }
}

/** @param {Actor} actor @param {Account[]} accounts */
async function knows_all(actor, accounts) {
  const peers = accounts.filter(({ id }) => id !== actor.account);
  const found = await Promise.all(peers.map(({ id }) => actor.ask("conversation", { id })));
  return found.every((one) => one?.state === "active");
}

/**
 * @param {Wish} wish
 * @returns {Promise<{ summary: Record<string, number>, problems: string[] }>}
 */
export async function run_storm(wish) {
  const { say = () => {} } = wish;
  const server = await start_server(NO_LIMITS);
  const storm = new Storm(server.origin, wish);
  try {
    const begun = Date.now();
    await storm.gather();
    const gathered = Date.now();
    say(`three accounts with ${DEVICES} devices each after ${seconds(gathered - begun)} s`);
    await storm.rage();
    const written = Date.now();
    say(`${storm.ledger.kept} messages written after ${seconds(written - gathered)} s`);
    const problems = storm.failure ? [describe_failure(storm.failure)] : await settle(storm.accounts, storm.ledger);
    const arrived = Date.now();
    say(`everywhere after ${seconds(arrived - gathered)} s`);
    if (problems.length === 0) {
      const fresh = await Promise.all(storm.accounts.map((account) => recover_actor(account, storm.origin)));
      problems.push(...(await settle(storm.accounts, storm.ledger)));
      say(`restored by ${fresh.length} fresh devices after ${seconds(Date.now() - arrived)} s`);
    }
    if (!storm.failure) problems.push(...(await judge(storm.accounts, storm.ledger)));
    return { summary: await summarize(storm, arrived - gathered), problems };
  } finally {
    for (const actor of storm.actors) actor.close();
    await server.stop();
  }
}

/** @param {Storm} storm @param {number} took ms */
async function summarize(storm, took) {
  const { kept } = storm.ledger;
  const slots = await slots_of(storm.actors);
  const { heapUsed, rss } = process.memoryUsage();
  return {
    messages: kept,
    "messages/s": Number(((kept * 1000) / took).toFixed(1)),
    ...storm.weather.counts,
    groups: slots.length,
    vaults: await vaults_of(storm.accounts),
    epochs: slots.reduce((sum, slot) => sum + slot, 0),
    "heap MB": Math.round(heapUsed / 2 ** 20),
    "memory MB": Math.round(rss / 2 ** 20),
  };
}

/** @param {Actor[]} actors @returns {Promise<number[]>} how many commits each group has had */
async function slots_of(actors) {
  const cursors = await Promise.all(actors.map(({ device }) => device.store.list("cursors", { prefix: "" })));
  /** @type {Map<string, number>} */
  const slots = new Map();
  for (const { id, value } of cursors.flat().filter(({ value: { conversation } }) => conversation)) slots.set(id, Math.max(value.slot, slots.get(id) ?? 0));
  return [...slots.values()];
}

/** @param {Account[]} accounts @returns {Promise<number>} how often they have written their vaults: not all the time */
async function vaults_of(accounts) {
  const vaults = await Promise.all(accounts.map(({ actors: [{ device }] }) => device.store.get("meta", "vault")));
  return vaults.reduce((sum, { version }) => sum + version, 0);
}

/** @param {unknown} failure */
function describe_failure(failure) {
  const cause = failure instanceof Error && failure.cause instanceof Error ? ` <- ${failure.cause.stack}` : "";
  return `the storm itself: ${failure instanceof Error ? failure.stack : String(failure)}${cause}`;
}

/** @param {number} ms */
const seconds = (ms) => (ms / 1000).toFixed(1);
