// @ts-check
// Texts about groups; part of TEXTS in texts.js.

/** @type {Record<string, string>} */
export const GROUP_TEXTS = {
  // what a group is called and looks like
  group_untitled: "Group",
  group_members_one: "{count} member",
  group_members_other: "{count} members",
  group_all_verified: "{members}, all verified",
  group_you_owner: "You are an owner",
  group_you_admin: "You are an admin",
  group_you_member: "You are a member",
  group_you_out: "You are not in this group",
  group_open: "Group: members and settings",
  group_request: "You were added",
  group_start_text: "This is the beginning. What is written here can be read by the members of this group only.",
  messages_in: "Messages in {group}",
  picture_choose: "Choose a picture",
  picture_change: "Other picture",
  picture_unreadable: "This can't be used as a picture. Try a photo, or a picture in a usual format.",

  // making one, adding people
  group_title_missing: "Give the group a name.",
  picker_find: "Look for “{name}” on this server",
  picker_nobody: "Nobody chosen yet",
  picker_missing: "Choose at least one person.",
  picker_in_already: "{name} is in this group already.",
  add_people_title: "Add people to {group}",
  people_added: "{names} can read along from now on.",
  people_given: "{names} can read along from now on, and are given the past messages.",

  // members
  member_you: "You",
  member_verified: "Verified",
  role_owner: "Owner",
  role_admin: "Admin",
  role_member: "Member",
  role_hint_owner: "Decides who is in charge, and may do everything.",
  role_hint_admin: "Adds and removes people, and changes the group.",
  role_hint_member: "May do what all members may do.",
  role_last_owner: "You are the only owner. Make somebody else an owner first.",
  role_now: "{name}: {role}",
  make_owner_title: "Make {name} an owner?",
  make_owner: "An owner decides who is in charge. {name} could take your role from you.",
  make_owner_confirm: "Make them an owner",
  step_down_title: "Give up your role?",
  step_down: "Only another owner can give it back to you.",
  step_down_confirm: "Give it up",
  remove_title: "Remove {name}?",
  remove_text: "{name} keeps what was said in {group} so far, and reads nothing that is written from now on. The others see that you did it.",
  remove_confirm: "Remove",
  removed_now: "{name} is out of the group.",

  // leaving
  leave_title: "Leave {group}?",
  leave_text: "You read nothing more that is written there. What was said stays on this device. The others see that you left.",
  leave_alone: "You are the only one here. What was said stays on this device, and nobody can come in any more.",
  leave_to_admins:
    "You are the only owner. When you leave, the admins decide who is in charge. If you want to choose, make somebody an owner first: press their name in the list of members.",
  leave_to_all:
    "You are the only one in charge. When you leave, every member may do everything. If you don't want that, make somebody an owner first: press their name in the list of members.",
  leave_confirm: "Leave",
  left_now: "You have left {group}.",

  // invitation link
  group_link_hint: "Whoever opens the link asks you to be let in, and you decide.",
  group_link_there: "There is a link that works. It is shown only when it is made: make a new one if you have lost it.",
  revoke_link_title: "Stop the link?",
  revoke_link: "Nobody can ask by this link any more. Whoever is in the group stays in it.",
  revoke_link_confirm: "Stop it",
  link_revoked: "The link works no more.",
  share_group: "Join our group",
  group_link_title: "{name} invites you to a group",
  group_link_text: "{name} is asked whether you may come in. You see each other's names, and until then nothing of the group.",
  group_link_own: "This is your own link",
  group_link_own_text: "Send it to somebody who should be in the group. You are in it already.",
  group_link_failed: "This link can't be used",
  group_link_asked: "You have asked. You are in as soon as {name} says yes.",

  // somebody asks to be let in
  join_asks: "{name} asks to join {group}.",
  join_asks_unknown: "{name} asks to join a group that you are not in any more.",
  join_asked: "You asked to join a group.",
  join_added: "Added to the group",
  join_refused: "Refused. {name} isn't told.",

  // encryption
  protection_quantum: "Only the devices of those who are in this conversation can read it. Its keys are made so that future quantum computers can't open it either.",
  protection_today:
    "Only the devices of those who are in this conversation can read it. Somebody's browser could not do more when it began: a future quantum computer might open what is recorded today.",

  // a group that was never asked for
  group_request_title: "You were added to “{name}”.",
  group_request_text: "Until you accept, nobody learns whether anything arrived.",
  group_declined: "Declined. Nobody is told.",

  // list of conversations, announcements
  last_by: "{name}: {text}",
  last_by_you: "You: {text}",
  last_deleted: "Deleted message",
  last_join: "Question about a group",
  last_draft: "Draft: {text}",
  new_message_in: "New message in {group}",
  spoken_group_message: "{name} in {group}: {text}",

  // notices, by code
  you_did: "You",
  you_object: "you",
  you_yourself: "yourself",
  notice_group_created: "{name} made this group.",
  notice_added: "{name} added {who}.",
  notice_removed_from: "{name} removed {who}.",
  notice_removed_me: "{name} removed you from this group.",
  notice_left_group: "You left the group.",
  notice_role_changed_owner: "{name} made {who} an owner.",
  notice_role_changed_admin: "{name} made {who} an admin.",
  notice_role_changed_member: "{name} took the role from {who}.",
  notice_title_changed: "{name} named the group “{detail}”.",
  notice_picture_changed: "{name} changed the group's picture.",
  notice_settings_changed: "{name} changed what members may do.",
  notice_refused_roles: "{name} tried to change who is in charge. This was refused.",
  notice_refused_rights: "{name} tried to change what members may do. This was refused.",
  notice_refused_settings: "{name} tried to change this group's settings. This was refused.",
  notice_refused_add: "{name} tried to add somebody. This was refused.",
  notice_refused_remove: "{name} tried to remove somebody. This was refused.",
  notice_refused_write: "{name} wrote something, but only admins may write here. It is not shown.",
  notice_refused_edit: "{name} tried to change somebody else's message. This was refused.",
  notice_refused_delete: "{name} tried to delete somebody else's message. This was refused.",
  notice_member_changed: "{name} has another key now. Compare safety numbers: press their name in the list of members.",
  notice_not_added: "{who} could not be added: a browser of theirs has nothing to be reached by. Try again later.",
  notice_member_gone: "{who} can't be found on this server any more. Nobody can be added until an admin removes them from the group.",
  notice_history_given: "{name} gave {who} {messages}.",
  earlier_messages_one: "{count} earlier message",
  earlier_messages_other: "{count} earlier messages",
  notice_history_not_given: "{who} could not be given the past messages.",
  notice_history_damaged: "The past messages from {name} are not there any more, or are not what somebody may give. None of them was taken.",
  notice_refused_history: "{name} tried to give you past messages, but only who added you may, and soon after. None of them was taken.",
  notice_join_unknown: "{name} asked to join by a link that works no more.",

  // why a group stands still, by code
  stopped_removed_title: "You are not in this group any more",
  stopped_removed: "What was said stays readable. Nothing more can be sent or read here unless somebody adds you again.",
  stopped_member_changed_title: "Somebody's key has changed",
  stopped_member_changed:
    "You had compared it before. Perhaps they began again on a new device, perhaps somebody is pretending to be them. Nothing is sent to this group until you have looked at them in the list of members.",
  stopped_left_group_title: "You have left this group",
  stopped_left_group: "What was said stays readable. Nothing more can be sent or read here unless somebody adds you again.",
};
