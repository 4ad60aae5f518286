// @ts-check
// The end of an account: whoever it talked to is told, then the server deletes everything (docs/what_the_server_knows.md 2).
import { from_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { sign_deletion } from "../../protocol/sign_in.js";
import { identity_key_of } from "../devices/sign_own_event.js";
import { say_farewell, take_farewells_back, who_is_to_be_told } from "./say_farewell.js";

/** @import { Device } from "../device.js" */

/**
 * What is stored here stays: whoever asked erases it.
 * @param {Device} device
 * @throws {Talk2meError} `signature_invalid`, and what the transport throws: then the account is still there, as far as can be told
 */
export async function delete_account(device) {
  const { own, keys, origin } = device;
  if (!keys) throw new Talk2meError("account_missing");
  // Asked first: nobody is told of what a server that can't be reached would not do.
  const nonce = await device.api.deletion_challenge();
  const identity_key = await identity_key_of(device);
  const statement = { origin, account: from_base64url(own.account), device: from_base64url(own.device), nonce };
  const [identity, by_device] = await Promise.all(
    [identity_key, keys.sign_in.private_key].map((signing_key) => sign_deletion({ ...statement, signing_key })),
  );
  const told = await who_is_to_be_told(device);
  /** @type {(() => void) | undefined} */
  let tell_end;
  try {
    await say_farewell(device, told);
    // That the server lets nobody in any more is no news now, unless its answer is lost.
    device.hold_end = (tell) => void (tell_end = tell);
    await device.api.delete_account({ nonce, identity, device: by_device });
  } catch (error) {
    device.hold_end = null;
    if (tell_end) tell_end();
    else await take_farewells_back(device, told);
    throw error;
  }
}
