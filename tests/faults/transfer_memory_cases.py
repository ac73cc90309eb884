# SPDX-License-Identifier: Apache-2.0
"""What transfers of very many objects take: memory, threads and descriptors are those of a few, however
many paths a command line has, in however many buckets.
"""

import dataclasses
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import harness

sys.path.append(str(harness.HERE.parent / "support/fault_server"))
import fault_server  # noqa: E402  (the path comes first)

PATHS = 10_000
BUCKETS = 500
MEMORY_MIB, PROGRAM_MIB = 16, 32
THREADS_MAX = 32  # one for each of 16 connections, those of the network, and a few that wait
FILES_MAX = 64
SECONDS = 120
BYTES = 100
MEMORY_FOLDER = "/dev/shm"  # many small files come out, and no disk is measured


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    words: object  # makes the command of the keys and a folder
    buckets: int = 1
    done: object = None  # checks what has become of the keys
    long: bool = False


def paths(keys):
    return [f"s3://{bucket}/{key}" for bucket, key in keys]


def all_down(server, keys, folder):
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {key for _, key in keys}, f"{len(names)} of {len(keys)} files are there"
    assert all(path.stat().st_size == BYTES for path in (folder / "out").iterdir())


def all_gone(server, keys, folder):
    left = [bucket for bucket in {bucket for bucket, _ in keys} if server.list(bucket, sizes_only=True)]
    assert not left, f"{len(left)} buckets have objects"


def all_over(server, keys, folder):
    count = len(server.list("over", sizes_only=True))
    assert count == len(keys), f"{count} of {len(keys)} objects are there"


CASES = [
    Case("cp-10000-paths", lambda keys, folder: ["cp", *paths(keys), f"{folder}/out/"], done=all_down, long=True),
    Case("cp-10000-paths-of-500-buckets", lambda keys, folder: ["cp", *paths(keys), f"{folder}/out/"], BUCKETS, all_down),
    Case("cp-10000-paths-from-bucket-to-bucket", lambda keys, folder: ["cp", *paths(keys), "s3://over/"], done=all_over),
    Case("rm-10000-paths-of-500-buckets", lambda keys, folder: ["rm", *paths(keys)], BUCKETS, all_gone),
    Case("cp-a-prefix-of-10000", lambda keys, folder: ["cp", f"s3://{keys[0][0]}/", f"{folder}/out/"], done=all_down, long=True),
]


@dataclasses.dataclass
class Taken:
    code: int = 0
    mib: float = 0
    threads: int = 0
    files: int = 0
    seconds: float = 0
    err: str = ""


def limit():
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MAX, FILES_MAX))


def watched(command, env):
    """Runs a command to its end and looks at what it takes again and again."""
    taken, start = Taken(), time.monotonic()
    with tempfile.TemporaryFile() as err, subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err, preexec_fn=limit
    ) as process:
        proc = pathlib.Path(f"/proc/{process.pid}")
        while process.poll() is None:
            assert time.monotonic() - start < SECONDS or process.kill(), f"hangs: killed after {SECONDS} s"
            status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
            taken.mib = max(taken.mib, int(status.get("VmHWM", "0 kB").split()[0]) / 1024)
            taken.threads = max(taken.threads, int(status.get("Threads", "0")))
            try:
                taken.files = max(taken.files, sum(1 for _ in (proc / "fd").iterdir()))
            except OSError:
                pass  # it has just ended
            time.sleep(0.01)
        err.seek(0)
        taken.code, taken.seconds, taken.err = process.returncode, time.monotonic() - start, err.read().decode(errors="replace")
    return taken


def run(case, context, folder):
    with tempfile.TemporaryDirectory(dir=MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else folder, prefix="hawser-faults-") as name:
        return run_in(case, context, pathlib.Path(name))


def run_in(case, context, folder):
    if not fault_server.find():
        raise harness.Skipped("hawser-fault-server is not built (cmake --preset check)")
    keys = [(f"bucket-{i % case.buckets}", f"key-{i:05d}") for i in range(PATHS)]
    with fault_server.running() as server:
        for bucket in {"over", *(bucket for bucket, _ in keys)}:
            server.bucket(bucket)
        for bucket, key in keys:
            server.put(bucket, key, made=BYTES)
        words = [*case.words(keys, folder), "--quiet", *(["--memory", f"{MEMORY_MIB}MiB"] if case.words(keys, folder)[0] == "cp" else [])]
        taken = watched([context.tool, *words], server.environment(HOME=str(folder)))
        note = f"{taken.mib:.0f} of {MEMORY_MIB + PROGRAM_MIB} MiB, {taken.threads} threads, {taken.files} files, {taken.seconds:.1f} s"
        assert taken.code == 0, f"{note}: exit {taken.code}: {taken.err.strip()[-300:]}"
        case.done(server, keys, folder)
    assert taken.mib <= MEMORY_MIB + PROGRAM_MIB and taken.threads <= THREADS_MAX, note
    return note


def rows():
    return [harness.Row(case.name, lambda context, folder, c=case: run(c, context, folder), case.long) for case in CASES]
