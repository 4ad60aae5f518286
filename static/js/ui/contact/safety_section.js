// @ts-check
import { words_for_error } from "../error_words.js";
import { full_date } from "../helpers/format_time.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { draw_qr } from "../kit/qr_view.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { AcceptIdentityDialog } from "./accept_identity_dialog.js";
import { CodeScanner } from "./code_scanner.js";

/** @import { Peer, SafetyNumber } from "../session_types.js" */

const ICONS = { verified: "verified", unverified: "unverified", changed: "warning" };

/** Whether somebody is verified, and how to make sure of them. */
export class SafetySection extends Controller {
  /** @type {Peer} */
  #peer = { account: "", username: "", verified: false, identity_changed: false };

  /** @type {SafetyNumber | undefined} as it is shown */
  #number;

  // Lifecycle

  /** @param {Peer} peer */
  start(peer) {
    this.#peer = peer;
    this.listen(this.part("verify"), "click", () => this.#verify());
    this.listen(this.part("unverify"), "click", () => this.#unverify());
    this.listen(this.part("accept"), "click", () => new AcceptIdentityDialog("accept-identity", this.context).open_for(this.#peer));
    this.follow("contacts", () => this.#load());
    this.adopt(new CodeScanner(this.element, this.context)).start(peer, () => this.#load());
    this.part("explanation").textContent = text("safety_explanation", { name: peer.username });
    // Nobody can have compared numbers that are not there yet.
    this.part("verify").hidden = true;
    this.#load();
  }

  // Actions

  /** @param {Peer} peer as it is now */
  update(peer) {
    const changed = peer.verified !== this.#peer.verified || peer.identity_changed !== this.#peer.identity_changed;
    this.#peer = peer;
    if (changed) this.#load();
  }

  #verify() {
    const { account, username: name } = this.#peer;
    return this.#try("verify", async () => {
      const shown = this.#number;
      if (shown?.changed) await this.commands.accept_identity({ account });
      // What was compared is what was shown: a key that changed since must be compared anew.
      const { digits } = await this.commands.safety_number({ account });
      if (digits !== shown?.digits) {
        this.context.toasts.warn(text("numbers_changed"));
        return;
      }
      await this.commands.verify_contact({ account, method: "digits" });
      this.context.toasts.say(text("verified_now", { name }));
    });
  }

  #unverify() {
    return this.#try("unverify", async () => {
      await this.commands.unverify_contact({ account: this.#peer.account });
      this.context.toasts.say(text("unverified_now"));
    });
  }

  // Internal

  /**
   * @param {string} button
   * @param {() => Promise<void>} work
   */
  async #try(button, work) {
    try {
      await while_busy(this.part(button), work);
      await this.#load();
    } catch (error) {
      this.part("safety_error").textContent = words_for_error(error);
    }
  }

  async #load() {
    try {
      const number = await this.commands.safety_number({ account: this.#peer.account });
      if (!this.ending.aborted) this.#show(number);
    } catch (error) {
      this.part("safety_error").textContent = words_for_error(error);
    }
  }

  /** @param {SafetyNumber} number */
  #show(number) {
    const { digits, qr, verified, changed } = number;
    this.#number = number;
    // A code is compared with the key that counts; a new one must be accepted first.
    this.element.dataset.changed = String(changed);
    const state = changed ? "changed" : verified === null ? "unverified" : "verified";
    this.part("safety_error").textContent = "";
    this.part("safety_state").dataset.state = state;
    this.part("state_icon", SVGElement).setAttribute("href", `#icon-${ICONS[state]}`);
    this.part("state_text").textContent = this.#state_text(state, verified);
    this.part("explanation").textContent = text(changed ? "safety_changed" : "safety_explanation", { name: this.#peer.username });
    this.part("digits").replaceChildren(...digits.trim().split(/\s+/).map(group_item));
    this.part("verify").hidden = state === "verified";
    this.part("unverify").hidden = state !== "verified";
    this.part("accept").hidden = state !== "changed";
    draw_qr(this.part("qr"), qr);
  }

  /**
   * @param {keyof typeof ICONS} state
   * @param {number | null} verified
   */
  #state_text(state, verified) {
    if (state === "changed") return text("safety_key_changed");
    return verified === null ? text("safety_unverified") : text("safety_verified", { date: full_date(verified, this.context.clock()) });
  }
}

/**
 * @param {string} digits
 * @returns {HTMLElement}
 */
function group_item(digits) {
  const item = clone("safety-group");
  item.textContent = digits;
  return item;
}
