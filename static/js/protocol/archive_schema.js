// @ts-check
// The form of what an archive entry holds (docs/protocol.md 12). Another device of the account wrote it, perhaps of another
// release: what is not known is passed over, what is known has exactly this form.
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, has_fields, is_integer, is_list, is_text } from "../codec/fields.js";
import { EMOJI_LIMIT, is_text_body, LATEST_TIME, read_change } from "./content_schema.js";
import { is_part_name } from "./group_parts.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Change, TextBody } from "./content_schema.js" */
/** @import { PartName } from "./group_state.js" */
/** @typedef {{ mailbox: Bytes, sequence: number }} Place where the server has put it */
/**
 * @typedef {{ conversation: Bytes, id: Bytes, author: Bytes, time: number, received: number, place: Place | null, group?: true }}
 *   EntryHead times in unix ms; `group`: the conversation is a group, and named by its mailbox
 * @typedef {EntryHead & { type: "text" } & Omit<TextBody, "timer">} MessageBody
 * @typedef {{ author: Bytes, emoji: string, time: number }} SharedReaction
 * @typedef {EntryHead & { type: "shared", shared_by: Bytes, edited?: number, reactions?: SharedReaction[] } & Omit<TextBody, "timer">} SharedBody
 *   a past message as another member had it when it was given (docs/groups.md 6), and not as it was read here
 * @typedef {EntryHead & { change: Change | { type: "hide", body: { to: Bytes } } }} ChangeBody `hide`: deleted for the account alone
 * @typedef {{ group: Bytes, part: PartName, salt: Bytes, value: Bytes, time: number }} StateBody what a group agreed on
 * @typedef {{ device: Bytes, number: number, prev: Bytes, entries: Bytes }} LinkBody `prev`: SHA-256 of the body of the link
 *   before, zeros in the first; `entries`: 48 bytes each, id and SHA-256 of the body
 * @typedef {{ device: Bytes, version: number, hash: Bytes }} VaultBody
 * @typedef {{ type: "message", body: MessageBody | SharedBody } | { type: "change", body: ChangeBody } | { type: "state", body: StateBody } |
 *   { type: "link", body: LinkBody } | { type: "vault", body: VaultBody }} Entry
 */

export const MOST_LINKED = 64;
export const LINKED_LENGTH = 48;

const HEAD = ["conversation", "id", "author", "time", "received", "place"];
const TEXT = ["text", "reply", "mentions", "forwarded", "files"];
const MESSAGE_TYPES = ["text", "shared"];
const MOST_REACTIONS = 256;

/** @param {unknown} value @returns {value is MessageBody} */
function is_message(value) {
  return has_fields(value, [...HEAD, "type", "text"], [...TEXT, "group"]) && value.type === "text" && is_head(value) && has_text(value);
}

/** @param {unknown} value @returns {value is SharedBody} */
export function is_shared(value) {
  return (
    has_fields(value, [...HEAD, "type", "text", "group", "shared_by"], [...TEXT, "edited", "reactions"]) &&
    value.type === "shared" &&
    is_head(value) &&
    value.place !== null &&
    is_bytes(value.shared_by, 16) &&
    (value.edited === undefined || is_time(value.edited)) &&
    (value.reactions === undefined || (is_list(value.reactions, MOST_REACTIONS, is_reaction) && value.reactions.length > 0)) &&
    has_text(value)
  );
}

/** @param {unknown} value @returns {value is SharedReaction} */
function is_reaction(value) {
  return has_exactly(value, ["author", "emoji", "time"]) && is_bytes(value.author, 16) && is_text(value.emoji, 1, EMOJI_LIMIT) && is_time(value.time);
}

/** @param {Record<string, unknown>} value */
function has_text(value) {
  return is_text_body(Object.fromEntries(Object.entries(value).filter(([name]) => TEXT.includes(name))));
}

/** @param {unknown} value @returns {value is number} one that can be shown */
function is_time(value) {
  return is_integer(value) && value <= LATEST_TIME;
}

/** @param {unknown} value @returns {value is ChangeBody} */
function is_change(value) {
  if (!has_fields(value, [...HEAD, "change"], ["group"]) || !is_head(value) || !has_exactly(value.change, ["type", "body"])) return false;
  const { type, body } = value.change;
  if (type === "hide") return has_exactly(body, ["to"]) && is_bytes(body.to, 16);
  return read_change(value.change) !== null;
}

/** @param {unknown} value @returns {value is StateBody} */
function is_state(value) {
  return (
    has_exactly(value, ["group", "part", "salt", "value", "time"]) &&
    is_bytes(value.group, 16) &&
    is_part_name(value.part) &&
    is_bytes(value.salt, 32) &&
    value.value instanceof Uint8Array &&
    is_time(value.time)
  );
}

/** @param {Record<string, unknown>} value @returns {value is Record<string, unknown> & EntryHead} */
function is_head(value) {
  return (
    [value.conversation, value.id, value.author].every((id) => is_bytes(id, 16)) &&
    [value.time, value.received].every(is_time) &&
    (value.group === undefined || value.group === true) &&
    (value.place === null || is_place(value.place))
  );
}

/** @param {unknown} value */
function is_place(value) {
  return has_exactly(value, ["mailbox", "sequence"]) && is_bytes(value.mailbox, 16) && is_integer(value.sequence, 1);
}

/** @param {unknown} value @returns {value is LinkBody} */
function is_link(value) {
  return (
    has_exactly(value, ["device", "number", "prev", "entries"]) &&
    is_bytes(value.device, 16) &&
    is_integer(value.number, 1) &&
    value.number < 2 ** 32 &&
    is_bytes(value.prev, 32) &&
    value.entries instanceof Uint8Array &&
    value.entries.length % LINKED_LENGTH === 0 &&
    value.entries.length > 0 &&
    value.entries.length <= MOST_LINKED * LINKED_LENGTH
  );
}

/** @param {unknown} value @returns {value is VaultBody} */
function is_vault(value) {
  return (
    has_exactly(value, ["device", "version", "hash"]) &&
    is_bytes(value.device, 16) &&
    is_integer(value.version, 1) &&
    is_bytes(value.hash, 32)
  );
}

/** @type {Record<Entry["type"], (body: unknown) => boolean>} */
const FORMS = { message: (body) => is_message(body) || is_shared(body), change: is_change, state: is_state, link: is_link, vault: is_vault };

/**
 * @param {unknown} value `{ v, type, body }`
 * @returns {Entry | null | undefined} null for a type that this release does not know, undefined for what has no form at all
 */
export function read_entry(value) {
  if (!has_exactly(value, ["v", "type", "body"]) || value.v !== 1 || typeof value.type !== "string") return undefined;
  const { type, body } = /** @type {any} */ (value);
  if (!Object.hasOwn(FORMS, type)) return null;
  // A message of a type that came later is one more thing that is not known.
  if (type === "message" && typeof body?.type === "string" && !MESSAGE_TYPES.includes(body.type)) return null;
  return FORMS[/** @type {Entry["type"]} */ (type)](body) ? /** @type {Entry} */ ({ type, body }) : undefined;
}
