// @ts-check
// Answers what a group asks about each leaf: is this device, with this key, one of that account? The chains decide.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { find_device } from "../protocol/account_chain.js";
import { fetch_proven } from "./key_log/fetch_chain.js";
import { proven_at } from "./key_log/scan_log.js";
import { get_contact, new_contact, refresh_contact } from "./refresh_contact.js";
import { Talk2meError } from "../errors.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Rules } from "../protocol/group_rules.js" */
/** @import { Device } from "./device.js" */
/** @import { Contact } from "./records.js" */
/** @typedef {{ account: Uint8Array, device: Uint8Array, signature_key: Uint8Array, state: "present" | "added" }} Leaf */

/**
 * One for each operation on a group. Accounts that were not known before are noted in `strangers` and only stored by
 * `save_strangers`, once the group has been accepted.
 */
export class LeafPolicy {
  /**
   * @param {Device} device
   * @param {Rules | null} [rules] of a group: what its members may change
   * @param {{ lenient?: boolean, of_group?: boolean }} [how] `lenient`: a device that was removed since may be added (take_late.js);
   *   `of_group`: an identity that the person has yet to judge keeps nobody out, as no two members would judge alike
   */
  constructor(device, rules = null, { lenient = false, of_group = false } = {}) {
    this.device = device;
    this.lenient = lenient;
    this.of_group = of_group;
    /** Whether it was asked about a device that its account had once and has removed. */
    this.late = false;
    this.now = device.now();
    this.rules = rules;
    /** @type {Map<string, Contact>} */
    this.strangers = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
    /** @type {unknown} set when an answer could not be had: the operation must wait, not be refused */
    this.failure = null;
    /** @type {string | null} set when a leaf is right for an account's changed identity, which the person has yet to judge */
    this.undecided = null;
    /** @type {(leaf: Leaf) => Promise<boolean>} */
    this.check_leaf = (leaf) => this.#check(leaf);
    /** @type {(device: Omit<Leaf, "state">) => Promise<boolean>} */
    this.is_inactive = (owner) => this.#is_inactive({ ...owner, state: "added" });
  }

  /** @param {Leaf} leaf */
  async #check(leaf) {
    const account = to_base64url(leaf.account);
    try {
      const chain = await this.#chain(account);
      if (fits(chain, leaf)) return true;
      // What is known may be old: ask once.
      if (!this.asked.has(account) && fits(await this.#newer_chain(account), leaf)) return true;
      if (fits(await this.#chain(account), { ...leaf, state: "present" })) {
        this.late = true;
        return this.lenient;
      }
      if (await this.#fits_changed(account, leaf)) {
        this.undecided = account;
        return this.of_group;
      }
      return false;
    } catch (error) {
      if (is_answer(error)) return false;
      this.failure = error;
      return false;
    }
  }

  /**
   * Its account has removed it, or has another identity by now. What is known may be old: whoever takes it out knows more.
   * @param {Leaf} leaf
   */
  async #is_inactive(leaf) {
    const account = to_base64url(leaf.account);
    try {
      if (is_removed(await this.#chain(account), leaf)) return true;
      const chain = this.asked.has(account) ? await this.#chain(account) : await this.#newer_chain(account);
      return !fits((await get_contact(this.device, account))?.changed ?? chain, leaf);
    } catch (error) {
      if (is_answer(error)) return false;
      this.failure = error;
      return false;
    }
  }

  /** @param {string} account */
  async #chain(account) {
    const known = this.strangers.get(account) ?? (await get_contact(this.device, account));
    return known ? known.chain : this.#newer_chain(account);
  }

  /** @param {string} account @returns {Promise<ChainState>} */
  async #newer_chain(account) {
    this.asked.add(account);
    if (await get_contact(this.device, account)) return (await refresh_contact(this.device, account)).chain;
    const { state, proven } = await fetch_proven(this.device, account, null);
    this.strangers.set(account, { ...new_contact(this.device, account, state), proven });
    return state;
  }

  /** @param {string} account @param {Leaf} leaf */
  async #fits_changed(account, leaf) {
    const changed = (await get_contact(this.device, account))?.changed;
    return Boolean(changed && fits(changed, leaf));
  }

  /** @param {Changes} changes */
  async save_strangers(changes) {
    for (const [account, contact] of this.strangers) {
      if (await changes.get("contacts", account)) continue;
      changes.put("contacts", account, { ...contact, proven: await proven_at(changes, contact.proven ?? 0) });
    }
  }
}

/**
 * @param {ChainState} chain
 * @param {Leaf} leaf `added` ones must be active, those already in the tree need only once have been
 */
export function fits(chain, { account, device, signature_key, state }) {
  const found = equal(chain.account, account) ? find_device(chain, device) : null;
  return found !== null && equal(found.signature_key, signature_key) && (state === "present" || found.removed === null);
}

/** @param {ChainState} chain @param {Leaf} leaf */
function is_removed(chain, { device }) {
  return typeof find_device(chain, device)?.removed === "number";
}

/** Whether an error is an answer about the account, not a failure to get one. @param {unknown} error */
function is_answer(error) {
  return error instanceof Talk2meError && (error.code === "not_found" || error.code === "chain_invalid");
}
