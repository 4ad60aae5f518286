// @ts-check
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { from_utf8 } from "../../../static/js/codec/bytes.js";
import { label } from "../../../static/js/protocol/labels.js";

const folder = new URL("../../../static/js/", import.meta.url);

test("a label ends in a zero byte, so none is the beginning of another", () => {
  assert.equal(from_utf8(label("vault")), "talk2me/1 vault\0");
});

test("every label in use is named in the protocol's page", () => {
  const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
  const named = new Set([...page.matchAll(/label\("([^"]+)"\)/g)].map(([, name]) => name));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
  const used = files.flatMap((path) => {
    const source = readFileSync(new URL(path, folder), "utf8");
    return [...source.matchAll(/label\("([^"]+)"\)/g)].map(([, name]) => name);
  });
  assert.ok(used.length > 10);
  assert.deepEqual(used.filter((name) => !named.has(name)), []);
});
