// @ts-check

/**
 * Makes the children of `parent` be the given items, keeping the elements of those that stay: focus, selection and scroll
 * position survive.
 * @template Item
 * @param {HTMLElement} parent whose children all come from here
 * @param {Item[]} items
 * @param {{ key: (item: Item) => string, create: (item: Item) => HTMLElement, update: (element: HTMLElement, item: Item) => void }} how
 */
export function reconcile(parent, items, { key, create, update }) {
  const kept = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, /** @type {HTMLElement} */ (child)]));
  const wanted = items.map((item) => {
    const item_key = key(item);
    const element = kept.get(item_key) ?? create(item);
    kept.delete(item_key);
    element.dataset.key = item_key;
    update(element, item);
    return element;
  });
  for (const gone of kept.values()) gone.remove();
  let next = parent.firstElementChild;
  for (const element of wanted) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}
