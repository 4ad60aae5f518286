// @ts-check
// What browser tests hold on to (tests/e2e/README.md) and what controllers look for is in the templates.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const page = readdirSync("templates/ui").map((name) => readFileSync(`templates/ui/${name}`, "utf8")).join("\n");
const code = readdirSync("static/js/ui", { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(`static/js/ui/${name}`, "utf8"))
  .join("\n");

/** @param {string} text @param {RegExp} pattern @returns {Set<string>} */
const all = (text, pattern) => new Set([...text.matchAll(pattern)].map((match) => match[1]));

const hooks = all(`${page}\n${code}`, /(?:data-test="|dataset\.test = ")([a-z-]+)"/g);
const table = readFileSync("tests/e2e/README.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"));
const listed = all(table.map((line) => line.split("|")[1].replace(/\([^)]*\)/g, (more) => more.replace(/`data-[^`]*`/g, ""))).join("\n"), /`([a-z-]+)`/g);

test("every name that tests may hold on to is in a template", () => {
  assert.deepEqual([...listed].filter((name) => !hooks.has(name)), []);
});

test("every name in a template is listed", () => {
  assert.deepEqual([...hooks].filter((name) => !listed.has(name)), []);
});

test("every template and part that the code asks for exists", () => {
  const templates = all(page, /<template id="template-([a-z-]+)"/g);
  const parts = all(page, /data-part="(\w+)"/g);
  for (const name of all(code, /clone\("([a-z-]+)"\)/g)) assert.ok(templates.has(name), name);
  for (const name of all(code, /\bpart\("(\w+)"/g)) assert.ok(parts.has(name), name);
});

test("every icon that is used is in the sprite", () => {
  const icons = all(page, /<symbol id="icon-([a-z-]+)"/g);
  for (const name of all(`${page}\n${code}`, /#icon-([a-z-]+)/g)) assert.ok(icons.has(name), name);
});

test("nothing in a template needs what the Content Security Policy forbids", () => {
  const shell = readFileSync("templates/shell.html", "utf8");
  for (const text of [page, shell]) assert.doesNotMatch(text, /\sstyle=|\son[a-z]+=|<style|javascript:/i);
  assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setAttribute\("style"/);
});

test("ids are unique, and every label, description and name points to one", () => {
  const ids = [...page.matchAll(/\sid="([^"{]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, names] of page.matchAll(/(?:for|aria-labelledby|aria-describedby)="([^"]+)"/g)) {
    for (const name of names.split(" ")) assert.ok(ids.includes(name), name);
  }
});
