// @ts-check
// `node session.js <origin> <account> ...`: somebody signs up, knows these accounts, and looks at the log once for each line on
// standard input. Writes what came over the network for it, in bytes by kind, one line of JSON each.
import { createInterface } from "node:readline";
import { refresh_contact } from "../../static/js/session/refresh_contact.js";
import { Person } from "../../tests/js/support/people.js";

/** @typedef {"own" | "contacts" | "leaves" | "other"} Kind */

const [origin, ...contacts] = process.argv.slice(2);
/** @type {Record<Kind | "headers" | "requests", number>} */
let came = nothing();
let own = "";

function nothing() {
  return { own: 0, contacts: 0, leaves: 0, other: 0, headers: 0, requests: 0 };
}

/** @param {string} path @returns {Kind} */
function kind_of(path) {
  const [, account] = path.match(/^accounts\/([^/]+)\/chain$/) ?? [];
  if (account) return account === own ? "own" : "contacts";
  return path === "key_log/leaves" ? "leaves" : "other";
}

/** @param {string} input @param {RequestInit} init @returns {Promise<Response>} */
async function counting_fetch(input, init) {
  const response = await fetch(input, init);
  const body = await response.arrayBuffer();
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  came.headers += `HTTP/1.1 ${response.status} ${response.statusText}\r\n${lines.join("")}\r\n`.length;
  came.requests += 1;
  came[kind_of(new URL(input).pathname.replace("/api/", ""))] += body.byteLength;
  return new Response(body, { status: response.status, headers: response.headers });
}

const person = await Person.sign_up(origin, `watcher${Date.now()}`, { fetch: counting_fetch });
own = person.account;
await person.do("check_key_log");
for (const account of contacts) await refresh_contact(person.device, account);
await person.do("check_key_log");
process.stdout.write(`${JSON.stringify({ account: own })}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
while (!(await lines.next()).done) {
  came = nothing();
  await person.do("check_key_log");
  const { alarm } = await person.device.store.get("meta", "key_log");
  if (alarm) throw new Error(alarm.code);
  process.stdout.write(`${JSON.stringify(came)}\n`);
}
person.close();
process.exit(0);
