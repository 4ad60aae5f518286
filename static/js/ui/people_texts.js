// @ts-check
// Texts about being told of something new, and about blocking, muting and reporting; part of TEXTS in texts.js.

/** @type {Record<string, string>} */
export const PEOPLE_TEXTS = {
  // what is told while nobody looks
  news_messages_one: "{count} new message",
  news_messages_other: "{count} new messages",
  news_something: "New messages",
  notifications_missing: "This browser has no notifications.",
  notifications_denied: "You have told your browser not to show any from this page. Allow them there first: the sign beside the address leads to it.",
  notifications_off: "Off. Your browser asks you once when you turn it on.",
  notifications_pushed: "On, also while talk2me is closed.",
  notifications_page_only: "On, as long as talk2me is open in a tab. This browser, or this server, can't tell you when it is closed.",

  // blocking
  block_person: "Block {name}…",
  unblock_person: "Unblock {name}",
  block_hint: "Then you hear nothing from {name} any more, and they are not told.",
  block_hint_blocked: "You hear nothing from {name}. What they write meanwhile is not kept.",
  block_title: "Block {name}?",
  blocked: "{name} is blocked.",
  unblocked: "{name} is no longer blocked.",
  blocked_bar: "You have blocked {name}.",
  last_blocked: "Blocked by you",
  fold_open: "{name}, whom you have blocked, wrote something. Show it",
  fold_close: "Fold it away again",

  // muting
  mute_until: "Until {time}",

  // reporting
  action_report: "Report…",
  report_title: "Report a message by {name}",
  report_no_text: "A message without text",
  report_block_too: "Block {name} as well",
  report_nothing: "There is no message to report yet.",
  reported: "Thank you. Whoever runs this server can see the message now.",
};
