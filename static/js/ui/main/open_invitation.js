// @ts-check
import { GroupLinkDialog } from "../groups/group_link_dialog.js";
import { is_group_link } from "../helpers/routes.js";
import { OpenInvitationDialog } from "./open_invitation_dialog.js";

/** @import { Context } from "../context.js" */

/**
 * @param {string} fragment of an invitation or of a group's link, without `#`
 * @param {Context} context
 */
export function open_invitation(fragment, context) {
  if (is_group_link(fragment)) new GroupLinkDialog("open-group-link", context).open_for(fragment);
  else new OpenInvitationDialog("open-invitation", context).open_for(fragment);
}
