// @ts-check
// Signs in again whenever a token is needed and the last one is about to end. Tokens live in memory only.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { sign_challenge } from "../protocol/sign_in.js";

/** @import { Device } from "./device.js" */
/** @import { Bytes } from "../codec/bytes.js" */

// A token that ends sooner is not begun with.
const LEAST_LIFE = 30_000;

/** @typedef {Pick<Device, "api" | "origin" | "now" | "own" | "keys">} Signer a device, or what is about to be one */

/**
 * @param {Signer} device
 * @returns {(options: { fresh: boolean }) => Promise<Bytes>} fails with `sign_in_refused`, `device_revoked`, `offline`, ...
 */
export function make_token_source(device) {
  /** @type {{ token: Bytes, ends: number } | null} */
  let held = null;
  /** @type {Promise<Bytes> | null} */
  let asking = null;

  async function ask() {
    const { token, expires_in } = await sign_in(device);
    held = { token, ends: device.now() + expires_in * 1000 };
    return token;
  }

  return async ({ fresh }) => {
    if (!fresh && held && held.ends - device.now() > LEAST_LIFE) return held.token;
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
}

/** @param {Signer} device */
async function sign_in(device) {
  const { own, keys, origin } = device;
  if (!keys) throw new Talk2meError("account_missing");
  const nonce = await device.api.challenge(own.account, own.device);
  const signature = await sign_challenge({
    origin,
    account: from_base64url(own.account),
    device: from_base64url(own.device),
    nonce,
    sign_in_key: keys.sign_in.private_key,
  });
  return device.api.sign_in({ account: own.account, device: own.device, nonce, signature });
}
