"""The vectors of the key log, from fixed seeds: both languages replay tests/vectors/key_log.json.

`python manage.py shell -c "from tests.unit.keys.key_log import vectors; vectors.write()"` writes the file; a test
compares it with what is built here. `error` is the code that a reader has to give, null where everything holds.
"""

import copy
import hashlib
import json
from pathlib import Path

from keys import base64url, ed25519
from keys.key_log import leaf as leaves
from keys.key_log import note, prefix_map, serve, tree
from keys.key_log.checkpoint import Checkpoint, log_signer
from keys.key_log.leaf import Leaf
from keys.key_log.map_in_memory import MapInMemory
from tests.key_log_in_memory import LogInMemory

PATH = Path(__file__).parents[3] / "vectors/key_log.json"
ORIGIN = "https://chat.example"
SECRET = "vectors only, vectors only, vectors only"
SIGNER = log_signer(ORIGIN, SECRET)
OTHER_SIGNER = log_signer(ORIGIN, SECRET + "!")
INVALID, SPLIT, BACK, CHANGED = "key_log_invalid", "log_split", "log_rolled_back", "log_key_changed"
b64 = base64url.encode


def some(name: str, size: int = 32) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:size]


ALICE, BOB, CAROL = (some(name, 16) for name in ("alice", "bob", "carol"))
EVENTS = {who: [some(f"{who!r} {n}") + b" event" for n in range(4)] for who in (ALICE, BOB, CAROL)}


def changed(data: bytes, at: int, bit: int = 0) -> bytes:
    found = bytearray(data)
    found[at] ^= 1 << bit
    return bytes(found)


# --- leaves ----------------------------------------------------------------------------------------------------------


def leaf_cases() -> list[dict]:
    time = 1_760_000_040_000
    good = {
        "genesis": Leaf(leaves.GENESIS, time, some("index"), some("commitment"), bytes(32)),
        "an account event": Leaf(leaves.ACCOUNT, time, some("index"), some("commitment"), some("map root")),
        "a username": Leaf(leaves.USERNAME, leaves.LARGEST, some("index"), some("commitment"), some("map root")),
        "a heartbeat": leaves.heartbeat(time + 59_999, some("map root")),
    }
    cases = [{"name": name, "leaf": b64(one.encode()), "read": as_json(one)} for name, one in good.items()]
    data, beat = good["an account event"].encode(), good["a heartbeat"].encode()
    bad = {
        "another version": b"\2" + data[1:],
        "version 0": b"\0" + data[1:],
        "a type that is not in the table": b"\1\3" + data[2:],
        "a byte too few": data[:-1],
        "a byte too many": data + b"\0",
        "nothing": b"",
        "a time too large for every reader": data[:2] + (2**53).to_bytes(8, "big") + data[10:],
        "a heartbeat with an index": changed(beat, 10),
        "a heartbeat with a commitment": changed(beat, 73),
    }
    return cases + [{"name": name, "leaf": b64(one), "read": None} for name, one in bad.items()]


def as_json(leaf: Leaf) -> dict:
    hashes = {name: b64(getattr(leaf, name)) for name in ("index", "commitment", "map_root")}
    return {"type": leaf.type, "time": leaf.time, **hashes}


def index_cases() -> list[dict]:
    key, long = some("directory key"), "https://" + "a" * 248
    return [
        *({"kind": 0, "origin": one, "index": b64(leaves.genesis_index(one))} for one in (ORIGIN, long[:-1], long)),
        *(
            {"kind": 1, "account": b64(ALICE), "version": n, "index": b64(leaves.account_index(ALICE, n))}
            for n in (1, 2, 256, 2**32 - 1)
        ),
        *(
            {
                "kind": 2, "directory_key": b64(key), "username": name, "version": n,
                "index": b64(leaves.username_index(key, name, n)),
            }
            for name, n in (("alice", 1), ("alice", 2), ("zoë", 1))
        ),
    ]  # fmt: skip


def commitment_cases() -> list[dict]:
    found = []
    for content in (b"", b"event", bytes(16 * 1024)):
        opening, index = some("opening"), some("index")
        fields = {"opening": opening, "index": index, "content": content}
        fields["commitment"] = leaves.commitment(opening, index, content)
        found.append({name: b64(value) for name, value in fields.items()})
    return found


# --- tree ------------------------------------------------------------------------------------------------------------


