// @ts-check
// What the lines between a group's messages say: who did what, and to whom.

import { list_names } from "../language/spoken.js";
import { TEXTS, text } from "../texts.js";
import { counted } from "./plural.js";

/** @import { Message } from "../session_types.js" */

const CODES = new Set([
  ...["group_created", "added", "removed_from", "removed_me", "left_group", "role_changed", "title_changed", "picture_changed", "settings_changed"],
  ...["refused_roles", "refused_rights", "refused_settings", "refused_add", "refused_remove", "refused_write", "refused_edit", "refused_delete", "refused_history", "join_unknown", "not_added", "member_gone", "member_changed"],
  ...["history_given", "history_not_given", "history_damaged"],
]);

/**
 * @param {Message} notice
 * @param {string} account one's own
 * @param {boolean} [in_group]
 * @returns {string | null} null for what is no matter of groups
 */
export function group_notice_words({ code = "other", author, own, about = [], text: detail = "", role, count = 0 }, account, in_group = false) {
  const mine = own || author.account === account;
  const kind = kind_of({ code, mine, by_name: author.username !== "", of_others: about.length > 0, in_group });
  if (!CODES.has(kind)) return null;
  const name = author.username || text("unknown_person");
  const who = list_names(about.map((person) => who_words(person, account, mine)));
  const key = kind === "role_changed" ? `notice_role_changed_${role}` : `notice_${kind}`;
  const about_me = about.length === 1 && about[0].account === account;
  return text(key_of(key, mine, about_me), { name, who, detail, messages: counted("earlier_messages", count) });
}

/**
 * Some codes are of direct conversations as well, where they speak of a device, or of the only one that anything is sent to.
 * @param {{ code: string, mine: boolean, by_name: boolean, of_others: boolean, in_group: boolean }} notice
 */
function kind_of({ code, mine, by_name, of_others, in_group }) {
  if (in_group && !mine && (code === "identity_changed" || code === "identity_reset")) return "member_changed";
  if (code === "left" && mine) return "left_group";
  if (code !== "removed" || mine) return code;
  if (of_others) return "removed_from";
  return by_name ? "removed_me" : code;
}

/**
 * Languages change more than a word where it was oneself, or where it befell oneself.
 * @param {string} key
 * @param {boolean} mine oneself did it
 * @param {boolean} about_me it befell oneself and nobody else
 * @returns {string} the text for that, where there is one
 */
function key_of(key, mine, about_me) {
  const endings = [...(mine && about_me ? ["_self"] : []), ...(mine ? ["_own"] : []), ...(about_me ? ["_me"] : [])];
  return endings.map((ending) => key + ending).find((one) => Object.hasOwn(TEXTS, one)) ?? key;
}

/**
 * @param {{ account: string, username: string }} person
 * @param {string} account one's own
 * @param {boolean} mine oneself did it
 * @returns {string}
 */
function who_words(person, account, mine) {
  if (person.account !== account) return person.username || text("unknown_person");
  return text(mine ? "you_yourself" : "you_object");
}
