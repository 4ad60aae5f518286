"""What can be said against a backup, or against the place it is to go to."""

from typing import Literal

Code = Literal[
    "not_written",
    "backup_broken",
    "backup_newer",
    "other_origin",
    "place_not_empty",
    "log_not_continued",
    "not_restored",
]


class BackupError(Exception):
    """`code` is for programs, `words` are for people."""

    def __init__(self, code: Code, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