def tree_cases() -> dict:
    """All proofs of a tree of 13 leaves that are a byte each."""
    data = [bytes([n]) for n in range(13)]
    nodes, _ = tree.append(0, [], data)
    frontiers = [tree.append(0, [], data[:size])[1] for size in range(14)]
    return {
        "leaves": [b64(one) for one in data],
        "nodes": serve.hashes(nodes),
        "frontiers": [serve.hashes(one) for one in frontiers],
        "roots": [b64(tree.fold(one)) for one in frontiers],
        "inclusion": [
            [serve.hashes(tree.resolve(tree.inclusion_plan(position, size), nodes)) for position in range(size)]
            for size in range(14)
        ],
        "consistency": [
            [serve.hashes(tree.resolve(tree.consistency_plan(first, second), nodes)) for first in range(second + 1)]
            for second in range(14)
        ],
    }


# --- map -------------------------------------------------------------------------------------------------------------

DEEP = bytes(31) + b"\1"
KEYS = [some("one"), some("two"), bytes(32), DEEP, b"\x80" + bytes(31), b"\xff" * 32, *(some(f"{n}") for n in range(6))]


def map_cases() -> dict:
    store, entries = MapInMemory(), []
    absent = some("never")
    proofs = [map_proof("nothing is in an empty map", store, absent, bytes(32))]
    for position, key in enumerate(KEYS, 3):
        root = prefix_map.insert(store, prefix_map.Entry(key, position))
        entries.append({"key": b64(key), "position": position, "root": b64(root)})
        if len(entries) == 1:
            proofs += [map_proof(f"of one entry, {what}", store, one, root) for what, one in (("it", key), ("another", absent))]  # fmt: skip # noqa: E501
    proofs += [map_proof(f"entry {n}", store, key, root) for n, key in enumerate(KEYS)]
    missing = [some(f"missing {n}") for n in range(6)] + [bytes(31) + b"\3", b"\xff" * 31 + b"\xfe"]
    proofs += [map_proof(f"no entry {n}", store, key, root) for n, key in enumerate(missing)]
    return {"entries": entries, "proofs": proofs + wrong_map_proofs(store, root)}


def map_proof(name: str, store: MapInMemory, key: bytes, root: bytes) -> dict:
    """`position` is null in a proof that there is no entry."""
    proof = prefix_map.prove(store, key)
    is_there = proof.end is not None and proof.end.key == key
    other = None if is_there or proof.end is None else {"key": b64(proof.end.key), "position": proof.end.position}
    return {
        "name": name, "root": b64(root), "key": b64(key), "position": proof.end.position if is_there else None,
        "path": serve.hashes(proof.path), "other": other, "holds": True,
    }  # fmt: skip


def wrong_map_proofs(store: MapInMemory, root: bytes) -> list[dict]:
    key, missing = KEYS[0], some("missing 0")
    right, gone = prefix_map.prove(store, key), prefix_map.prove(store, missing)
    path = right.path
    own = {"key": b64(key), "position": 3}
    to_nothing = next(
        one for one in (some(f"probe {n}") for n in range(99)) if prefix_map.prove(store, one).end is None
    )

    def wrong(name: str, key: bytes, **given: object) -> dict:
        return map_proof(name, store, key, root) | given | {"holds": False}

    cases = [
        wrong("another position", key, position=4),
        wrong("another root", key, root=b64(changed(root, 31))),
        wrong("a flipped bit in the path", key, path=serve.hashes([changed(path[0], 0), *path[1:]])),
        wrong("a sibling too few", key, path=serve.hashes(path[1:])),
        wrong("the last sibling left out", key, path=serve.hashes(path[:-1])),
        wrong("a sibling too many", key, path=serve.hashes([*path, bytes(32)])),
        wrong("siblings from the entry up", key, path=serve.hashes(path[::-1])),
        wrong("a path of 257 siblings", key, path=serve.hashes([bytes(32)] * 257)),
        wrong("half a hash", key, path=b64(b"".join(path)[:-16])),
        wrong("an entry that is there, denied with nothing in its place", key, position=None),
        wrong("an entry that is there, denied with itself in its place", key, position=None, other=own),
        wrong("no entry, said to be one", missing, position=3, other=None),
        wrong("no entry, and another's hash left out", missing, other=None),
        wrong("nothing there, and another entry in its place", to_nothing, other=own),
        wrong("another entry that is no sibling of the key", b"\x01" + bytes(31), path="", other=own),
    ]
    if gone.end is not None:
        far = {"key": b64(changed(gone.end.key, 0, 7)), "position": gone.end.position}
        cases.append(wrong("another entry whose key begins otherwise", missing, other=far))
    return cases


