// @ts-check
import { passphrase_problem, passphrase_strength } from "../helpers/passphrase_rules.js";
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";

/** A passphrase, typed twice, or a passkey locks this browser from now on. */
export class LockDialog extends FormDialog {
  #passphrase = this.part("passphrase", HTMLInputElement);
  #again = this.part("again", HTMLInputElement);

  /** @param {{ timeout: number, to_sign_out: boolean, on_done: () => void }} given `to_sign_out`: it locks as soon as it is set */
  open_for({ timeout, to_sign_out, on_done }) {
    this.part("sign_out_note").hidden = !to_sign_out;
    this.listen(this.#passphrase, "input", () => this.#show_strength());
    this.listen(this.part("kinds"), "change", () => this.#show_kind());
    this.#show_kind();
    this.open_for_work(async () => {
      if (!(await this.#set(timeout))) return false;
      if (to_sign_out) await this.commands.sign_out();
      else this.context.toasts.say(text("lock_saved"));
      on_done();
      return true;
    });
  }

  // Internal

  /**
   * @param {number} timeout minutes
   * @returns {Promise<boolean>} false: what was typed will not do
   */
  async #set(timeout) {
    if (this.#by_passkey()) {
      await this.commands.set_lock({ passkey: true, timeout });
      return true;
    }
    const problem = passphrase_problem(this.#passphrase.value, this.#again.value);
    if (problem !== null) {
      this.show_error(text(problem));
      (problem === "passphrase_differs" ? this.#again : this.#passphrase).focus();
      return false;
    }
    await this.commands.set_lock({ passphrase: this.#passphrase.value, timeout });
    return true;
  }

  #show_kind() {
    this.part("passphrase_fields").hidden = this.#by_passkey();
    this.part("passkey_note").hidden = !this.#by_passkey();
  }

  #show_strength() {
    const place = this.part("strength");
    const { value } = this.#passphrase;
    place.dataset.strength = value === "" ? "" : passphrase_strength(value);
    this.part("strength_text").textContent = value === "" ? "" : text(`passphrase_${passphrase_strength(value)}`);
  }

  #by_passkey() {
    return this.part("kind_passkey", HTMLInputElement).checked;
  }
}
