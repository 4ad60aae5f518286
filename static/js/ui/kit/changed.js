// @ts-check

/** @type {WeakMap<Element, Map<string, string>>} */
const shown = new WeakMap();

/**
 * What a place shows is made anew only when it is another, so that focus and selection in it survive.
 * @param {Element} element
 * @param {unknown} value what is to be shown in it now
 * @param {string} [name] of the place, where an element has several
 * @returns {boolean} whether it is not what it was at the last call
 */
export function has_changed(element, value, name = "") {
  const places = shown.get(element) ?? new Map();
  shown.set(element, places);
  const words = JSON.stringify(value, by_length) ?? "";
  if (places.get(name) === words) return false;
  places.set(name, words);
  return true;
}

/**
 * @param {string} _key
 * @param {unknown} value
 * @returns {unknown} bytes by their number: a thumbnail never changes
 */
function by_length(_key, value) {
  return ArrayBuffer.isView(value) ? value.byteLength : value;
}