# --- notes -----------------------------------------------------------------------------------------------------------


def note_cases() -> list[dict]:
    root, name = some("root"), SIGNER.name
    text = Checkpoint(name, 7, root).text
    good = note.sign_note(text, SIGNER)
    line = good.split("\n\n")[1]
    stranger = note.sign_note(text, note.Signer("witness.example", some("witness")))
    other = note.sign_note(text, OTHER_SIGNER)
    strange_line = stranger.split("\n\n")[1]
    read = {"name": name, "size": 7, "root": b64(root)}
    largest = note.sign_note(Checkpoint(name, leaves.LARGEST, root).text, SIGNER)
    unknown = f"— {name} {note.to_base64(some('unknown', 30))}\n"
    cases = [
        ("as the log signs it", good, read),
        ("with another's signature before", text + "\n" + strange_line + line, read),
        ("with another's signature behind", good + strange_line, read),
        ("with a signature of a kind that nobody knows", good + unknown, read),
        ("the largest size", largest, read | {"size": leaves.LARGEST}),
    ]  # fmt: skip
    wrong_signature = note.Note(text, (note.Signature(name, SIGNER.verifier.key_id, bytes(64)),))
    short = note.Note(text, (note.Signature(name, SIGNER.verifier.key_id, bytes(63)),))
    signed_of_another = note.sign_note(Checkpoint(name, 8, root).text, SIGNER).split("\n\n")[1]
    renamed = note.Signer("other.example/keylog/1", SIGNER.seed)
    renamed_text = Checkpoint(renamed.name, 7, root).text

    def sign(changed_text: str) -> str:
        return note.sign_note(changed_text, SIGNER)

    padded = note.to_base64(root)
    bad = [
        ("signed by another key of that name", other, CHANGED),
        ("signed by a stranger only", stranger, CHANGED),
        ("another name", note.sign_note(renamed_text, renamed), CHANGED),
        ("another name in its text, ours below", note.sign_note(renamed_text, SIGNER), CHANGED),
        ("a signature of zeros", note.write_note(wrong_signature), INVALID),
        ("a signature that is a byte short", note.write_note(short), INVALID),
        ("a signature of another text", text + "\n" + signed_of_another, INVALID),
        ("a size that was changed", good.replace("\n7\n", "\n8\n"), INVALID),
        ("no signature", text + "\n", INVALID),
        ("no empty line", text + line, INVALID),
        ("no newline at the end", good[:-1], INVALID),
        ("an empty line behind", good + "\n", INVALID),
        ("a hyphen for the dash", good.replace("—", "-"), INVALID),
        ("a signature without name", text + "\n— " + line.rsplit(" ", 1)[1], INVALID),
        ("a signature that is not base64", good[:-2] + "!\n", INVALID),
        ("carriage returns", good.replace("\n", "\r\n"), INVALID),
        ("a size with a zero before", sign(f"{name}\n07\n{padded}\n"), INVALID),
        ("a size with a sign", sign(f"{name}\n+7\n{padded}\n"), INVALID),
        ("a size of nothing", sign(f"{name}\n\n{padded}\n"), INVALID),
        ("size 0", sign(f"{name}\n0\n{padded}\n"), INVALID),
        ("a size with a fraction", sign(f"{name}\n7.0\n{padded}\n"), INVALID),
        ("a size too large for every reader", sign(f"{name}\n{2**53}\n{padded}\n"), INVALID),
        ("a fourth line", sign(f"{text}more\n"), INVALID),
        ("two lines", sign(f"{name}\n7\n"), INVALID),
        ("a root without padding", sign(f"{name}\n7\n{padded.rstrip('=')}\n"), INVALID),
        ("a root with bits to spare", sign(f"{name}\n7\n{padded[:-2]}{chr(ord(padded[-2]) + 1)}=\n"), INVALID),
        ("a root of 31 bytes", sign(f"{name}\n7\n{note.to_base64(root[1:])}\n"), INVALID),
        ("a root as base64url", sign(f"{name}\n7\n{b64(root)}\n"), INVALID),
    ]  # fmt: skip
    found = [{"name": what, "note": one, "read": fields, "error": None} for what, one, fields in cases]
    return found + [{"name": what, "note": one, "read": None, "error": error} for what, one, error in bad]


