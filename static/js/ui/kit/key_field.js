// @ts-check
import { group_typed } from "../helpers/recovery_groups.js";

/** What the scanner of a link reads is no text in groups. */
const SCANNED = /^T2ML1:/i;

/**
 * Shows what is typed into a field for a key in groups of four.
 * @param {HTMLInputElement} input
 * @param {AbortSignal} signal
 */
export function group_while_typing(input, signal) {
  input.addEventListener("input", () => regroup(input), { signal });
}

/** @param {HTMLInputElement} input */
function regroup(input) {
  if (SCANNED.test(input.value.trim())) return;
  const { value, caret } = group_typed(input.value, input.selectionStart ?? input.value.length);
  if (value === input.value) return;
  input.value = value;
  input.setSelectionRange(caret, caret);
}
