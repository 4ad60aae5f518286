// @ts-check
// Groups by mailbox: in memory while this page is the owner, in the store as one record for each part.
import { equal } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import { group_from_parts, group_parts } from "../protocol/mls.js";
import { group_prefix } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @typedef {any} Group opaque, of protocol/mls.js */

export class GroupStates {
  /** @param {Device} device */
  constructor(device) {
    this.device = device;
    /** @type {Map<string, { group: Group, parts: Map<string, Uint8Array> }>} by record prefix, exactly as stored */
    this.held = new Map();
  }

  /** @param {string} mailbox @returns {Promise<Group>} @throws {Talk2meError} `group_missing` */
  async get(mailbox) {
    const group = await this.find(mailbox);
    if (!group) throw new Talk2meError("group_missing");
    return group;
  }

  /** @param {string} mailbox @returns {Promise<Group | null>} */
  async find(mailbox) {
    return this.#load(group_prefix(mailbox, false));
  }

  /** @param {string} mailbox @returns {Promise<Group | null>} */
  async get_pending(mailbox) {
    return this.#load(group_prefix(mailbox, true));
  }

  /** @param {Changes} changes @param {string} mailbox @param {Group} group */
  async put(changes, mailbox, group) {
    await this.#put(changes, group_prefix(mailbox, false), group);
  }

  /** @param {Changes} changes @param {string} mailbox @param {Group} group */
  async put_pending(changes, mailbox, group) {
    await this.#put(changes, group_prefix(mailbox, true), group);
  }

  /** @param {Changes} changes @param {string} mailbox */
  async drop_pending(changes, mailbox) {
    await this.#delete(changes, group_prefix(mailbox, true));
  }

  /** @param {Changes} changes @param {string} mailbox */
  async drop(changes, mailbox) {
    await this.#delete(changes, group_prefix(mailbox, false));
  }

  /** @param {string} prefix */
  async #load(prefix) {
    const held = this.held.get(prefix);
    if (held) return held.group;
    const rows = await this.device.store.list("groups", { prefix });
    if (rows.length === 0) return null;
    const parts = new Map(rows.map(({ id, value }) => [id.slice(prefix.length), value.bytes]));
    const group = await group_from_parts(parts, { signature_key: this.device.signature_key });
    this.held.set(prefix, { group, parts });
    return group;
  }

  /** Only what differs is written: one message changes a few hundred bytes of a group that may have many thousand. */
  async #put(/** @type {Changes} */ changes, /** @type {string} */ prefix, /** @type {Group} */ group) {
    const before = (await this.#parts(prefix)) ?? new Map();
    const parts = await group_parts(group);
    for (const [name, bytes] of parts) {
      const old = before.get(name);
      if (!old || (old !== bytes && !equal(old, bytes))) changes.put("groups", `${prefix}${name}`, { bytes });
    }
    for (const name of before.keys()) if (!parts.has(name)) changes.delete("groups", `${prefix}${name}`);
    changes.after(() => this.held.set(prefix, { group, parts }));
  }

  async #delete(/** @type {Changes} */ changes, /** @type {string} */ prefix) {
    for (const name of (await this.#parts(prefix))?.keys() ?? []) changes.delete("groups", `${prefix}${name}`);
    changes.after(() => this.held.delete(prefix));
  }

  async #parts(/** @type {string} */ prefix) {
    await this.#load(prefix);
    return this.held.get(prefix)?.parts;
  }
}
