// @ts-check
// What the part of the address behind `#` means. Ours begin with `/`; an invitation begins with `i=`, a group's link with `g/`
// (docs/protocol.md 7) and a registration code with `r=`, or `e=` where there is none
// and why not; so none is ever taken for another.

/**
 * @typedef {{ name: "list" } | { name: "conversation", id: string, contact: boolean } | { name: "settings", section?: Section }
 *   | { name: "invitation", fragment: string } | { name: "group_link", fragment: string }
 *   | { name: "registration", fragment: string }} Route
 */
/** @typedef {typeof SECTIONS[number]} Section of the settings */

const SECTIONS = /** @type {const} */ (["notifications", "devices", "recovery", "history", "lock", "key_log", "about", "known"]);
// Behind an invitation it lets somebody new in as well.
const REGISTRATION = /^(?:r=|i=[\w-]+\.[\w-]+\.[\w-]+\.)([\w-]{22})$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * @param {string} hash as `location.hash`
 * @returns {Route} the list for whatever means nothing
 */
export function read_route(hash) {
  const fragment = hash.replace(/^#/, "");
  if (fragment.startsWith("i=")) return { name: "invitation", fragment };
  if (/^(?:r|e)=/.test(fragment)) return { name: "registration", fragment };
  if (is_group_link(fragment)) return { name: "group_link", fragment };
  const [, place, id, panel, ...rest] = fragment.split("/");
  if (place === "settings" && id === undefined) return { name: "settings" };
  const section = SECTIONS.find((name) => name === id);
  if (place === "settings" && section !== undefined && panel === undefined) return { name: "settings", section };
  if (place === "c" && id !== undefined && ID.test(id) && rest.length === 0 && (panel === undefined || panel === "contact")) {
    return { name: "conversation", id, contact: panel === "contact" };
  }
  return { name: "list" };
}

/**
 * @param {Route} route
 * @returns {string} with its `#`
 */
export function write_route(route) {
  if (route.name === "conversation") return `#/c/${route.id}${route.contact ? "/contact" : ""}`;
  if (route.name === "settings") return route.section === undefined ? "#/settings" : `#/settings/${route.section}`;
  return route.name === "list" ? "#/" : `#${route.fragment}`;
}

/**
 * @param {string} text what somebody typed or pasted where a name is asked
 * @returns {string | null} the fragment of an invitation or of a group's link in it
 */
export function invitation_in(text) {
  return /#((?:i=|g\/)[A-Za-z0-9_.=/-]+)/.exec(text.trim())?.[1] ?? null;
}

/**
 * @param {string} text a registration code, a link that has one, or the fragment of such a link
 * @returns {string} the code; what was typed where there is none to be found in it
 */
export function registration_code_in(text) {
  return REGISTRATION.exec(text.trim().replace(/^[^#]*#/, ""))?.[1] ?? text.trim();
}

/** @param {Route} route @returns {string} the registration code that the page was opened with, or nothing */
export function registration_code_of(route) {
  return route.name === "registration" || route.name === "invitation" ? (REGISTRATION.exec(route.fragment)?.[1] ?? "") : "";
}

/** @param {Route} route @returns {string} the error code with which the way through the server's gate has ended, or nothing */
export function refusal_of(route) {
  return route.name === "registration" ? (/^e=([a-z_]{1,40})$/.exec(route.fragment)?.[1] ?? "") : "";
}

/** @param {string} fragment of a link @returns {boolean} whether it leads into a group */
export function is_group_link(fragment) {
  return fragment.startsWith("g/");
}
