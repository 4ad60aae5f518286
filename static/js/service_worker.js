// @ts-check
// Woken by a push, with no page open perhaps: wires the layers as app.js does, without a document. It keeps no code and answers no request,
// so what runs in pages is what the server has given them and their integrity hashes allow.
import { read_news } from "./session/push/read_news.js";
import { open_noticed } from "./ui/notices/open_noticed.js";
import { take_push } from "./ui/notices/take_push.js";

const worker = /** @type {any} */ (globalThis);

// A new release takes over at once: no page depends on the old one.
worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("push", (/** @type {any} */ event) => {
  event.waitUntil(take_push(worker, () => read_news({ origin: worker.location.origin })));
});
worker.addEventListener("notificationclick", (/** @type {any} */ event) => event.waitUntil(open_noticed(worker, event.notification)));
