// @ts-check
// Segments that were opened once are kept, all but the newest, which grows. They go with the keys that opened them: a locked page
// remembers nothing.
import { Talk2meError } from "../../errors.js";
import { sortable } from "../records.js";
import { OpenSegment } from "./segment.js";

/** @import { Store } from "../../store/store.js" */

export const SEGMENT = "s/";

/** @type {WeakMap<object, Map<number, OpenSegment>>} */
const opened = new WeakMap();

/**
 * @param {Store} store
 * @returns {AsyncGenerator<OpenSegment>} the newest first
 * @throws {Talk2meError} `locked`
 */
export async function* open_segments(store) {
  const sealer = store.keyring.current;
  if (!sealer) throw new Talk2meError("locked");
  const known = opened.get(sealer) ?? new Map();
  opened.set(sealer, known);
  const [newest] = await store.list("search", { prefix: SEGMENT, newest_first: true, limit: 1 });
  if (!newest) return;
  yield new OpenSegment(newest.value.segment);
  for (let number = newest.value.number - 1; number > 0; number -= 1) {
    if (!known.has(number)) {
      const record = await store.get("search", `${SEGMENT}${sortable(number)}`);
      if (!record) continue;
      known.set(number, new OpenSegment(record.segment));
    }
    yield known.get(number);
  }
}

/** Something was taken out of them. @param {Store} store */
export function drop_opened({ keyring }) {
  if (keyring.current) opened.delete(keyring.current);
}
