"""Gives modules of ours to a running page, whose own are joined and name nothing but what app.js exports."""

import functools
import os
import subprocess

from playwright.sync_api import Page

from scripts.set_up import ROOT, find_node


def put_modules(page: Page, *paths: str) -> None:
    """Make `load(path)` in the page's code give these modules of static/js/, each anew and not the page's own."""
    page.evaluate(f"() => {{ {_joined(paths)} globalThis.load = async (path) => modules[path]; }}")


@functools.cache
def _joined(paths: tuple[str, ...]) -> str:
    lines = [f'import * as m{at} from "./static/js/{path}";' for at, path in enumerate(paths)]
    named = ", ".join(f'"{path}": m{at}' for at, path in enumerate(paths))
    command = [
        "node_modules/.bin/esbuild", "--bundle", "--format=iife", "--global-name=joined", "--log-level=warning",
        "--charset=utf8",
    ]  # fmt: skip
    source = "\n".join([*lines, f"export const modules = {{ {named} }};"])
    environment = os.environ | {"PATH": f"{find_node()}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, input=source, check=True, capture_output=True, text=True)
    return f"{done.stdout}\nconst {{ modules }} = joined;"
