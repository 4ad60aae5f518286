"""What has to be in place before a server of this release starts."""

import shutil

from django.conf import settings
from django.core.management import call_command

from operators.roles import bring_roles_up_to_date

# Pages that are open were loaded from an earlier release and still fetch files of it.
RELEASES_KEPT = 3


def prepare() -> None:
    """Bring the database up to date and put the static files in place; quick when that was done before."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    bring_roles_up_to_date()
    put_static_files_in_place()


def put_static_files_in_place() -> None:
    """Copy and compress the files of this release, unless they are there whole; forget all but a few releases."""
    whole = settings.STATIC_ROOT.with_suffix(".whole")
    if whole.exists() and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    whole.touch()
    releases = [folder for folder in settings.STATIC_ROOT.parent.iterdir() if folder.is_dir()]
    for old in sorted(releases, key=lambda folder: folder.stat().st_mtime)[:-RELEASES_KEPT]:
        old.with_suffix(".whole").unlink(missing_ok=True)
        shutil.rmtree(old, ignore_errors=True)
