// @ts-check
// Commands and queries are asked for as methods, whoever runs them.

/** @typedef {Record<string, (args?: any) => Promise<any>>} Calls */
/** @typedef {(name: string, args: any) => Promise<any>} Run */

/** @param {object} table @param {Run} run @returns {Calls} a call for each name of the table */
export function by_name(table, run) {
  return Object.fromEntries(Object.keys(table).map((name) => [name, async (args = {}) => run(name, args)]));
}

/**
 * @param {Run} run
 * @param {Calls} own what is not run so
 * @returns {Calls} each name is a call; which there are, `run` knows
 */
export function by_any_name(run, own) {
  return new Proxy(own, {
    get: (_own, name) => (typeof name === "symbol" ? undefined : (own[name] ??= async (args = {}) => run(name, args))),
  });
}
