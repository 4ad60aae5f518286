// @ts-check
import { short_time_left } from "../helpers/time_left.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */

/**
 * What is said beside a message's time, and that it was forwarded.
 * @param {HTMLElement} element of a message
 * @param {Message} message
 * @param {number} now
 */
export function show_marks(element, { deleted, edited, pinned, forwarded, timer, expires }, now) {
  const there = deleted === undefined;
  find_part(element, "forwarded", HTMLElement).hidden = !there || forwarded !== true;
  find_part(element, "pinned", SVGElement).toggleAttribute("hidden", !there || pinned === undefined);
  find_part(element, "edited", HTMLElement).hidden = !there || edited === undefined;
  element.querySelector(".timer-mark")?.remove();
  if (!there || (timer === undefined && expires === undefined)) return;
  const mark = clone("timer-mark");
  if (expires !== undefined) mark.dataset.expires = String(expires);
  mark.title = text("disappears");
  find_part(element, "edited", HTMLElement).before(mark);
  if (expires === undefined) find_part(mark, "left", HTMLElement).textContent = short_time_left((timer ?? 0) * 1000);
  else show_left(mark, now);
}

/**
 * @param {HTMLElement} mark of a message that disappears
 * @param {number} now
 */
export function show_left(mark, now) {
  const place = find_part(mark, "left", HTMLElement);
  const words = short_time_left(Math.max(0, Number(mark.dataset.expires) - now));
  if (place.textContent !== words) place.textContent = words;
}
