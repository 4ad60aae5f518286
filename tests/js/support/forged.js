// @ts-check
// Chains that somebody else made for an account, and a log that vouches for them.
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { verify_log } from "../../../static/js/protocol/key_log_answer.js";
import { sign_create } from "../../../static/js/protocol/sign_account_event.js";
import { LyingLog } from "./lying_log.js";

/** @import { SignedEvent } from "../../../static/js/protocol/account_chain.js" */
/** @import { Fetched } from "../../../static/js/session/key_log/fetch_chain.js" */
/** @typedef {{ origin: string, account: string, username: string }} Whose */

/** @param {Whose} whose @returns {Promise<{ signed: SignedEvent, identity_key: Uint8Array }>} a well-signed chain of one event */
export async function forged_chain({ origin, account, username }) {
  const [identity, sign_in, mls, recovery] = await Promise.all(
    Array.from({ length: 4 }, () => generate_signing_key({ extractable: false })),
  );
  const signed = await sign_create({
    ...{ origin, account: from_base64url(account), username },
    recovery_public_keys: [recovery.public_key],
    device: { device_id: random_bytes(16), signature_key: mls.public_key, sign_in_key: sign_in.public_key, suites: [83, 1] },
    identity_key: identity.public_key,
    signers: { identity: identity.private_key, sign_in: sign_in.private_key, mls: mls.private_key },
    now: Date.now(),
  });
  return { signed, identity_key: identity.public_key };
}

/**
 * As if the log of that server had said it all along: what an account whose key really changed looks like.
 * @param {Whose} whose
 * @param {SignedEvent} signed
 * @returns {Promise<Fetched>}
 */
export async function vouched({ origin, account, username }, signed) {
  const id = from_base64url(account);
  const log = await LyingLog.begin({ origin });
  log.add_account({ account: id, seq: 1, event: signed.event });
  log.add_username({ username, account: id });
  const answer = await log.log({ account: id, username });
  const held = { name: log.name, key: log.signing.public_key, size: 0, root: new Uint8Array(32) };
  const verified = await verify_log(answer, held);
  return { account, events: [signed], log: answer, verified, directory_key: log.directory_key, generation: 0 };
}
