"""What deploy/ says fits the settings, the commands and the programs that it is for."""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands

from cluster import programs

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").rglob("talk2me*.service"))
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "VALKEY_PASSWORD"}


def settings_with_defaults() -> dict[str, str | None]:
    """Every setting from the environment, with its default as one would write it; None where it depends."""
    found = {}
    for call in ast.walk(ast.parse((ROOT / "talk2me/settings.py").read_text())):
        if isinstance(call, ast.Call) and re.fullmatch(r"env\.\w+", ast.unparse(call.func)) and call.args:
            if not isinstance(call.args[0], ast.Constant):
                continue
            default = next((word.value for word in call.keywords if word.arg == "default"), None)
            try:
                value = eval(ast.unparse(default), {"__builtins__": {}}) if default else None  # noqa: S307 - our own file
            except NameError:
                value = None
            found[call.args[0].value] = value if value is None else written(value)
    return found


def written(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def lines_of(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The lines of an env file that count, and those that are commented out."""
    lines = (DEPLOY / name).read_text().splitlines()
    active = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    commented = dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z_]+=", line))
    return active, commented


def test_env_example_names_every_setting_and_its_default() -> None:
    active, commented = lines_of("env.example")
    settings = settings_with_defaults()
    assert len(settings) > 25
    assert set(active) & set(commented) == set()
    assert set(active) | set(commented) == set(settings) | COMPOSE_ONLY
    assert {name: settings[name] for name in commented} == commented


def test_env_example_has_no_secret_and_repeats_no_default() -> None:
    active, _ = lines_of("env.example")
    settings = settings_with_defaults()
    assert {active[name] for name in ("SECRET_KEY", "FRANKING_KEY", "KEYLOG_KEY", *COMPOSE_ONLY)} == {""}
    assert [name for name, value in active.items() if settings.get(name) == value] == []


def test_the_settings_for_several_workers_pass_the_checks_once_the_secrets_are_in(tmp_path: Path) -> None:
    active, _ = lines_of("env.example")
    secrets = {"SECRET_KEY": "1" * 40, "FRANKING_KEY": "2" * 40, "KEYLOG_KEY": "3" * 40}
    environment = {"PATH": os.environ["PATH"], **active, **secrets, "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_caddy_understands_its_files(tmp_path: Path) -> None:
    environment, _ = lines_of("caddy.env.example")
    environment = {name: value.strip('"') for name, value in environment.items()} | {"HOME": str(tmp_path)}
    command = [programs.caddy(), "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("Caddyfile", "talk2me.caddy"):
        formatted = subprocess.run([programs.caddy(), "fmt", DEPLOY / name], capture_output=True, text=True, check=True)
        assert formatted.stdout == (DEPLOY / name).read_text()


def test_caddy_keeps_no_addresses() -> None:
    text = (DEPLOY / "Caddyfile").read_text() + (DEPLOY / "talk2me.caddy").read_text()
    assert re.findall(r"^\tlog(?! default)|^log", text, re.MULTILINE) == []
    assert "exclude http.log.error http.handlers.reverse_proxy" in text


@pytest.mark.parametrize("file", [*UNITS, DEPLOY / "compose.yaml", DEPLOY / "Dockerfile"], ids=lambda path: path.name)
def test_every_command_that_is_started_exists(file: Path) -> None:
    text = re.sub(r'", "', " ", file.read_text())
    modules = set(re.findall(r"python -m ([\w.]+)", text)) - {"compileall"}
    commands = set(re.findall(r"manage\.py (\w+)", text))
    assert modules | commands
    assert {name for name in modules if find_spec(name) is None} == set()
    assert commands <= set(get_commands())


def test_what_the_image_is_built_from_exists() -> None:
    wanted = set(re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert {name for name in wanted if not (ROOT / name).exists()} == set()
    assert {"talk2me", "keys", "messaging", "cluster", "templates", "static", "manage.py"} <= wanted


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="no systemd on this machine")
def test_systemd_understands_its_units(tmp_path: Path) -> None:
    units = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", units)
    for unit in units.glob("*.service"):
        # It wants programs to exist.
        unit.write_text(unit.read_text().replace("/opt/talk2me/.venv/bin/python", sys.executable))
    names = ["talk2me.target", "talk2me-prepare.service", "talk2me-jobs.service", "talk2me-worker@8001.service"]
    done = subprocess.run(
        [SYSTEMD_ANALYZE, "verify", *(units / name for name in names)],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, [line for line in done.stderr.splitlines() if "talk2me" in line]) == (0, [])
