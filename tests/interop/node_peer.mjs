// Our own devices for the tests against another implementation of MLS: reads one JSON command a line, answers with one
// line. Bytes are hex. Every device of one process has a name; a change waits until `accept` or `drop`.
import { createInterface } from "node:readline";
import { processMessage } from "ts-mls/processMessages.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { from_hex, to_hex, to_utf8 } from "../../static/js/codec/bytes.js";
import { generate_signing_key } from "../../static/js/crypto/ed25519.js";
import * as mls from "../../static/js/protocol/mls.js";
import { check_active, decode_body } from "../../static/js/protocol/mls_change.js";
import { run_with_policy } from "../../static/js/protocol/mls_config.js";
import { to_group } from "../../static/js/protocol/mls_state.js";
import { suite_impl } from "../../static/js/protocol/mls_suite.js";

const devices = new Map();
const policy = {
  check_leaf: async () => true,
  get now() {
    return Date.now();
  },
};

/**
 * The other implementation frames its commits as PublicMessage, which our browsers refuse. Here they are taken, so that
 * what it does to the tree is tested too.
 */
async function process_public_commit(group, body) {
  check_active(group);
  const message = decode_body(body);
  const impl = await suite_impl(group.suite, group.signature_key);
  const run = (clientConfig) =>
    processMessage(message, { ...group.state, clientConfig }, emptyPskIndex, () => "accept", impl);
  const { newState } = await run_with_policy(policy, [], run, () => new Error("the commit was not accepted"));
  return { group: to_group(newState, group.signature_key), removed: newState.groupActiveState.kind !== "active" };
}

function describe(group) {
  const { epoch, members, confirmed_transcript_hash, removed } = mls.describe(group);
  const listed = members.map(({ leaf, account, device }) => ({ leaf, identity: to_hex(account) + to_hex(device) }));
  return { epoch, members: listed, transcript: to_hex(confirmed_transcript_hash), removed };
}

function hold(own, pending) {
  own.pending = pending.group;
  const { commit, welcome, group_info } = pending;
  return { commit: to_hex(commit), welcome: welcome && to_hex(welcome), group_info: to_hex(group_info) };
}

function leaf_of(group, identity) {
  return describe(group).members.find((member) => member.identity === identity).leaf;
}

const commands = {
  async new_device({ name, account, device, suite }) {
    const signature_key = await generate_signing_key({ extractable: false });
    const own = { account: from_hex(account), device: from_hex(device) };
    devices.set(name, { own, suite, signature_key, packages: [], group: null, pending: null });
    return { signature_key: to_hex(signature_key.public_key) };
  },
  async key_package(own) {
    const options = { suite: own.suite, ...own.own, signature_key: own.signature_key, now: Date.now() };
    const made = await mls.create_key_package(options);
    own.packages.push(made);
    return { key_package: to_hex(made.key_package) };
  },
  async create(own, { mailbox, kind }) {
    const options = { mailbox: from_hex(mailbox), suite: own.suite, kind, own: own.own, now: Date.now() };
    const none = new Uint8Array(32);
    const state = kind === "group" ? { hashes: { roles: none, rights: none, settings: none } } : {};
    own.group = await mls.create_group({ ...options, ...state, signature_key: own.signature_key });
    return describe(own.group);
  },
  async join(own, { welcome }) {
    const options = { welcome: from_hex(welcome), key_packages: own.packages, signature_key: own.signature_key, policy };
    own.group = (await mls.join_from_welcome(options)).group;
    return describe(own.group);
  },
  async join_externally(own, { group_info }) {
    const options = { group_info: from_hex(group_info), own: own.own, signature_key: own.signature_key, policy };
    return hold(own, await mls.join_externally({ ...options, now: Date.now() }));
  },
  async add(own, { key_packages }) {
    return hold(own, await mls.add_members(own.group, key_packages.map(from_hex), policy));
  },
  async remove(own, { identities }) {
    const leaves = identities.map((identity) => leaf_of(own.group, identity));
    return hold(own, await mls.remove_members(own.group, leaves, policy));
  },
  async update(own) {
    return hold(own, await mls.update_keys(own.group, policy));
  },
  async accept(own) {
    own.group = own.pending;
    own.pending = null;
    return describe(own.group);
  },
  async drop(own) {
    own.pending = null;
    return {};
  },
  async leave(own) {
    const { group, body } = await mls.propose_leave(own.group);
    own.group = group;
    return { body: to_hex(body) };
  },
  async encrypt(own, { plain }) {
    const { group, body } = await mls.encrypt(own.group, from_hex(plain));
    own.group = group;
    return { body: to_hex(body) };
  },
  async process(own, { body }) {
    const result = await mls.process(own.group, from_hex(body), policy);
    own.group = result.group;
    if (result.kind !== "application") return { kind: result.kind, removed: result.self_removed ?? false };
    const sender = to_hex(result.sender.account) + to_hex(result.sender.device);
    return { kind: result.kind, sender, plain: to_hex(result.plain) };
  },
  async process_public_commit(own, { body }) {
    const result = await process_public_commit(own.group, from_hex(body));
    own.group = result.removed ? own.group : result.group;
    return { removed: result.removed };
  },
  async reload(own) {
    own.group = mls.group_from_parts(mls.group_parts(own.group), { signature_key: own.signature_key });
    return describe(own.group);
  },
  async describe(own) {
    return describe(own.group);
  },
  async export_secret(own, { label, context, length }) {
    return { secret: to_hex(await mls.export_secret(own.group, label, to_utf8(context), length)) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, name, ...fields } = JSON.parse(line);
  let answer;
  try {
    answer =
      command === "new_device"
        ? await commands.new_device({ name, ...fields })
        : await commands[command](devices.get(name), fields);
  } catch (error) {
    answer = { error: error.code ?? String(error), reason: error.details?.reason };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
