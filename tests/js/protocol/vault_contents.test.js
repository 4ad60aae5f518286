// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_vault_contents } from "../../../static/js/protocol/vault_contents.js";
import { is_vault_contents_1, upgrade_contents } from "../../../static/js/protocol/vault_contents_1.js";
import { contents_of_before, empty_contents, full_contents } from "./vault_world.js";

const contents = full_contents();
const [contact] = contents.contacts;
const [conversation] = contents.conversations;
const [device] = contents.devices;
const [recovery] = contents.recovery;
const [newer, older] = contents.archive.keys;

test("full and empty contents are taken", () => {
  assert.equal(is_vault_contents(contents), true);
  assert.equal(is_vault_contents(empty_contents()), true);
});

test("contents of another form are refused", () => {
  const wrong = [
    null,
    [],
    { v: 2, identity_seed: contents.identity_seed },
    { ...contents, v: 1 },
    { ...contents, more: 1 },
    { ...contents, identity_seed: random_bytes(31) },
    { ...contents, archive: null },
    { ...contents, archive: { mailbox: random_bytes(15), keys: [] } },
    { ...contents, archive: { mailbox: null, keys: [older, newer] } },
    { ...contents, archive: { mailbox: null, keys: [newer, newer] } },
    { ...contents, archive: { mailbox: null, keys: [{ ...newer, generation: 0 }] } },
    { ...contents, archive: { mailbox: null, keys: Array.from({ length: 65 }, (_key, n) => ({ ...newer, generation: 65 - n })) } },
    { ...contents, recovery: [{ ...recovery, kind: "paper" }] },
    { ...contents, recovery: [{ ...recovery, hpke: random_bytes(32) }] },
    { ...contents, devices: [{ ...device, name: "x".repeat(65) }] },
    { ...contents, devices: [{ ...device, verified: 1 }] },
    { ...contents, devices: [{ ...device, links: -1 }] },
    { ...contents, devices: [{ ...device, more: 1 }] },
    { ...contents, contacts: {} },
    { ...contents, contacts: [{ ...contact, seq: 0 }] },
    { ...contents, contacts: [{ ...contact, username: "" }] },
    { ...contents, contacts: [{ ...contact, blocked: 0 }] },
    { ...contents, contacts: [{ ...contact, verified: false }] },
    { ...contents, contacts: [{ ...contact, verified: { ...contact.verified, method: "guess" } }] },
    { ...contents, contacts: [{ ...contact, added: 1.5 }] },
    { ...contents, invitations: [{ token: random_bytes(15), created: 1, expires: 2 }] },
    { ...contents, conversations: [{ ...conversation, kind: "channel" }] },
    { ...contents, conversations: [{ ...conversation, peers: [random_bytes(32)] }] },
    { ...contents, conversations: [{ ...conversation, archive: null }] },
    { ...contents, settings: [] },
    { ...contents, settings: { receipts: true } },
    { ...contents, settings: { receipts: { value: {}, time: 1 } } },
    { ...contents, settings: { receipts: { value: true, time: 1, more: 1 } } },
  ];
  for (const [at, value] of wrong.entries()) assert.equal(is_vault_contents(value), false, `case ${at}`);
});

test("contents of before 0.4 are read in their own form only", () => {
  const before = contents_of_before();
  assert.equal(is_vault_contents_1(before), true);
  assert.equal(is_vault_contents(before), false);
  for (const value of [contents, { ...before, v: 2 }, { ...before, more: 1 }, { ...before, archive_key: "x" }, { ...before, settings: [] }]) {
    assert.equal(is_vault_contents_1(value), false);
  }
});

test("contents of before 0.4 become those of now, alike on every device, and older than whatever is said later", async () => {
  const before = contents_of_before();
  const now = await upgrade_contents(before);
  assert.equal(is_vault_contents(now), true);
  assert.deepEqual(await upgrade_contents(before), now);
  assert.deepEqual(now.contacts, before.contacts);
  assert.deepEqual(now.archive.keys, [{ generation: 1, key: before.archive_key }]);
  assert.equal(now.archive.mailbox?.length, 16);
  assert.deepEqual(now.conversations, [{ ...before.conversations[0], archive: true, time: 0 }]);
  assert.deepEqual(now.settings, { receipts: { value: true, time: 0 } });
});
