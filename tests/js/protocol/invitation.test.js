// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { fragment_of_link, make_link, parse_fragment } from "../../../static/js/protocol/invitation.js";

const origin = "https://chat.example";
const parts = { account: random_bytes(16), identity_key_hash: random_bytes(32), token: random_bytes(16) };
const link = make_link(origin, parts.account, parts.identity_key_hash, parts.token);
const invalid = { code: "invitation_invalid" };

test("everything that names a person stands behind the #", () => {
  const url = new URL(link);
  assert.equal(`${url.origin}${url.pathname}${url.search}`, `${origin}/`);
  assert.deepEqual(parse_fragment(url.hash), parts);
});

test("a fragment is read with and without its #, and out of a pasted link", () => {
  const fragment = fragment_of_link(` ${link}\n`, origin);
  assert.deepEqual(parse_fragment(fragment), parts);
  assert.deepEqual(parse_fragment(`#${fragment}`), parts);
});

test("a registration code behind it is for who has no account yet, and changes nothing else", () => {
  const { account, identity_key_hash, token } = parts;
  const with_code = make_link(origin, account, identity_key_hash, token, "k3J9-q_XnV0aZtR7bLwY2Q");
  assert.equal(with_code, `${link}.k3J9-q_XnV0aZtR7bLwY2Q`);
  assert.deepEqual(parse_fragment(fragment_of_link(with_code, origin)), parts);
  assert.throws(() => make_link(origin, account, identity_key_hash, token, "<b>"), { code: "answer_invalid" });
});

test("a link to another server is refused", () => {
  assert.throws(() => fragment_of_link(link, "https://other.example"), invalid);
  assert.throws(() => fragment_of_link(link, "https://chat.exampl"), invalid);
});

test("parts of another length are refused", () => {
  const { account, identity_key_hash, token } = parts;
  for (const wrong of [
    make_link(origin, account.slice(1), identity_key_hash, token),
    make_link(origin, account, identity_key_hash.slice(1), token),
    make_link(origin, account, identity_key_hash, token.slice(1)),
  ]) {
    assert.throws(() => parse_fragment(fragment_of_link(wrong, origin)), invalid);
  }
});

test("damaged fragments are refused", () => {
  const fragment = fragment_of_link(link, origin);
  const wrong = ["", "#", "i=", "i=..", fragment.slice(2), fragment.slice(0, -1), `${fragment}A`, `${fragment}.A`, `x${fragment}`];
  for (const text of [...wrong, fragment.replace(".", "!"), "i=AA.AA.AA"]) assert.throws(() => parse_fragment(text), invalid);
});
