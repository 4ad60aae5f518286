// @ts-check
import { words_for_code, words_for_error } from "../error_words.js";
import { format_countdown } from "../helpers/format_countdown.js";
import { seconds_left } from "../helpers/seconds_left.js";
import { while_busy } from "../kit/busy.js";
import { copy_text } from "../kit/copy_text.js";
import { Dialog } from "../kit/dialog.js";
import { draw_qr } from "../kit/qr_view.js";
import { text } from "../texts.js";

/** @import { LinkNews } from "../device_types.js" */

const SIDES = /** @type {const} */ (["explain", "show", "compare", "working", "end"]);

/** The old device of a link: says what will happen, shows the code, and asks whether the short codes are the same. */
export class LinkDialog extends Dialog {
  #code = "";
  #expires = 0;
  #side = "explain";

  // Lifecycle

  open() {
    super.open();
    this.listen(this.part("start"), "click", () => while_busy(this.part("start"), () => this.#begin()));
    this.listen(this.part("copy"), "click", () => copy_text(this.#code, this.context.toasts));
    this.listen(this.part("same"), "click", () => this.#answer("same", true));
    this.listen(this.part("differ"), "click", () => this.#answer("differ", false));
    for (const part of ["close_corner", "end_close"]) this.listen(this.part(part), "click", () => this.close());
    this.listen(this.part("again"), "click", () => this.#turn_to("explain"));
    this.follow("link", (news) => this.#show(news));
    const timer = setInterval(() => this.#count_down(), 500);
    this.at_end(() => clearInterval(timer));
    this.#turn_to("explain");
  }

  /** Closing it, however that is done, ends the link: nobody could answer any more. */
  end() {
    const running = this.#side === "show" || this.#side === "compare";
    super.end();
    if (running) this.commands.cancel_link().catch((error) => this.context.toasts.warn_about(error));
  }

  // Actions

  async #begin() {
    this.part("error").textContent = "";
    try {
      const { code, qr, expires } = await this.commands.begin_link();
      this.#code = code;
      this.#expires = expires;
      this.part("code").textContent = code;
      draw_qr(this.part("qr"), qr);
      this.#turn_to("show");
      this.#count_down();
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }

  /**
   * @param {"same" | "differ"} button
   * @param {boolean} match
   */
  async #answer(button, match) {
    this.part("error").textContent = "";
    try {
      if (match) this.#turn_to("working");
      await while_busy(this.part(button), () => this.commands.confirm_link({ match }));
      if (!match) this.#finish("differ", text("link_differ_title"), text("link_differ"));
    } catch (error) {
      this.#finish("failed", text("link_failed_title"), words_for_error(error));
    }
  }

  // Internal

  /** @param {LinkNews} news */
  #show({ side, step, code = "", name = "", error }) {
    if (side !== "old" || this.#side === "end" || this.#side === "explain") return;
    const shown = name || text("device_unnamed");
    if (step === "compare") {
      this.part("question").textContent = text("link_question", { name: shown });
      this.part("short_code").textContent = code;
      this.#turn_to("compare");
    } else if (step === "sending" || step === "joining") this.#turn_to("working");
    else if (step === "done") this.#finish("done", text("link_done_title", { name: shown }), text("link_done"));
    else if (step === "failed") this.#finish("failed", text("link_failed_title"), words_for_code(error));
  }

  /**
   * @param {"done" | "differ" | "failed"} result
   * @param {string} title
   * @param {string} words
   */
  #finish(result, title, words) {
    this.part("end_title").textContent = title;
    this.part("end_text").textContent = words;
    this.part("end_use", SVGElement).setAttribute("href", result === "done" ? "#icon-verified" : "#icon-warning");
    this.part("again").hidden = result === "done";
    this.element.dataset.result = result;
    this.#turn_to("end");
  }

  #count_down() {
    if (this.#side !== "show") return;
    const seconds = seconds_left(this.#expires, this.context.clock().now);
    this.part("countdown").textContent = text("link_countdown", { time: format_countdown(seconds) });
    if (seconds === 0) this.#finish("failed", text("link_failed_title"), text("link_too_late"));
  }

  /** @param {typeof SIDES[number]} side */
  #turn_to(side) {
    this.#side = side;
    this.element.dataset.step = side;
    for (const name of SIDES) this.part(name).hidden = name !== side;
    this.part(side).querySelector("h2")?.focus();
  }
}
