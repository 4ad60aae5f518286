// @ts-check
// Devices that an account gets later, and what tests look at in its archive.
import { recover_account } from "../../../static/js/session/join/recover_account.js";
import { Browser } from "./browser.js";
import { Person } from "./people.js";

/** @import { Options } from "../../../static/js/session/open_session.js" */

/**
 * A fresh browser that has only the recovery key.
 * @param {Person} person
 * @param {string} origin
 * @param {string} recovery_key
 * @param {Partial<Options>} [options]
 */
export async function add_device(person, origin, recovery_key, options) {
  const browser = new Browser(origin, options);
  const session = await browser.open_tab();
  const device = /** @type {any} */ (session.device);
  await session.adopt(await recover_account(device, { username: person.name, recovery_key, device_name: "second" }));
  session.connect();
  session.emit("profile");
  return new Person(browser, session);
}

/** How many entries a person's archive has on the server. @param {Person} person @returns {Promise<number>} */
export async function archived(person) {
  const { mailboxes } = await person.device.request({ type: "mailbox.list", after: null });
  return mailboxes.find((/** @type {any} */ { kind }) => kind === "archive")?.head ?? 0;
}

/** @param {Person} person whether all of the archive has been read @returns {Promise<boolean>} */
export async function is_restored(person) {
  const state = await person.device.store.get("meta", "archive");
  return state !== undefined && state.restore === null;
}
