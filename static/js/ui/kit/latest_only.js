// @ts-check

/**
 * Many events, one refresh: while one runs, any number of calls lead to exactly one more.
 * @param {() => Promise<void>} refresh
 * @param {(error: unknown) => void} failed
 * @returns {() => void}
 */
export function latest_only(refresh, failed) {
  let running = false;
  let again = false;
  return async function call() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await refresh();
      } while (again);
    } catch (error) {
      failed(error);
    } finally {
      running = false;
    }
  };
}
