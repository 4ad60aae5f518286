"""The log that is measured is one that the server itself would have made, and the model of a day adds up."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from benchmarks.key_log import day, tables
from benchmarks.servers.running import ROOT

EVENTS = 60


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "talk2me.settings", "DATA_DIR": str(folder), "ORIGIN": "http://127.0.0.1:8000",
        "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3", "SECRET_KEY": "a" * 50, "FRANKING_KEY": "b" * 50,
        "KEYLOG_KEY": "c" * 50, "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.key_log.filling", str(folder), "20", str(EVENTS)]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    return folder, env


def test_a_filled_log_is_what_its_events_say(filled):
    folder, env = filled
    command = [sys.executable, "manage.py", "verify_log"]
    env = env | {"DATABASE_URL": f"sqlite:///{folder}/{EVENTS}.sqlite3"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    about = json.loads((folder / f"{EVENTS}.json").read_text())
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{about['leaves']} leaves;")
    # Genesis, an event each, and a name for each account.
    assert about["leaves"] == 1 + EVENTS + about["accounts"]


def test_chains_that_are_shown_are_whole(filled):
    folder, _ = filled
    about = json.loads((folder / f"{EVENTS}.json").read_text())
    database = sqlite3.connect(folder / f"{EVENTS}.sqlite3")
    counted = "SELECT count(*) FROM keys_accountevent JOIN keys_account a ON a.id = account_id WHERE a.uid = ?"
    counts = {database.execute(counted, [bytes.fromhex(uid)]).fetchone()[0] for uid in about["shown"]}
    database.close()
    assert counts == {3}


def test_what_is_measured_is_answered_and_verified(filled, tmp_path):
    folder, env = filled
    copy = shutil.copy(folder / f"{EVENTS}.sqlite3", tmp_path / "log.sqlite3")
    about = folder / f"{EVENTS}.json"
    command = [sys.executable, "-m", "benchmarks.key_log.measured", str(about), str(tmp_path), "2"]
    env = env | {"DATABASE_URL": f"sqlite:///{copy}"}
    served = json.loads(subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True).stdout)
    assert served["append"]["ours_ms"] > 0
    assert served["answer"]["bytes"] > 1000
    node = [shutil.which("node"), str(ROOT / "benchmarks/key_log/verify.js"), str(tmp_path / "answers.json"), "1"]
    verified = json.loads(subprocess.run(node, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    assert verified["leaves"] == json.loads(about.read_text())["leaves"] - 1


def test_the_model_of_a_day_counts_every_look_once():
    # 24,000 accounts have 70 new leaves each hour: 50 events, and 10 new accounts with an event and a name.
    assert day.leaves_an_hour(24_000) == pytest.approx(70)
    assert day.expected(1000, 500, 24_000, 24, 2).told() == {
        "own": 24_000, "contacts": 1000, "leaves": 106 * (24 * 70 + 2), "total": 25_000 + 106 * 1682,
    }  # fmt: skip


@pytest.mark.parametrize("hours", [4, 24])
def test_contacts_change_in_the_hours_that_are_looked_at(hours):
    contacts = list(range(day.CONTACTS))
    by_hour = day.changed_contacts(contacts, hours)
    assert len(by_hour) == hours
    assert sum(map(len, by_hour)) == max(1, round(day.CONTACTS * day.EVENTS_SHARE * hours / 24))


def test_growth_compares_the_longest_log_with_the_shortest():
    of = {1: {"ours_ms": 2, "ours_cpu_ms": 1, "bytes": 10}, 2: {"ours_ms": 9, "ours_cpu_ms": 9, "bytes": 9}}
    of[3] = {"ours_ms": 3, "ours_cpu_ms": 4, "bytes": 11}
    simple = {1: {"log_ms": 1, "after": 50}, 3: {"log_ms": 2, "after": 60}}
    found = {"append": {"sqlite": of}, "answer": {"sqlite": of}, "verify": simple, "memory": simple}
    assert tables.growth(found) == {
        "append, sqlite": 1.5, "append, sqlite, processor time": 4, "answer, sqlite": 1.5,
        "answer, sqlite, processor time": 4, "answer, bytes": 1.1, "verification": 2, "memory": 1.2,
    }  # fmt: skip
