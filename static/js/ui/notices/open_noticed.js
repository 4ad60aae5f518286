// @ts-check
import { write_route } from "../helpers/routes.js";

/**
 * What a notice was about is shown, in a page that is there already or in a new one.
 * @param {any} worker the service worker's global object
 * @param {any} notification
 */
export async function open_noticed(worker, notification) {
  notification.close();
  const id = notification.data?.conversation ?? "";
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((/** @type {any} */ one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) {
    await worker.clients.openWindow(`/${id ? write_route({ name: "conversation", id, contact: false }) : ""}`);
    return;
  }
  await page.focus();
  if (id) page.postMessage({ open: id });
}
