// @ts-check
import { is_last_owner } from "../helpers/group_words.js";
import { text } from "../texts.js";
import { ConfirmDialog } from "./confirm_dialog.js";

/** @import { Context } from "../context.js" */
/** @import { Group } from "../group_types.js" */

/**
 * Asks before somebody leaves; the last owner learns who is in charge afterwards.
 * @param {Context} context
 * @param {string} conversation
 * @param {Group} group
 */
export function confirm_leaving(context, conversation, { title, members }) {
  const asked = { title: text("leave_title", { group: title }), words: leave_words(members), confirm: text("leave_confirm") };
  new ConfirmDialog("confirm", context).open_for(asked, async () => {
    await context.session.commands.leave_group({ conversation });
    context.toasts.say(text("left_now", { group: title }));
  });
}

/**
 * @param {Group["members"]} members
 * @returns {string}
 */
function leave_words(members) {
  if (members.length === 1) return text("leave_alone");
  if (!is_last_owner(members)) return text("leave_text");
  return text(members.some(({ role }) => role === "admin") ? "leave_to_admins" : "leave_to_all");
}
