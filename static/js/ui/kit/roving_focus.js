// @ts-check

const STEPS = /** @type {Record<string, (index: number, count: number) => number>} */ ({
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_index, count) => count - 1,
});

/**
 * One stop for the Tab key in a whole list; arrows, Home and End move within it.
 * @param {HTMLElement} list
 * @param {string} selector of the items
 * @param {AbortSignal} signal
 */
export function rove(list, selector, signal) {
  list.addEventListener("keydown", (event) => move(list, selector, event), { signal });
  list.addEventListener("focusin", ({ target }) => set_stop(list, selector, target), { signal });
}

/**
 * @param {HTMLElement} list
 * @param {string} selector
 * @param {EventTarget | null} [wanted] the item to stop at; left out: keep it where it is, or the current, or the first
 */
export function set_stop(list, selector, wanted) {
  const items = items_of(list, selector);
  const stop =
    items.find((item) => item === wanted) ??
    items.find((item) => item.tabIndex === 0) ??
    items.find((item) => item.ariaCurrent !== null) ??
    items[0];
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}

/**
 * @param {HTMLElement} list
 * @param {string} selector
 * @param {KeyboardEvent} event
 */
function move(list, selector, event) {
  const step = STEPS[event.key];
  const items = items_of(list, selector);
  const index = items.findIndex((item) => item === document.activeElement);
  if (step === undefined || index < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  items[step(index, items.length)]?.focus();
}

/**
 * @param {HTMLElement} list
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function items_of(list, selector) {
  return [...list.querySelectorAll(selector)].filter((item) => item instanceof HTMLElement);
}
