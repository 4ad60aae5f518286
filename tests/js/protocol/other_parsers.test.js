// @ts-check
// Whatever was made for one purpose is refused by the reader of every other (ATTACKS 11), also when all were sealed with one key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, from_utf8, to_utf8, u32 } from "../../../static/js/codec/bytes.js";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";
import { import_aes_key, open, seal } from "../../../static/js/crypto/aead.js";
import { sign } from "../../../static/js/crypto/ed25519.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { read_account_file, write_account_file } from "../../../static/js/protocol/account_file.js";
import { file_data } from "../../../static/js/protocol/account_file_header.js";
import { open_entry, seal_entry } from "../../../static/js/protocol/archive_entry.js";
import { derive_archive, vault_note_id } from "../../../static/js/protocol/archive_keys.js";
import { decode_content, encode_content } from "../../../static/js/protocol/content.js";
import { make_link, parse_fragment } from "../../../static/js/protocol/invitation.js";
import { add_members, create_group, encrypt, join_from_welcome, process, read_key_package } from "../../../static/js/protocol/mls.js";
import { derive_link, format_link_code, link_qr_text, open_part, parse_link_code, read_link_qr, seal_part } from "../../../static/js/protocol/link.js";
import { format_recovery_key, make_recovery_key, parse_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { signed_vault } from "../../../static/js/protocol/sealed_vault.js";
import { open_vault, seal_vault } from "../../../static/js/protocol/vault.js";
import { unwrap_vault_key } from "../../../static/js/protocol/vault_wraps.js";
import { make_verification_code, parse_verification_code } from "../../../static/js/protocol/verification_code.js";
import { RecordSealer } from "../../../static/js/store/record_sealer.js";
import { key_package_of, make_device, NOW, trusting } from "./mls_people.js";
import { contents_of_before, make_vault, ORIGIN, vault_of_before, wrap_of_before } from "./vault_world.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */

const world = await make_vault();
const { account, device, vault_key, wraps, contents, vault, find_author, recovery, sign_in_key } = world;
const mailbox = random_bytes(16);
const sealer = new RecordSealer(await import_aes_key(vault_key), random_bytes);
const [alice, bob] = [await make_device(account), await make_device()];
const key_package = await key_package_of(bob);
const alone = await create_group({ mailbox, suite: 1, kind: "direct", own: alice, signature_key: alice.signature_key, now: NOW });
const added = await add_members(alone, [key_package.key_package], trusting);
const welcome = /** @type {Bytes} */ (added.welcome);
const joined = await join_from_welcome({ welcome, key_packages: [key_package], signature_key: bob.signature_key, policy: trusting });
const head = { id: random_bytes(16), time: 1, seen: { sequence: 0, transcript: random_bytes(32) }, chain: { seq: 1, hash: random_bytes(32) } };
const content = await encode_content({ ...head, checkpoint: null, type: "text", body: { text: "x" } }, random_bytes(32), mailbox);
const sent = await encrypt(added.group, content.plain);
const link = make_link("https://chat.example", account, random_bytes(32), random_bytes(16));
const side = { account, identity_key: random_bytes(32) };
const archive = await derive_archive(vault_key, account, 1);
const entry = { type: /** @type {const} */ ("vault"), body: { device, version: 1, hash: random_bytes(32) } };
const place = { mailbox, id: await vault_note_id(archive, device, 1) };
const device_link = await derive_link(vault_key.subarray(0, 16));
const which = { origin: ORIGIN, number: /** @type {const} */ (5) };

/** @param {Uint8Array} bytes */
const open_own_vault = (bytes) => open_vault({ vault: bytes, account, origin: ORIGIN, with: { vault_key }, find_author });

async function account_file() {
  const parts = [];
  const records = [{ type: /** @type {const} */ ("vault"), contents }];
  const file = { account, username: "alice", origin: ORIGIN, wrap: wraps[0], vault_key, now: 5, random: random_bytes, records };
  for await (const part of write_account_file(file)) parts.push(part);
  return concat(...parts);
}

/** @type {Record<string, { made: Bytes, read: (bytes: Bytes) => unknown }>} */
const KINDS = {
  vault: { made: vault, read: open_own_vault },
  "archive entry": {
    made: await seal_entry(archive, place, entry, random_bytes),
    read: (bytes) => open_entry(archive, place, bytes),
  },
  "part of a link": {
    made: await seal_part(device_link, { ...which, value: { v: 1, done: true }, random: random_bytes }),
    read: (bytes) => open_part(device_link, { ...which, sealed: bytes }),
  },
  "link code": { made: to_utf8(await format_link_code(random_bytes(16))), read: (bytes) => parse_link_code(as_text(bytes)) },
  "QR code of a link": { made: to_utf8(link_qr_text(random_bytes(16))), read: (bytes) => read_link_qr(as_text(bytes)) },
  "account file": { made: await account_file(), read: (bytes) => read_account_file(new Blob([bytes]), vault_key).next() },
  "stored record": { made: await sealer.seal("meta", "x", contents), read: (bytes) => sealer.open("meta", "x", bytes) },
  content: { made: content.plain, read: (bytes) => decode_content(bytes, mailbox, content.commitment) },
  message: { made: sent.body, read: (bytes) => process(joined.group, bytes, trusting) },
  welcome: {
    made: welcome,
    read: (bytes) =>
      join_from_welcome({ welcome: bytes, key_packages: [key_package], signature_key: bob.signature_key, policy: trusting }),
  },
  "key package": { made: key_package.key_package, read: read_key_package },
  invitation: { made: to_utf8(new URL(link).hash), read: (bytes) => parse_fragment(as_text(bytes)) },
  "verification code": {
    made: to_utf8(make_verification_code(side, { account: bob.account, identity_key: random_bytes(32) })),
    read: (bytes) => parse_verification_code(as_text(bytes)),
  },
  "recovery key": { made: to_utf8(await format_recovery_key(make_recovery_key(random_bytes))), read: (bytes) => parse_recovery_key(as_text(bytes)) },
};

/** What is no text is given as a page would get it out of a link. @param {Bytes} bytes */
function as_text(bytes) {
  try {
    return from_utf8(bytes);
  } catch {
    return to_base64url(bytes);
  }
}

test("what was made for one purpose is refused by the reader of every other", async () => {
  for (const [reader, { made, read }] of Object.entries(KINDS)) {
    await read(made);
    for (const [kind, other] of Object.entries(KINDS)) {
      if (kind === reader) continue;
      await assert.rejects(async () => read(other.made), (error) => is_talk2me_error(error), `${kind} taken for ${reader}`);
    }
  }
});

// One key for all, which the protocol never does: then only the label keeps them apart.
const key = await import_aes_key(vault_key);
const packed_header = random_bytes(200);
const with_one_key = { ...recovery, wrap_key: key };

/** @type {Record<string, { seal: () => Promise<{ nonce: Bytes, sealed: Bytes }>, open: (nonce: Bytes, sealed: Bytes) => Promise<unknown> }>} */
const SEALED = {
  vault: {
    seal: async () => /** @type {any} */ (unpack(await seal_vault({ ...world, wraps: [], random: random_bytes }))),
    open: async (nonce, sealed) => {
      const fields = { account, version: 1, author: device, wraps: [], nonce, sealed };
      const signature = await sign(sign_in_key, await signed_vault(ORIGIN, fields));
      return open_own_vault(pack({ v: 2, ...fields, signature }));
    },
  },
  "vault of before 0.4": {
    seal: async () => /** @type {any} */ (unpack(await vault_of_before(world, contents_of_before()))),
    open: (nonce, sealed) => open_own_vault(pack({ v: 1, account, version: 1, wraps: [], nonce, sealed })),
  },
  "wrapped vault key": {
    seal: async () => {
      const made = await wrap_of_before({ account, vault_key, recovery: with_one_key });
      return { nonce: made.nonce, sealed: made.wrapped };
    },
    open: (nonce, sealed) => {
      const wrap = { kind: /** @type {const} */ ("recovery_aes"), id: recovery.signing.public_key, enc: nonce, wrapped: sealed };
      return unwrap_vault_key({ wraps: [wrap], account, opener: { recovery: with_one_key } });
    },
  },
  "archive entry": {
    seal: async () => {
      const body = await seal_entry({ ...archive, entry_key: key }, place, entry, random_bytes);
      return { nonce: body.slice(5, 17), sealed: body.slice(17) };
    },
    open: (nonce, sealed) => open_entry({ ...archive, entry_key: key }, place, concat(Uint8Array.of(1), u32(1), nonce, sealed)),
  },
  "part of a link": {
    seal: async () => {
      const sealed = await seal_part({ ...device_link, key }, { ...which, value: { v: 1, done: true }, random: random_bytes });
      return { nonce: sealed.slice(0, 12), sealed: sealed.slice(12) };
    },
    open: (nonce, sealed) => open_part({ ...device_link, key }, { ...which, sealed: concat(nonce, sealed) }),
  },
  "chunk of an account file": {
    seal: async () => {
      const nonce = random_bytes(12);
      return { nonce, sealed: await seal(key, nonce, random_bytes(64), await file_data(packed_header)) };
    },
    open: async (nonce, sealed) => open(key, nonce, sealed, await file_data(packed_header)),
  },
  "stored record": {
    seal: async () => {
      const bytes = await sealer.seal("meta", "x", 1);
      return { nonce: bytes.slice(0, 12), sealed: bytes.slice(12) };
    },
    open: (nonce, sealed) => sealer.open("meta", "x", concat(nonce, sealed)),
  },
};

test("under one key, too, nothing opens as something else", async () => {
  for (const [purpose, { seal: make, open: read }] of Object.entries(SEALED)) {
    const own = await make();
    await read(own.nonce, own.sealed);
    for (const [kind, other] of Object.entries(SEALED)) {
      if (kind === purpose) continue;
      const { nonce, sealed } = await other.seal();
      await assert.rejects(async () => read(nonce, sealed), Error, `${kind} opened as ${purpose}`);
    }
  }
});
