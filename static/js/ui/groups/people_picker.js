// @ts-check
import { words_for_error } from "../error_words.js";
import { fold } from "../helpers/fold.js";
import { list_names } from "../language/spoken.js";
import { tidy_name } from "../helpers/name_rules.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { reconcile } from "../kit/reconcile.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Person } from "../session_types.js" */
/** @typedef {Person & { verified?: boolean }} Candidate */

/** Chooses people: from those one knows, or by an exact name. */
export class PeoplePicker extends Controller {
  /** @type {Candidate[]} */
  #people = [];
  /** @type {Set<string>} accounts */
  #chosen = new Set();
  /** @type {Set<string>} accounts that are in the group already */
  #left_out = new Set();
  #filter = this.part("filter", HTMLInputElement);

  // Lifecycle

  /** @param {{ left_out?: string[] }} [given] accounts that can't be chosen */
  async start({ left_out = [] } = {}) {
    this.#left_out = new Set(left_out);
    this.listen(this.#filter, "input", () => this.#typed());
    this.listen(this.#filter, "keydown", (event) => this.#pressed(event));
    this.listen(this.part("people"), "change", (event) => this.#changed(event));
    this.listen(this.part("find"), "click", () => while_busy(this.part("find"), () => this.#find(tidy_name(this.#filter.value))));
    this.#people = (await this.queries.contacts()).filter(({ account }) => !this.#left_out.has(account));
    if (!this.ending.aborted) this.#render();
  }

  /** @returns {string[]} accounts */
  get chosen() {
    return [...this.#chosen];
  }

  /** @returns {string[]} usernames of those who are chosen */
  get names() {
    return this.#people.filter(({ account }) => this.#chosen.has(account)).map(({ username }) => username);
  }

  // Actions

  #typed() {
    this.part("find_error").textContent = "";
    this.#render();
  }

  /** @param {KeyboardEvent} event Enter in the filter is no Enter in the form */
  #pressed(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const [only, ...others] = this.#shown();
    if (only !== undefined && others.length === 0) this.#choose(only.account, !this.#chosen.has(only.account));
    else if (!this.part("find").hidden) this.part("find").click();
  }

  /** @param {Event} event */
  #changed({ target }) {
    if (target instanceof HTMLInputElement) this.#choose(target.value, target.checked);
  }

  // Internal

  /**
   * @param {string} account
   * @param {boolean} chosen
   */
  #choose(account, chosen) {
    if (chosen) this.#chosen.add(account);
    else this.#chosen.delete(account);
    this.#render();
  }

  /** @param {string} username */
  async #find(username) {
    try {
      const found = await this.commands.find_account({ username });
      if (found === null) this.#say(text("find_nobody", { name: username }));
      else if (found.own) this.#say(text("find_own"));
      else if (this.#left_out.has(found.account)) this.#say(text("picker_in_already", { name: found.username }));
      else this.#add(found);
    } catch (error) {
      this.#say(words_for_error(error));
    }
  }

  /** @param {Candidate} found */
  #add(found) {
    if (!this.#people.some(({ account }) => account === found.account)) this.#people.unshift(found);
    this.#filter.value = "";
    this.#choose(found.account, true);
    this.#filter.focus();
  }

  /** @param {string} words */
  #say(words) {
    this.part("find_error").textContent = words;
  }

  /** @returns {Candidate[]} */
  #shown() {
    const wanted = fold(tidy_name(this.#filter.value));
    return this.#people.filter(({ username }) => fold(username).includes(wanted));
  }

  #render() {
    const shown = this.#shown();
    const name = tidy_name(this.#filter.value);
    reconcile(this.part("people"), shown, {
      key: ({ account }) => account,
      create: create_person,
      update: (element, { account }) => (find_part(element, "check", HTMLInputElement).checked = this.#chosen.has(account)),
    });
    this.part("people").hidden = shown.length === 0;
    this.part("picker_empty").hidden = shown.length > 0 || name !== "";
    this.part("find").hidden = name === "" || shown.some(({ username }) => username === name);
    this.part("find_words").textContent = text("picker_find", { name });
    this.part("chosen").textContent = this.#chosen.size === 0 ? text("picker_nobody") : list_names(this.names);
  }
}

/**
 * @param {Candidate} person
 * @returns {HTMLElement}
 */
function create_person(person) {
  const element = clone("picker-person");
  const check = find_part(element, "check", HTMLInputElement);
  check.value = person.account;
  check.dataset.username = person.username;
  draw_avatar(find_part(element, "avatar", HTMLElement), person);
  find_part(element, "name", HTMLElement).textContent = person.username;
  find_part(element, "verified", SVGElement).toggleAttribute("hidden", person.verified !== true);
  return element;
}
