// @ts-check
// Where the leaves about this account are. Each has one place for ever, and those of events stand in the order of the events.
import { event_name } from "../../protocol/key_log_chain.js";
import { change_held } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";

/** @import { Device } from "../device.js" */
/** @import { Proven } from "./fetch_chain.js" */

/**
 * Notes the leaves that prove what this account's chain and name are now; a second place for one of them is a lie.
 * @param {Device} device
 * @param {Pick<Proven, "positions" | "generation">} proven
 * @throws {Talk2meError} `key_log_broken`
 */
export async function note_own_leaves(device, { positions, generation }) {
  let is_lie = false;
  await change_held(device, (held) => {
    if (held.generation !== generation) return;
    const places = { ...held.own_leaves };
    for (const [name, position] of Object.entries(positions)) is_lie ||= (places[name] ??= position) !== position;
    is_lie ||= !in_order(places);
    if (!is_lie) held.own_leaves = places;
  });
  if (is_lie) throw await raise_alarm(device, "log_own_account", {});
}

/**
 * Whether a leaf that a look has found can be the one of an own event whose place was not known yet.
 * @param {Record<string, number>} places
 * @param {{ name: string, version: number, position: number }} hit
 * @param {number} seq how far the account's chain goes
 */
export function can_be_own(places, { name, version, position }, seq) {
  if (name !== event_name(version) || version > seq) return places[name] === position;
  return (places[name] ?? position) === position && in_order({ ...places, [name]: position });
}

/** @param {Record<string, number>} places */
function in_order(places) {
  const events = Object.entries(places).filter(([name]) => name === event_name(Number(name.split("/")[1])));
  const positions = events.sort(([a], [b]) => Number(a.split("/")[1]) - Number(b.split("/")[1])).map(([, position]) => position);
  return positions.every((position, at) => at === 0 || position > positions[at - 1]);
}
