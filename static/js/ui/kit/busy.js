// @ts-check

/**
 * Runs work behind a button: it shows that something happens and takes no second press. The button keeps the focus.
 * @template T
 * @param {HTMLElement} button
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>} undefined when it was busy already
 */
export async function while_busy(button, work) {
  if (button.ariaBusy === "true") return undefined;
  button.ariaBusy = "true";
  try {
    return await work();
  } finally {
    button.ariaBusy = null;
  }
}
