// @ts-check
import { OpenInvitationDialog } from "./open_invitation_dialog.js";

/** @import { Context } from "../context.js" */

/**
 * @param {string} fragment of an invitation link, without `#`
 * @param {Context} context
 */
export function open_invitation(fragment, context) {
  new OpenInvitationDialog("open-invitation", context).open_for(fragment);
}
