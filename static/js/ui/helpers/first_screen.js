// @ts-check
/** @import { Profile } from "../session_types.js" */

const DAY = 24 * 60 * 60 * 1000;

/**
 * Which screen a session wants. A recovery key that nobody has confirmed yet takes the whole screen when it is new; later the
 * reminder above the list asks for it, and nobody is torn away from what they do.
 * @param {{ profile: Profile | null, locked: boolean, now: number, shown: string, was_confirmed: boolean }} of `shown`: what is there now
 * @returns {"locked" | "main" | "recovery" | "lost_devices" | "before"} `before`: the screens of somebody without an account here
 */
export function first_screen({ profile, locked, now, shown, was_confirmed }) {
  if (locked) return "locked";
  if (profile === null) return "before";
  if (profile.recovered) return "lost_devices";
  if (profile.recovery_confirmed) return "main";
  if (shown === "main") return was_confirmed ? "recovery" : "main";
  const opened = shown === "loading" || shown === "locked";
  return opened && now - profile.created > DAY ? "main" : "recovery";
}
