// @ts-check
// `node fill.js <origin> <username> <messages>`: an account with twenty conversations and that many messages in its archive, all written
// through the socket. Writes what a new browser needs, and what is to be compared with, as one line of JSON.
import { from_base64url, to_base64url } from "../../static/js/codec/base64url.js";
import { open_archive } from "../../static/js/session/archive/open_archive.js";
import { connect } from "../../static/js/transport/mailbox_socket.js";
import { until } from "../../tests/js/support/browser.js";
import { Person } from "../../tests/js/support/people.js";
import { make_history, random, seal_history } from "./history.js";

/** @import { MailboxSocket } from "../../static/js/transport/mailbox_socket.js" */
/** @import { Sealed } from "./history.js" */

const CONVERSATIONS = 20;
// Pieces that are on their way at the same time.
const IN_FLIGHT = 8;

/** An account that talks to twenty others and has told its vault. @param {string} origin @param {string} username */
async function make_people(origin, username) {
  const owner = await Person.sign_up(origin, username);
  /** @type {{ account: string, username: string }[]} */
  const peers = [];
  for (let number = 0; number < CONVERSATIONS; number += 1) {
    const peer = await Person.sign_up(origin, `${username}peer${number}`);
    await peer.meet(owner);
    peers.push({ account: peer.account, username: peer.name });
    peer.close();
  }
  const archive = await until(() => open_archive(owner.device), "an archive");
  await until(async () => (await owner.device.store.get("meta", "vault"))?.dirty === false, "the vault is told");
  return { owner, peers, archive: { mailbox: archive.mailbox, keys: archive.keys[0] } };
}

/** @param {string} origin @param {Uint8Array} token @returns {Promise<MailboxSocket>} */
function open_socket(origin, token) {
  return new Promise((resolve) => {
    const socket = connect({
      url: `${origin.replace(/^http/, "ws")}/ws`,
      get_token: async () => token,
      make_socket: (url) => new WebSocket(url, /** @type {any} */ ({ headers: { origin } })),
      random,
      on_frame: () => undefined,
      on_state: ({ state }) => state === "online" && resolve(socket),
    });
  });
}

/** @param {MailboxSocket} socket @param {Uint8Array} mailbox @param {Sealed[]} sealed */
async function send_all(socket, mailbox, sealed) {
  const same = { type: "envelope.send", mailbox, kind: "archive", slot: 0, commitment: new Uint8Array(32), expires_in: null };
  await Promise.all(sealed.map((one) => socket.request({ ...same, ...one })));
}

const [origin, username, count] = process.argv.slice(2);
const { owner, peers, archive } = await make_people(origin, username);
const recovery_key = await owner.do("pending_recovery_key");
const token = await /** @type {any} */ (owner.session).get_token({ fresh: true });
const own = from_base64url(owner.account);
owner.close();
const socket = await open_socket(origin, token);
let [entries, bytes] = [0, 0];
const history = [...make_history({ own, peers: peers.map(({ account }) => from_base64url(account)), count: Number(count), now: Date.now() })];
/** @type {Promise<void>[]} */
const flying = [];
for await (const sealed of seal_history(archive, history)) {
  flying.push(send_all(socket, archive.mailbox, sealed));
  if (flying.length === IN_FLIGHT) await flying.shift();
  entries += sealed.length;
  bytes += sealed.reduce((sum, { body }) => sum + body.length, 0);
}
await Promise.all(flying);
socket.close();
const filled = {
  ...{ username, recovery_key, messages: Number(count), entries, bytes, conversations: CONVERSATIONS },
  newest: { username: peers[0].username, text: history[history.length - 1].text },
  ...{ token: to_base64url(token), mailbox: to_base64url(archive.mailbox) },
};
process.stdout.write(`${JSON.stringify(filled)}\n`);
process.exit(0);
