// @ts-check
// The same cases as tests/interop/test_formats.py: what both compute from one input must be one result.
import assert from "node:assert/strict";
import { test } from "node:test";
import { padded_length } from "../../../static/js/codec/padme.js";
import { signing_key_from_seed } from "../../../static/js/crypto/ed25519.js";
import { sha256 } from "../../../static/js/crypto/hash.js";
import { write_account_file } from "../../../static/js/protocol/account_file.js";
import { decode_content, encode_content } from "../../../static/js/protocol/content.js";
import { make_link } from "../../../static/js/protocol/invitation.js";
import { derive_recovery, format_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { safety_number } from "../../../static/js/protocol/safety_number.js";
import { sign_challenge } from "../../../static/js/protocol/sign_in.js";
import * as transcript from "../../../static/js/protocol/transcript.js";
import { device_code } from "../../../static/js/protocol/device_code.js";
import * as link from "../../../static/js/protocol/link.js";
import { open_vault, seal_vault } from "../../../static/js/protocol/vault.js";
import { upgrade_contents } from "../../../static/js/protocol/vault_contents_1.js";
import { unwrap_vault_key, upgrade_wrap } from "../../../static/js/protocol/vault_wraps.js";
import { make_verification_code } from "../../../static/js/protocol/verification_code.js";
import { read_vectors } from "./vectors.js";

/** @type {Record<string, (given: any, expected: any) => unknown>} `expected` for what is only read by now */
const FORMATS = {
  padded_lengths: ({ lengths }) => lengths.map((/** @type {number} */ length) => padded_length(length)),
  recovery_key: async ({ key, account }) => {
    const { signing, hpke } = await derive_recovery(key, account);
    return { text: await format_recovery_key(key), signing_key: signing.public_key, hpke_key: hpke.public_key };
  },
  vault_wrap_of_before: async ({ recovery_key, account, vault_key }, expected) => {
    const opener = { recovery: await derive_recovery(recovery_key, account) };
    assert.deepEqual(await unwrap_vault_key({ wraps: [upgrade_wrap(expected)], account, opener }), vault_key);
    return expected;
  },
  vault_of_before: async ({ account, version, vault_key, contents }, expected) => {
    const sealed = { vault: expected, account, origin: "", with: { vault_key }, find_author: () => null };
    const opened = await open_vault(sealed);
    assert.deepEqual([opened.version, opened.contents], [version, await upgrade_contents(contents)]);
    return expected;
  },
  archive_of_before: async ({ contents }) => (await upgrade_contents(contents)).archive,
  vault: async ({ nonce, sign_in_seed, ...vault }) => {
    const { private_key } = await signing_key_from_seed(sign_in_seed);
    return seal_vault({ ...vault, sign_in_key: private_key, random: only(nonce) });
  },
  link: async ({ origin, secret, nonce, old_key, old_nonce, part_2 }) => {
    const { box, key } = await link.derive_link(secret);
    return {
      box,
      code: await link.format_link_code(secret),
      qr: link.link_qr_text(secret),
      commitment: await link.make_commitment(old_key, old_nonce),
      sealed: await link.seal_part({ box, key }, { origin, number: 2, value: part_2, random: only(nonce) }),
      short_code: await link.short_code({ origin, secret, old_key, old_nonce, part_2_plain: link.part_plain(part_2) }),
    };
  },
  device_code: ({ account, device, signature_key, sign_in_key }) => device_code(account, device, signature_key, sign_in_key),
  account_file: async ({ contents, messages, created, salt, prefix, ...file }) => {
    const records = [{ type: "vault", contents }];
    const texts = Array.from({ length: messages }, (_, n) => ({ type: "message", n, text: "x".repeat(n) }));
    const all = /** @type {any} */ ([...records, ...texts]);
    const parts = [];
    for await (const part of write_account_file({ ...file, now: created, random: only(salt, prefix), records: all })) {
      parts.push(part);
    }
    return sha256(...parts);
  },
  safety_number: ({ origin, mine, theirs }) => safety_number(origin, mine, theirs),
  verification_code: ({ mine, theirs, log }) => make_verification_code(mine, theirs, log),
  invitation: async ({ origin, account, identity_key, token }) => make_link(origin, account, await sha256(identity_key), token),
  content: async ({ content, opening, mailbox }) => {
    const { plain, commitment } = await encode_content(content, opening, mailbox);
    assert.deepEqual(await decode_content(plain, mailbox, commitment), content);
    return { plain, commitment };
  },
  transcript: async ({ confirmed_transcript_hash, envelopes }) => {
    const steps = [await transcript.start(confirmed_transcript_hash)];
    for (const { body, ...envelope } of envelopes) {
      steps.push(await transcript.next(steps[steps.length - 1], { ...envelope, body_hash: await sha256(body) }));
    }
    return steps;
  },
  sign_in: async ({ seed, ...challenge }) => {
    const { private_key } = await signing_key_from_seed(seed);
    return sign_challenge({ ...challenge, sign_in_key: private_key });
  },
};

/**
 * A source of randomness that gives exactly these values, in this order.
 * @param {...Uint8Array<ArrayBuffer>} values
 */
function only(...values) {
  return (/** @type {number} */ length) => {
    const value = values.shift();
    assert.equal(value?.length, length);
    return /** @type {Uint8Array<ArrayBuffer>} */ (value);
  };
}

for (const { format, name, given, expected } of read_vectors("formats.json")) {
  test(`both implementations agree: ${name}`, async () => assert.deepEqual(await FORMATS[format](given, expected), expected));
}
