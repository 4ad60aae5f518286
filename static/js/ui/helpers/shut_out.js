// @ts-check
const CODES = new Set(["device_revoked", "sign_in_refused"]);

/**
 * Whether a connection ended because this browser is no device of the account any more, as far as the server says.
 * @param {string | undefined} stopped the code
 * @returns {stopped is string}
 */
export function is_shut_out(stopped) {
  return stopped !== undefined && CODES.has(stopped);
}
