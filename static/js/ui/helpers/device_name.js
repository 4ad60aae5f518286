// @ts-check
import { text } from "../texts.js";

/** The first that fits counts: Edge and Opera say Chrome as well, and Chrome says Safari. */
const BROWSERS = /** @type {const} */ ([
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
]);
const SYSTEMS = /** @type {const} */ ([
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux|X11/, "Linux"],
]);

export const LONGEST_DEVICE_NAME = 64;

/**
 * @param {string} user_agent as `navigator.userAgent`
 * @returns {string} `Firefox on Linux`; `Browser` where nothing is known
 */
export function suggest_device_name(user_agent) {
  const browser = BROWSERS.find(([pattern]) => pattern.test(user_agent))?.[1] ?? text("device_any_browser");
  const system = SYSTEMS.find(([pattern]) => pattern.test(user_agent))?.[1];
  return system === undefined ? browser : text("device_suggested", { browser, system });
}

/**
 * @param {string} typed
 * @param {string} user_agent
 * @returns {string} what was typed, or the suggestion where that was nothing
 */
export function device_name_of(typed, user_agent) {
  return typed.trim().slice(0, LONGEST_DEVICE_NAME) || suggest_device_name(user_agent);
}
