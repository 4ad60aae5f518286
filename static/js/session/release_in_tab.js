// @ts-check
// The release that this tab runs, and the one that may come after it (docs/offline.md). Each tab looks for itself.
import { keep_release, take_release } from "../transport/worker_registration.js";

/** @import { ReleaseState } from "../transport/worker_registration.js" */

/** @typedef {{ platform: any, tell: (state: ReleaseState) => void }} Tab */

/** @type {Record<string, (tab: Tab) => Promise<unknown>>} */
export const RELEASE_IN_TAB = {
  keep_release: ({ platform, tell }) => keep_release(platform, tell),
  take_release: ({ platform }) => take_release(platform),
};
