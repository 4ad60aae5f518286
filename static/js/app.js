// @ts-check
// Wires the layers of docs/browser_layers.md together: opens the session of this tab and shows the interface on it.

import { qr_modules } from "./codec/qr.js";
import { open_session } from "./session/open_session.js";
import { use_language } from "./ui/language/use_language.js";
import { show_failure } from "./ui/show_failure.js";
import { start_interface } from "./ui/start_interface.js";

/** @import { Session } from "./ui/session_types.js" */

const language = use_language();
try {
  const session = await open_session({
    origin: location.origin,
    network: globalThis,
    is_visible: () => document.visibilityState === "visible",
  });
  await start_interface({ session: /** @type {Session} */ (/** @type {unknown} */ (session)), make_qr: qr_modules });
} catch (error) {
  await language;
  show_failure(error);
}
