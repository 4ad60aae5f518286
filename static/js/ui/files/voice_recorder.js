// @ts-check
import { format_duration } from "../helpers/format_duration.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";

/** The first that a browser can write. */
const FORMATS = /** @type {const} */ ([
  ["audio/webm;codecs=opus", ".webm"],
  ["audio/mp4", ".m4a"],
  ["audio/ogg;codecs=opus", ".ogg"],
]);
const BITS_PER_SECOND = 32_000;
const LONGEST = 15 * 60_000;
const TICK = 250;

/** Records what is spoken, and sends it once it is over. Its element is the composer's. */
export class VoiceRecorder extends Controller {
  #id = "";
  #bar = clone("record-bar");
  /** @type {MediaRecorder | undefined} */
  #recorder;
  /** @type {Blob[]} */
  #pieces = [];
  #began = 0;
  #format = FORMATS.find(([type]) => globalThis.MediaRecorder?.isTypeSupported(type));

  // Lifecycle

  /** @param {string} conversation */
  start(conversation) {
    this.#id = conversation;
    this.part("record").hidden = this.#format === undefined || navigator.mediaDevices === undefined;
    this.listen(this.part("record"), "click", () => while_busy(this.part("record"), () => this.#begin()));
    this.#bar.hidden = true;
    this.element.append(this.#bar);
    this.listen(this.part("drop_record"), "click", () => this.#stop());
    this.listen(this.part("send_record"), "click", () => while_busy(this.part("send_record"), () => this.#send()));
    this.listen(this.#bar, "keydown", ({ key }) => key === "Escape" && this.#stop());
    this.at_end(() => this.#stop());
  }

  // Actions

  async #begin() {
    if (this.#format === undefined || this.#recorder !== undefined) return;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.context.toasts.warn(text("record_denied"));
      return;
    }
    const recorder = new MediaRecorder(stream, { mimeType: this.#format[0], audioBitsPerSecond: BITS_PER_SECOND });
    this.#recorder = recorder;
    this.#pieces = [];
    recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
    recorder.start(1000);
    if (this.ending.aborted) {
      await this.#stop();
      return;
    }
    this.#began = performance.now();
    this.#show(true);
    this.part("send_record").focus();
    this.#tick(recorder);
  }

  async #send() {
    const [type, ending] = this.#format ?? FORMATS[0];
    const duration = Math.min(LONGEST, Math.max(1, Math.round(performance.now() - this.#began)));
    const pieces = this.#pieces;
    await this.#stop();
    const media = type.replace(/;.*/, "");
    const file = { blob: new Blob(pieces, { type: media }), name: `${text("record_name")}${ending}`, media, kind: /** @type {const} */ ("voice"), duration };
    try {
      await this.commands.send_files({ conversation: this.#id, files: [file] });
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  // Internal

  /** The last piece has come once this is over. @returns {Promise<void>} */
  async #stop() {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    this.#show(false);
    if (recorder === undefined) return;
    if (recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
      recorder.stop();
      await stopped;
    }
    for (const track of recorder.stream.getTracks()) track.stop();
  }

  /** @param {MediaRecorder} recorder */
  #tick(recorder) {
    if (recorder !== this.#recorder) return;
    const elapsed = performance.now() - this.#began;
    this.part("record_time").textContent = format_duration(elapsed);
    if (elapsed < LONGEST) setTimeout(() => this.#tick(recorder), TICK);
    else if (recorder.state === "recording") recorder.pause();
  }

  /** @param {boolean} is_recording */
  #show(is_recording) {
    const had_focus = this.#bar.contains(document.activeElement);
    this.#bar.hidden = !is_recording;
    this.element.dataset.recording = String(is_recording);
    if (had_focus) this.part("record").focus();
  }
}
