// @ts-check
// Every text that the interface's code shows, in English. Static text stands in templates/ui/. `{name}` is filled in.
// `_one` and `_other` are the forms of a counted text (helpers/plural.js). Other languages: docs/languages.md.

import { format_number, isolate, spoken_text } from "./language/spoken.js";
import { DEVICE_TEXTS } from "./device_texts.js";
import { SEARCH_TEXTS } from "./search_texts.js";
import { FILE_TEXTS } from "./file_texts.js";
import { KNOWN_TEXTS } from "./known_texts.js";
import { GROUP_TEXTS } from "./group_texts.js";
import { MESSAGE_TEXTS } from "./message_texts.js";
import { NOTE_TEXTS } from "./note_texts.js";
import { PEOPLE_TEXTS } from "./people_texts.js";

/** @type {Record<string, string>} */
export const TEXTS = {
  ...DEVICE_TEXTS,
  ...SEARCH_TEXTS,
  ...FILE_TEXTS,
  ...GROUP_TEXTS,
  ...KNOWN_TEXTS,
  ...MESSAGE_TEXTS,
  ...PEOPLE_TEXTS,
  ...NOTE_TEXTS,

  app: "talk2me",
  copied: "Copied",
  copy_failed: "Could not copy. Select the text and copy it yourself.",
  unknown_person: "Somebody",
  between: ", ",
  storage_used: "Kept in this browser: {used}. It allows {allowed}.",
  size_b: "{size} B",
  size_kb: "{size} kB",
  size_mb: "{size} MB",
  size_gb: "{size} GB",

  // start
  signing_up: "Making your keys. This takes a moment.",
  gate: "Sign in with {name}",
  name_missing: "Type a name.",
  name_too_short: "A name has at least 2 characters.",
  name_too_long: "A name has at most 32 characters.",
  name_characters: "No spaces and no @, and a letter or digit at the beginning.",
  recovery_group: "Group {number}",
  recovery_group_missing: "Type both groups.",
  recovery_wrong: "That is not what the key says. Look at groups {first} and {second} again.",
  recovery_file_name: "talk2me recovery key {username}.txt",
  recovery_file:
    "talk2me recovery key\n\nName: {username}\nServer: {origin}\n\n{key}\n\nWith your name it opens your account in any browser. Keep it to yourself.\n",
  recovery_print_note: "talk2me, {username} on {origin}. Keep this to yourself.",
  import_file_missing: "Choose your account file.",
  import_key_missing: "Type your recovery key.",
  import_key_length: "A recovery key has 28 letters and digits; this one has {count}.",
  import_progress: "{done} of {total} read",
  import_starting: "Opening the file",
  erased: "Everything was erased from this browser.",

  // connection
  connection_offline: "Offline.",
  connection_ended: "The server does not let this browser in any more. Nothing is sent or received here; what was said stays readable.",
  connection_connecting: "Connecting…",
  connection_online: "Connected again.",
  trying_again: "Trying again in {seconds} s",
  trying_now: "Trying again now",

  // release
  release_ready: "A new version of talk2me is ready.",
  release_taken: "A new version of talk2me runs in another tab.",
  release_begins: "Loading the new version…",

  // conversation list
  last_request: "Wants to talk to you",
  last_none: "No messages yet",
  last_stopped: "Stopped: look at this",
  item_unread_one: "{count} new message",
  item_unread_other: "{count} new messages",
  search_none: "Nobody in your list is called “{name}”. If that is the exact name of somebody here, you can talk to them.",
  search_start: "Talk to {name}",
  title_unread: "({count}) talk2me",
  nobody_title: "Welcome, {name}",
  nobody_text: "Write a note to yourself to try things out. When you want to talk to somebody, type their name or send them a link.",
  new_message_from: "New message from {name}",
  spoken_message: "{name}: {text}",

  // new conversation, invitations
  find_missing: "Type the name of the person.",
  find_nobody: "Nobody on this server has the name “{name}”. Check the spelling, or send a link.",
  find_own: "That is your own name.",
  link_expires: "Works until {date}.",
  share_title: "Talk to me",
  share_text: "Talk to me on talk2me: ",
  invitation_title: "Talk to {name}",
  invitation_text: "You see each other's names, and everything you write is readable by the two of you only.",
  invitation_known: "You already know each other. This opens your conversation.",
  invitation_own: "This is your own invitation",
  invitation_own_text: "Send it to somebody you want to talk to. You can't open it yourself.",
  invitation_failed: "This invitation can't be used",
  invitation_confirm: "Start talking",
  invitation_confirm_known: "Open conversation",

  // conversation
  peer_verified: "Verified",
  peer_unverified: "Encrypted, not verified yet",
  peer_changed: "The key has changed",
  peer_request: "Wants to talk to you",
  peer_stopped: "Stopped",
  messages_with: "Messages with {name}",
  write_to: "Write to {name}",
  start_text: "This is the beginning. What you write here can be read by you and {name} only.",
  start_unverified: "Compare safety numbers when you meet.",
  jump: "To the newest",
  jump_new_one: "{count} new message",
  jump_new_other: "{count} new messages",
  characters_left_one: "{count} character left",
  characters_left_other: "{count} characters left",
  characters_over_one: "{count} character too long",
  characters_over_other: "{count} characters too long",
  request_title: "{name} wants to talk to you.",
  request_text: "Until you accept, {name} doesn't learn whether anything arrived.",
  declined: "Declined. {name} isn't told.",
  unknown_message: "A message from a newer version of talk2me. Reload this page to get that version.",
  message_said: "{name} wrote:",
  own_said: "You wrote:",

  status_waiting: "waiting to be sent",
  status_stored: "stored on the server",
  status_delivered: "delivered",
  status_failed: "not sent",
  failed_because: "Not sent. {reason}",

  today: "Today",
  yesterday: "Yesterday",
  day_and_time: "{day}, {time}",
  span_minutes_one: "{count} minute",
  span_minutes_other: "{count} minutes",
  span_hours_one: "{count} hour",
  span_hours_other: "{count} hours",
  span_days_one: "{count} day",
  span_days_other: "{count} days",

  clock_ahead: "by their clock",
  clock_ahead_said: "by {name}'s clock, which is ahead of yours",
  clock_ahead_own: "by the clock of your other device, which is ahead of this one's",

  // notices between messages, by code
  notice_device_added: "{name} uses a new device.",
  notice_device_removed: "{name} removed a device.",
  notice_identity_changed: "{name}'s key has changed. Nothing is sent until you decide.",
  notice_identity_accepted: "You accepted {name}'s new key.",
  notice_identity_returned: "The server shows {name}'s known key again. For a while it showed another one; compare safety numbers.",
  notice_history_differs: "The server has told the two of you different things. A message may be missing or out of order.",
  notice_server_restored:
    "This server says that it was put back to an older copy. What was sent in the time between may not have reached everybody. If you were told nothing of that, ask whoever runs it.",
  notice_removed: "This device is no longer in the conversation.",
  notice_own_device_joined: "Another device of yours joined.",
  notice_commit_refused: "A change to this conversation broke the rules and was refused.",
  notice_subscribers_differ: "The server delivers to other devices than it should. This is put right with the next change.",
  notice_left: "{name} left the conversation.",
  notice_undecryptable: "A message arrived that could not be opened on this device.",
  notice_expired: "Messages expired on the server before this device came to fetch them.",
  notice_gap: "Messages are missing here: for a moment the server delivered nothing of this conversation to this device.",
  notice_log_foreign: "{name}'s device sees another key log than yours. Compare safety numbers, and ask {name} another way.",
  notice_state_rolled_back: "This browser was put back to an earlier day. What was said here since then may be missing.",
  notice_clone_found: "Something came here from a copy of this browser. From now on fresh keys are used.",
  notice_other: "Something happened here that this version of talk2me can't show.",

  // why a conversation stands still, by code
  stopped_identity_changed_title: "{name}'s key has changed",
  stopped_identity_changed:
    "Perhaps {name} began again on a new device. Perhaps somebody is pretending to be {name}. Nothing is sent until you decide. Compare safety numbers, face to face or in a call.",
  stopped_history_differs_title: "The server showed you two different histories",
  stopped_history_differs:
    "What {name} received and what you received are not the same. Nothing more is sent here. Talk to {name} another way.",
  stopped_left_title: "{name} has left",
  stopped_left: "Nothing can be sent here any more. What was said stays readable.",
  stopped_device_revoked_title: "This device was removed",
  stopped_device_revoked: "Nothing can be sent or received here any more. What was said stays readable.",
  stopped_sign_in_refused_title: "The server does not let this browser in",
  stopped_sign_in_refused: "Perhaps it was removed from your account. Nothing can be sent or received here. What was said stays readable.",
  stopped_other_title: "This conversation has stopped",
  stopped_other: "Something in it did not add up, so nothing more is sent. {reason}",
  accept_identity_text:
    "If you did not compare safety numbers, you can't know who has this new key. It might not be {name}. You can still compare afterwards.",
  identity_accepted: "The new key is taken. {name} is not verified now.",

  // what a conversation waits for, by the state of the key log
  waits: "What you write to {name} waits: {reason}. Compare safety numbers to go on at once.",
  waits_frozen: "the server's key log stands still",
  waits_unreachable: "the server's key log couldn't be checked for over a day",
  waits_unwitnessed: "nobody has confirmed the server's key log for over a day",
  waits_broken: "the server's key log can't be trusted",
  waits_other: "the server's key log has yet to show their right keys",

  // contact
  safety_explanation:
    "When {name}'s device shows the same numbers, nobody stands between you. Compare them face to face or in a call, not in this chat.",
  safety_changed:
    "These are the numbers of the new key. If {name}'s device shows the same, the key is really theirs.",
  safety_verified: "Verified since {date}",
  safety_unverified: "Not compared yet",
  safety_key_changed: "The key has changed",
  numbers_changed: "The numbers changed just now. Compare the new ones.",
  verified_now: "{name} is verified.",
  unverified_now: "The verification was removed.",
  scan_matches: "They match. {name} is verified.",
  scan_differs: "This code is not the one {name} should have. Compare the numbers, and don't trust this conversation until they match.",
  scan_looking: "Hold {name}'s code in front of the camera.",
  scan_no_camera: "The camera can't be used. Allow it for this page, or compare the numbers.",

  // settings
  member_since: "Here since {date}",
  exported: "Your account file is saved.",
  setting_failed: "That could not be saved. {reason}",
  version_unknown: "not reachable now",
  manifest_unknown: "not told now",

  // key log, in the settings
  log_ok: "Everything adds up",
  log_new: "Not looked at yet",
  log_frozen: "Nothing new for over a day",
  log_unreachable: "Couldn't be checked for over a day",
  log_unwitnessed: "Not confirmed for over a day",
  log_broken: "Can't be trusted",
  log_no_entry: "none yet",
  log_never: "not yet",
  log_looked: "Looked. {state}.",
  log_quorum_wrong: "Ask for at least one of them, and for no more than you have named.",
  log_witnesses_saved: "Your witnesses are saved.",
  log_witnesses_removed: "No witnesses are asked for now.",

  // key log, above everything, by state
  banner_broken: "This server's key log can't be trusted. Only verified contacts get your messages.",
  banner_frozen: "This server's key log stands still. Messages to unverified contacts wait.",
  banner_unreachable: "The key log couldn't be checked for over a day. Messages to unverified contacts wait.",
  banner_unwitnessed: "Nobody confirmed the key log for over a day. Messages to unverified contacts wait.",
  banner_behind: "This device's clock is {span} behind the server's. One of the two is wrong.",
  banner_ahead: "This device's clock is {span} ahead of the server's. One of the two is wrong.",

  // the page for a key log that can't be trusted, by code
  alarm_log_split_title: "This server doesn't show everybody the same",
  alarm_log_split:
    "This server keeps a list of whose key is whose, the key log, and everybody must be shown the same one. It has shown one to you and another to {name}.",
  alarm_log_split_who: "somebody you talk to",
  alarm_log_split_means:
    "A server that wants to stand between people and read along does this. It can also happen when an old backup is put back.",
  alarm_log_rolled_back_title: "The server took back what it had recorded",
  alarm_log_rolled_back:
    "This server keeps a list of whose key is whose, the key log, which can only grow. The one it shows now lacks entries that this browser has already seen.",
  alarm_log_rolled_back_means:
    "Most often an old backup was put back. It can also be meant to hide something: a device that was added to an account for a while, or the removal of one.",
  alarm_log_own_account_title: "Somebody has changed your account",
  alarm_log_own_account:
    "This server keeps a list of whose key is whose, the key log. There is an entry about your account in it that your devices have not made.",
  alarm_log_own_account_means:
    "Others may have been shown a device that isn't yours. Whoever has it could read what they write to you, or write in your name.",
  alarm_log_entry_dropped_title: "The server denies something it had recorded",
  alarm_log_entry_dropped:
    "This server keeps a list of whose key is whose, the key log, and nothing is ever taken out of it. An entry about {name} was in it, and now the server says that there never was one.",
  alarm_log_entry_dropped_who: "an account on this server",
  alarm_log_entry_dropped_means:
    "Somebody may have added a device to that account for a while, to read along, and wants nobody to learn of it.",
  alarm_log_key_changed_title: "This is not the key log you know",
  alarm_log_key_changed:
    "This server keeps a list of whose key is whose, the key log, and signs it, so that nobody can put another in its place. The signature is now another one.",
  alarm_log_key_changed_means:
    "Perhaps whoever runs the server has lost its signing key and can tell you so. Perhaps somebody else has taken the server's place.",
  alarm_other_title: "This server's key log contradicts itself",
  alarm_other: "This server keeps a list of whose key is whose, the key log. What it shows now can't be true together with what this browser has seen before.",
  alarm_other_means: "Somebody may be trying to stand between you and the people you talk to. It can also happen when an old backup is put back.",
  alarm_dismiss: "Go on with verified contacts only",
  alarm_dismiss_hint: "What you write to people you have compared safety numbers with is sent. Everything else waits, and no new keys are taken.",
  alarm_back: "Back to your conversations",
  alarm_back_hint: "It stays so: only contacts you have verified get your messages, and no new keys are taken.",
  alarm_saved: "Saved as {name}. Keep it, and give it to somebody who can check it.",
  alarm_restarted: "This browser has started over with the key log that the server shows now.",

  // alerts, by code
  alert_close: "Close",
  alert_identity_changed_title: "{name}'s key has changed",
  alert_identity_changed: "Nothing is sent to {name} until you have looked at it.",
  alert_history_differs_title: "The server told different stories",
  alert_history_differs: "What you and {name} received is not the same. A message may be missing, or the server is not honest.",
  alert_own_identity_title: "Your own key is not the one you made",
  alert_own_identity: "The server shows another key for your account than the one in this browser. Don't trust what it shows others about you, and ask whoever runs it.",
  alert_subscribers_differ_title: "The server delivers to other devices",
  alert_subscribers_differ: "In your conversation with {name} the server's list of devices is not the one you agreed on. Messages stay readable by the right devices only.",
  alert_chain_hidden_title: "The server hides something about {name}",
  alert_chain_hidden:
    "{name}'s own browser says that something changed in their account, a device perhaps, and the server doesn't show it. What was used until now stays in use. Ask {name} another way.",
  alert_chain_invalid_title: "{name}'s account does not add up",
  alert_chain_invalid: "The server shows a history of {name}'s account that can't be right. What was used until now stays in use.",
  alert_device_revoked_title: "This device was removed",
  alert_device_revoked: "It was removed from your account, or the account was suspended or deleted. Nothing is sent or received here any more.",
  alert_log_proof_wrong_title: "{name}'s keys could not be confirmed",
  alert_log_proof_wrong:
    "The server shows keys for {name} that are not in its own key log. They are not used, and nothing is sent with them. Ask {name} another way, and ask whoever runs the server.",
  alert_log_foreign_title: "{name}'s device sees another key log",
  alert_log_foreign:
    "A message from {name} names a key log that this server has not signed. Either something is wrong with {name}'s device, or one of you is being deceived. Compare safety numbers, face to face or in a call.",
  alert_own_device_added_title: "A new device uses your account",
  alert_own_device_added:
    "If you have just added it, all is well. If not, somebody else can now read what people write to you: tell them another way, and ask whoever runs this server.",
  alert_state_rolled_back_title: "This browser was put back to an earlier day",
  alert_state_rolled_back:
    "What it keeps is older than what this device had already received, as after restoring a backup. It goes on with fresh keys; messages from the time between may be missing here. If nobody has put anything back, somebody may be using a copy of this browser.",
  alert_clone_found_title: "A copy of this browser is in use",
  alert_clone_found:
    "Something was sent with this device's keys, and not from this browser. Somebody may have copied what it keeps, and may read along. If you have not made a copy yourself, tell the people you talk to another way, and begin again on a device that nobody else has had.",
  alert_vault_rolled_back_title: "The server showed an old copy",
  alert_vault_rolled_back:
    "The server keeps a locked copy of your contacts and settings. It gave back an older one than this browser has already seen, so it was not used. If you see this again, ask whoever runs the server.",
  alert_show: "Show",

  // what a browser may lack, by the name that the check gives
  missing_webcrypto: "Encryption (WebCrypto)",
  missing_ed25519: "Signatures (Ed25519)",
  missing_indexeddb: "Storage (IndexedDB)",
  missing_web_locks: "Taking turns between tabs (Web Locks)",
  missing_broadcastchannel: "Talking between tabs (BroadcastChannel)",
  missing_websocket: "A lasting connection (WebSocket)",
};

