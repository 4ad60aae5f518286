// @ts-check
import { pick_locale } from "./helpers/format_time.js";
import { report_activity, report_return } from "./kit/activity.js";
import { Announcer } from "./kit/announcer.js";
import { show_looks } from "./kit/appearance.js";
import { Router } from "./kit/router.js";
import { Toasts } from "./kit/toasts.js";
import { Screens } from "./screens.js";

/** @import { Session, MakeQr } from "./session_types.js" */

/**
 * Shows the interface on a session until the page is left.
 * @param {{ session: Session, make_qr: MakeQr, now?: () => number }} given
 */
export async function start_interface({ session, make_qr, now = Date.now }) {
  show_looks();
  const locale = pick_locale(navigator.languages);
  const screens = new Screens(/** @type {HTMLElement} */ (document.getElementById("app")), {
    session,
    make_qr,
    router: new Router(),
    toasts: new Toasts(),
    announcer: new Announcer(),
    clock: () => ({ locale, now: now() }),
  });
  report_activity(() => session.touch(), now);
  report_return(() => session.look());
  await screens.start();
}
