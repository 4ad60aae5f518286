// What a translator has to know and can't see in the words.

/** What stands in the places in braces. @type {Record<string, string>} */
const PLACES = {
  name: "a name",
  other: "another name",
  names: "names, listed",
  people: "names, listed",
  who: "a name, or several listed",
  group: "a group's name",
  count: "a number",
  number: "a number",
  done: "a number or a size",
  total: "a number or a size",
  time: "a time or a length of time, `14:05`, `3 days`",
  date: "a date, `9 March 2025`",
  day: "a day, `Monday`, `9 March`",
  end: "a date or a time",
  span: "a length of time, `20 minutes`",
  reason: "why: a whole sentence, or what comes after a colon",
  text: "what somebody has written, or a sentence",
  messages: "earlier_messages: `3 earlier messages`",
  members: "group_members: `3 members`",
  detail: "a group's new name",
  size: "a number",
  browser: "a browser's name",
  system: "a system's name",
  seen: "seen_never, seen_today or seen_on",
  state: "a text of log_…",
  role: "a text of role_…",
  emoji: "an emoji",
  events: "known_events",
  leaves: "known_leaves",
  open: "known_open or known_closed, a sentence",
  used: "known_used",
  since: "known_since",
  oldest: "a date",
  origin: "the server's address",
  username: "a name",
  key: "a recovery key",
  limit: "a size, `20 MB`",
  most: "a size, `20 MB`",
};

/** Of single texts, by key, or by their English where they have none. @type {Record<string, string>} */
const NOTES = {
  // of the page
  Object: "verb, on a button: to object to a change that another device, or the server's operator, has announced",
  Talk: "verb, on a button: begin a conversation with the person whose name was typed",
  Share: "verb, on a button: hand the link to another app",
  Report: "verb, on a button: show a message to whoever runs the server",
  Forward: "verb, on a button: send a message on to others",
  Block: "verb, on a button: hear nothing from a person any more",
  Check: "verb, on a button: see whether the key that was typed is right",
  Found: "when it was found; the fact's name in a list of facts",
  Written: "when it was written; the fact's name in a list of facts",
  Edited: "when it was edited; the fact's name in a list of facts",
  Disappears: "when it disappears; the fact's name in a list of facts",
  From: "who has written the message; the fact's name in a list of facts",
  "Given by": "who has handed the old message on to a new member; the fact's name in a list of facts",
  State: "of a message: waiting, stored, delivered, read; the fact's name in a list of facts",
  Entries: "how many entries the key log has",
  Kinds: "of emoji: smileys, food, flags",
  Lock: "noun: what keeps others out of this browser",
  History: "noun: what was said, kept for one's other devices",
  Leaving: "heading of the part of a group's page where one leaves it",
  Muting: "heading of the part where one mutes a conversation",
  Blocking: "heading of the part where one blocks a person",
  System: "as the system has it: light or dark, contrast",
  Light: "the look: dark on light",
  Dark: "the look: light on dark",
  Write: "verb: who may write in a group",
  None: "how many past messages new people are given",
  Anyone: "whose messages are searched",
  Details: "on a button: show more",
  "Key log": "the server's public list of whose key is whose; glossary: docs/glossary.md",
  Comfortable: "density: how much room things have",
  Compact: "density: how little room things have",
  Esc: "the key on a keyboard",
  Enter: "the key on a keyboard",
  End: "the key on a keyboard",
  Shift: "the key on a keyboard",
  Ctrl: "the key on a keyboard; German keyboards say Strg",
  "Ctrl K": "the keys on a keyboard; German keyboards say Strg",
  // of the code
  between: "stands between the parts of an enumeration, with its space",
  size_b: "bytes; French says o, ko, Mo, Go",
  known_room: "heading: how much space of the server's is used",
  known_reset: "permission to start the account over",
  you: "in place of the author's name, above an own message that is quoted or looked at",
  member_you: "in the list of a group's members: this is yourself",
  found_me: "in a choice of whose messages are searched: one's own",
  you_object: "in the place of {who} in notice_added and the like, only in a list with others: `ana added you and ben.`",
  you_yourself: "in the place of {who}, only in a list with others, where oneself did it",
  file_kept: "said of a file: it is kept",
  file_keep: "verb, on a button: keep this file on the server",
  status_read: "said of a message: it was read",
  left_soon: "of a download: the time that is left",
  in_sentence_today: "in the place of {day}, in the middle of a sentence",
  in_sentence_yesterday: "in the place of {day}, in the middle of a sentence",
  in_sentence_weekday: "{day} is a day of the week; put in the place of {day} in sentences such as “Last used {day}”, “Added {day}”",
  in_sentence_date: "{day} is a date; put in the place of {day} in sentences such as “Last used {day}”, “Added {day}”",
  device_suggested: "the first name of a device: `Firefox on Linux`",
  device_any_browser: "where the browser's name is not known",
  span_days: "stands alone, or in banner_behind and banner_ahead",
  time_days: "stands alone, in notice_timer_changed as {time}, and in details_expires as {time}",
  details_expires: "when a message disappears; {time} is `3 days`",
  earlier_messages: "in the place of {messages} in notice_history_given",
  messages_in: "name of the list of messages, for screen readers",
  recovery_file: "the text of a file that is saved; \\n is a new line and has to stay",
  recovery_file_name: "the name of a file; no / and no :",
  record_name: "the name of the file that a voice message is",
  share_text: "the link comes right behind it, so the space at the end has to stay",
  title_unread: "the title of the page in the browser's tab",
};

/**
 * @param {string} key
 * @param {string} words
 * @param {string} section of the table that it stands in
 * @returns {string} lines
 */
export function note_of(key, words, section) {
  const places = [...new Set([...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].filter((name) => name in PLACES);
  return [section, NOTES[key] ?? "", places.map((name) => `{${name}}: ${PLACES[name]}`).join("; ")].filter((line) => line !== "").join("\n");
}

/** @param {string} english a text of the page @returns {string} */
export function note_of_phrase(english) {
  return NOTES[english] ?? "";
}
