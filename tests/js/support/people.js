// @ts-check
// People who have signed up, and what tests ask of them.
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { Browser, until } from "./browser.js";

/** @import { Options, Session } from "../../../static/js/session/open_session.js" */

export class Person {
  /** @param {Browser} browser @param {Session} session */
  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
  }

  /** @param {string} origin @param {string} username @param {Partial<Options>} [options] */
  static async sign_up(origin, username, options) {
    const browser = new Browser(origin, options);
    const person = new Person(browser, await browser.open_tab());
    await person.do("sign_up", { username });
    return person;
  }

  get name() {
    return this.session.profile()?.username ?? "";
  }

  get account() {
    return this.session.profile()?.account ?? "";
  }

  get device() {
    if (!this.session.device) throw new Error("a view");
    return this.session.device;
  }

  /** @param {string} command @param {any} [args] @returns {Promise<any>} */
  do(command, args) {
    return this.session.commands[command](args);
  }

  /** @param {string} query @param {any} [args] @returns {Promise<any>} */
  ask(query, args) {
    return this.session.queries[query](args);
  }

  /** Meets another by an invitation of theirs. @param {Person} other */
  async meet(other) {
    const { link } = await other.do("make_invitation");
    await this.do("start_conversation", { account: other.account, invitation_fragment: new URL(link).hash });
    await until(async () => (await other.ask("conversation", { id: this.account }))?.state === "active");
  }

  /** @param {Person} other @param {string} text */
  async say(other, text) {
    await this.do("send_text", { conversation: other.account, text });
  }

  /** @param {Person} other @returns {Promise<any[]>} */
  messages(other) {
    return this.ask("messages", { conversation: other.account, limit: 1000 });
  }

  /** @param {Person} other @returns {Promise<string[]>} */
  async texts(other) {
    return (await this.messages(other)).filter(({ type }) => type === "text").map(({ text }) => text);
  }

  /** @param {Person} other @returns {Promise<string[]>} codes */
  async notices(other) {
    return (await this.messages(other)).filter(({ type }) => type === "notice").map(({ code }) => code);
  }

  /** @param {Person} other @param {string} text */
  async hears(other, text) {
    await until(async () => (await this.texts(other)).includes(text), `${this.session.profile()?.username} hears ${text}`);
  }

  /** @param {Person} other @param {string} text @param {string} status */
  async sees_status(other, text, status) {
    await until(
      async () => (await this.messages(other)).some((message) => message.text === text && message.status === status),
      `${text} becomes ${status}`,
    );
  }

  /** The mailbox that is sent in, as bytes. @param {Person} other @returns {Promise<{ mailbox: string, cursor: any }>} */
  async place(other) {
    const { mailboxes } = await this.device.store.get("conversations", other.account);
    return { mailbox: mailboxes[0], cursor: await this.device.store.get("cursors", mailboxes[0]) };
  }

  /** Whether this device is in the group that is talked in, and reads it. @param {Person} other @returns {Promise<boolean>} */
  async has_joined(other) {
    const conversation = await this.device.store.get("conversations", other.account);
    if (!conversation?.mailboxes.length) return false;
    const cursor = await this.device.store.get("cursors", conversation.mailboxes[0]);
    return cursor !== undefined && !cursor.behind;
  }

  /** The group that is talked in, as this device sees it. @param {Person} other */
  async group_with(other) {
    return describe_group(await this.device.groups.get((await this.place(other)).mailbox));
  }

  get alert_codes() {
    return this.browser.alerts.map(({ code }) => code);
  }

  /** @param {Partial<Options>} [options] */
  async reload(options) {
    this.session.close();
    this.session = await this.browser.open_tab(options);
  }

  close() {
    this.browser.close();
  }
}

/** Two who talk already. @param {string} origin @param {Partial<Options>[]} [options] @returns {Promise<[Person, Person]>} */
export async function two_people(origin, [alices, bobs] = []) {
  names += 1;
  const alice = await Person.sign_up(origin, `alice${names}`, alices);
  const bob = await Person.sign_up(origin, `bob${names}`, bobs);
  await bob.meet(alice);
  await bob.say(alice, "first");
  await alice.hears(bob, "first");
  await alice.say(bob, "second");
  await bob.hears(alice, "second");
  await bob.sees_status(alice, "first", "delivered");
  await alice.sees_status(bob, "second", "delivered");
  return [alice, bob];
}

let names = 0;
