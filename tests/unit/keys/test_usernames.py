"""Usernames: the profile, the scripts, and what looks alike (docs/decisions/usernames.md)."""
# ruff: noqa: RUF001 - characters that look like others are what this is about

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import usernames
from talk2me.errors import UsernameInvalid


@pytest.mark.parametrize(
    "name",
    ["alice", "zoë", "al", "x" * 32, "o'neil", "a.b-c_d", "7eleven", "алиса", "北京", "たなかさん", "김철수", "אבג"],
)
def test_a_name_of_one_script_is_allowed(name):
    usernames.check(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "x" * 33,
        "Alice",
        "ａｌｉｃｅ",
        "al ice",
        " alice",
        "alice\n",
        "al\u00a0ice",
        "al\u200bice",
        "al\u202eice",
        "a@b",
        "zoe\u0308",
        "\u0308zoe",
        "..",
        "-alice",
        "\ud83d",
        "a\x00b",
        "ﬁona",
        "😀😀",
    ],
)
def test_a_name_outside_the_profile_is_refused(name):
    with pytest.raises(UsernameInvalid):
        usernames.check(name)


@pytest.mark.parametrize("name", ["аlice", "pаypal", "αlice", "алиca", "aא", "ɑлиса"])
def test_a_name_of_scripts_that_do_not_belong_together_is_refused(name):
    with pytest.raises(UsernameInvalid):
        usernames.check(name)


@pytest.mark.parametrize("name", ["tanaka田中", "田中さん", "kim김"])
def test_scripts_that_are_written_together_are_allowed(name):
    usernames.check(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "аӏісе"),
        ("apple", "аррӏе"),
        ("paypal", "раураӏ"),
        ("mom", "rnorn"),
        ("bill", "bi1l"),
        ("bob0", "bobo"),
        ("zoe-", "zoe‐"),
        ("ısa", "isa"),
        ("coco", "сосо"),
        ("ææ", "aeae"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert usernames.skeleton(one) == usernames.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("alice", "alicia"), ("anna", "hanna"), ("v", "n"), ("zoe", "zoë"), ("2", "3"), ("a.b", "ab")]
)
def test_names_that_differ_to_the_eye_have_different_skeletons(one, other):
    assert usernames.skeleton(one) != usernames.skeleton(other)


def test_plain_letters_and_digits_stay_apart_but_for_the_known_pairs():
    plain = string.ascii_lowercase + string.digits
    alike = {}
    for character in plain:
        alike.setdefault(usernames.skeleton(character), []).append(character)
    assert [group for group in alike.values() if len(group) > 1] == [["l", "1"], ["o", "0"]]


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_a_skeleton_is_its_own_skeleton(name):
    looks = usernames.skeleton(name)
    assert usernames.skeleton(looks) == looks


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_allowed_or_refused_and_nothing_else(name):
    try:
        usernames.check(name)
    except UsernameInvalid:
        return
    assert usernames.canonical(name) == name
    assert not any(character.isspace() or character == "@" for character in name)
    assert len(usernames.skeleton(name)) <= 1024


@given(st.text(st.characters(codec="utf-8"), min_size=2, max_size=32))
@settings(max_examples=300, deadline=None)
def test_a_name_and_its_other_cases_have_one_canonical_form(name):
    try:
        canonical = usernames.canonical(name)
        assert usernames.canonical(canonical) == canonical
    except UsernameInvalid:
        return


@given(st.sampled_from(string.ascii_lowercase), st.integers(0, 5))
def test_a_letter_replaced_by_one_that_resembles_it_keeps_the_skeleton(letter, at):
    resembling = [text for text, prototype in usernames.prototypes().items() if prototype == letter]
    name = "abcdef"
    for other in resembling[:20]:
        assert usernames.skeleton(name[:at] + other + name[at:]) == usernames.skeleton(name[:at] + letter + name[at:])
