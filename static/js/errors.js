// @ts-check
// Every error of the browser's code has a code from this table; ui/ turns a code into words.

/** Where a code comes from: `server` ones are those of docs/wire_format.md 1 and talk2me/errors.py. */
export const CODES = Object.freeze({
  bad_request: "server",
  too_large: "server",
  unauthenticated: "server",
  token_expired: "server",
  sign_in_refused: "server",
  recovery_refused: "server",
  reset_refused: "server",
  device_revoked: "server",
  foreign_origin: "server",
  not_found: "server",
  rate_limited: "server",
  quota_reached: "server",
  registration_closed: "server",
  invite_required: "server",
  invites_used_up: "server",
  gate_refused: "server",
  gate_used_up: "server",
  gate_unreachable: "server",
  work_required: "server",
  username_invalid: "server",
  username_taken: "server",
  account_taken: "server",
  event_invalid: "server",
  signature_invalid: "server",
  chain_conflict: "server",
  key_package_invalid: "server",
  key_package_used: "server",
  no_key_package: "server",
  claim_refused: "server",
  vault_conflict: "server",
  link_part_taken: "server",
  passkey_refused: "server",
  bad_frame: "server",
  unknown_frame: "server",
  hello_required: "server",
  mailbox_unknown: "server",
  slot_conflict: "server",
  slot_stale: "server",
  subscribers_invalid: "server",
  id_conflict: "server",
  offset_wrong: "server",
  range_invalid: "server",
  report_refused: "server",
  storage_failed: "server",
  internal: "server",

  // transport
  offline: "browser",
  timed_out: "browser",
  answer_invalid: "browser",

  // store and start
  storage_full: "browser",
  storage_blocked: "browser",
  storage_damaged: "browser",
  api_missing: "browser",
  not_owner: "browser",
  locked: "browser",
  lock_wrong: "browser",
  lock_short: "browser",
  lock_weak: "browser",
  lock_missing: "browser",

  // passkeys
  passkey_unsupported: "browser",
  passkey_cancelled: "browser",
  passkey_exists: "browser",
  passkey_no_prf: "browser",

  // codec and crypto
  encoding_invalid: "browser",
  not_decryptable: "browser",

  // accounts
  account_missing: "browser",
  already_signed_up: "browser",
  recovery_key_invalid: "browser",
  recovery_key_wrong: "browser",
  recovery_key_needed: "browser",
  file_invalid: "browser",
  vault_invalid: "browser",
  chain_invalid: "browser",
  identity_changed: "browser",
  not_verified: "browser",
  link_code_invalid: "browser",
  link_failed: "browser",
  link_expired: "browser",
  link_refused: "browser",
  verification_code_invalid: "browser",
  invitation_invalid: "browser",

  // key log
  log_rolled_back: "browser",
  log_split: "browser",
  log_key_changed: "browser",
  log_own_account: "browser",
  log_entry_dropped: "browser",
  log_foreign: "browser",
  key_log_invalid: "browser",
  key_log_broken: "browser",
  key_log_unreachable: "browser",
  witnesses_invalid: "browser",

  // conversations
  content_invalid: "browser",
  commitment_wrong: "browser",
  envelope_invalid: "browser",
  text_invalid: "browser",
  group_refused: "browser",
  group_missing: "browser",
  suite_unsupported: "browser",
  conversation_stopped: "browser",
  not_allowed: "browser",
  group_unread: "browser",
  last_owner: "browser",
  member_gone: "browser",
  history_invalid: "browser",
  history_differs: "browser",
  server_restored: "browser",

  // files
  file_too_large: "browser",
  file_unreadable: "browser",
  file_damaged: "browser",
  file_expired: "browser",
  file_quota_reached: "browser",
  file_cancelled: "browser",
  upload_refused: "browser",
});

/** @typedef {keyof typeof CODES} Code */

/** The one class of errors that our own code throws. `details` never holds secrets or what a person wrote. */
export class Talk2meError extends Error {
  /**
   * @param {Code} code
   * @param {Record<string, unknown>} [details]
   */
  constructor(code, details = {}) {
    super(code);
    this.name = "Talk2meError";
    this.code = code;
    this.details = details;
  }
}

// Whatever a server says, a wait has an end: seconds. Over 2^31 ms a timer would not wait at all.
const LONGEST_WAIT = 3_600;

/**
 * Reads the code in a server's answer. One that is not in the table, perhaps of a newer server, becomes `internal`.
 * @param {unknown} code
 * @param {Record<string, unknown>} [details]
 * @returns {Talk2meError}
 */
export function error_from_server(code, details = {}) {
  const known = typeof code === "string" && Object.hasOwn(CODES, code) && CODES[/** @type {Code} */ (code)] === "server";
  const { retry_after } = details;
  const bounded = typeof retry_after === "number" ? { ...details, retry_after: Math.min(retry_after, LONGEST_WAIT) } : details;
  return new Talk2meError(known ? /** @type {Code} */ (code) : "internal", bounded);
}

/**
 * @param {unknown} error
 * @param {Code} [code] any code when left out
 * @returns {error is Talk2meError}
 */
export function is_talk2me_error(error, code) {
  return error instanceof Talk2meError && (code === undefined || error.code === code);
}