/**
 * @param {string} key of TEXTS
 * @param {Record<string, string | number>} [values] for the places in braces
 * @returns {string} the text; the key itself when there is none, so that a gap is seen and nothing breaks
 */
export function text(key, values = {}) {
  return fill_in(spoken_text(key) ?? (Object.hasOwn(TEXTS, key) ? TEXTS[key] : key), values);
}

/** What people have named or written. */
const WRITTEN = new Set(["name", "other", "group", "detail", "text"]);

/**
 * @param {string} pattern
 * @param {Record<string, string | number>} values numbers are written as the language writes them
 * @returns {string}
 */
export function fill_in(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (place, name) => {
    if (!(name in values)) return place;
    const value = values[name];
    if (typeof value === "number") return format_number(value);
    return WRITTEN.has(name) ? isolate(value) : value;
  });
}

/**
 * @param {string[]} parts those that are empty are left out
 * @returns {string} one after the other, as the language sets them apart
 */
export function join_words(parts) {
  return parts.filter((part) => part !== "").join(text("between"));
}

/**
 * @param {string} prefix of a family of texts, for example `notice`
 * @param {string} code
 * @param {string} [suffix]
 * @returns {string} the key for that code, or the family's `other`
 */
export function key_for(prefix, code, suffix = "") {
  const key = `${prefix}_${code}${suffix}`;
  return Object.hasOwn(TEXTS, key) ? key : `${prefix}_other${suffix}`;
}
