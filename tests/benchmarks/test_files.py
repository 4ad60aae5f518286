"""A file's figures are the medians of its rounds, and its share is that of the plain transfer of the same run."""

import pytest

from benchmarks.files.summary import summarize
from benchmarks.files.tables import tell

TIMES = {
    "upload_sealed": [4_000, 90_000, 5_000],
    "upload_plain": [2_000, 2_500, 1_000],
    "download_sealed": [1_000],
    "download_plain": [800],
    "seal": [500],
    "open": [400],
    "encrypt": [100],
    "decrypt": [50],
}
PROCESSOR = {name: [10 * megabytes for megabytes in (100, 200, 300)] for name in TIMES} | {"upload_plain": [500]}


def test_one_slow_round_does_not_count_and_the_share_is_that_of_the_plain_rate():
    found = summarize(100, TIMES, PROCESSOR)
    assert found["upload"]["sealed_mb_s"] == 20
    assert found["upload"]["plain_mb_s"] == 50
    assert found["upload"]["share"] == pytest.approx(0.4)
    assert (found["upload"]["sealed_processor_ms"], found["upload"]["plain_processor_ms"]) == (20, 5)


def test_each_direction_stands_beside_its_own_ceilings():
    found = summarize(100, TIMES, PROCESSOR)
    assert [found["upload"][name] for name in ("protocol_mb_s", "aes_mb_s")] == [200, 1_000]
    assert [found["download"][name] for name in ("protocol_mb_s", "aes_mb_s")] == [250, 2_000]


def test_the_table_has_a_line_for_each_way(capsys):
    tell({"100": summarize(100, TIMES, PROCESSOR)})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines if " MB " in line] == [
        ["upload,", "100", "MB"],
        ["download,", "100", "MB"],
    ]
    assert "40%" in next(line for line in lines if "upload" in line)
