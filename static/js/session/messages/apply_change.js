// @ts-check
// What a change does to a message. Of two changes of one kind by one author the later counts, so that in whatever order they come
// the message is the same in the end; what is deleted stays so.

/** @import { ChangeRecord, Message, Version } from "../records.js" */
/** @typedef {"applied" | "ignored" | "refused_edit" | "refused_delete"} Outcome */
/** @typedef {Required<Pick<Version, "id">> & Version} Edit */

/** Of a text, the first one too; of more the oldest are forgotten. */
export const MOST_VERSIONS = 32;
// As clocks of honest devices may differ: milliseconds.
const SLACK = 600_000;
const OF_CONTENT = /** @type {const} */ ([
  ...["text", "reply", "mentions", "forwarded", "files", "edits", "edited", "edit", "reactions", "pinned"],
]);

/**
 * @param {Message} message altered in place
 * @param {ChangeRecord} change other than `hide`
 * @returns {Outcome}
 */
export function apply_change(message, change) {
  if (message.type !== "text") return "ignored";
  if (change.type === "edit") return apply_edit(message, change);
  if (change.type === "delete") return apply_delete(message, change);
  if (message.deleted) return "ignored";
  return change.type === "reaction" ? apply_reaction(message, change) : apply_pin(message, change);
}

/** @param {Message} message @param {ChangeRecord} change @returns {Outcome} */
function apply_edit(message, { author, id, text = "", mentions, time }) {
  if (author !== message.author) return "refused_edit";
  const { edits = [], edited, edit } = message;
  if (message.deleted || edit === id || edits.some((version) => version.id === id)) return "ignored";
  const first = edits[0] ?? { text: message.text ?? "", time: message.time };
  const known = edit !== undefined && edited !== undefined ? [...edits.slice(1), { text: message.text ?? "", time: edited, id: edit }] : [];
  const versions = /** @type {Edit[]} */ ([...known, { text, time, id }]).sort(by_time).slice(1 - MOST_VERSIONS);
  const last = versions[versions.length - 1];
  Object.assign(message, { text: last.text, edited: last.time, edit: last.id, edits: [first, ...versions.slice(0, -1)] });
  if (last.id === id) set_or_delete(message, "mentions", mentions);
  return "applied";
}

/** @param {Message} message @param {ChangeRecord} change @returns {Outcome} */
function apply_delete(message, { author }) {
  if (author !== message.author) return "refused_delete";
  if (message.deleted) return "ignored";
  for (const name of OF_CONTENT) delete message[name];
  message.deleted = "all";
  return "applied";
}

/** @param {Message} message @param {ChangeRecord} change @returns {Outcome} */
function apply_reaction(message, { author, id, emoji = null, time }) {
  if (emoji !== null && !is_emoji(emoji)) return "ignored";
  const before = message.reactions?.[author];
  if (before && !before.shared && by_time(before, { time, id }) >= 0) return "ignored";
  message.reactions = { ...message.reactions, [author]: { emoji, time, id } };
  return "applied";
}

/** Anybody may take a pin off, so a clock that is ahead must not keep it there. */
function apply_pin(/** @type {Message} */ message, /** @type {ChangeRecord} */ change) {
  const { author, id, pinned = false } = change;
  const time = counted_time(change);
  if (message.pinned && by_time(message.pinned, { time, id }) >= 0) return "ignored";
  message.pinned = { on: pinned, by: author, time, id };
  return "applied";
}

/** When it was said; where that can't be, when it came. @param {{ time: number, received: number }} said */
export const counted_time = ({ time, received }) => (time > received + SLACK ? received : time);

/**
 * Of two at the same time the one with the greater id is the later one.
 * @param {{ time: number, id: string }} one
 * @param {{ time: number, id: string }} other
 */
export function by_time(one, other) {
  if (one.time !== other.time) return one.time - other.time;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}

/** A reaction is no place for words. @param {string} text */
export function is_emoji(text) {
  return /^[\p{Extended_Pictographic}\p{Emoji_Component}]+$/u.test(text) && !/^[\d#*]+$/u.test(text);
}

/**
 * @template {keyof Message} Name
 * @param {Message} message
 * @param {Name} name
 * @param {Message[Name] | undefined} value
 */
function set_or_delete(message, name, value) {
  if (value === undefined) delete message[name];
  else message[name] = value;
}
