// @ts-check
import { Controller } from "../kit/controller.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { NewConversationDialog } from "./new_conversation_dialog.js";

/** Who I am, the way to the settings, and the button for a new conversation. */
export class OwnHeader extends Controller {
  // Lifecycle

  start() {
    this.follow("profile", () => this.#show());
    this.listen(this.part("settings"), "click", () => this.context.router.go({ name: "settings" }));
    this.listen(this.part("new"), "click", () => new NewConversationDialog("new-conversation", this.context).open());
    this.#show();
  }

  // Internal

  #show() {
    const profile = this.context.session.profile();
    if (profile === null) return;
    this.part("own_name").textContent = profile.username;
    draw_avatar(this.part("own_avatar"), profile);
  }
}
