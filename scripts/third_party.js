// What we take from npm, by name: esbuild makes static/vendor/third_party.js of this file. The list is the
// whole third-party code that runs in a browser (docs/dependencies.md gives the reasons).

export { encode as msgpack_encode, decode as msgpack_decode } from "@msgpack/msgpack";
export { sha512 } from "@noble/hashes/sha2.js";
export { default as qrcode } from "qrcode-generator";
