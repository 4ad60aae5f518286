// @ts-check
// Contents that are messages, or about messages.
import { take_change } from "./take_change.js";
import { take_message } from "./take_message.js";
import { take_receipt } from "./take_receipt.js";
import { take_timer } from "./timer.js";

export const MESSAGE_TAKERS = {
  text: take_message,
  unknown: take_message,
  edit: take_change,
  delete: take_change,
  reaction: take_change,
  pin: take_change,
  receipt: take_receipt,
  timer: take_timer,
};
