# SPDX-License-Identifier: Apache-2.0
"""What the cases share: running the tool, data to convert, and looking at what is left."""

import hashlib
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
import hawser  # noqa: E402  (the path comes first)

SMALL = b"id,name,price,day\n1,a,1.5,2024-01-01\n2,\"b\nc\",,2024-01-02\n"
WAIT_SECONDS = 20


class Missing(Exception):
    """A program that a case wants is not here."""


class Tool:
    def __init__(self, path, environment=None):
        self.path = path
        self.environment = environment

    def __call__(self, *arguments, want=0, says=(), **options):
        """Runs the tool; a wrong exit code, or an error that it does not tell, fails the case."""
        done = hawser.run(self.path, *arguments, env=self.environment, timeout=300, **options)
        errors = done.stderr if isinstance(done.stderr, str) else done.stderr.decode(errors="replace")
        assert done.returncode == want, f"exit {done.returncode}, want {want}: {errors.strip()[-600:]}"
        told = "hawser: error:" in errors
        assert told == (want != 0), f"exit {want}, but stderr is {errors.strip()[-300:]!r}"
        for part in says:
            assert part in errors, f"stderr does not say {part!r}: {errors.strip()[-300:]}"
        return done

    def start(self, *arguments, limit=None):
        """Starts the tool; `limit` is a resource and the most that the run may have of it."""
        command = [str(self.path), *map(str, arguments)]
        run = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if limit:
            resource.prlimit(run.pid, limit[0], (limit[1], limit[1]))
        return run


def stop(process, number, want):
    """Sends a signal to a run and expects its end within seconds."""
    process.send_signal(number)
    start = time.monotonic()
    _, errors = process.communicate(timeout=WAIT_SECONDS)
    seconds = time.monotonic() - start
    assert process.returncode == want, f"exit {process.returncode}, want {want}: {errors.strip()}"
    assert number == signal.SIGKILL or seconds < 5, f"took {seconds:.1f} s to stop"


def wait_for(what, process):
    """Waits until what() is true while the run goes on."""
    end = time.monotonic() + WAIT_SECONDS
    while not what():
        assert process.poll() is None, f"the run ended before it could be stopped: {process.communicate()[1].strip()}"
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.005)


def files(folder):
    """Every file below a folder, hidden ones too, relative to it."""
    return sorted(str(p.relative_to(folder)) for p in pathlib.Path(folder).rglob("*") if p.is_file())


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def big_csv(path, megabytes):
    """A CSV of about so many MB: a block of varied records over and over. Made once."""
    if path.exists():
        return path
    rows = []
    for i in range(8000):
        text = f'"row {i}, with ""quotes""\nand a second line"' if i % 7 == 0 else f"text {i * 7919 % 5000}"
        rows.append(f"{i * 2654435761 % 2**40},{i % 97},{i * 31 % 100000 / 100},{text},2024-{1 + i % 12:02d}-{1 + i % 28:02d},{i % 3 == 0}\n")
    block = "".join(rows).encode()
    with open(path, "wb") as file:
        file.write(b"id,code,price,note,day,flag\n")
        for _ in range(max(1, megabytes * 1_000_000 // len(block))):
            file.write(block)
    return path


def free_megabytes(folder):
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize // 1_000_000
