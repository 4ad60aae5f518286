// @ts-check
// What the part of the address behind `#` means. Ours begin with `/`; an invitation begins with `i=`
// (docs/protocol.md 7), so the two are never taken for one another.

/**
 * @typedef {{ name: "list" } | { name: "conversation", id: string, contact: boolean } | { name: "settings", section?: "key_log" }
 *   | { name: "invitation", fragment: string }} Route
 */

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * @param {string} hash as `location.hash`
 * @returns {Route} the list for whatever means nothing
 */
export function read_route(hash) {
  const fragment = hash.replace(/^#/, "");
  if (fragment.startsWith("i=")) return { name: "invitation", fragment };
  const [, place, id, panel, ...rest] = fragment.split("/");
  if (place === "settings" && id === undefined) return { name: "settings" };
  if (place === "settings" && id === "key_log" && panel === undefined) return { name: "settings", section: "key_log" };
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
  return route.name === "invitation" ? `#${route.fragment}` : "#/";
}

/**
 * @param {string} text what somebody typed or pasted where a name is asked
 * @returns {string | null} the fragment of an invitation link in it
 */
export function invitation_in(text) {
  return /#(i=[A-Za-z0-9_.=-]+)/.exec(text.trim())?.[1] ?? null;
}
