// @ts-check
// Wires the layers of docs/browser_layers.md together: opens the session of this tab and shows the interface on it.

import { open_session } from "./session/open_session.js";
import { show_looks } from "./ui/kit/appearance.js";
import { use_language } from "./ui/language/use_language.js";
import { show_failure } from "./ui/show_failure.js";
import { start_interface } from "./ui/start_interface.js";

/** @import { Session } from "./ui/session_types.js" */

// For who looks at a running page from its console, and for our own tests: the module is the page's own.
export { open_session };

show_looks();
const language = use_language();
try {
  const session = await open_session({
    origin: location.origin,
    network: globalThis,
    is_visible: () => document.visibilityState === "visible",
  });
  await start_interface({ session: /** @type {Session} */ (/** @type {unknown} */ (session)) });
} catch (error) {
  await language;
  show_failure(error);
}
