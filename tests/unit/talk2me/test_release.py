"""What a release is called."""

from pathlib import Path

from django.conf import settings

from talk2me.release import release_id


def test_another_byte_or_name_anywhere_is_another_release(tmp_path: Path) -> None:
    folder, alone = tmp_path / "folder", tmp_path / "alone.py"
    folder.mkdir()
    (folder / "one").write_text("1")
    alone.write_text("1")
    found = {release_id(folder, alone)}
    alone.write_text("2")
    found.add(release_id(folder, alone))
    (folder / "one").write_text("2")
    found.add(release_id(folder, alone))
    (folder / "one").rename(folder / "two")
    found.add(release_id(folder, alone))
    assert len(found) == 4
    assert release_id(folder, alone) in found


def test_a_page_with_other_headers_is_another_release() -> None:
    assert {path.name for path in settings.OF_THE_PAGE if path.is_file()} == {"shell.py", "security_headers.py"}
