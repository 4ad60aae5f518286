// @ts-check
// Accounts and their devices, each a browser on a machine of its own, and what they do by themselves: they write.
import { is_talk2me_error } from "../../../static/js/errors.js";
import { Person } from "../support/people.js";
import { Machine } from "./machine.js";

/** @import { Session } from "../../../static/js/session/open_session.js" */
/** @import { Dice } from "./dice.js" */
/** @import { Ledger } from "./ledger.js" */

// In the outbox: texts and receipts of every conversation.
const TEXTS = "m/";
// What a page may say that was closed or killed while it was at something.
const INTERRUPTED = /** @type {const} */ (["storage_blocked", "not_owner", "account_missing"]);
// What a person tries again.
const PASSING = /** @type {const} */ ([...INTERRUPTED, "offline", "timed_out", "link_expired", "link_refused"]);

export class Actor extends Person {
  /** @param {Machine} machine @param {Session} session @param {string} label */
  constructor(machine, session, label) {
    super(machine, session);
    this.machine = machine;
    this.label = label;
    this.written = 0;
    /** To be revoked: it writes nothing more. */
    this.quiet = false;
    this.gone = false;
    /** @type {Promise<unknown>} done when there is a page */
    this.page = Promise.resolve();
  }

  /**
   * Closes the page or loses it, and opens another.
   * @param {(machine: Machine) => Promise<Session>} change
   */
  turn_page(change) {
    this.page = this.page.then(async () => {
      this.session = await change(this.machine);
    });
    return this.page;
  }

  /** @param {Ledger} ledger @param {string} peer an account @param {string} filler */
  async write(ledger, peer, filler) {
    this.written += 1;
    const number = this.written;
    const { session, account } = this;
    const entry = ledger.note({ text: `${this.label} ${number} ${filler}`, author: account, by: this.label, number }, peer);
    try {
      await this.do("send_text", { conversation: peer, text: entry.text });
      ledger.keep(entry);
    } catch (error) {
      if (this.session === session && !session.closed) throw error;
      if (!INTERRUPTED.some((code) => is_talk2me_error(error, code))) throw error;
    }
  }

  /** @returns {Promise<number>} how many texts have not left yet */
  async waiting() {
    await this.page;
    const { session } = this;
    try {
      const rows = await this.device.store.list("outbox", { prefix: TEXTS });
      return rows.filter(({ value }) => value.order !== null && !value.accepted).length;
    } catch (error) {
      if (this.session === session && !session.closed) throw error;
      return this.waiting();
    }
  }

  /** Everything of this machine ends. */
  leave() {
    this.gone = true;
    this.close();
  }
}

export class Account {
  /** @param {string} letter */
  constructor(letter) {
    this.letter = letter;
    this.made = 0;
    this.id = "";
    this.recovery_key = "";
    /** @type {Actor[]} */
    this.actors = [];
    /** @type {Actor[]} */
    this.revoked = [];
  }

  get username() {
    return `soak-${this.letter}`;
  }

  /** @param {string} origin @param {(actor: Actor) => Promise<unknown>} begin with an empty browser @returns {Promise<Actor>} */
  async add_actor(origin, begin) {
    this.made += 1;
    const machine = new Machine(origin);
    const actor = new Actor(machine, await machine.open_tab(), `${this.letter}${this.made}`);
    await begin(actor);
    this.actors.push(actor);
    return actor;
  }

  /** @param {string} origin */
  async sign_up(origin) {
    const actor = await this.add_actor(origin, (one) => one.do("sign_up", { username: this.username }));
    this.id = actor.account;
    this.recovery_key = await actor.do("pending_recovery_key");
    const groups = this.recovery_key.split("-");
    await actor.do("confirm_recovery_key", { groups: { 1: groups[1], 4: groups[4] } });
  }
}

/** @param {Account} account @param {string} origin @returns {Promise<Actor>} */
export function recover_actor(account, origin) {
  return account.add_actor(origin, async (actor) => {
    const { username, recovery_key } = account;
    await actor.do("recover_account", { username, recovery_key, device_name: actor.label });
    await actor.do("finish_recovery", { lost: [] });
  });
}

/** @param {unknown} error */
export const is_passing = (error) => PASSING.some((code) => is_talk2me_error(error, code));

/** @param {Dice} dice @returns {string} of a length that messages have */
export function filler_text(dice) {
  return "and so on ".repeat(dice.pick([0, 1, 2, 4, 8, 40])).trim();
}
