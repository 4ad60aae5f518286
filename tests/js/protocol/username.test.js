// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalise_username } from "../../../static/js/protocol/username.js";

test("names are kept in lower case, composed and in plain width", () => {
  for (const [typed, kept] of [
    [" Alice ", "alice"],
    ["ZOE\u0308", "zo\u00eb"],
    ["Ａｌｉｃｅ", "alice"],
    ["ｱｲｳ", "アイウ"],
    ["ÅSE", "åse"],
    ["ΣΊΣΥΦΟΣ", "σίσυφος"],
    ["bob_1", "bob_1"],
  ]) {
    assert.equal(normalise_username(typed), kept);
  }
});

test("a kept name stays as it is", () => {
  for (const typed of ["Alice", "ZOE\u0308", "Ｂｏｂ"]) {
    assert.equal(normalise_username(normalise_username(typed)), normalise_username(typed));
  }
});
