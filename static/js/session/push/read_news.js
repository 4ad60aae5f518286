// @ts-check
// What a service worker does when it is woken: it becomes the owner where no page is, fetches what waits, and goes.
import * as account_work from "../account_work.js";
import { Session } from "../open_session.js";
import { pause } from "../pause.js";

/** @import { Options } from "../open_session.js" */

// A browser lets a worker go on for about half a minute.
const LONGEST = 20_000;
// What was read is acknowledged, and receipts leave.
const SETTLING = 1_500;

/**
 * @typedef {{ before: any[], after: any[], locks: boolean, texts: boolean }} News conversations, as the query gives them; `locks`: this browser
 *   has a lock; `texts`: what is written may be shown
 */

/**
 * @param {Options} options
 * @returns {Promise<News | "unknown" | "none">} `unknown`: there may be something, and it can't be looked at now; `none`: nobody wants to
 *   be told here
 */
export async function read_news(options) {
  const session = new Session({ ...options, is_visible: () => false, load_work: async () => account_work });
  try {
    await session.begin();
    if (session.locked()) return "unknown";
    const profile = session.profile();
    if (!profile) return "none";
    const { on, texts } = await session.queries.notifications();
    if (!on) return "none";
    if (profile.role !== "owner") return "unknown";
    return await fetch_news(session, texts);
  } finally {
    session.close();
  }
}

/** @param {Session} session @param {boolean} texts @returns {Promise<News | "unknown">} */
async function fetch_news(session, texts) {
  const received = heard(session, "received");
  const before = await session.queries.conversations();
  if (!(await received)) return "unknown";
  const after = await session.queries.conversations();
  const { kind } = await session.queries.lock();
  await pause(SETTLING);
  return { before, after, locks: kind !== "none", texts };
}

/** @param {Session} session @param {string} topic @returns {Promise<boolean>} whether it came in time */
function heard(session, topic) {
  return new Promise((resolve) => {
    const stop = session.on(topic, () => resolve(true));
    void pause(LONGEST).then(() => {
      stop();
      resolve(false);
    });
  });
}
