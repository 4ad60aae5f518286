// @ts-check
// Keeps this release, and is woken by pushes, with no page open perhaps: wires the layers as app.js does, without a document. A service worker can
// import nothing later, so it has all that a push may take.
import { read_news } from "./session/push/read_news.js";
import { keep_release } from "./transport/release_cache.js";
import { open_noticed } from "./ui/notices/open_noticed.js";
import { take_push } from "./ui/notices/take_push.js";

const worker = /** @type {any} */ (globalThis);

/** @param {{ base: string, files: string[] }} release as talk2me/shell.py names it */
export function start(release) {
  keep_release(worker, release);
  worker.addEventListener("push", (/** @type {any} */ event) => {
    event.waitUntil(take_push(worker, () => read_news({ origin: worker.location.origin })));
  });
  worker.addEventListener("notificationclick", (/** @type {any} */ event) => event.waitUntil(open_noticed(worker, event.notification)));
}
