// @ts-check
/** @import { Notice } from "./find_news.js" */

/** One that is shown for a conversation takes the place of the one before. */
const TAG = "talk2me";

/**
 * @param {{ showNotification: (title: string, options: object) => Promise<void> }} registration of the service worker
 * @param {Notice} notice
 */
export function show_notice(registration, notice) {
  return registration.showNotification(notice.title, options_of(notice));
}

/** @param {Notice} notice */
export function options_of({ conversation, body }) {
  return { body, tag: `${TAG} ${conversation}`, data: { conversation } };
}

/** @param {any} registration of the service worker; they are old once somebody looks */
export async function close_notices(registration) {
  for (const shown of await registration.getNotifications()) if (shown.tag.startsWith(TAG)) shown.close();
}
