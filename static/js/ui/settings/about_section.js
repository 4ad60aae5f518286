// @ts-check
import { group_hash } from "../helpers/group_hash.js";
import { Controller } from "../kit/controller.js";
import { copy_text } from "../kit/copy_text.js";
import { can_install, install, on_install_offer } from "../kit/install_offer.js";
import { text } from "../texts.js";

/** What the server says that it runs, and how to find out from elsewhere whether that is so. */
export class AboutSection extends Controller {
  // Lifecycle

  start() {
    const command = `make verify-host URL=${location.origin}`;
    this.part("origin").textContent = location.origin;
    this.part("command").textContent = command;
    this.listen(this.part("copy"), "click", () => copy_text(command, this.context.toasts));
    this.listen(this.part("install"), "click", () => install());
    on_install_offer(() => this.#show_install(), this.ending);
    this.#show_install();
    this.#show_server();
  }

  // Internal

  #show_install() {
    this.part("install_row").hidden = !can_install();
  }

  async #show_server() {
    const { version, manifest } = await this.commands.server_info().catch(() => ({ version: null, manifest: "" }));
    if (this.ending.aborted) return;
    this.part("version").textContent = version ?? text("version_unknown");
    this.part("manifest").textContent = group_hash(manifest) ?? text("manifest_unknown");
  }
}
