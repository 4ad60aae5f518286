// @ts-check
import { Talk2meError } from "../errors.js";
import { mark_vault } from "./vault/keep_vault.js";
import { put_setting } from "./settings.js";

/** @import { Device } from "./device.js" */

const NAMES = ["open_to_strangers", "receipts", "read_receipts", "typing"];

/** @param {Device} device @param {{ name: string, value: boolean }} wish */
export async function set_setting(device, { name, value }) {
  if (!NAMES.includes(name) || typeof value !== "boolean") throw new Talk2meError("bad_request");
  // The one setting that the server acts on.
  if (name === "open_to_strangers") await device.api.put_settings({ open_to_strangers: value });
  await device.store.transaction(async (changes) => {
    await put_setting(changes, name, value, device.now());
    await mark_vault(changes, device);
    changes.after(() => device.emit("profile"));
  });
}
