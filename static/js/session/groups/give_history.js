// @ts-check
// Seals past messages for people who were just let in, by the means of any file, and has them uploaded.
import { to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error } from "../../errors.js";
import { fit_history, pack_history } from "../../protocol/history_bundle.js";
import { check_sizes } from "../files/file_limit.js";
import { seal_file } from "../files/seal_file.js";
import { forget_all, put_upload } from "../files/send_files.js";
import { upload_files } from "../files/upload_files.js";
import { collect_history } from "./collect_history.js";
import { drop_giving, note_not_given } from "./note_giving.js";

/** @import { Code } from "../../errors.js" */
/** @import { SealedFileBody } from "../../protocol/file_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Giving } from "../records.js" */

/** For so long those who were let in expect it (take_given.js): milliseconds. */
export const GIVING_WAIT = 7 * 86_400_000;
// Nothing that goes by itself.
const FINAL = /** @type {Code[]} */ (["file_too_large", "storage_full"]);

/** @param {Device} device @param {string} id of a group */
export function give_history(device, id) {
  return device.mutexes.run(`give history/${id}`, async () => {
    /** @type {Conversation | undefined} */
    const conversation = await device.store.get("conversations", id);
    const all = conversation?.group?.giving ?? [];
    for (const giving of all) {
      if (device.now() - giving.since > GIVING_WAIT) await note_not_given(device, id, giving.id);
      else if (!giving.file) await seal_some(device, id, giving);
    }
    if (all.length > 0) device.background(() => upload_files(device));
  });
}

/** @param {Device} device @param {string} id @param {Giving} giving */
async function seal_some(device, id, giving) {
  const messages = fit_history(await collect_history(device, id, giving));
  if (messages.length === 0) {
    await drop_giving(device, id, giving.id);
    return;
  }
  const blob = new Blob([pack_history(messages)]);
  try {
    await check_sizes(device, [blob]);
    const sealed = await seal_file(device, blob);
    await put_sealed(device, id, giving.id, { ...sealed, size: blob.size }, messages.length);
  } catch (error) {
    if (!FINAL.some((code) => is_talk2me_error(error, code))) throw error;
    await note_not_given(device, id, giving.id);
  }
}

/** @param {Device} device @param {string} id @param {string} giving @param {SealedFileBody} file @param {number} count */
async function put_sealed(device, id, giving, file, count) {
  const record = { id: to_base64url(file.id) };
  const is_put = await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    const found = conversation?.group?.giving?.find((one) => one.id === giving);
    if (!conversation || !found) return false;
    Object.assign(found, { file, count });
    changes.put("conversations", id, conversation);
    await put_upload(changes, record, { conversation: id, message: "", history: giving });
    return true;
  });
  if (!is_put) await forget_all(device, [record]);
}
