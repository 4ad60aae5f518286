// @ts-check
import { text } from "../texts.js";
import { Controller } from "./controller.js";
import { can_scan, scan_code } from "./qr_scanner.js";

/** A button that opens the camera, and hands over the text of the code that it sees. Hidden where the browser can't. */
export class Camera extends Controller {
  /** @type {AbortController | undefined} */
  #stop;

  // Lifecycle

  /** @param {{ on_code: (scanned: string) => void, on_problem: (words: string) => void }} given */
  async start({ on_code, on_problem }) {
    this.listen(this.part("scan"), "click", () => this.#scan(on_code, on_problem));
    this.listen(this.part("scan_stop"), "click", () => this.#stop?.abort());
    this.at_end(() => this.#stop?.abort());
    this.part("scan").hidden = !(await can_scan());
  }

  // Actions

  /**
   * @param {(scanned: string) => void} on_code
   * @param {(words: string) => void} on_problem
   */
  async #scan(on_code, on_problem) {
    this.#stop = new AbortController();
    this.#show(true);
    try {
      const scanned = await scan_code(this.part("video", HTMLVideoElement), this.#stop.signal);
      if (scanned !== null && !this.ending.aborted) on_code(scanned);
    } catch {
      on_problem(text("camera_failed"));
    } finally {
      this.#show(false);
    }
  }

  // Internal

  /** @param {boolean} on */
  #show(on) {
    this.part("scanner").hidden = !on;
    this.part("scan").hidden = on;
  }
}
