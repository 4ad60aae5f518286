// @ts-check
import { words_for_code } from "./error_words.js";
import { Controller } from "./kit/controller.js";
import { AlertDialog } from "./alert_dialog.js";
import { text } from "./texts.js";

/** @import { Alert } from "./session_types.js" */

const IN_A_DIALOG = new Set([
  "identity_changed",
  "history_differs",
  "subscribers_differ",
  "chain_invalid",
  "chain_hidden",
  "device_revoked",
  "log_proof_wrong",
  "log_foreign",
  "own_device_added",
  "state_rolled_back",
  "clone_found",
  "vault_rolled_back",
  "vault_by_removed_device",
  "archive_incomplete",
  "archive_full",
  "recovery_announced",
  "reset_announced",
]);
/** Shown by the screen that is waiting for it, or by the page that the state of the key log brings up. */
const ELSEWHERE = new Set(["import_progress", "log_broken"]);

/** What the session wants a person to see at once. */
export class AlertView extends Controller {
  // Lifecycle

  start() {
    this.follow("alert", (alert) => this.#show(alert));
  }

  // Internal

  /** @param {Alert} alert */
  #show(alert) {
    if (ELSEWHERE.has(alert.code)) return;
    if (alert.code === "device_linked") this.#say_linked(alert.name || text("device_unnamed"));
    else if (IN_A_DIALOG.has(alert.code)) new AlertDialog("alert", this.context).open_for(alert);
    else if (alert.code === "archive_full") this.context.toasts.warn(text("archive_full"), alert.code);
    else this.context.toasts.warn(words_for_code(alert.code), alert.code);
  }

  /** The dialog of the link says so itself, and a notice would lie over its button. @param {string} name */
  #say_linked(name) {
    if (document.getElementById("link-device-title") === null) this.context.toasts.say(text("linked", { name }));
  }
}
