// @ts-check
// What a person does with groups (docs/groups.md).
import { add_to_group } from "./add_people.js";
import { change_group, set_role } from "./change_group.js";
import { create_group } from "./create_group.js";
import { make_group_link, read_group_link, revoke_group_link } from "./group_links.js";
import { answer_join_request, join_by_link } from "./join_requests.js";
import { leave_group, remove_from_group } from "./leave_group.js";
import { open_notes } from "../notes/open_notes.js";
import { not_in_notes } from "../notes/refuse_notes.js";

export const GROUP_COMMANDS = {
  create_group,
  change_group,
  set_role,
  add_to_group: not_in_notes(add_to_group),
  remove_from_group,
  leave_group: not_in_notes(leave_group),
  make_group_link: not_in_notes(make_group_link),
  revoke_group_link,
  read_group_link,
  join_by_link,
  answer_join_request,
  open_notes,
};
