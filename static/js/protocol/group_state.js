// @ts-check
// What a group has agreed on, in three parts: its roles, its rights and its settings (docs/protocol.md 14). The group context holds a
// salted hash of each, so that all members agree and the server, which sees the context, can neither read nor guess them.
import { compare, equal, is_bytes, to_hex } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list, is_text } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { sha256 } from "../crypto/hash.js";
import { Talk2meError } from "../errors.js";
import { LONGEST_TIMER } from "./content_schema.js";
import { label } from "./labels.js";
import { read_hashes } from "./mls_leaf.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Group } from "./mls_state.js" */
/** @typedef {"admins" | "members"} Who */
/** @typedef {{ v: 1, owners: Bytes[], admins: Bytes[] }} Roles accounts; who is in neither list is a member */
/** @typedef {{ v: 1, who_adds: Who, who_edits: Who, who_writes: Who }} Rights */
/**
 * @typedef {{ v: 1, title: string, picture: Bytes | null, timer: number }} Settings
 *   `timer`: seconds after which messages disappear, 0 for never
 */
/** @typedef {{ roles: Roles, rights: Rights, settings: Settings }} Parts */
/** @typedef {keyof Parts} PartName */
/** @typedef {{ salt: Bytes, value: Bytes, hash: Bytes }} StatePart */

export const TITLE_LIMIT = 100;
/** Bytes of a group's picture. */
export const PICTURE_LIMIT = 16_384;
/** Of owners, and of admins. */
export const MOST_NAMED = 1_024;
const SALT_LENGTH = 32;

/**
 * @template {PartName} Name
 * @param {Name} part
 * @param {Parts[Name]} value accounts in any order
 * @param {(length: number) => Bytes} random
 * @returns {Promise<StatePart>} with a new salt: two parts that say the same don't look alike
 * @throws {Talk2meError} `encoding_invalid` for what nobody would read
 */
export async function make_part(part, value, random) {
  const written = "owners" in value ? { ...value, owners: value.owners.toSorted(compare), admins: value.admins.toSorted(compare) } : value;
  if (!FORMS[part](written)) throw new Talk2meError("encoding_invalid");
  const salt = random(SALT_LENGTH);
  const packed = pack(written);
  return { salt, value: packed, hash: await hash_part(part, salt, packed) };
}

/**
 * @template {PartName} Name
 * @param {Name} part
 * @param {{ salt: Uint8Array, value: Uint8Array }} unverified_part
 * @param {Uint8Array} hash of the group context
 * @returns {Promise<Parts[Name] | null>} null for another hash, and for what has no such form although the hash is right
 */
export async function read_part(part, { salt, value }, hash) {
  if (!is_bytes(salt, SALT_LENGTH) || !equal(await hash_part(part, salt, value), hash)) return null;
  const read = unpack_or_null(value);
  return FORMS[part](read) ? /** @type {Parts[Name]} */ (read) : null;
}

/**
 * @param {Group} group
 * @returns {import("./mls_leaf.js").Hashes | null} null in a direct conversation
 */
export function hashes_of({ state }) {
  return read_hashes(state.groupContext.extensions);
}

/** @type {Record<PartName, (value: unknown) => boolean>} */
const FORMS = { roles: is_roles, rights: is_rights, settings: is_settings };

/**
 * Who is out has no role: with the commit that takes out the last device of an account, its name goes from the roles. Whoever knows
 * them knows what is left.
 * @param {{ roles: Roles, roles_salt: Bytes }} held as read last
 * @param {Uint8Array} hash of the group context before the commit
 * @param {Bytes[]} staying accounts that have a leaf before it which it does not take out
 * @returns {Promise<StatePart | null>} the roles that are due; null when nobody's go, or this device has not read those of now
 */
export async function due_roles({ roles, roles_salt: salt }, hash, staying) {
  const here = new Set(staying.map(to_hex));
  const stays = (/** @type {Bytes} */ account) => here.has(to_hex(account));
  const { owners, admins } = roles;
  if ([...owners, ...admins].every(stays)) return null;
  if (!equal(await hash_part("roles", salt, pack(roles)), hash)) return null;
  const value = pack({ v: 1, owners: owners.filter(stays), admins: admins.filter(stays) });
  return { salt, value, hash: await hash_part("roles", salt, value) };
}

/** @param {PartName} part @param {Uint8Array} salt @param {Uint8Array} value @returns {Promise<Bytes>} as a group context has it */
export function hash_part(part, salt, value) {
  return sha256(label(`group ${part}`), salt, value);
}

/** @param {unknown} value @returns {value is Roles} */
function is_roles(value) {
  if (!has_exactly(value, ["v", "owners", "admins"]) || value.v !== 1) return false;
  const { owners, admins } = value;
  if (!are_accounts(owners) || !are_accounts(admins)) return false;
  return !owners.some((owner) => admins.some((admin) => equal(owner, admin)));
}

/** In order and none twice. @param {unknown} value @returns {value is Bytes[]} */
function are_accounts(value) {
  return is_list(value, MOST_NAMED, is_account) && value.every((account, at) => at === 0 || compare(value[at - 1], account) < 0);
}

/** @param {unknown} value @returns {value is Bytes} */
function is_account(value) {
  return is_bytes(value, 16);
}

/** @param {unknown} value @returns {value is Rights} */
function is_rights(value) {
  return (
    has_exactly(value, ["v", "who_adds", "who_edits", "who_writes"]) &&
    value.v === 1 &&
    [value.who_adds, value.who_edits, value.who_writes].every((who) => who === "admins" || who === "members")
  );
}

/** @param {unknown} value @returns {value is Settings} */
function is_settings(value) {
  return (
    has_exactly(value, ["v", "title", "picture", "timer"]) &&
    value.v === 1 &&
    is_text(value.title, 1, TITLE_LIMIT) &&
    (value.picture === null || is_picture(value.picture)) &&
    is_integer(value.timer) &&
    value.timer <= LONGEST_TIMER
  );
}

/** A JPEG, PNG or WebP by its first bytes: no format that could hold script. @param {unknown} value */
function is_picture(value) {
  if (!(value instanceof Uint8Array) || value.length > PICTURE_LIMIT) return false;
  const starts = String.fromCharCode(...value.subarray(0, 12));
  return starts.startsWith("\xff\xd8\xff") || starts.startsWith("\x89PNG\r\n\x1a\n") || /^RIFF[^]{4}WEBP$/.test(starts);
}

/** @param {Uint8Array} bytes */
function unpack_or_null(bytes) {
  try {
    return unpack(bytes);
  } catch {
    return null;
  }
}
