// @ts-check
import { words_for_code } from "../error_words.js";
import { day_label, full_time, time_of_day } from "../helpers/format_time.js";
import { text_parts } from "../helpers/text_parts.js";
import { clone, find_part } from "../kit/template.js";
import { key_for, text } from "../texts.js";

/** @import { Row } from "../helpers/message_rows.js" */
/** @import { Message } from "../session_types.js" */
/** @import { Clock } from "../helpers/format_time.js" */

const TEMPLATES = { day: "day", marker: "new-marker", notice: "notice", message: "message" };
const WARNINGS = new Set(["identity_changed", "history_differs", "undecryptable", "log_foreign"]);

/**
 * @param {Row} row
 * @returns {HTMLElement}
 */
export function create_row(row) {
  const element = clone(TEMPLATES[row.kind]);
  element.dataset.row = row.kind;
  if (row.kind === "message") create_message(element, row.message);
  if (row.kind === "notice") create_notice(element, row.message);
  return element;
}

/**
 * @param {HTMLElement} element from `create_row`
 * @param {Row} row
 * @param {Clock} clock
 */
export function update_row(element, row, clock) {
  if (row.kind === "day") find_part(element, "text", HTMLElement).textContent = day_label(row.time, clock);
  if (row.kind !== "message") return;
  const { message, first, last } = row;
  element.dataset.first = String(first);
  element.dataset.last = String(last);
  element.dataset.status = message.status;
  element.dataset.order = String(message.order);
  show_time(element, message, clock);
  if (message.own) show_status(element, message);
}

/**
 * What never changes in a message.
 * @param {HTMLElement} element
 * @param {Message} message
 */
function create_message(element, { id, own, author, type, text: words, clock_ahead = false }) {
  element.dataset.id = id;
  element.dataset.own = String(own);
  element.dataset.type = type;
  find_part(element, "author_hidden", HTMLElement).textContent = own
    ? text("own_said")
    : text("message_said", { name: author.username });
  const place = find_part(element, "text", HTMLElement);
  if (type === "unknown") place.textContent = text("unknown_message");
  else place.replaceChildren(...text_parts(words ?? "").map(part_node));
  if (clock_ahead) find_part(element, "time", HTMLElement).after(clock_note(own, author.username));
  if (!own) find_part(element, "status", SVGElement).remove();
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
 * @param {{ text: string, link: boolean }} part
 * @returns {Node}
 */
function part_node({ text: words, link }) {
  if (!link) return document.createTextNode(words);
  const anchor = document.createElement("a");
  anchor.href = words;
  anchor.textContent = words;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 * @param {Clock} clock
 */
function show_time(element, { time }, clock) {
  const place = find_part(element, "time", HTMLTimeElement);
  place.dateTime = new Date(time).toISOString();
  place.textContent = time_of_day(time, clock);
  place.title = full_time(time, clock);
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 */
function show_status(element, { status, error }) {
  const icon = find_part(element, "status", SVGElement);
  icon.setAttribute("aria-label", text(`status_${status}`));
  find_part(element, "status_use", SVGElement).setAttribute("href", `#icon-${status}`);
  const shown = element.querySelector(".message-failure");
  if (status !== "failed") {
    shown?.remove();
    return;
  }
  const failure = shown ?? clone("message-failure");
  find_part(failure, "error", HTMLElement).textContent = text("failed_because", { reason: words_for_code(error) });
  element.append(failure);
}

/**
 * @param {HTMLElement} element
 * @param {Message} message
 */
function create_notice(element, { id, code = "other", author }) {
  element.dataset.id = id;
  element.dataset.code = code;
  find_part(element, "icon", SVGElement).setAttribute("href", WARNINGS.has(code) ? "#icon-warning" : "#icon-lock");
  find_part(element, "text", HTMLElement).textContent = text(key_for("notice", code), { name: author.username });
}
