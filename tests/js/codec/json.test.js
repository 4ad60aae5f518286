// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, from_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import { read_json_object } from "../../../static/js/codec/json.js";

const refused = { code: "encoding_invalid" };

const REFUSED = [
  "",
  "{",
  "[]",
  "null",
  "7",
  '"text"',
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"b":{"a":1,"a":1}}',
  '{"b":[{"a":1},{"c":[],"c":[]}]}',
  '{"a":{},"a":{}}',
  '{"__proto__":{}}',
  '{"a":1.0}',
  '{"a":1e2}',
  '{"a":1E0}',
  '{"a":-0}',
  '{"a":01}',
  '{"a":+1}',
  '{"a":9007199254740992}',
  '{"a":NaN}',
  '{"a":Infinity}',
  '{"a":1,}',
  '{"a":1}{}',
  '{"a":1} x',
  '{"a":1}\0',
  '\ufeff{"a":1}',
  "{'a':1}",
  '{"a":"\t"}',
  '{"a":"\\ud800"}',
  '{"\\udc00":1}',
  '{"a":1/**/}',
];

test("objects with texts, integers, lists and words are read", () => {
  const text = ' { "a" : -1 , "b" : [ true , false , null , { "a" : "x \\" { [ , : \\\\" } ] ,\n"c":9007199254740991,"\\u0064":"\\ud83d\\ude00" } ';
  assert.deepEqual(read_json_object(to_utf8(text)), {
    a: -1,
    b: [true, false, null, { a: 'x " { [ , : \\' }],
    c: Number.MAX_SAFE_INTEGER,
    d: "😀",
  });
});

for (const text of REFUSED) {
  test(`refused: ${JSON.stringify(text)}`, () => assert.throws(() => read_json_object(to_utf8(text)), refused));
}

test("bytes that are not UTF-8 are refused", () => {
  assert.throws(() => read_json_object(concat(to_utf8('{"a":"'), from_hex("ff"), to_utf8('"}'))), refused);
});

test("every object of the allowed kind is read as JSON.parse reads it", () => {
  const key = fc.string({ unit: "binary" }).filter((name) => name !== "__proto__");
  const { value } = fc.letrec((/** @type {(name: string) => fc.Arbitrary<any>} */ tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger().map((number) => number || 0),
      fc.string({ unit: "binary" }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), fc.constantFrom(0, 2), (object, indent) => {
      assert.deepEqual(read_json_object(to_utf8(JSON.stringify(object, null, indent))), object);
    }),
  );
});
