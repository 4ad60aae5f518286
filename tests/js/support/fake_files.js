// @ts-check
// The part of the fake session that is about files: pictures are painted, everything else is a few bytes.

import { Talk2meError } from "../../../static/js/errors.js";

/** @import { FileCommands, GivenFile, MessageFile } from "../../../static/js/ui/file_types.js" */
/** @import { FakeSession } from "./fake_session.js" */

const STEPS = 12;
const pause = (ms = 120) => new Promise((resolve) => setTimeout(resolve, ms));

/** @type {Map<string, Blob>} what was sent in this page */
const sent = new Map();
/** @type {Set<string>} */
const stopped = new Set();

/** @param {FakeSession} fake @returns {FileCommands} */
export function make_file_commands(fake) {
  return {
    send_files: async ({ conversation, files, text = "" }) => {
      await pause(500);
      const shown = files.map(to_message_file);
      const id = fake.say(conversation, { text, files: shown });
      for (const [index, { id: file }] of shown.entries()) {
        sent.set(file, files[index].blob);
        void travel(fake, file, files[index].blob.size, "uploading").then(() => fake.change(conversation, id, (message) => settle(message.files?.[index])));
      }
      return { id };
    },
    read_file: async ({ conversation, id, index }) => {
      const file = fake.scene.messages[conversation]?.find((one) => one.id === id)?.files?.[index];
      if (file === undefined) throw new Talk2meError("not_found");
      if (file.name.startsWith("damaged")) throw new Talk2meError("file_damaged");
      const known = sent.get(file.id);
      if (known === undefined) await travel(fake, file.id, file.size, "downloading");
      return { blob: known ?? (file.kind === "image" ? await paint(file) : new Blob(["words"])), name: file.name };
    },
    cancel_file: async ({ id }) => {
      stopped.add(id);
    },
    keep_file: async ({ conversation, id, index, keep }) => {
      await pause(400);
      fake.change(conversation, id, (message) => {
        if (message.files) message.files[index].state = keep ? "kept" : "expired";
      });
    },
  };
}

/** @param {GivenFile} given @returns {MessageFile} */
function to_message_file({ blob, ...about }) {
  const id = crypto.randomUUID();
  return { ...about, id, digest: id, size: blob.size, state: "uploading" };
}

/** @param {MessageFile | undefined} file */
function settle(file) {
  if (file) file.state = "there";
}

/** @param {FakeSession} fake @param {string} id @param {number} total @param {"uploading" | "downloading"} state */
async function travel(fake, id, total, state) {
  for (let step = 0; step < STEPS; step += 1) {
    if (stopped.delete(id)) {
      fake.emit("file", { id, state: "paused", done: 0, total });
      throw new Talk2meError("file_cancelled");
    }
    fake.emit("file", { id, state, done: (total * step) / STEPS, total });
    await pause(fake.scene.offline ? 3_600_000 : 120);
  }
  fake.emit("file", { id, state: "done", done: total, total });
}

/** @param {MessageFile} file @returns {Promise<Blob>} hills under a sky, of the file's own colours */
async function paint({ id, width = 800, height = 600 }) {
  const canvas = new OffscreenCanvas(width, height);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const hue = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 360;
  const sky = pen.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 60% 70%)`);
  sky.addColorStop(1, `hsl(${(hue + 50) % 360} 70% 88%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  for (let hill = 0; hill < 4; hill += 1) {
    pen.fillStyle = `hsl(${(hue + 90 + hill * 12) % 360} 35% ${58 - hill * 11}%)`;
    pen.beginPath();
    pen.ellipse(width * (0.15 + hill * 0.27), height * (1.05 + hill * 0.03), width * 0.42, height * (0.62 - hill * 0.09), 0, 0, 2 * Math.PI);
    pen.fill();
  }
  return canvas.convertToBlob({ type: "image/jpeg" });
}
