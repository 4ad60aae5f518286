// @ts-check
import { report_activity, report_return } from "./kit/activity.js";
import { Announcer } from "./kit/announcer.js";
import { catch_install_offer } from "./kit/install_offer.js";
import { Router } from "./kit/router.js";
import { Toasts } from "./kit/toasts.js";
import { spoken_locale } from "./language/spoken.js";
import { use_language } from "./language/use_language.js";
import { Screens } from "./screens.js";

/** @import { Session } from "./session_types.js" */

/**
 * Shows the interface on a session until the page is left.
 * @param {{ session: Session, now?: () => number }} given
 */
export async function start_interface({ session, now = Date.now }) {
  await use_language();
  const screens = new Screens(/** @type {HTMLElement} */ (document.getElementById("app")), {
    session,
    router: new Router(),
    toasts: new Toasts(),
    announcer: new Announcer(),
    clock: () => ({ locale: spoken_locale(), now: now() }),
  });
  catch_install_offer();
  report_activity(() => session.touch(), now);
  report_return(() => session.look());
  await screens.start();
}
