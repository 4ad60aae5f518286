// @ts-check

/** @import { ChangeRecord, Message } from "../records.js" */

/**
 * What has been done to a message, out of what it has become: for an archive that begins later.
 * @param {Message} message
 * @returns {ChangeRecord[]}
 */
export function changes_of({ id: to, author, text, mentions, edits = [], edited, edit, reactions = {}, pinned }) {
  const [, ...older] = edits;
  const newest = edit !== undefined && edited !== undefined ? [{ text, mentions, time: edited, id: edit }] : [];
  // What somebody has only told of stands with the message.
  const done = Object.entries(reactions).filter(([, { shared }]) => !shared);
  /** @type {Omit<ChangeRecord, "to" | "received" | "place">[]} */
  const said = [
    ...[...older, ...newest].map(({ id = "", ...version }) => ({ type: /** @type {const} */ ("edit"), author, id, ...version })),
    ...done.map(([by, reaction]) => ({ type: /** @type {const} */ ("reaction"), author: by, ...reaction })),
  ];
  if (pinned) said.push({ type: "pin", author: pinned.by, id: pinned.id, time: pinned.time, pinned: pinned.on });
  return said.map((one) => ({ to, received: one.time, ...one }));
}