def vkey_cases() -> list[dict]:
    good = SIGNER.verifier.vkey
    name, hashed, encoded = good.split("+", 2)
    low = note.Verifier(name, bytes(32)).vkey
    bad = {
        "another hash": f"{name}+{'0' * 8}+{encoded}",
        "a hash in capitals": f"{name}+{hashed.upper()}+{encoded}",
        "another name": f"x{good}",
        "no name": good.removeprefix(name),
        "a name with a space": f"a b{good}",
        "two parts": f"{name}+{hashed}",
        "a key of another kind": f"{name}+{hashed}+{note.to_base64(bytes([4]) + SIGNER.verifier.key)}",
        "a key of low order": low,
        "a key too short": f"{name}+{hashed}+{encoded[:-4]}",
    }
    key = b64(SIGNER.verifier.key)
    return [
        {"name": "the log's own", "vkey": good, "read": {"name": name, "id": hashed, "key": key}},
        *({"name": what, "vkey": one, "read": None} for what, one in bad.items()),
    ]


# --- answers ---------------------------------------------------------------------------------------------------------


def main_log() -> tuple[LogInMemory, LogInMemory]:
    """The log when somebody first looked, and later: more devices, a heartbeat, a name that went to another account."""
    log = LogInMemory(ORIGIN, SIGNER, b"vectors")
    for who, name in ((ALICE, "alice"), (BOB, "bob")):
        log.append_event(who, EVENTS[who][0])
        log.append_username(name, who)
    earlier = copy.deepcopy(log)
    log.time += 12 * 3600 * 1000
    log.append_event(ALICE, EVENTS[ALICE][1])
    log.append_event(ALICE, EVENTS[ALICE][2])
    log.append_event(CAROL, EVENTS[CAROL][0])
    log.append_username("bob", CAROL)
    log.time += 12 * 3600 * 1000
    log.heartbeat()
    return earlier, log


def head(log: LogInMemory) -> dict:
    return {"size": log.size, "root": b64(log.root), "note": log.checkpoint()}


def chain_of(log: LogInMemory, who: bytes, events: list[bytes] | None = None) -> dict:
    events = events or EVENTS[who][: len(log.events[who])]
    return {"account": b64(who), "first": b64(events[0]), "last": b64(events[-1]), "seq": len(events)}


def answer_cases() -> list[dict]:
    """`held` is what the reader has, `chain` and `username` what the entries have to prove; each may be null."""
    earlier, log = main_log()
    held = head(earlier)
    alice, bob = chain_of(log, ALICE), {"username": "bob", "account": b64(CAROL)}
    old = {"username": "bob", "account": b64(BOB)}

    def case(name: str, error: str | None, answer: dict, since: dict | None = held, **claims: dict | None) -> dict:
        known = {"chain": None, "username": None} | claims
        return {"name": name, "held": since, "log": answer, **known, "error": error}

    plain, whole = log.log(earlier.size), log.log(earlier.size, ALICE, "alice")
    is_alice = {"username": "alice", "account": b64(ALICE)}
    good = [
        case("nothing held", None, log.log(), None),
        case("the log has grown", None, plain),
        case("the same head again", None, log.log(log.size), head(log)),
        case("the very first leaf", None, LogInMemory(ORIGIN, SIGNER, b"vectors").log(), None),
        case("an account with three events, and its name", None, whole, chain=alice, username=is_alice),
        case("an account with one event", None, log.log(earlier.size, CAROL), chain=chain_of(log, CAROL)),
        case("version 1,024 of an account", None, many_versions(1024).log(0, ALICE), None, chain=chain_at(1024)),
        case("a name that another account had before", None, log.log(0, None, "bob"), None, username=bob),
    ]
    bad = [
        case("a log cut back", BACK, earlier.log(log.size), head(log)),
        case("the name's owner before", INVALID, log.log(0, None, "bob"), None, username=old),
        *(case(f"a fork that {name}", SPLIT, one.log(at["size"]), at) for name, one, at in forks(earlier, log)),
        *(case(f"other: {name}", error, plain | one) for name, error, one in changed_logs(plain, log)),
        *(
            case(f"entry: {name}", INVALID, one, chain=alice, username=is_alice)
            for name, one in changed_entries(whole, log, earlier)
        ),
        case("the last event is another one", INVALID, whole, chain=alice | {"last": b64(EVENTS[ALICE][3])}),
        case("the first event is another one", INVALID, whole, chain=alice | {"first": b64(EVENTS[BOB][0])}),
        case("version 1,025 of an account", INVALID, many_versions(1025).log(0, ALICE), None, chain=chain_at(1025)),
        case("the log has an event that the chain lacks", INVALID, whole, chain=chain_of(earlier, ALICE)),
        case("the chain has an event that the log lacks", INVALID, whole, chain=chain_of(log, ALICE, EVENTS[ALICE])),
        case("the chain of another", INVALID, whole, chain=chain_of(log, BOB)),
        case("an event entered twice", INVALID, entered_twice(log), None, chain=chain_of(log, CAROL)),
        case("an entry that the map was made to forget", INVALID, forgotten(), None, chain=chain_of(earlier, ALICE)),
    ]  # fmt: skip
    return good + bad


