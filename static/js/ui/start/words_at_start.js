// @ts-check
import { is_talk2me_error } from "../../errors.js";
import { words_for_error } from "../error_words.js";
import { EraseDialog } from "../settings/erase_dialog.js";

/** @import { Context } from "../context.js" */

/**
 * What a person is told when an account could not be brought here. Damaged storage has to be erased first: that is offered.
 * @param {unknown} error
 * @param {Context} context
 * @returns {string}
 */
export function words_at_start(error, context) {
  if (is_talk2me_error(error, "storage_damaged")) new EraseDialog("erase", context).open();
  return words_for_error(error);
}
