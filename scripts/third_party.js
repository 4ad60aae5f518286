// What we take from npm, by name: esbuild makes static/vendor/third_party.js of this file. The list is the
// whole third-party code that runs in a browser (docs/dependencies.md gives the reasons).

export { encode as msgpack_encode, decode as msgpack_decode } from "@msgpack/msgpack";
export { argon2idAsync } from "@noble/hashes/argon2.js";
export { hmac } from "@noble/hashes/hmac.js";
export { sha256, sha512 } from "@noble/hashes/sha2.js";
export { default as qrcode } from "qrcode-generator";

// ts-mls by its submodules: its index imports packages that are not declared.
export { Aes128Gcm, Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256, HkdfSha512 } from "@hpke/core";
export { XWing } from "@hpke/hybridkem-x-wing";
export {
  createGroup as mls_create_group,
  joinGroup as mls_join_group,
} from "ts-mls/clientState.js";
export {
  createCommit as mls_create_commit,
  createGroupInfoWithExternalPubAndRatchetTree as mls_create_group_info,
  joinGroupExternal as mls_join_external,
} from "ts-mls/createCommit.js";
export {
  createApplicationMessage as mls_create_application_message,
  createProposal as mls_create_proposal,
} from "ts-mls/createMessage.js";
export { makeGenericHpke as mls_make_hpke } from "ts-mls/crypto/implementation/hpke.js";
export { makeHashImpl as mls_make_hash } from "ts-mls/crypto/implementation/default/makeHashImpl.js";
export { makeKdfImpl as mls_make_kdf } from "ts-mls/crypto/implementation/default/makeKdfImpl.js";
export { encode as tls_encode } from "ts-mls/codec/tlsEncoder.js";
export { decodeGroupContext as mls_decode_group_context, encodeGroupContext as mls_encode_group_context } from "ts-mls/groupContext.js";
export { ratchetTreeFromExtension as mls_tree_of_group_info } from "ts-mls/groupInfo.js";
export {
  generateKeyPackageWithKey as mls_generate_key_package,
  makeKeyPackageRef as mls_key_package_reference,
  verifyKeyPackage as mls_verify_key_package,
} from "ts-mls/keyPackage.js";
export {
  decodeKeySchedule as mls_decode_key_schedule,
  encodeKeySchedule as mls_encode_key_schedule,
  mlsExporter as mls_exporter,
} from "ts-mls/keySchedule.js";
export { verifyLeafNodeSignatureKeyPackage as mls_verify_leaf_of_key_package } from "ts-mls/leafNode.js";
export { decodeMlsMessage as mls_decode_message, encodeMlsMessage as mls_encode_message } from "ts-mls/message.js";
export { unprotectPrivateMessage as mls_unprotect_private_message } from "ts-mls/messageProtection.js";
export {
  decodePrivateKeyPath as mls_decode_private_path,
  privateKeyPathEncoder as mls_private_path_encoder,
} from "ts-mls/privateKeyPath.js";
export { processMessage as mls_process_message } from "ts-mls/processMessages.js";
export { emptyPskIndex as mls_no_psks } from "ts-mls/pskIndex.js";
export { decodeRatchetTree as mls_decode_tree, encodeRatchetTree as mls_encode_tree } from "ts-mls/ratchetTree.js";
export {
  decodeSecretTreeNode as mls_decode_ratchets,
  secretTreeNodeEncoder as mls_ratchets_encoder,
} from "ts-mls/secretTree.js";
export {
  decodeUnappliedProposals as mls_decode_proposals,
  unappliedProposalsEncoder as mls_proposals_encoder,
} from "ts-mls/unappliedProposals.js";
export { bytesToBase64 as mls_to_base64 } from "ts-mls/util/byteArray.js";
export { decryptGroupInfo as mls_decrypt_group_info, decryptGroupSecrets as mls_decrypt_group_secrets } from "ts-mls/welcome.js";