def chain_at(seq: int) -> dict:
    return {"account": b64(ALICE), "first": b64(EVENTS[ALICE][0]), "last": b64(EVENTS[ALICE][1]), "seq": seq}


def many_versions(version: int) -> LogInMemory:
    """A log with the first and one far later event of an account, and nothing between."""
    log = LogInMemory(ORIGIN, SIGNER, b"vectors")
    log.append_event(ALICE, EVENTS[ALICE][0])
    log.append_event(ALICE, EVENTS[ALICE][1], version)
    return log


def forks(earlier: LogInMemory, log: LogInMemory) -> list[tuple[str, LogInMemory, dict]]:
    """Logs of the same key that part from ours, and the head that is held when they are shown."""
    grown, same_size = LogInMemory(ORIGIN, SIGNER, b"vectors"), LogInMemory(ORIGIN, SIGNER, b"fork")
    for number in range(12):
        grown.append_event(some(f"fork {number}", 16), b"event")
    for _ in range(log.size - 1):
        same_size.heartbeat()
    return [("grew in another way", grown, head(earlier)), ("has the same size", same_size, head(log))]


def changed_logs(plain: dict, log: LogInMemory) -> list[tuple[str, str, dict]]:
    last, proof = plain["last"], base64url.decode(plain["consistency"])
    resigned = note.sign_note(log.checkpoint().split("\n\n")[0] + "\n", OTHER_SIGNER)
    fresh = copy.deepcopy(log)
    fresh.time += 24 * 3600 * 1000
    fresh.heartbeat()
    return [
        ("consistency with a flipped bit", SPLIT, {"consistency": b64(changed(proof, 0))}),
        ("consistency left out", SPLIT, {"consistency": ""}),
        ("consistency with a hash too many", SPLIT, {"consistency": b64(proof + bytes(32))}),
        ("consistency that is no whole number of hashes", INVALID, {"consistency": b64(proof[:-1])}),
        ("consistency that is no text", INVALID, {"consistency": []}),
        ("a last leaf that is newer than the checkpoint", INVALID, {"last": fresh.log()["last"]}),
        ("a last leaf with another time", INVALID, {"last": last | {"leaf": b64(changed(log.leaves[-1], 9, 4))}}),
        ("the last leaf but one", INVALID, {"last": last | {"leaf": b64(log.leaves[-2])}}),
        ("the last leaf without proof", INVALID, {"last": last | {"inclusion": ""}}),
        ("a field nobody knows", INVALID, {"extra": 1}),
        ("another key", CHANGED, {"checkpoint": resigned}),
        ("a checkpoint that is no text", INVALID, {"checkpoint": 1}),
    ]  # fmt: skip


