# SPDX-License-Identifier: Apache-2.0
"""What the groups of cases share: rows, and running the tool beside a process that measures it."""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
for shared in ("integration", "interop"):
    sys.path.append(str(HERE.parent / shared))  # last: a name that is here as well is ours

PEAK = HERE / "peak.py"


class Skipped(Exception):
    """What a row needs is not here."""


@dataclasses.dataclass(frozen=True)
class Row:
    """A case: run(context, folder) returns a note for the table, or fails by assert."""

    name: str
    run: object
    long: bool = False  # only with --long


@dataclasses.dataclass
class Measured:
    code: int  # negative: the signal that ended it
    mib: float
    seconds: float
    out: str
    err: str


def measure(command, folder, seconds, env=None, out=None):
    """Runs a command to its end; what it printed, how it ended, its peak resident size."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix="peak-") as result, tempfile.TemporaryFile() as errors, (open(out, "wb") if out else tempfile.TemporaryFile()) as output:
        helper = [sys.executable, "-I", "-S", str(PEAK), result.name, str(seconds), *map(str, command)]
        subprocess.run(helper, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=env, check=False, timeout=seconds + 30)
        told = result.read().split()
        errors.seek(0)
        err = errors.read().decode(errors="replace")
        assert len(told) == 3, f"the tool could not be run: {err.strip()[-300:]}"
        text = ""
        if not out:
            output.seek(0)
            text = output.read().decode(errors="replace")
    return Measured(int(told[0]), int(told[1]) / 1024, float(told[2]), text, err)


def call(command, seconds, env=None, **options):
    """Runs a command to its end without looking at its memory."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, **options) as process:
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Measured(code, 0, time.monotonic() - start, *texts)


def shim(name):
    """The library of a shim, which CMake builds beside the unit tests."""
    found = HERE.parents[1] / "build/check/tests/faults" / f"{name}_shim.so"
    if not found.is_file():
        raise Skipped(f"{found.name} is not built (cmake --preset check)")
    return str(found)


def driver(name):
    """A program of ours beside the tool, which CMake builds where the shims are."""
    found = HERE.parents[1] / "build/check/tests/faults" / name
    if not found.is_file():
        raise Skipped(f"{found.name} is not built (cmake --preset check)")
    return str(found)


def spread(count, points):
    """So many numbers of 1..count, evenly; all of them where there are no more."""
    if not points or points >= count:
        return list(range(1, count + 1))
    return sorted({1 + round(i * (count - 1) / (points - 1)) for i in range(points)})


def ended(done, want, seconds):
    """Fails where a run was killed, hung, or ended with a code that is not wanted."""
    last = done.err.strip()[-400:]
    assert done.code != -signal.SIGKILL or done.seconds < seconds, f"hangs: killed after {seconds} s: {last}"
    assert done.code >= 0, f"died by signal {-done.code} ({signal.Signals(-done.code).name}): {last}"
    assert done.code in want, f"exit {done.code}, want {' or '.join(map(str, sorted(want)))}: {last}"


def refused_by_name(errors):
    """Whether a message names the limit that was met and the option that moves it."""
    return bool(re.search(r"--memory\b", errors) and re.search(r"\d", errors))


def environment(**more):
    """The environment without what would lead a run to a real service."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "HAWSER"))}, **more}
