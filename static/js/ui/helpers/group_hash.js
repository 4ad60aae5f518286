// @ts-check

/**
 * @param {unknown} hash as a server says it
 * @returns {string | null} a SHA-256 in hex as people compare it, in eight groups; null for anything else
 */
export function group_hash(hash) {
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return null;
  return /** @type {string[]} */ (hash.match(/.{8}/g)).join(" ");
}
