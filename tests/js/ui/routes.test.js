// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { invitation_in, read_route, refusal_of, registration_code_in, registration_code_of, write_route } from "../../../static/js/ui/helpers/routes.js";

test("places in the application begin with a slash and survive a reload", () => {
  const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  fc.assert(
    fc.property(ids, fc.boolean(), (id, contact) => {
      const route = { name: /** @type {const} */ ("conversation"), id, contact };
      assert.deepEqual(read_route(write_route(route)), route);
    }),
  );
  for (const name of /** @type {const} */ (["list", "settings"])) assert.deepEqual(read_route(write_route({ name })), { name });
  const section = { name: /** @type {const} */ ("settings"), section: /** @type {const} */ ("key_log") };
  assert.deepEqual(read_route(write_route(section)), section);
});

test("an invitation is read from what stands behind the number sign, and no place is ever taken for one", () => {
  assert.deepEqual(read_route("#i=abc.def.ghi"), { name: "invitation", fragment: "i=abc.def.ghi" });
  fc.assert(
    fc.property(fc.string(), (rest) => {
      assert.notEqual(read_route(`#/${rest}`).name, "invitation");
    }),
  );
});

test("a registration code comes alone or behind an invitation", () => {
  const code = "k3J9-q_XnV0aZtR7bLwY2Q";
  assert.equal(read_route(`#r=${code}`).name, "registration");
  for (const hash of [`#r=${code}`, `#i=abc.def.ghi.${code}`]) {
    assert.equal(registration_code_of(read_route(hash)), code);
    assert.equal(write_route(read_route(hash)), hash);
    assert.equal(registration_code_in(` https://chat.example/${hash}\n`), code);
  }
  for (const hash of ["#r=", "#r=abc", `#r=${code}A`, "#i=abc.def.ghi", "#/settings", `#g/a.b.c.${code}`]) {
    assert.equal(registration_code_of(read_route(hash)), "", hash);
  }
  assert.equal(registration_code_in(` ${code} `), code);
  assert.equal(registration_code_in("let me in"), "let me in");
});

test("why the gate let nobody in stands in the code's place", () => {
  assert.equal(refusal_of(read_route("#e=gate_used_up")), "gate_used_up");
  for (const hash of ["#e=", "#e=<b>", "#r=gate_used_up", "#/e=gate_used_up"]) assert.equal(refusal_of(read_route(hash)), "", hash);
  assert.equal(registration_code_of(read_route("#e=gate_used_up")), "");
});

test("what means nothing is the list", () => {
  for (const hash of ["", "#", "#/", "#/c/", "#/c/a/b", "#/c/a/contact/more", "#/settings/x", "#/settings/key_log/x", "#/c/a b", "#detail", "#/c/<b>"]) {
    assert.deepEqual(read_route(hash), { name: "list" }, hash);
  }
});

test("a pasted link is recognised where a name is asked", () => {
  assert.equal(invitation_in(" https://chat.example/#i=ab-c.d_ef.ghi "), "i=ab-c.d_ef.ghi");
  assert.equal(invitation_in("bob"), null);
});
