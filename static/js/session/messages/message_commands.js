// @ts-check
// What a person can do with messages (docs/messages.md).
import { edit_message, pin_message, react } from "./change_own.js";
import { delete_message } from "./delete_message.js";
import { save_draft } from "./drafts.js";
import { forward_message } from "./forward_message.js";
import { mark_read } from "./mark_read.js";
import { retry } from "./send_text.js";
import { set_timer } from "./timer.js";
import { typing } from "./typing.js";

export const MESSAGE_COMMANDS = {
  retry,
  mark_read,
  edit_message,
  delete_message,
  react,
  pin_message,
  forward_message,
  set_timer,
  save_draft,
  typing,
};
