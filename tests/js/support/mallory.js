// @ts-check
// Mallory, a member with a client of her own, as a process for tests in browsers: each line of the input is `[step, ...words]`,
// each line of the output what came of it.
import { createInterface } from "node:readline";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { find_message } from "../../../static/js/session/messages/find_message.js";
import { until } from "./browser.js";
import { seize_group, smuggle_in } from "./changed_client.js";
import { messages_in, texts_in } from "./groups.js";
import { Person } from "./people.js";
import { send_content } from "./said.js";

const [, , origin] = process.argv;
const mallory = await Person.sign_up(origin, "mallory");
const eve = await Person.sign_up(origin, "eve");
let id = "";

/** @param {string} text @returns {Promise<any>} */
const message_with = async (text) => (await messages_in(mallory, id)).find((message) => message.text === text);

/** @param {string} type @param {any} body @param {Uint8Array} [content_id] */
async function send(type, body, content_id) {
  // Nothing else is looked at than the mailbox, which is the group's.
  const group = /** @type {any} */ ({ account: id });
  await send_content(mallory, group, { type, body, ...(content_id ? { id: content_id } : {}) });
}

/** @type {Record<string, (...words: string[]) => Promise<unknown>>} */
const STEPS = {
  meet: async (link) => {
    const { hash } = new URL(link);
    const [account] = hash.slice("#i=".length).split(".");
    await mallory.do("start_conversation", { account, invitation_fragment: hash });
  },
  enter: async (title) => {
    const found = await until(async () => (await mallory.ask("conversations")).find((/** @type {any} */ one) => one.title === title));
    id = found.id;
  },
  hear: (text) => until(async () => (await texts_in(mallory, id)).includes(text)),
  say: (text) => mallory.do("send_text", { conversation: id, text }),
  edit: async (of, text) => send("edit", { to: from_base64url((await message_with(of)).id), text }),
  delete: async (of) => send("delete", { to: from_base64url((await message_with(of)).id) }),
  // As if somebody had said something else, by its id.
  replace: async (of, text) => send("text", { text }, from_base64url((await message_with(of)).id)),
  // As if she had said it herself.
  misquote: async (of, quoted, text) => {
    const reply = { id: from_base64url((await message_with(of)).id), author: from_base64url(mallory.account), text: quoted };
    await send("text", { text, reply });
  },
  // Twice in one message, under names of her own: what somebody else has sent.
  reuse_picture: async (of, text) => {
    const { id: of_id } = await message_with(of);
    const record = await until(async () => (await find_message(mallory.device.store, id, of_id))?.files?.[0]);
    const here_alone = ["expires", "kept", "uploading"];
    const told = Object.fromEntries(Object.entries(record).filter(([name]) => !here_alone.includes(name)));
    const file = { ...told, id: from_base64url(record.id) };
    // One of them with a key that opens nothing.
    const files = [{ ...file, name: "first.jpg" }, { ...file, name: "second.jpg" }, { ...file, name: "third.jpg", key: random_bytes(32) }];
    await send("text", { text, files });
  },
  seize: () => seize_group(mallory, id),
  smuggle: () => smuggle_in(mallory, id, eve.account),
  eve_has: () => texts_in(eve, id),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [step, ...words] = JSON.parse(line);
  const told = await STEPS[step](...words).then(
    (result) => ({ result: Array.isArray(result) ? result : null }),
    (/** @type {unknown} */ error) => ({ error: String(error instanceof Error ? error.stack : error) }),
  );
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
mallory.close();
eve.close();
process.exit();
