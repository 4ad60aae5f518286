// @ts-check
// A welcome by somebody whose identity key has changed waits here until the person has decided whether to believe it: what is
// written in that group is read then, and lost to nobody.
import { equal } from "../codec/bytes.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @typedef {{ account: string, body: Uint8Array }} HeldWelcome */

// Nobody fills the storage with them.
const MOST = 16;

/** @param {Changes} changes @param {HeldWelcome} welcome */
export async function hold_welcome(changes, welcome) {
  const held = (await changes.get("meta", "held_welcomes")) ?? [];
  changes.put("meta", "held_welcomes", [...held, welcome].slice(-MOST));
}

/** @param {Device} device @returns {Promise<HeldWelcome[]>} those that nothing stands in the way of any more */
export async function list_decided({ store }) {
  /** @type {HeldWelcome[]} */
  const held = (await store.get("meta", "held_welcomes")) ?? [];
  const decided = await Promise.all(held.map(async ({ account }) => !(await store.get("contacts", account))?.changed));
  return held.filter((_, index) => decided[index]);
}

/** @param {Changes} changes @param {HeldWelcome} welcome */
export async function release_welcome(changes, { body }) {
  /** @type {HeldWelcome[]} */
  const held = (await changes.get("meta", "held_welcomes")) ?? [];
  changes.put("meta", "held_welcomes", held.filter((other) => !equal(other.body, body)));
}
