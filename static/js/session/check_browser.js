// @ts-check
// What a browser must have, looked for before anything is begun, so that what is missing can be said in words.

/** @type {[string, (platform: any) => boolean][]} */
const NEEDED = [
  ["WebCrypto", ({ crypto }) => Boolean(crypto?.subtle)],
  ["IndexedDB", ({ indexedDB }) => Boolean(indexedDB)],
  ["WebSocket", ({ WebSocket }) => Boolean(WebSocket)],
  ["Web Locks", ({ navigator }) => Boolean(navigator?.locks)],
  ["BroadcastChannel", ({ BroadcastChannel }) => Boolean(BroadcastChannel)],
];

/**
 * @param {any} platform the global object
 * @returns {Promise<{ missing: string[] }>} names of what is missing
 */
export async function check_browser(platform) {
  const missing = NEEDED.filter(([, is_there]) => !is_there(platform)).map(([name]) => name);
  if (!missing.includes("WebCrypto") && !(await has_ed25519(platform.crypto.subtle))) missing.push("Ed25519");
  return { missing };
}

/** @param {SubtleCrypto} subtle */
async function has_ed25519(subtle) {
  try {
    await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}
