// @ts-check
import { words_for_error } from "../error_words.js";
import { Controller } from "../kit/controller.js";
import { can_scan, scan_code } from "../kit/qr_scanner.js";
import { text } from "../texts.js";

/** @import { Peer } from "../session_types.js" */

/** Compares safety numbers by camera, where the browser can. */
export class CodeScanner extends Controller {
  /** @type {AbortController | undefined} */
  #stop;

  // Lifecycle

  /**
   * @param {Peer} peer
   * @param {() => void} on_verified
   */
  async start(peer, on_verified) {
    this.listen(this.part("scan"), "click", () => this.#scan(peer, on_verified));
    this.listen(this.part("scan_stop"), "click", () => this.#stop?.abort());
    this.at_end(() => this.#stop?.abort());
    this.part("scan").hidden = !(await can_scan());
  }

  // Actions

  /**
   * @param {Peer} peer
   * @param {() => void} on_verified
   */
  async #scan({ account, username: name }, on_verified) {
    this.#stop = new AbortController();
    this.#show_camera(true);
    this.#say(text("scan_looking", { name }), "");
    try {
      const scanned = await scan_code(this.part("video", HTMLVideoElement), this.#stop.signal);
      if (scanned === null) this.#say("", "");
      else await this.#compare(account, name, scanned, on_verified);
    } catch (error) {
      this.#say(error instanceof DOMException ? text("scan_no_camera") : words_for_error(error), "bad");
    } finally {
      this.#show_camera(false);
    }
  }

  // Internal

  /**
   * @param {string} account
   * @param {string} name
   * @param {string} scanned
   * @param {() => void} on_verified
   */
  async #compare(account, name, scanned, on_verified) {
    const { verified } = await this.commands.verify_contact({ account, scanned });
    if (verified) this.#say(text("scan_matches", { name }), "good");
    else this.#say(text("scan_differs", { name }), "bad");
    if (verified) on_verified();
  }

  /** @param {boolean} on */
  #show_camera(on) {
    this.part("scanner").hidden = !on;
    this.part("scan").hidden = on;
  }

  /**
   * @param {string} words
   * @param {"" | "good" | "bad"} result
   */
  #say(words, result) {
    const place = this.part("scan_result");
    place.hidden = words === "";
    place.textContent = words;
    place.dataset.result = result;
  }
}
