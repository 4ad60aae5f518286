"""The formats of docs/protocol.md a second time, written from that page alone, with none of the product's code.

Each function takes the `given` of a case in tests/vectors/formats.json and returns what its `expected` must be.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.interop.encodings import base64url, crockford

Given = dict[str, Any]
KINDS = {"application": 1, "commit": 2, "proposal": 3}


def label(name: str) -> bytes:
    return b"talk2me/1 " + name.encode() + b"\x00"


def padme(length: int) -> int:
    """Algorithm 1 of the PURBs paper, with its bit mask."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    last_bits = exponent - exponent.bit_length()
    mask = (1 << max(last_bits, 0)) - 1
    return (length + mask) & ~mask


def pad(data: bytes, least: int) -> bytes:
    return data.ljust(max(padme(len(data)), least), b"\x00")


def hkdf(secret: bytes, salt: bytes, name: str, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt, label(name)).derive(secret)


def public_key(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def recovery_key(given: Given) -> Any:
    key, account = given["key"], given["account"]
    check = hashlib.sha256(label("recovery checksum") + key).digest()
    text = crockford(key, 26) + crockford(check, 4)[:2]
    return {
        "text": "-".join(text[at : at + 4] for at in range(0, 28, 4)),
        "signing_key": public_key(hkdf(key, account, "recovery sign")),
        "hpke_key": xwing_public_key(hkdf(key, account, "recovery hpke")),
    }


def xwing_public_key(private_key: bytes) -> bytes:
    """draft-connolly-cfrg-xwing-kem, expandDecapsulationKey."""
    expanded = hashlib.shake_256(private_key).digest(96)
    kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    group = X25519PrivateKey.from_private_bytes(expanded[64:])
    return kem.public_key().public_bytes_raw() + group.public_key().public_bytes_raw()


def vault_wrap_of_before(given: Given) -> Any:
    key, account = given["recovery_key"], given["account"]
    public = public_key(hkdf(key, account, "recovery sign"))
    sealed = AESGCM(hkdf(key, account, "recovery wrap")).encrypt(
        given["nonce"], given["vault_key"], label("vault wrap") + account + public
    )
    return {"kind": "recovery", "key": public, "nonce": given["nonce"], "wrapped": sealed}


def padded(value: Any) -> bytes:
    packed = msgpack.packb(value)
    return pad(len(packed).to_bytes(4, "big") + packed, 256)


def vault_of_before(given: Given) -> Any:
    plain = padded(given["contents"])
    account, version = given["account"], given["version"]
    data = label("vault") + account + version.to_bytes(8, "big")
    return msgpack.packb(
        {
            "v": 1,
            "account": account,
            "version": version,
            "wraps": given["wraps"],
            "nonce": given["nonce"],
            "sealed": AESGCM(given["vault_key"]).encrypt(given["nonce"], plain, data),
        }
    )


def archive_of_before(given: Given) -> Any:
    key = given["contents"]["archive_key"]
    return {"mailbox": hkdf(key, b"", "archive mailbox", 16), "keys": [{"generation": 1, "key": key}]}


def vault(given: Given) -> Any:
    account, version, author = given["account"], given["version"], given["author"]
    data = label("vault") + account + version.to_bytes(8, "big") + author
    sealed = AESGCM(given["vault_key"]).encrypt(given["nonce"], padded(given["contents"]), data)
    fields = {"v": 2, "account": account, "version": version, "author": author}
    fields |= {"wraps": given["wraps"], "nonce": given["nonce"], "sealed": sealed}
    digest = hashlib.sha256(msgpack.packb(fields)).digest()
    signed = label("vault") + given["origin"].encode() + b"\x00" + digest
    signature = Ed25519PrivateKey.from_private_bytes(given["sign_in_seed"]).sign(signed)
    return msgpack.packb({**fields, "signature": signature})


def link(given: Given) -> Any:
    secret, origin = given["secret"], given["origin"].encode() + b"\x00"
    old = given["old_key"] + given["old_nonce"]
    box = hkdf(secret, b"", "link box id", 16)
    check = hashlib.sha256(label("link checksum") + secret).digest()
    text = crockford(secret, 26) + crockford(check, 4)[:2]
    data = label("link part") + origin + box + b"\x02"
    part = AESGCM(hkdf(secret, b"", "link box key")).encrypt(given["nonce"], padded(given["part_2"]), data)
    part_hash = hashlib.sha256(msgpack.packb(given["part_2"])).digest()
    digest = hashlib.sha256(label("link code") + origin + secret + old + part_hash).digest()
    number = f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"
    return {
        "box": box,
        "code": "-".join(text[at : at + 4] for at in range(0, 28, 4)),
        "qr": "T2ML1:" + base64url(secret),
        "commitment": hashlib.sha256(label("link commitment") + old).digest(),
        "sealed": given["nonce"] + part,
        "short_code": f"{number[:3]} {number[3:]}",
    }


def account_file(given: Given) -> Any:
    return hashlib.sha256(b"".join(_account_file(given))).digest()


def _account_file(given: Given) -> Iterator[bytes]:
    header = msgpack.packb(
        {name: given[name] for name in ("account", "username", "origin", "created", "salt", "prefix", "wrap")}
    )
    yield b"T2MA\x01" + len(header).to_bytes(4, "big") + header
    records = [{"type": "vault", "contents": given["contents"]}]
    records += [{"type": "message", "n": n, "text": "x" * n} for n in range(given["messages"])]
    packed = [msgpack.packb(record) for record in records]
    plain = b"".join(len(record).to_bytes(4, "big") + record for record in packed)
    key = AESGCM(hkdf(given["vault_key"], given["salt"], "account file"))
    chunks = [plain[at : at + 65536] for at in range(0, len(plain), 65536)]
    for index, chunk in enumerate(chunks):
        final = index == len(chunks) - 1
        nonce = given["prefix"] + index.to_bytes(4, "big") + bytes([final])
        yield key.encrypt(nonce, chunk, label("account file") + hashlib.sha256(header).digest())


def fingerprint(key: bytes, stable_id: bytes) -> str:
    digest = b"\x00\x00" + key + stable_id
    for _ in range(5200):
        digest = hashlib.sha512(digest + key).digest()
    return " ".join(f"{int.from_bytes(digest[at : at + 5], 'big') % 100_000:05}" for at in range(0, 30, 5))


def safety_number(given: Given) -> Any:
    people = (given["mine"], given["theirs"])
    origin = given["origin"].encode()
    return " ".join(sorted(fingerprint(person["identity_key"], origin + person["account"]) for person in people))


def device_code(given: Given) -> Any:
    stable_id = label("device code") + given["account"] + given["device"]
    return fingerprint(given["signature_key"] + given["sign_in_key"], stable_id)


def verification_code(given: Given) -> Any:
    sides = [given[side][part] for side in ("mine", "theirs") for part in ("account", "identity_key")]
    log = given["log"]
    return base64url(b"T2M1\x02" + b"".join(sides) + log["size"].to_bytes(8, "big") + log["root"] + log["signature"])


def invitation(given: Given) -> Any:
    parts = (given["account"], hashlib.sha256(given["identity_key"]).digest(), given["token"])
    return given["origin"] + "/#i=" + ".".join(base64url(part) for part in parts)


def content(given: Given) -> Any:
    packed = msgpack.packb({"v": 1, **given["content"]})
    inner = given["opening"] + packed
    return {
        "plain": pad(len(inner).to_bytes(4, "big") + inner, 512),
        "commitment": hmac.digest(given["opening"], label("franking") + given["mailbox"] + packed, "sha256"),
    }


def transcript(given: Given) -> Any:
    held = hashlib.sha256(label("transcript") + given["confirmed_transcript_hash"]).digest()
    steps = [held]
    for envelope in given["envelopes"]:
        number = envelope["sequence"].to_bytes(8, "big")
        body_hash = hashlib.sha256(envelope["body"]).digest()
        held = hashlib.sha256(held + number + envelope["id"] + bytes([KINDS[envelope["kind"]]]) + body_hash).digest()
        steps.append(held)
    return steps


def sign_in(given: Given) -> Any:
    origin = given["origin"].encode() + b"\x00"
    signed = label("sign in") + origin + given["account"] + given["device"] + given["nonce"]
    return Ed25519PrivateKey.from_private_bytes(given["seed"]).sign(signed)


def padded_lengths(given: Given) -> Any:
    return [padme(length) for length in given["lengths"]]


FORMATS: dict[str, Callable[[Given], Any]] = {
    made.__name__: made
    for made in (
        padded_lengths,
        recovery_key,
        vault_wrap_of_before,
        vault_of_before,
        archive_of_before,
        vault,
        link,
        device_code,
        account_file,
        safety_number,
        verification_code,
        invitation,
        content,
        transcript,
        sign_in,
    )
}
