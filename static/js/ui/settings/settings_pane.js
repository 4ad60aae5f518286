// @ts-check
import { full_date } from "../helpers/format_time.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { save_file } from "../kit/files.js";
import { find_part } from "../kit/template.js";
import { ShortcutSheet } from "../main/shortcut_sheet.js";
import { NewConversationDialog } from "../main/new_conversation_dialog.js";
import { text } from "../texts.js";
import { AboutSection } from "./about_section.js";
import { AppearanceChoice } from "./appearance_choice.js";
import { DevicesSection } from "./devices_section.js";
import { EraseDialog } from "./erase_dialog.js";
import { HistorySection } from "./history_section.js";
import { KeyLogSection } from "./key_log_section.js";
import { KnownSection } from "./known_section.js";
import { LanguageChoice } from "./language_choice.js";
import { BlockedList } from "../people/blocked_list.js";
import { LockSection } from "./lock_section.js";
import { NotificationsSection } from "./notifications_section.js";
import { PrivacySwitches } from "./privacy_switches.js";
import { RecoverySection } from "./recovery_section.js";

/** @import { Section } from "../helpers/routes.js" */

/** Everything about this account and this browser. */
export class SettingsPane extends Controller {
  // Lifecycle

  /** @param {Section} [section] to begin at */
  start(section) {
    this.listen(this.part("close"), "click", () => this.context.router.back_to({ name: "list" }));
    this.listen(this.part("invite"), "click", () => new NewConversationDialog("new-conversation", this.context).open());
    this.listen(this.part("shortcuts"), "click", () => new ShortcutSheet("shortcuts", this.context).open());
    this.listen(this.part("export"), "click", () => while_busy(this.part("export"), () => this.#export()));
    this.listen(this.part("erase"), "click", () => new EraseDialog("erase", this.context).open());
    this.follow("role", () => this.#show_profile());
    this.follow("profile", () => this.#show_profile());
    this.adopt(new PrivacySwitches(this.element, this.context)).start();
    this.adopt(new BlockedList(this.element, this.context)).start();
    this.adopt(new NotificationsSection(this.part("notifications"), this.context)).start();
    this.adopt(new AppearanceChoice(this.part("appearance"), this.context)).start();
    this.adopt(new LanguageChoice(this.part("language_choice"), this.context)).start();
    this.adopt(new KeyLogSection(this.part("key_log"), this.context)).start();
    this.adopt(new DevicesSection(this.part("devices_section"), this.context)).start();
    this.adopt(new RecoverySection(this.part("recovery"), this.context)).start();
    this.adopt(new HistorySection(this.part("history"), this.context)).start();
    this.adopt(new LockSection(this.part("lock"), this.context)).start();
    this.adopt(new AboutSection(this.part("about"), this.context)).start();
    this.adopt(new KnownSection(this.part("known"), this.context)).start();
    this.#show_profile();
    this.#begin_at(section);
  }

  end() {
    const had_focus = this.element.contains(document.activeElement);
    super.end();
    // Back where they are opened from: what had the focus goes with them.
    if (had_focus) find_part(document.body, "settings", HTMLElement).focus();
  }

  // Actions

  async #export() {
    try {
      const { file, name } = await this.commands.export_account();
      save_file(file, name);
      this.context.toasts.say(text("exported"));
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  // Internal

  /** @param {Section} [section] */
  #begin_at(section) {
    const title = /** @type {HTMLElement | null} */ (this.element.querySelector(section === undefined ? "h2" : `[data-section="${section}"]`));
    if (section !== undefined) title?.scrollIntoView();
    title?.focus({ preventScroll: true });
  }

  #show_profile() {
    const profile = this.context.session.profile();
    if (profile === null) return;
    draw_avatar(this.part("avatar"), profile);
    this.part("name").textContent = profile.username;
    this.part("since").textContent = text("member_since", { date: full_date(profile.created, this.context.clock()) });
    this.part("role").hidden = profile.role !== "view";
  }
}
