// @ts-check
// The fields of an answer, read for what they should be; anything else is `answer_invalid`.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ReadEvent } from "./api.js" */

/** @param {unknown} value */
export function text(value) {
  if (typeof value !== "string") throw new Talk2meError("answer_invalid");
  return value;
}

/** @param {unknown} value @returns {Bytes} */
export function bytes(value) {
  try {
    return from_base64url(text(value));
  } catch {
    throw new Talk2meError("answer_invalid");
  }
}

/** @param {unknown} value @returns {any[]} */
export function list(value) {
  if (!Array.isArray(value)) throw new Talk2meError("answer_invalid");
  return value;
}

/** @param {Record<string, any>} answer @returns {ReadEvent[]} */
export function read_events(answer) {
  try {
    return list(answer.events).map(({ event, signatures: { identity, sign_in, mls, authority } }) => ({
      event: from_base64url(event),
      signatures: {
        identity: from_base64url(identity),
        ...(sign_in ? { sign_in: from_base64url(sign_in) } : {}),
        ...(mls ? { mls: from_base64url(mls) } : {}),
        ...(authority
          ? { authority: { key: from_base64url(authority.key), signature: from_base64url(authority.signature) } }
          : {}),
      },
    }));
  } catch {
    throw new Talk2meError("answer_invalid");
  }
}
