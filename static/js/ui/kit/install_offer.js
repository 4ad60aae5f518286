// @ts-check
// A browser that can put the page among the apps says so once, soon after it has loaded; whoever wants to be asked comes later.

/** @typedef {Event & { prompt: () => Promise<unknown> }} Offer */

/** @type {Offer | null} */
let offer = null;
const changes = new EventTarget();

/** Call once, at the start of the page. */
export function catch_install_offer() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    keep(/** @type {any} */ (event));
  });
  addEventListener("appinstalled", () => keep(null));
}

/** @returns {boolean} whether it can be installed now */
export function can_install() {
  return offer !== null;
}

/** Asks the person, once. */
export async function install() {
  const asked = offer;
  keep(null);
  await asked?.prompt();
}

/** @param {() => void} listener @param {AbortSignal} signal */
export function on_install_offer(listener, signal) {
  changes.addEventListener("change", listener, { signal });
}

/** @param {Offer | null} now */
function keep(now) {
  offer = now;
  changes.dispatchEvent(new Event("change"));
}
