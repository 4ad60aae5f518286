// @ts-check
// Whether this browser says that something has come, and how much of it. It holds for this browser alone.
import { Talk2meError } from "../../errors.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @typedef {{ on: boolean, texts: boolean, endpoint: string | null }} Notifications `texts`: what was written is shown too; `endpoint`: as the server has it */

/** @type {Notifications} */
const NONE = { on: false, texts: false, endpoint: null };

/** @param {Pick<Store, "get">} store @returns {Promise<Notifications>} */
async function read(store) {
  return { ...NONE, ...(await store.get("meta", "notifications")) };
}

/** @param {Store} store @returns {Promise<{ on: boolean, texts: boolean, pushed: boolean }>} `pushed`: also while no page is open */
export async function query_notifications(store) {
  const { on, texts, endpoint } = await read(store);
  return { on, texts, pushed: on && endpoint !== null };
}

/** @param {Device} device @param {{ on?: boolean, texts?: boolean }} wish */
export async function set_notifications(device, { on, texts }) {
  for (const value of [on, texts]) if (value !== undefined && typeof value !== "boolean") throw new Talk2meError("bad_request");
  await change(device, { ...(on === undefined ? {} : { on }), ...(texts === undefined ? {} : { texts }) });
}

/** Tells the server where, unless it knows. @param {Device} device @param {{ endpoint: string | null }} wish */
export async function set_push(device, { endpoint }) {
  if ((await read(device.store)).endpoint === endpoint) return;
  if (endpoint === null) await device.api.delete_push();
  else await device.api.put_push(endpoint);
  await change(device, { endpoint });
}

/** @param {Device} device @param {Partial<Notifications>} changed */
async function change({ store, emit }, changed) {
  await store.transaction(async (changes) => {
    changes.put("meta", "notifications", { ...(await read(changes)), ...changed });
    changes.after(() => emit("notifications"));
  });
}
