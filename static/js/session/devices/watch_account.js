// @ts-check
// Looks at what somebody with another device of the account, or the operator, has begun, so that its person can object; and finishes
// what this device has begun.
import { fresh_contact } from "../refresh_contact.js";
import { finish_announced } from "../recovery/new_recovery_key.js";
import { adopt_next } from "../recovery/rotate_recovery.js";
import { is_same } from "../recovery/same_keys.js";
import { rotate_if_owed } from "../vault/rotate_vault_key.js";

/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Device } from "../device.js" */

// As often as it is looked at, nearly: milliseconds.
const AGE = 3_000_000;

/** @param {Device} device @throws {Talk2meError} what the transport throws */
export async function watch_account(device) {
  const { chain } = await fresh_contact(device, device.own.account, AGE);
  await adopt_next(device, chain);
  await finish_announced(device, chain);
  await rotate_if_owed(device);
  await tell_announced(device, chain);
  const { reset_from } = await device.api.devices();
  const known = (await device.store.get("meta", "reset_from")) ?? null;
  if (reset_from === known) return;
  await device.store.transaction((changes) => changes.put("meta", "reset_from", reset_from));
  if (reset_from) device.emit("alert", { code: "reset_announced", from: reset_from });
  device.emit("devices");
}

/** Once a page. @param {Device} device @param {ChainState} chain */
async function tell_announced(device, { announced }) {
  if (!announced) return;
  const next = await device.store.get("meta", "next_recovery");
  const is_own = next?.announced && is_same(announced.recovery_keys, next.entries.map((/** @type {any} */ { key }) => key));
  const told = `recovery_announced/${announced.seq}`;
  if (is_own || device.told_of_chains.has(told)) return;
  device.told_of_chains.add(told);
  device.emit("alert", { code: "recovery_announced", time: announced.time });
}
