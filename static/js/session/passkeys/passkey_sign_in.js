// @ts-check
// A passkey signs a new browser in as a recovery key does: the server learns from it which account is meant.
import { equal } from "../../codec/bytes.js";
import { from_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { derive_recovery } from "../../protocol/recovery_key.js";
import { check_device_name } from "../devices/device_name.js";
import { join_with_recovery } from "../join/recover_account.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { UsedCredential } from "../../transport/authenticator.js" */
/** @import { Device } from "../device.js" */
/** @import { Profile } from "../records.js" */

/**
 * @param {Device} device without a profile
 * @param {{ credential: UsedCredential, prf: Bytes, device_name?: string }} used `prf` stays in this browser
 * @returns {Promise<Profile>} with `recovered` until `finish_recovery`
 * @throws {Talk2meError} `already_signed_up`, `passkey_refused`, and what `join_with_recovery` throws
 */
export async function passkey_sign_in(device, { credential, prf, device_name = "" }) {
  if (device.profile) throw new Talk2meError("already_signed_up");
  const name = check_device_name(device_name);
  const { account, recovery_key, token } = await device.api.passkey_sign_in({ credential });
  const recovery = await derive_recovery(prf, from_base64url(account));
  if (!equal(recovery.signing.public_key, recovery_key)) throw new Talk2meError("passkey_refused");
  return join_with_recovery(device, { account, token, recovery }, { device_name: name });
}
