// @ts-check
import { Talk2meError } from "../errors.js";

/**
 * What takes the session's place in a browser that lacks something: it says what is missing and does nothing else.
 * @param {string[]} missing
 * @returns {any} with the surface of a Session
 */
export function unsupported_session(missing) {
  const refuse = async () => {
    throw new Talk2meError("api_missing", { missing });
  };
  /** @param {Record<string, () => Promise<unknown>>} able */
  const only = (able) => new Proxy(able, { get: (target, name) => target[String(name)] ?? refuse });
  return {
    profile: () => null,
    locked: () => false,
    was_here: () => false,
    touch: () => undefined,
    look: () => undefined,
    prepare: () => undefined,
    on: () => () => undefined,
    close: () => undefined,
    commands: only({ check_browser: async () => ({ missing }) }),
    queries: only({}),
  };
}
