// @ts-check
import { seconds_left } from "../helpers/seconds_left.js";
import { is_shut_out } from "../helpers/shut_out.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Connection } from "../session_types.js" */

/** A connection that comes at once needs no words. */
const PATIENCE_MS = 1200;

/** Says that there is no connection, and when it is tried again. */
export class ConnectionBanner extends Controller {
  /** @type {Connection} */
  #connection = { state: "online" };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  /** @type {Connection["state"]} what was told last; that it is tried again needs no words each time */
  #told = "online";

  // Lifecycle

  start() {
    this.follow("connection", (connection) => this.#changed(connection));
    const timer = setInterval(() => this.#count_down(), 500);
    this.at_end(() => clearInterval(timer));
    this.at_end(() => clearTimeout(this.#patience));
  }

  // Internal

  /** @param {Connection} connection */
  #changed(connection) {
    this.#connection = connection;
    clearTimeout(this.#patience);
    const soon = connection.state !== "online" && connection.retry_at === undefined;
    if (soon && this.element.hidden) this.#patience = setTimeout(() => this.#show(), PATIENCE_MS);
    else this.#show();
  }

  #show() {
    const { state, stopped } = this.#connection;
    this.element.hidden = state === "online";
    this.element.dataset.state = state;
    this.part("banner_state").textContent = state === "online" ? "" : text(is_shut_out(stopped) ? "connection_ended" : `connection_${state}`);
    this.#tell();
    this.#count_down();
  }

  /** A banner that comes with its words is not read out everywhere. */
  #tell() {
    const { state, stopped } = this.#connection;
    if ((state === "online") === (this.#told === "online")) return;
    this.#told = state;
    this.context.announcer.say(text(is_shut_out(stopped) ? "connection_ended" : `connection_${state}`));
  }

  #count_down() {
    const { state, retry_at } = this.#connection;
    const seconds = seconds_left(retry_at, this.context.clock().now);
    const waits = state === "offline" && retry_at !== undefined;
    const words = seconds === 0 ? text("trying_now") : text("trying_again", { seconds });
    this.part("banner_countdown").textContent = waits ? words : "";
  }
}
