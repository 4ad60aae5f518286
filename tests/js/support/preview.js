// @ts-check
// The interface on the fake session; `fake` in the page's console plays the other side. Not part of the product.

import { show_looks } from "../../../static/js/ui/kit/appearance.js";
import { start_interface } from "../../../static/js/ui/start_interface.js";
import { make_fake_session } from "./fake_session.js";

const session = make_fake_session(new URLSearchParams(location.search).get("scene") ?? "many");
Object.assign(globalThis, { fake: session });
show_looks();
await start_interface({ session });
