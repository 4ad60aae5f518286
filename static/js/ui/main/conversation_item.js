// @ts-check
import { full_time, short_time } from "../helpers/format_time.js";
import { counted } from "../helpers/plural.js";
import { draw_avatar } from "../kit/avatar_view.js";
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
  const { id, peer, state, unread, last } = conversation;
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  /** @param {string} name */
  const part = (name) => find_part(element, name, HTMLElement);
  link.href = `#/c/${id}`;
  Object.assign(link.dataset, { conversation: id, username: peer.username, state, unread: String(unread) });
  link.ariaCurrent = open ? "page" : null;
  draw_avatar(part("avatar"), peer);
  part("name").textContent = peer.username;
  find_part(element, "verified", SVGElement).toggleAttribute("hidden", !peer.verified);
  part("time").textContent = last === null ? "" : short_time(last.time, clock);
  part("time").title = last === null ? "" : full_time(last.time, clock);
  part("last").textContent = last_words(conversation);
  show_status(part("status"), conversation);
  part("unread").hidden = unread === 0;
  part("unread").textContent = unread > 99 ? "99+" : String(unread);
  part("unread").ariaLabel = counted("item_unread", unread);
}

/**
 * @param {Conversation} conversation
 * @returns {string}
 */
function last_words({ state, last }) {
  if (state === "stopped") return text("last_stopped");
  if (state === "request") return text("last_request");
  return last === null ? text("last_none") : last.text;
}

/**
 * @param {HTMLElement} place
 * @param {Conversation} conversation
 */
function show_status(place, { state, last }) {
  const name = state === "stopped" ? "warning" : state === "active" && last?.own ? last.status : "";
  if (place.dataset.status === name) return;
  place.dataset.status = name;
  const label = name === "warning" ? undefined : text(`status_${name}`);
  place.replaceChildren(...(name === "" ? [] : [make_icon(name, label)]));
}
