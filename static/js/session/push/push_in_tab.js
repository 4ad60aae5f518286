// @ts-check
// What needs the browser itself begins in the tab where the person has clicked, whichever tab carries out the rest.
import { subscribe, unsubscribe } from "../../transport/push_registration.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @typedef {{ platform: any, run: (name: string, args: any) => Promise<any> }} Tab `run`: a command by the owner */

/** @param {Tab} tab */
async function enable_push({ platform, run }) {
  await run("set_notifications", { on: true });
  await tell_where({ platform, run });
}

/** @param {Tab} tab */
async function disable_push({ platform, run }) {
  await run("set_notifications", { on: false });
  await unsubscribe(platform);
  await run("set_push", { endpoint: null });
}

/** At the start of each page: the browser may have got another address meanwhile. @param {Tab} tab */
async function refresh_push({ platform, run }) {
  if (platform.Notification?.permission === "granted") await tell_where({ platform, run });
}

/** @param {Tab} tab */
async function tell_where({ platform, run }) {
  /** @type {Bytes | null} */
  const key = await run("push_key", {});
  await run("set_push", { endpoint: key && (await subscribe(platform, key)) });
}

/** @type {Record<string, (tab: Tab) => Promise<void>>} */
export const PUSH_IN_TAB = { enable_push, disable_push, refresh_push };
