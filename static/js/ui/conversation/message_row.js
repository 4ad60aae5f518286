// @ts-check
import { words_for_code } from "../error_words.js";
import { show_join_request } from "../groups/join_request.js";
import { show_files } from "../files/file_view.js";
import { avatar_hue } from "../helpers/avatar.js";
import { day_label, full_time, time_of_day } from "../helpers/format_time.js";
import { notice_words } from "../helpers/notice_words.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { has_changed } from "../kit/changed.js";
import { clone, find_part } from "../kit/template.js";
import { show_fold } from "../people/show_fold.js";
import { text } from "../texts.js";
import { show_marks } from "./message_marks.js";
import { show_text } from "./message_text.js";
import { show_quote } from "./quote_view.js";
import { show_reactions } from "./reactions_view.js";

/** @import { Row } from "../helpers/message_rows.js" */
/** @import { Message, Person } from "../session_types.js" */
/** @import { Context } from "../context.js" */

/** @typedef {{ context: Context, own: Person, group: boolean }} View `own`: who is looking; `group`: authors are named */

const TEMPLATES = { day: "day", marker: "new-marker", shared_end: "shared-end", notice: "notice", message: "message" };
const WARNINGS = new Set([
  ...["identity_changed", "identity_reset", "history_differs", "history_damaged", "history_not_given"],
  ...["server_restored", "undecryptable", "log_foreign", "commit_refused"],
]);

/** @type {WeakMap<HTMLElement, Extract<Row, { message: Message }>>} what the elements show */
const shown = new WeakMap();

/**
 * @param {Row} row
 * @returns {HTMLElement}
 */
export function create_row(row) {
  const element = clone(TEMPLATES[row.kind]);
  element.dataset.row = row.kind;
  return element;
}

/**
 * @param {HTMLElement} element from `create_row`
 * @param {Row} row
 * @param {View} view
 */
export function update_row(element, row, view) {
  if (row.kind === "day") find_part(element, "text", HTMLElement).textContent = day_label(row.time, view.context.clock());
  if (row.kind === "shared_end") find_part(element, "text", HTMLElement).textContent = text("shared_end", { name: row.by.username || text("unknown_person") });
  if (row.kind !== "notice" && row.kind !== "message") return;
  const before = shown.get(element);
  shown.set(element, row);
  // While the window moves, most messages are the very same objects; after a refresh most say the same.
  const stays = before?.message === row.message && JSON.stringify(before, without_message) === JSON.stringify(row, without_message);
  if (stays || !has_changed(element, row)) return;
  element.dataset.id = row.message.id;
  element.dataset.order = String(row.message.order);
  if (row.kind === "notice") show_notice(element, row.message, view);
  else show_message(element, row, view);
  // Whoever does not see the row has heard nothing of it until now.
  if (before !== undefined && before.message.status !== "failed" && row.message.status === "failed") view.context.announcer.say(failure_words(row.message));
}

/**
 * @param {string} key
 * @param {unknown} value
 * @returns {unknown}
 */
function without_message(key, value) {
  return key === "message" ? undefined : value;
}

/**
 * @param {HTMLElement} element
 * @param {Extract<Row, { kind: "message" }>} row
 * @param {View} view
 */
function show_message(element, { message, first, last }, view) {
  const { own, type, status, shared_by } = message;
  Object.assign(element.dataset, { own: String(own), type, status, first: String(first), last: String(last), shared: String(shared_by !== undefined) });
  show_author(element, message, view.group && !own, first);
  show_quote(element, message, view.own.account);
  show_files(find_part(element, "files", HTMLElement), message, view.context);
  show_text(element, message, view.own.username);
  show_join_request(element, message, view.context);
  show_time(element, message, view);
  show_marks(element, message, view.context.clock().now);
  show_status(element, message);
  show_reactions(element, message);
  show_fold(element, message);
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 * @param {boolean} named among several people, each run of messages says whose it is
 * @param {boolean} first of such a run
 */
function show_author(element, { own, author }, named, first) {
  const avatar = find_part(element, "avatar", HTMLElement);
  const name = find_part(element, "author", HTMLElement);
  element.dataset.named = String(named);
  find_part(element, "author_hidden", HTMLElement).textContent = own ? text("own_said") : text("message_said", { name: author.username });
  avatar.hidden = name.hidden = !named || !first;
  if (!named || !first) return;
  draw_avatar(avatar, author);
  name.textContent = author.username;
  name.dataset.hue = String(avatar_hue(author.account));
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 * @param {View} view
 */
function show_time(element, { own, author, time, clock_ahead = false }, { context }) {
  const clock = context.clock();
  const place = find_part(element, "time", HTMLTimeElement);
  place.dateTime = new Date(time).toISOString();
  place.textContent = time_of_day(time, clock);
  place.title = full_time(time, clock);
  if (clock_ahead && element.querySelector(".clock-ahead") === null) place.after(clock_note(own, author.username));
}

/**
 * @param {boolean} own
 * @param {string} name of the author
 * @returns {HTMLElement} whose clock a time is by, short to see and whole to hear
 */
function clock_note(own, name) {
  const note = clone("clock-ahead");
  const whole = own ? text("clock_ahead_own") : text("clock_ahead_said", { name });
  note.title = whole;
  find_part(note, "seen", HTMLElement).textContent = text("clock_ahead");
  find_part(note, "heard", HTMLElement).textContent = whole;
  return note;
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 */
function show_status(element, { own, status, error, deleted }) {
  const icon = find_part(element, "status", SVGElement);
  icon.toggleAttribute("hidden", !own || deleted !== undefined);
  if (!own) return;
  icon.setAttribute("aria-label", text(`status_${status}`));
  find_part(element, "status_use", SVGElement).setAttribute("href", `#icon-${status}`);
  const before = element.querySelector(".message-failure");
  if (status !== "failed") {
    before?.remove();
    return;
  }
  const failure = before ?? clone("message-failure");
  find_part(failure, "error", HTMLElement).textContent = failure_words({ error });
  element.append(failure);
}

/**
 * @param {Pick<Message, "error">} message that failed
 * @returns {string}
 */
function failure_words({ error }) {
  return text("failed_because", { reason: words_for_code(error) });
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 * @param {View} view
 */
function show_notice(element, message, { own, group }) {
  const { code = "other" } = message;
  element.dataset.code = code;
  const warns = WARNINGS.has(code) || code.startsWith("refused_");
  element.dataset.warns = String(warns);
  find_part(element, "icon", SVGElement).setAttribute("href", warns ? "#icon-warning" : code === "timer_changed" ? "#icon-timer" : "#icon-lock");
  find_part(element, "text", HTMLElement).textContent = notice_words(message, own.account, group);
}
