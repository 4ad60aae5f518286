// @ts-check

const EVERY_MS = 10_000;

/**
 * Tells the session that the page is seen again, before anybody has touched it: the lock may be due since.
 * @param {() => void} look
 * @param {{ page: EventTarget, window: EventTarget }} [targets]
 */
export function report_return(look, targets = { page: document, window: globalThis }) {
  for (const type of ["visibilitychange", "resume"]) targets.page.addEventListener(type, look);
  for (const type of ["focus", "pageshow"]) targets.window.addEventListener(type, look);
}

/**
 * Tells the session that somebody is here, so that the lock waits: at most every ten seconds.
 * @param {() => void} touch
 * @param {() => number} now unix ms
 * @param {EventTarget} [target]
 */
export function report_activity(touch, now, target = document) {
  let told = 0;
  const told_again = () => {
    const time = now();
    // A clock that was set back would keep it silent.
    if (time >= told && time - told < EVERY_MS) return;
    told = time;
    touch();
  };
  for (const type of ["keydown", "pointerdown", "wheel", "touchstart"]) target.addEventListener(type, told_again, { passive: true });
}