def changed_entries(whole: dict, log: LogInMemory, earlier: LogInMemory) -> list[tuple[str, dict]]:
    account, first, username = whole["account"], whole["first"], whole["username"]

    def flip(entry: dict, field: str) -> dict:
        return entry | {field: b64(changed(base64url.decode(entry[field]), -1))}

    def entry(**given: object) -> dict:
        return whole | {"account": account | given}

    stale = earlier.log(0, ALICE)["account"]
    old_map = {name: stale[name] for name in ("present", "absent")}
    unproven = {name: one for name, one in account.items() if name != "absent"}
    other = {"key": b64(some("any")), "position": 5}
    absent = account["absent"]
    found = [(f"{name} flipped in {which}", whole | {which: flip(one, name)}) for which, one in (("account", account), ("first", first), ("username", username)) for name in ("leaf", "inclusion", "opening", "present")]  # fmt: skip # noqa: E501
    found += [(f"{which} left out", {name: one for name, one in whole.items() if name != which}) for which in ("account", "first", "username")]  # fmt: skip # noqa: E501
    return [
        *found,
        ("another version", entry(version=account["version"] - 1)),
        ("version 0", entry(version=0)),
        ("a version that is text", entry(version="3")),
        ("a version that is no integer", entry(version=1.5)),
        ("another position", entry(position=account["position"] + 1)),
        ("a position beyond the head", entry(position=log.size)),
        ("no proof that it is the newest", whole | {"account": unproven}),
        ("a field nobody knows", entry(extra=1)),
        ("the present entry's path as the next one's", entry(absent=absent | {"path": account["present"]})),
        ("another entry in the next one's place", entry(absent=absent | {"other": other})),
        ("the map of an older head", whole | {"account": account | old_map}),
        ("the first event as the last", whole | {"account": first | {"absent": absent}}),
        ("the username's entry as the account's", whole | {"account": username}),
    ]  # fmt: skip


def entered_twice(log: LogInMemory) -> dict:
    """The map leads to the first of two leaves for one event, the answer shows the second."""
    lying = copy.deepcopy(log)
    placed = lying.events[CAROL][0]
    again = lying.append(leaves.decode(lying.leaves[placed.position]))
    lying.heartbeat()
    lying.events[CAROL][0] = type(placed)(1, again, placed.opening)
    return lying.log(0, CAROL)


def forgotten() -> dict:
    """The log has a second event of the account, and a map that was made again without it."""
    lying = LogInMemory(ORIGIN, SIGNER, b"vectors")
    lying.append_event(ALICE, EVENTS[ALICE][0])
    kept = copy.deepcopy((lying.map, lying.map_root))
    lying.append_event(ALICE, EVENTS[ALICE][1])
    lying.map, lying.map_root = kept
    del lying.events[ALICE][1]
    # Its last leaf still shows the map in which the event is.
    return lying.log(0, ALICE)


def directory_cases() -> list[dict]:
    _, log = main_log()
    good = log.directory()
    genesis, frontier = good["genesis"], base64url.decode(good["frontier"])
    other_key, opening = changed(log.directory_key, 0), changed(log.genesis_opening, 0)
    with_map = LogInMemory(ORIGIN, SIGNER, b"vectors")
    with_map.leaves.clear()
    with_map.nodes.clear()
    with_map.frontier.clear()
    with_map.append(Leaf(0, log.time, *(log.leaves[0][at : at + 32] for at in (10, 42)), some("map root")))
    bad = {
        "another directory key": {"genesis": genesis | {"directory_key": b64(other_key)}},
        "another opening": {"genesis": genesis | {"opening": b64(opening)}},
        "another leaf": {"genesis": genesis | {"leaf": b64(log.leaves[1])}},
        "no proof": {"genesis": genesis | {"inclusion": ""}},
        "the genesis of another origin": LogInMemory("https://other.example", SIGNER, b"vectors").directory(),
        "a genesis with a map": with_map.directory(),
        "a frontier with a flipped bit": {"frontier": b64(changed(frontier, 0))},
        "a frontier of too few": {"frontier": b64(frontier[32:])},
        "the root as the frontier": {"frontier": b64(log.root)},
    }
    found = [{"name": "of the log", "answer": good, "directory_key": b64(log.directory_key), "error": None}]
    return found + [
        {"name": name, "answer": good | one, "directory_key": None, "error": INVALID} for name, one in bad.items()
    ]


def build() -> dict:
    """The whole file."""
    _, log = main_log()
    return {
        "origin": ORIGIN,
        "secret": SECRET,
        "seed": b64(SIGNER.seed),
        "key": b64(ed25519.public_key(SIGNER.seed)),
        "vkey": SIGNER.verifier.vkey,
        "directory_key": b64(log.directory_key),
        "leaves": leaf_cases(),
        "indexes": index_cases(),
        "commitments": commitment_cases(),
        "tree": tree_cases(),
        "map": map_cases(),
        "vkeys": vkey_cases(),
        "notes": note_cases(),
        "log": [b64(leaf) for leaf in log.leaves],
        "answers": answer_cases(),
        "directories": directory_cases(),
    }


def as_text(found: dict) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    PATH.write_text(as_text(build()))
