// @ts-check

/**
 * @param {number | undefined} retry_at unix ms
 * @param {number} now unix ms
 * @returns {number} whole seconds until then, never below 0
 */
export function seconds_left(retry_at, now) {
  return retry_at === undefined ? 0 : Math.max(0, Math.ceil((retry_at - now) / 1000));
}
