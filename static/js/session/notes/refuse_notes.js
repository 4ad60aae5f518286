// @ts-check
// Nobody is let into the notes to oneself, and nobody leaves them.
import { Talk2meError } from "../../errors.js";
import { get_notes } from "./lost_notes.js";

/** @import { Device } from "../device.js" */

/**
 * @template {{ conversation: string }} Wish
 * @template Result
 * @param {(device: Device, wish: Wish) => Promise<Result>} command
 * @returns {(device: Device, wish: Wish) => Promise<Result>} which throws `not_allowed` for the notes
 */
export function not_in_notes(command) {
  return async (device, wish) => {
    if (wish.conversation === (await get_notes(device.store))) throw new Talk2meError("not_allowed");
    return command(device, wish);
  };
}
