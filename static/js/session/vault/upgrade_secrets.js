// @ts-check
// A device of a release before 0.4 gets what it lacks: a key that the vault can be wrapped to, an entry in the vault. Its recovery key
// can be wrapped to only while this browser still has it.
import { from_base64url } from "../../codec/base64url.js";
import { generate_hpke_key } from "../../crypto/hpke.js";
import { derive_recovery } from "../../protocol/recovery_key.js";
import { put_device_entry } from "./device_entries.js";
import { mark_vault } from "./keep_vault.js";
import { recovery_entry } from "./recovery_entry.js";
import { get_secrets } from "./secrets.js";

/** @import { Device } from "../device.js" */

/** @param {Device} device with a profile */
export async function upgrade_secrets(device) {
  const secrets = await get_secrets(device);
  if (secrets?.hpke !== null) return;
  const hpke = await generate_hpke_key(device.random);
  const pending = await device.store.get("meta", "recovery_key");
  const { account, device: id, created, device_name = "" } = device.own;
  const recovery = pending
    ? [recovery_entry(await derive_recovery(pending.key, from_base64url(account)), { kind: "key", name: "", created })]
    : [];
  await device.store.transaction(async (changes) => {
    changes.put("meta", "secrets", { ...secrets, recovery, hpke });
    await put_device_entry(changes, {
      ...{ device: from_base64url(id), hpke: hpke.public_key, name: device_name, verified: true, links: 0 },
      time: device.now(),
    });
    await mark_vault(changes, device);
  });
}
