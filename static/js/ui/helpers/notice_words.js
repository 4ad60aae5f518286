// @ts-check
import { key_for, text } from "../texts.js";
import { group_notice_words } from "./group_notices.js";
import { time_left } from "./time_left.js";

/** @import { Message } from "../session_types.js" */

/**
 * @param {Message} notice
 * @param {string} account one's own
 * @param {boolean} [in_group]
 * @returns {string} what happened between the messages
 */
export function notice_words(notice, account, in_group = false) {
  const { code = "other", by, author } = notice;
  if (code === "timer_changed") return timer_words(notice, account);
  return group_notice_words(notice, account, in_group) ?? text(key_for("notice", by === undefined ? code : `${code}_${by}`), { name: author.username });
}

/**
 * @param {Message} notice
 * @param {string} account one's own
 * @returns {string}
 */
function timer_words({ own, author, seconds = 0 }, account) {
  const mine = own || author.account === account ? "_own" : "";
  return text(`notice_timer_changed${seconds === 0 ? "_off" : ""}${mine}`, { name: author.username, time: time_left(seconds * 1000) });
}
