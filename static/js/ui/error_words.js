// @ts-check
// What a person is told for each code of errors.js: what happened, and what to do.

import { Talk2meError } from "../errors.js";
import { phrase } from "./language/spoken.js";

export const OUR_MISTAKE = "Something went wrong here. Reload the page and try again.";
const NOT_UNDERSTOOD = "The server and this page did not understand each other. Reload the page.";

/** @type {Record<string, string>} */
export const ERROR_WORDS = {
  bad_request: NOT_UNDERSTOOD,
  too_large: "That is too large to send.",
  unauthenticated: "The server no longer knows this session. Reload the page.",
  token_expired: "The session ended. It is opened again by itself.",
  sign_in_refused: "The server did not let this device in. Perhaps it was removed from your account.",
  recovery_refused: "The server knows no account with this name and this recovery key. Check both.",
  reset_refused: "The server does not let this account start over: the name or the code is wrong, the week has not passed, or another device has objected.",
  device_revoked: "This device was removed from the account, or the account was suspended or deleted.",
  foreign_origin: "The server expects another address. Open this page under its usual address.",
  not_found: "Nothing was found.",
  rate_limited: "That was too often. Wait a little and try again.",
  quota_reached: "The server holds as much for you as it may. Try again when others have fetched their messages.",
  registration_closed: "This server takes no new accounts. Ask whoever runs it.",
  invite_required: "This server wants an invitation, and this one does not count: it may be used up, too old, or mistyped. Ask for another.",
  invites_used_up: "You have invited as many people as you may. An invitation that nobody uses comes back after a week.",
  gate_refused: "It was not confirmed that you may have an account here: the sign-in was ended, took too long or did not fit. Try again.",
  gate_used_up: "You have made as many accounts here as you may.",
  gate_unreachable: "Where you were to sign in could not be reached, or gave no good answer. Try again in a while, or ask whoever runs this server.",
  work_required: "The server wants to see some computing before it makes an account, and did not take what this browser has done. Try again.",
  username_invalid: "This name can't be used. Try letters, digits, dots, hyphens or underscores.",
  username_taken: "This name is taken, or looks too much like one that is.",
  account_taken: "Please try once more.",
  event_invalid: NOT_UNDERSTOOD,
  signature_invalid: "The server did not accept this account's signature. Reload the page and try again.",
  chain_conflict: "The account was changed on another device at the same moment. Try again.",
  key_package_invalid: NOT_UNDERSTOOD,
  key_package_used: "Please try once more.",
  no_key_package: "This person's devices have not been online for long. Try again when they have been back.",
  claim_refused: "This person only takes new conversations by invitation. Ask them for a link.",
  vault_conflict: "Another device saved something at the same moment. Try again.",
  link_part_taken: "Something else answered on this link. Begin again with a new code.",
  passkey_refused: "This passkey does not open an account here. If your device offers several, try another, or use your recovery key.",
  bad_frame: NOT_UNDERSTOOD,
  unknown_frame: NOT_UNDERSTOOD,
  hello_required: "The connection is not ready. Try again.",
  mailbox_unknown: "The server does not have this conversation for this device.",
  slot_conflict: "Somebody else changed the conversation at the same moment. Try again.",
  slot_stale: "The conversation has moved on. Try again.",
  subscribers_invalid: "Somebody in this conversation has removed a device. Try again.",
  id_conflict: "Please try once more.",
  offset_wrong: "The file did not go on where it had stopped. Try again.",
  range_invalid: NOT_UNDERSTOOD,
  report_refused: "The server could not check this report, so it was not passed on. Only messages that have come here from somebody else can be reported.",
  storage_failed: "The server could not store it. It is sent again by itself.",
  internal: "The server made a mistake. Try again in a while.",

  offline: "You are offline. Try again when the connection is back.",
  timed_out: "The server did not answer in time. Try again.",
  answer_invalid: "The server's answer makes no sense. Reload the page; if it stays so, don't trust this server.",

  storage_full: "This browser's storage is full. Messages can't be kept until there is room: free some space on this device.",
  storage_blocked: "This browser does not let the page keep anything. Leave private mode or allow storage.",
  storage_damaged: "What this browser kept is damaged and can't be read. Erase it here, then bring your account back.",
  api_missing: "This browser lacks something that is needed.",
  not_owner: "Another tab was just taking over. Try again.",

  passkey_unsupported: "Passkeys don't work in this browser or at this address.",
  passkey_cancelled: "No passkey was used. Nothing has changed.",
  passkey_exists: "There is a passkey for this account on that device already.",
  passkey_no_prf: "This passkey can't be used to open an account: whatever keeps it lacks what is needed (PRF). Nothing was saved. Use another, or your recovery key.",

  locked: "This browser is locked. Unlock it first.",
  lock_wrong: "That does not open it. Check for a typing mistake, and whether capital letters are on.",
  lock_short: "A passphrase has at least 8 characters.",
  lock_weak: "This browser's lock was changed to a weak one, so it is not opened. Erase this browser and use your recovery key.",
  lock_missing: "There is no lock yet. Set one first.",
  encoding_invalid: "That can't be read. Check that all of it was copied.",
  not_decryptable: "That could not be opened.",

  account_missing: "There is no account in this browser.",
  already_signed_up: "There is an account in this browser already.",
  recovery_key_invalid: "That is not a recovery key. Check each group for a typing mistake.",
  recovery_key_wrong: "This recovery key does not belong to this account.",
  recovery_key_needed: "This takes your recovery key. Type it here.",
  file_invalid: "This is not an account file of talk2me, or it is damaged.",
  vault_invalid: "What the server keeps for your account could not be opened.",
  chain_invalid: "This account's history does not add up. It can't be trusted.",
  identity_changed: "This person's key has changed. Compare safety numbers first.",
  not_verified: "That could not be verified.",
  link_code_invalid: "That is not a link code. Check each group for a typing mistake; a recovery key does not work here.",
  link_failed: "The devices could not be linked. Begin again with a new code on the other device.",
  link_expired: "The code is too old: it counts for five minutes. Make a new one on the other device.",
  link_refused: "The link was ended on one of the two devices. Nothing was sent.",
  verification_code_invalid: "This is not a safety number of talk2me.",
  invitation_invalid: "The link is incomplete, too old, or not for this server. Ask for a new one.",

  log_rolled_back: "The server took back what its key log had said. It can't be trusted with keys.",
  log_split: "The server shows different people different key logs. It can't be trusted with keys.",
  log_key_changed: "The server's key log is signed with another key than before. It can't be trusted with keys.",
  log_own_account: "The key log says something about your account that none of your devices did. Somebody may be posing as you.",
  log_entry_dropped: "The server dropped something from its key log. It can't be trusted with keys.",
  log_foreign: "This message speaks of a key log that this server never signed.",
  key_log_invalid: "The server could not prove that these keys are the right ones, so they are not used.",
  key_log_broken: "The server's key log contradicts itself. No new keys are used until you start over with it.",
  key_log_unreachable: "The server's key log has not been seen for too long. Only verified contacts can be written to.",
  witnesses_invalid: "These are not keys of witnesses. Each line is one key as it was given to you, whole, and none is there twice.",

  content_invalid: "A message arrived that makes no sense.",
  commitment_wrong: "A message arrived that is not what it claims to be.",
  envelope_invalid: "Something arrived that makes no sense.",
  text_invalid: "A message has between 1 and 16,384 characters.",
  group_refused: "A change to this conversation was refused because it broke the rules.",
  group_missing: "This device does not have this conversation.",
  suite_unsupported: "Your devices have no way of encryption in common. One of them needs a newer browser.",
  conversation_stopped: "This conversation has stopped.",
  not_allowed: "You may not do this in this group.",
  group_unread: "What this group has agreed on has not come to this browser yet. Try again in a moment.",
  last_owner: "A group needs an owner. Make somebody else one first.",
  member_gone: "Somebody in this group has no account here any more, and nobody new could come in. The group says who it is: remove them first.",
  history_invalid: "These past messages are not what somebody may give. None of them was taken.",
  history_differs: "The server told you two different things.",
  server_restored: "This server says that it was put back to an older copy. Messages of the time between may be missing.",

  file_too_large: "This file is larger than the server takes.",
  file_unreadable: "This file could not be read. Choose it once more.",
  file_damaged: "This file is not what was sent: it was changed or lost a part on the way. It was not opened.",
  file_expired: "The server does not have this file any more. Ask for it once more.",
  file_quota_reached: "The server holds as many files for you as it may. Older ones go by themselves; delete kept ones, or try again later.",
  file_cancelled: "Stopped.",
  upload_refused: "The server did not take this file. Try again, or send a smaller one.",
};

/**
 * @param {unknown} error whatever was thrown
 * @returns {string} words for a person
 */
export function words_for_error(error) {
  return error instanceof Talk2meError ? words_for_code(error.code) : phrase(OUR_MISTAKE);
}

/**
 * @param {string | undefined} code
 * @returns {string}
 */
export function words_for_code(code) {
  return phrase((code !== undefined && Object.hasOwn(ERROR_WORDS, code) && ERROR_WORDS[code]) || OUR_MISTAKE);
}
