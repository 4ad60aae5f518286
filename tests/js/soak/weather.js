// @ts-check
// What goes wrong meanwhile: cables and power are pulled, pages are reloaded, devices come and go, everybody commits at once.
import { is_passing } from "./actors.js";
import { link_actor, pause, revoke_device } from "./renewal.js";

/** @import { Account, Actor } from "./actors.js" */
/** @import { Storm } from "./storm.js" */
/** @typedef {"offline" | "reloads" | "kills" | "commits" | "renewals"} Kind */

/** How often each comes, of so many. @type {Record<Kind, number>} */
const SHARES = { offline: 4, reloads: 3, kills: 3, commits: 2, renewals: 1 };
const SHORTEST = 200;
const LONGEST = 6_000;
const MOMENT = 60;

export class Weather {
  /** @param {Storm} storm */
  constructor(storm) {
    this.storm = storm;
    this.counts = { offline: 0, reloads: 0, kills: 0, commits: 0, renewals: 0 };
    /** @type {Kind[]} */
    this.deck = [];
    /** @type {Set<Promise<unknown>>} */
    this.going_on = new Set();
    /** @type {Set<Account>} */
    this.renewing = new Set();
  }

  /** Something goes wrong, and this does not wait for its end. */
  strike() {
    const { dice } = this.storm;
    if (this.deck.length === 0) {
      const kinds = /** @type {Kind[]} */ (Object.keys(SHARES));
      this.deck = dice.shuffle(kinds.flatMap((kind) => Array.from({ length: SHARES[kind] }, () => kind)));
    }
    const kind = /** @type {Kind} */ (this.deck.pop());
    const event = this[kind]().catch((error) => this.storm.fail(new Error(kind, { cause: error })));
    this.going_on.add(event);
    void event.then(() => this.going_on.delete(event));
  }

  async clear() {
    while (this.going_on.size > 0) await Promise.all(this.going_on);
  }

  async offline() {
    const { machine } = this.#anyone();
    if (!machine.connected) return;
    this.counts.offline += 1;
    machine.disconnect();
    await pause(this.storm.dice.between(SHORTEST, LONGEST));
    machine.reconnect();
  }

  async reloads() {
    const actor = this.#anyone();
    this.counts.reloads += 1;
    await actor.turn_page((machine) => {
      machine.close();
      return machine.open_tab();
    });
  }

  async kills() {
    const actor = this.#anyone();
    this.counts.kills += 1;
    await pause(this.storm.dice.between(0, MOMENT));
    await actor.turn_page((machine) => machine.kill());
  }

  /** Every device of two accounts finds that it has to commit before it sends. */
  async commits() {
    const { dice, accounts } = this.storm;
    const [one, other] = dice.shuffle(accounts);
    this.counts.commits += 1;
    const all = [...one.actors.map((actor) => ({ actor, peer: other })), ...other.actors.map((actor) => ({ actor, peer: one }))];
    await Promise.all(all.map(({ actor, peer }) => make_stale(actor, peer.id)));
    await Promise.all(all.map(({ actor, peer }) => this.storm.write(actor, peer)));
  }

  /** A device is linked, and another is revoked, while everybody writes. */
  async renewals() {
    const { dice, accounts, origin } = this.storm;
    const account = dice.pick(accounts.filter((one) => !this.renewing.has(one)));
    if (!account) return;
    this.renewing.add(account);
    this.counts.renewals += 1;
    const [old, leaving] = dice.shuffle(account.actors);
    this.storm.watch(await link_actor(account, old, origin));
    leaving.quiet = true;
    while ((await leaving.waiting()) > 0) await pause(100);
    await revoke_device(old, leaving.session.profile()?.device ?? "");
    account.actors = account.actors.filter((actor) => actor !== leaving);
    account.revoked.push(leaving);
    leaving.leave();
    this.renewing.delete(account);
  }

  /** @returns {Actor} */
  #anyone() {
    const { dice, accounts } = this.storm;
    return dice.pick(accounts.flatMap(({ actors }) => actors));
  }
}

/** Unless its page is just closed. @param {Actor} actor @param {string} conversation */
async function make_stale(actor, conversation) {
  await actor.page;
  try {
    const { store } = actor.device;
    const found = await store.get("conversations", conversation);
    for (const mailbox of found?.mailboxes ?? []) {
      await store.transaction((changes) => changes.update("cursors", mailbox, (cursor) => (cursor.fresh = false)));
    }
  } catch (error) {
    if (!is_passing(error)) throw error;
  }
}
