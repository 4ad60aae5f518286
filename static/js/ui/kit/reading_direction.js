// @ts-check

/**
 * @param {string} key of the keyboard
 * @returns {string} what it means where text goes from left to right: from right to left the arrows change places
 */
export function as_read(key) {
  if (document.documentElement.dir !== "rtl") return key;
  if (key === "ArrowLeft") return "ArrowRight";
  return key === "ArrowRight" ? "ArrowLeft" : key;
}
