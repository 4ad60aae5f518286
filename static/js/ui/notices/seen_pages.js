// @ts-check

const LOCK = "talk2me seen";

/**
 * Each page that can be seen holds a lock with the others: so one that is hidden knows whether the person looks at another.
 * @param {AbortSignal} ending
 */
export function hold_while_seen(ending) {
  /** @type {(() => void) | undefined} */
  let release;
  const follow = () => {
    release?.();
    release = undefined;
    if (document.hidden || ending.aborted) return;
    const until = new Promise((resolve) => (release = () => resolve(undefined)));
    navigator.locks.request(LOCK, { mode: "shared" }, () => until).catch(() => undefined);
  };
  document.addEventListener("visibilitychange", follow, { signal: ending });
  ending.addEventListener("abort", () => release?.());
  follow();
}

/** @returns {Promise<boolean>} whether a page of ours is seen, this one or another */
export async function is_any_seen() {
  if (!document.hidden) return true;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === LOCK);
}
