// @ts-check
import { equal } from "../../codec/bytes.js";

/** @import { Bytes } from "../../codec/bytes.js" */

/** @param {Bytes[]} some @param {Bytes[]} others in any order */
export function is_same(some, others) {
  return some.length === others.length && some.every((key) => others.some((other) => equal(key, other)));
}
