// @ts-check
import { format_duration } from "../helpers/format_duration.js";
import { first_bytes, sound_type } from "../helpers/image_type.js";
import { while_busy } from "../kit/busy.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { make_url } from "./blob_urls.js";
import { FileItem } from "./file_item.js";

/** @import { Shown } from "./file_item.js" */

const STEPS = 1000;

/** Something spoken. It is fetched once somebody wants to hear it. */
export class VoiceNote extends FileItem {
  /** @param {Shown} shown */
  constructor(shown) {
    super(clone("voice-note"), shown);
    this.audio = find_part(this.element, "audio", HTMLAudioElement);
    this.line = find_part(this.element, "line", HTMLInputElement);
    this.part("play").addEventListener("click", () => while_busy(this.part("play"), () => this.#pressed()));
    this.line.addEventListener("input", () => (this.audio.currentTime = (this.line.valueAsNumber / STEPS) * this.#seconds));
    for (const event of ["play", "pause", "ended"]) this.audio.addEventListener(event, () => this.#show_playing());
    this.audio.addEventListener("timeupdate", () => this.#show_time());
    this.#show_playing();
  }

  get main() {
    return this.part("play");
  }

  about() {
    return this.file.state === "expired" ? super.about() : format_duration(this.file.duration ?? 0);
  }

  // Internal

  /** What was recorded in a browser does not say itself how long it is. */
  get #seconds() {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : (this.file.duration ?? 0) / 1000;
  }

  async #pressed() {
    if (!this.audio.paused) return this.audio.pause();
    if (this.audio.src === "" && !(await this.#load())) return undefined;
    for (const other of document.querySelectorAll("audio")) if (other !== this.audio) other.pause();
    // A browser may want another press after a long download.
    return this.audio.play().catch(() => undefined);
  }

  async #load() {
    const blob = await this.read();
    if (blob === null) return false;
    const type = sound_type(await first_bytes(blob));
    if (type === null) {
      this.context.toasts.warn(text("voice_none"));
      return false;
    }
    this.audio.src = make_url(this.context.session, this.name_here, new Blob([blob], { type }));
    return true;
  }

  #show_playing() {
    const is_playing = !this.audio.paused && !this.audio.ended;
    this.element.dataset.playing = String(is_playing);
    this.part("play").ariaLabel = text(is_playing ? "voice_pause" : "voice_play");
    find_part(this.element, "icon", SVGElement).setAttribute("href", is_playing ? "#icon-pause" : "#icon-play");
    if (this.audio.ended) this.audio.currentTime = 0;
  }

  #show_time() {
    const { currentTime } = this.audio;
    this.line.value = String(this.#seconds > 0 ? Math.round((currentTime / this.#seconds) * STEPS) : 0);
    this.part("about").textContent = currentTime > 0 ? format_duration(currentTime * 1000) : this.about();
  }
}
