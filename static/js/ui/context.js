// @ts-check
/** @import { Session } from "./session_types.js" */
/** @import { Toasts } from "./kit/toasts.js" */
/** @import { Announcer } from "./kit/announcer.js" */
/** @import { Router } from "./kit/router.js" */
/** @import { Clock } from "./helpers/format_time.js" */

/**
 * What every controller is given. Nothing in it belongs to one screen.
 * @typedef {object} Context
 * @property {Session} session
 * @property {Router} router
 * @property {Toasts} toasts
 * @property {Announcer} announcer
 * @property {() => Clock} clock
 */

export {};
