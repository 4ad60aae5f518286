// @ts-check
import { text } from "../texts.js";

/** @import { Toasts } from "./toasts.js" */

/**
 * @param {string} words
 * @param {Toasts} toasts
 */
export async function copy_text(words, toasts) {
  try {
    await navigator.clipboard.writeText(words);
    toasts.say(text("copied"));
  } catch {
    toasts.warn(text("copy_failed"));
  }
}
