// @ts-check
// The secrets in a vault are nowhere on the server, in none of the forms in which a careless one would keep them.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import { parse_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { keep_vault } from "../../../static/js/session/vault/keep_vault.js";
import { archived } from "../support/archives.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */

/** @param {Uint8Array} secret @returns {Buffer[]} */
function as_stored(secret) {
  return [secret, to_utf8(to_hex(secret)), to_utf8(to_base64url(secret)), to_utf8(Buffer.from(secret).toString("base64"))].map((form) =>
    Buffer.from(form),
  );
}

/** @param {Record<string, Uint8Array>} secrets @param {Buffer[]} files @returns {string[]} names of those that are found */
function found(secrets, files) {
  return Object.keys(secrets).filter((name) => as_stored(secrets[name]).some((form) => files.some((file) => file.includes(form))));
}

describe("on the server's disk", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** Everything beside the database too: its journal holds what was just written. */
  async function files_of_the_server() {
    const folder = dirname(server.database);
    const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
    return Promise.all(names.map(({ name }) => readFile(join(folder, name))));
  }

  it("stands none of the secrets that are in the vault, nor the keys that open it; and they would have been found", async () => {
    await alice.do("verify_contact", { account: bob.account, method: "digits" });
    await keep_vault(alice.device);
    const { identity_seed, archive, vault_key, hpke } = await alice.device.store.get("meta", "secrets");
    const archive_key = archive.keys[0].key;
    const recovery_key = await parse_recovery_key(await alice.do("pending_recovery_key"));
    const secrets = { identity_seed, archive_key, vault_key, recovery_key, private_key: hpke.private_key };
    const files = await files_of_the_server();
    assert.ok(files.reduce((size, file) => size + file.length, 0) > 10_000);
    assert.deepEqual(found(secrets, files), []);
    // The same search finds what is there by right: the public half of the same identity.
    const { identity_key } = (await alice.device.store.get("contacts", alice.account)).chain;
    assert.deepEqual(found({ identity_key }, files), ["identity_key"]);
    for (const form of as_stored(vault_key)) assert.deepEqual(found(secrets, [...files, form]), ["vault_key"]);
  });

  it("stands nothing of what was said, nor which message an entry of the archive is about", async () => {
    await alice.say(bob, "xylophone marmalade in the archive");
    await bob.hears(alice, "xylophone marmalade in the archive");
    await until(async () => {
      const [a, b] = await Promise.all([alice, bob].map((one) => one.ask("archive")));
      return a.waiting + b.waiting === 0 && (await archived(alice)) >= 3 && (await archived(bob)) >= 3;
    }, "archived by both");
    const said = (await alice.messages(bob)).find(({ text }) => text === "xylophone marmalade in the archive");
    const files = await files_of_the_server();
    assert.deepEqual(found({ text: to_utf8(said.text), content_id: from_base64url(said.id) }, files), []);
    const { mailbox } = await alice.device.store.get("meta", "archive");
    assert.deepEqual(found({ mailbox: from_base64url(mailbox) }, files), ["mailbox"]);
  });
});
