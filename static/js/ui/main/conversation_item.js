// @ts-check
import { draw_conversation } from "../groups/group_picture.js";
import { is_muted, preview } from "../helpers/conversation_lists.js";
import { full_time, short_time } from "../helpers/format_time.js";
import { is_out, name_of } from "../helpers/group_words.js";
import { counted } from "../helpers/plural.js";
import { make_icon } from "../kit/icon.js";
import { find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */
/** @import { Clock } from "../helpers/format_time.js" */

/**
 * @param {HTMLElement} element a copy of the template `conversation-item`
 * @param {Conversation} conversation
 * @param {{ open: boolean, clock: Clock }} how
 */
export function fill_item(element, conversation, { open, clock }) {
  const { id, kind, peer, state, unread, last, draft = "" } = conversation;
  const name = name_of(conversation);
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  /** @param {string} wanted */
  const part = (wanted) => find_part(element, wanted, HTMLElement);
  link.href = `#/c/${id}`;
  Object.assign(link.dataset, { conversation: id, kind, username: name, state, unread: String(unread), draft: String(draft.trim() !== ""), out: String(is_out(conversation)) });
  link.ariaCurrent = open ? "page" : null;
  draw_conversation(part("avatar"), conversation);
  part("name").textContent = name;
  find_part(element, "verified", SVGElement).toggleAttribute("hidden", kind === "group" || !peer.verified);
  find_part(element, "muted", SVGElement).toggleAttribute("hidden", !is_muted(conversation, clock.now));
  part("time").textContent = last === null ? "" : short_time(last.time, clock);
  part("time").title = last === null ? "" : full_time(last.time, clock);
  part("last").textContent = preview(conversation);
  show_status(part("status"), conversation);
  part("unread").hidden = unread === 0;
  part("unread").textContent = unread > 99 ? "99+" : String(unread);
  part("unread").ariaLabel = counted("item_unread", unread);
}

/**
 * @param {HTMLElement} place
 * @param {Conversation} conversation
 */
function show_status(place, { kind, state, stopped, last, draft = "" }) {
  const sent = state === "active" && draft.trim() === "" && last?.own ? last.status : "";
  const name = state === "stopped" && !is_out({ kind, stopped }) ? "warning" : sent;
  if (place.dataset.status === name) return;
  place.dataset.status = name;
  const label = name === "warning" ? undefined : text(`status_${name}`);
  place.replaceChildren(...(name === "" ? [] : [make_icon(name, label)]));
}
