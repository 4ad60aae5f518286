// @ts-check
// Devices that come and go, as persons bring it about: what fails because something is away is tried again.
import { is_talk2me_error } from "../../../static/js/errors.js";
import { is_passing } from "./actors.js";

/** @import { Account, Actor } from "./actors.js" */

const PAUSE = 300;

/**
 * A new browser becomes a device of the account.
 * @param {Account} account @param {Actor} old @param {string} origin
 * @returns {Promise<Actor>}
 */
export function link_actor(account, old, origin) {
  return account.add_actor(origin, async (actor) => {
    while (!actor.session.profile()) {
      try {
        await link_once(old, actor);
      } catch (error) {
        if (!is_passing(error)) throw error;
        await pause(PAUSE);
      }
    }
  });
}

/** @param {Actor} old @param {Actor} actor */
async function link_once(old, actor) {
  await old.page;
  const { session } = old;
  const codes = Promise.all([shown_code(old), shown_code(actor)]);
  const { code } = await old.do("begin_link");
  const linked = actor.do("link_browser", { code, device_name: actor.label });
  const turned = until_turned(old, session).then(() => actor.do("cancel_link"));
  const [one, other] = await Promise.race([codes, linked.then(() => ["linked", "unasked"]), turned.then(() => linked)]);
  if (one !== other) throw new Error(`two codes: ${one}, ${other}`);
  await old.do("confirm_link", { match: true });
  await linked;
}

/** @param {Actor} actor @returns {Promise<string>} once it is there to be compared */
function shown_code({ session }) {
  return new Promise((resolve) => {
    const stop = session.on("link", ({ step, code }) => {
      if (step !== "compare") return;
      stop();
      resolve(code);
    });
  });
}

/** @param {Actor} actor @param {Actor["session"]} session */
async function until_turned(actor, session) {
  while (actor.session === session && !session.closed) await pause(PAUSE);
}

/**
 * @param {Actor} actor of the same account
 * @param {string} device
 */
export async function revoke_device(actor, device) {
  for (;;) {
    await actor.page;
    try {
      const listed = await actor.do("devices");
      if (!listed.find((/** @type {any} */ one) => one.device === device)?.active) return;
      await actor.do("revoke_devices", { devices: [device] });
    } catch (error) {
      // It goes on by itself: by now it may be done.
      if (!is_passing(error) && !is_talk2me_error(error, "not_found")) throw error;
      await pause(PAUSE);
    }
  }
}

/** @param {number} wait @returns {Promise<void>} */
export const pause = (wait) => new Promise((resolve) => void setTimeout(resolve, wait));
