// @ts-check
// Asks the browser not to throw this page's storage away when its disk gets full. It may say no; nothing depends on it.

/** @import { Device } from "../device.js" */

/** @param {any} platform the global object @returns {Promise<{ persisted: boolean }>} never fails */
export async function persist_storage(platform) {
  try {
    return { persisted: (await platform.navigator.storage.persist()) === true };
  } catch {
    return { persisted: false };
  }
}

/** @param {any} platform @returns {Promise<boolean | null>} null where the browser does not say */
export async function is_persisted(platform) {
  try {
    return (await platform.navigator.storage.persisted()) === true;
  } catch {
    return null;
  }
}

/** @param {any} platform @returns {Promise<{ used: number, allowed: number } | null>} bytes of all that this page keeps; null where the browser does not say */
export async function storage_used(platform) {
  try {
    const { usage, quota } = await platform.navigator.storage.estimate();
    return usage >= 0 && quota > 0 ? { used: usage, allowed: quota } : null;
  } catch {
    return null;
  }
}

/**
 * The first message that is sent in this browser is when a person is likely to say yes; asking at every one would be a nuisance.
 * @param {Device} device
 * @param {any} platform
 */
export async function persist_after_first_message(device, platform) {
  if (await device.store.get("meta", "persist")) return;
  await device.store.transaction((changes) => changes.put("meta", "persist", { asked: device.now() }));
  await persist_storage(platform);
}
