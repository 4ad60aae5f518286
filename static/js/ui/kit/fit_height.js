// @ts-check

const BY_ITSELF = CSS.supports("field-sizing", "content");

/**
 * Makes a text field as high as its text, where the browser does not do so by itself.
 * @param {HTMLTextAreaElement} field
 */
export function fit_height(field) {
  if (BY_ITSELF) return;
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight}px`;
}
