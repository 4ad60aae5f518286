// @ts-check

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {HTMLElement} place that the input's `aria-describedby` names
 * @param {string} words empty: nothing is wrong
 */
export function show_field_error(input, place, words) {
  place.textContent = words;
  if (words === "") input.removeAttribute("aria-invalid");
  else {
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }
}
