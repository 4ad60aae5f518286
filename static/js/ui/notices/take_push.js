// @ts-check
import { total_unread } from "../helpers/conversation_lists.js";
import { show_app_badge } from "./app_badge.js";
import { find_news, notices_of, plain_notice } from "./find_news.js";
import { speak_in_notices } from "./notice_language.js";
import { show_notice } from "./show_notice.js";

/** @import { News } from "../../session/push/read_news.js" */

/**
 * Something waits for this device, says the server. What is shown, this browser decides.
 * @param {any} worker the service worker's global object
 * @param {() => Promise<News | "unknown" | "none">} read_news
 */
export async function take_push(worker, read_news) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some((/** @type {any} */ page) => page.visibilityState === "visible")) return;
  const news = await read_news().catch(() => /** @type {const} */ ("unknown"));
  if (news === "none") return;
  await speak_in_notices(worker);
  const now = Date.now();
  for (const notice of news === "unknown" ? [plain_notice()] : notices_of(find_news(news.before, news.after, now), news)) {
    await show_notice(worker.registration, notice);
  }
  if (news !== "unknown") show_app_badge(worker.navigator, total_unread(news.after, now));
}

