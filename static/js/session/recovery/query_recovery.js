// @ts-check
import { recovery_of } from "../vault/make_wraps.js";
import { get_secrets } from "../vault/secrets.js";
import { get_settings } from "../settings.js";
import { OBJECTION_TIME } from "./new_recovery_key.js";
import { is_reminder_due } from "./recovery_reminder.js";
import { is_same } from "./same_keys.js";

/** @import { Store } from "../../store/store.js" */

/**
 * @param {Store} store
 * @param {unknown} _of
 * @param {number} now
 * @returns {Promise<{ confirmed: boolean, reminder_due: boolean, announced: null | { from: number, own: boolean }, renewal_needed: boolean,
 *   reset_from: string | null }>} `renewal_needed`: the vault gets no new key, whoever is revoked, before there is a recovery key of now; `reset_from`: a day
 */
export async function query_recovery(store, _of, now) {
  const profile = await store.get("meta", "profile");
  const nothing = { confirmed: false, reminder_due: false, announced: null, renewal_needed: false, reset_from: null };
  if (!profile) return nothing;
  const { chain } = await store.get("contacts", profile.account);
  const secrets = await get_secrets({ store });
  const { recovery_checked = 0, recovery_made = 0, recovery_put_off = 0 } = await get_settings(store);
  const confirmed = profile.recovery_confirmed || recovery_checked > 0;
  const since = (confirmed ? recovery_checked : recovery_made) || profile.created;
  const next = await store.get("meta", "next_recovery");
  const { announced = null } = chain;
  const own = Boolean(next?.announced && announced && is_same(announced.recovery_keys, next.entries.map((/** @type {any} */ { key }) => key)));
  return {
    confirmed,
    reminder_due: is_reminder_due({ confirmed, since, put_off: recovery_put_off, now }),
    announced: announced && { from: announced.time + OBJECTION_TIME, own },
    renewal_needed: recovery_of(secrets, chain).unknown.length > 0,
    reset_from: (await store.get("meta", "reset_from")) ?? null,
  };
}
