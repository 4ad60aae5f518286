// @ts-check
import { full_date } from "../helpers/format_time.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { save_file } from "../kit/files.js";
import { NewConversationDialog } from "../main/new_conversation_dialog.js";
import { text } from "../texts.js";
import { AppearanceChoice } from "./appearance_choice.js";
import { DeviceList } from "./device_list.js";
import { EraseDialog } from "./erase_dialog.js";
import { KeyLogSection } from "./key_log_section.js";
import { PrivacySwitches } from "./privacy_switches.js";

/** Everything about this account and this browser. */
export class SettingsPane extends Controller {
  // Lifecycle

  /** @param {"key_log"} [section] to begin at */
  start(section) {
    this.listen(this.part("close"), "click", () => this.context.router.back_to({ name: "list" }));
    this.listen(this.part("invite"), "click", () => new NewConversationDialog("new-conversation", this.context).open());
    this.listen(this.part("export"), "click", () => while_busy(this.part("export"), () => this.#export()));
    this.listen(this.part("erase"), "click", () => new EraseDialog("erase", this.context).open());
    this.follow("role", () => this.#show_profile());
    this.follow("profile", () => this.#show_profile());
    this.adopt(new PrivacySwitches(this.element, this.context)).start();
    this.adopt(new AppearanceChoice(this.part("appearance"), this.context)).start();
    this.adopt(new KeyLogSection(this.part("key_log"), this.context)).start();
    this.adopt(new DeviceList(this.part("devices"), this.context)).start();
    this.#show_profile();
    this.#show_server();
    const title = section === "key_log" ? this.part("key_log_title") : this.element.querySelector("h2");
    if (section !== undefined) title?.scrollIntoView();
    title?.focus({ preventScroll: true });
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


  #show_profile() {
    const profile = this.context.session.profile();
    if (profile === null) return;
    draw_avatar(this.part("avatar"), profile);
    this.part("name").textContent = profile.username;
    this.part("since").textContent = text("member_since", { date: full_date(profile.created, this.context.clock()) });
    this.part("role").hidden = profile.role !== "view";
  }

  async #show_server() {
    this.part("origin").textContent = location.origin;
    try {
      this.part("version").textContent = (await this.commands.server_info()).version;
    } catch {
      this.part("version").textContent = text("version_unknown");
    }
  }
}
