# SPDX-License-Identifier: Apache-2.0
"""Where the built tool is, and how tests run it."""

import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def find(preset="release"):
    """The tool of a preset: $HAWSER where set, else its build folder's. None where it has not been built."""
    if os.environ.get("HAWSER"):
        return pathlib.Path(os.environ["HAWSER"])
    return next((p for p in (ROOT / "build" / preset / where / "hawser" for where in ("src/cli", ".")) if p.is_file()), None)


def run(tool, *arguments, timeout=120, **options):
    """Runs the tool; its output comes back as text, whatever bytes it holds."""
    command = [str(tool), *map(str, arguments)]
    options = {"capture_output": True, "text": True, "errors": "surrogateescape", "stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, timeout=timeout, check=False, **options)


def run_check(tool, check):
    """The problems that a check finds, which gets a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hawser-check-") as name:
        try:
            return check(tool, pathlib.Path(name))
        except Exception as error:  # a reader that throws is a finding, whatever it throws
            return [f"{type(error).__name__}: {error}"]
