// @ts-check
// People in groups, and what tests ask of them there.
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { Browser, until } from "./browser.js";
import { Person } from "./people.js";

/** @import { Options } from "../../../static/js/session/open_session.js" */

let names = 0;

/**
 * Each has a conversation with the first.
 * @param {string} origin
 * @param {string[]} who
 * @param {Partial<Options>[]} [options]
 * @returns {Promise<Person[]>}
 */
export async function people_who_know_each_other(origin, who, options = []) {
  names += 1;
  const people = await Promise.all(who.map((name, at) => Person.sign_up(origin, `${name}${names}`, options[at])));
  const [first, ...others] = people;
  await Promise.all(others.map((other) => other.meet(first)));
  return people;
}

/** @param {Person} maker @param {Person[]} others @param {string} [title] @returns {Promise<string>} once all are in it */
export async function make_group(maker, others, title = "the group") {
  const { conversation } = await maker.do("create_group", { title, members: others.map(({ account }) => account) });
  await until(async () => (await members_of(maker, conversation)).length === others.length + 1, "the others are added");
  for (const other of others) await until(async () => (await group_of(other, conversation))?.title === title, `${other.name} knows the title`);
  return conversation;
}

/** @param {Person} person @param {string} id @returns {Promise<any>} */
export const group_of = (person, id) => person.ask("group", { id });

/** @param {Person} person @param {string} id @returns {Promise<any>} its entry in the list */
export const entry_of = (person, id) => person.ask("conversation", { id });

/** @param {Person} person @param {string} id @returns {Promise<string[]>} names */
export async function members_of(person, id) {
  return ((await group_of(person, id))?.members ?? []).map((/** @type {any} */ { username }) => username);
}

/** @param {Person} person @param {string} id @returns {Promise<any[]>} */
export const messages_in = (person, id) => person.ask("messages", { conversation: id, limit: 1000 });

/** @param {Person} person @param {string} id @returns {Promise<string[]>} */
export async function texts_in(person, id) {
  return (await messages_in(person, id)).filter(({ type }) => type === "text").map(({ text }) => text);
}

/** @param {Person} person @param {string} id @returns {Promise<string[]>} code, by whom, about whom, what */
export async function notices_in(person, id) {
  const notices = (await messages_in(person, id)).filter(({ type }) => type === "notice");
  return notices.map(({ code, author, about = [], text, role }) =>
    [code, author.username, about.map((/** @type {any} */ one) => one.username).sort().join("+"), text ?? role].filter(Boolean).join(" "),
  );
}

/** @param {Person} person @param {string} id @param {string} text */
export async function say_in(person, id, text) {
  await person.do("send_text", { conversation: id, text });
}

/** @param {Person[]} people @param {string} id @param {string} text */
export async function all_hear(people, id, text) {
  for (const person of people) await until(async () => (await texts_in(person, id)).includes(text), `${person.name} hears ${text}`);
}

/** @param {Person} person @param {string} id @param {string} notice as `notices_in` gives it */
export async function is_told(person, id, notice) {
  await until(async () => (await notices_in(person, id)).includes(notice), `${person.name} is told: ${notice}`);
}

/** @param {Person} person @param {string} id */
export async function epoch_of(person, id) {
  return describe_group(await person.device.groups.get(id)).epoch;
}

/** @param {Person[]} people */
export function close_all(people) {
  for (const person of people) person?.close();
}

/** @param {Person[]} people @returns {unknown[]} */
export const faults_of = (people) => people.flatMap(({ browser }) => browser.faults);

/**
 * Another browser of the same account, by its recovery key.
 * @param {Person} person who has not confirmed the key yet
 * @returns {Promise<Person>}
 */
export async function other_browser_of(person) {
  const recovery_key = await person.do("pending_recovery_key");
  const browser = new Browser(person.browser.origin, person.browser.options);
  const other = new Person(browser, await browser.open_tab());
  await other.do("recover_account", { username: person.name, recovery_key, device_name: "other" });
  await other.do("finish_recovery", { lost: [] });
  return other;
}
