# SPDX-License-Identifier: Apache-2.0
"""The same input and options make the same files, whatever works on them: threads, jobs, memory, and
where a run's memory lies.

Every run of a row writes to the same place, as the destination may be part of what a file is made
from. What it leaves is summed, by path, and compared with what the first run left.
"""

import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import harness
import inputs

SECONDS = 300
MEMORY_FOLDER = "/dev/shm"
THREE = ("--to", "parquet,avro,csv")
SMALL_GROUPS = ("--row-group-bytes", "1MiB")

# What a row varies: the run that all are compared with, and the others.
FIRST = ("--threads", "2", "--jobs", "2", "--memory", "256MiB")
VARIED = {
    "threads": [("--threads", str(n), *FIRST[2:]) for n in (1, 3, 4, 5)],
    "jobs": [(*FIRST[:2], "--jobs", n, *FIRST[4:]) for n in ("1", "4")],
    "memory": [(*FIRST[:4], "--memory", size) for size in ("48MiB", "2GiB")],
}
# With partitions, the memory decides how many rows are looked at together (docs/many-files.md).
UNPARTITIONED = ("threads", "jobs")
# Bytes of a write into the pipe that is standard input.
WRITTEN = (1000, 4097, 65535, 300000, 5000000)
# Of the manifest: when an output was made.
TIMES = {"mtime_us"}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    source: object  # makes the source
    options: tuple = THREE
    standard_input: bool = False  # the source comes through a pipe
    long: bool = False
    varied: tuple = tuple(VARIED)


def case(name, source, *options, **more):
    return Case(name, source, (*THREE, *options), **more)


CASES = [
    case("plain", lambda: inputs.mixed(12)),
    case("plain, small row groups", lambda: inputs.mixed(7), *SMALL_GROUPS),
    case("plain, packed csv", lambda: inputs.mixed(7), "--csv-codec", "gzip"),
    case("plain, other codecs", lambda: inputs.mixed(7), "--compression", "gzip", "--avro-codec", "zstd:3", "--csv-codec", "zstd"),
    case("plain, least effort", lambda: inputs.mixed(7), "--effort", "fast"),
    case("plain, most effort", lambda: inputs.mixed(7), "--effort", "best", varied=UNPARTITIONED),  # too much for 48 MiB
    case("plain, all encodings", lambda: inputs.mixed(7), "--encodings", "max"),
    case("below 4 MiB", lambda: inputs.mixed(3)),
    case("600 columns", lambda: inputs.columns(600, 1500, 6, True)),
    case("gzip", lambda: inputs.mixed_gzip(7), *SMALL_GROUPS),
    case("zstd", lambda: inputs.mixed_zstd(7), *SMALL_GROUPS),
    case("standard input", lambda: inputs.mixed(7), *SMALL_GROUPS, standard_input=True),
    case("gzip on standard input", lambda: inputs.mixed_gzip(7), *SMALL_GROUPS, standard_input=True),
    case("ZIP of 5", lambda: inputs.mixed_zip(5, 4), *SMALL_GROUPS),
    case("200 files", lambda: inputs.mixed_files(200, 300)),
    case("200 files merged", lambda: inputs.mixed_files(200, 300), *SMALL_GROUPS, "--merge"),
    case("files of 1 MiB", lambda: inputs.mixed(7), *SMALL_GROUPS, "--max-file-bytes", "1MiB"),
    case("40 partitions", lambda: inputs.mixed_keys(5, 40), "--partition-by", "part", varied=UNPARTITIONED),
    case("rejects", lambda: inputs.mixed_bad(9), "--bad-rows", "reject"),
    case("widening", lambda: inputs.mixed_widening(9)),
    case("a limit", lambda: inputs.mixed(7), *SMALL_GROUPS, "--limit", "30000"),
    case("a limit of gzip", lambda: inputs.mixed_gzip(7), *SMALL_GROUPS, "--limit", "30000"),
    case("a limit of a merge", lambda: inputs.mixed_files(200, 300), *SMALL_GROUPS, "--merge", "--limit", "30000"),
    case("added sources", lambda: inputs.mixed_files(200, 300), *SMALL_GROUPS, "--merge", "--add-source", "from"),
    case("an added source", lambda: inputs.mixed(7), *SMALL_GROUPS, "--add-source", "from"),
    case("long: plain", lambda: inputs.mixed(90), long=True),
    case("long: plain, small row groups", lambda: inputs.mixed(30), "--row-group-bytes", "4MiB", long=True),
    case("long: 600 columns", lambda: inputs.columns(600, 20000, 6, True), long=True),
    case("long: gzip", lambda: inputs.mixed_gzip(90), long=True),
    case("long: zstd", lambda: inputs.mixed_zstd(90), long=True),
    case("long: standard input", lambda: inputs.mixed(90), standard_input=True, long=True),
    case("long: ZIP of 5", lambda: inputs.mixed_zip(5, 30), long=True),
    case("long: 3,000 files", lambda: inputs.mixed_files(3000, 300), long=True),
    case("long: 3,000 files merged", lambda: inputs.mixed_files(3000, 300), "--merge", long=True),
    case("long: files of 4 MiB", lambda: inputs.mixed(90), "--max-file-bytes", "4MiB", long=True),
    case("long: 500 partitions", lambda: inputs.mixed_keys(30, 500), "--partition-by", "part", varied=UNPARTITIONED, long=True),
    case("long: rejects", lambda: inputs.mixed_bad(90), "--bad-rows", "reject", long=True),
    case("long: widening", lambda: inputs.mixed_widening(90), long=True),
]

# Name, source, options, runs: the same command again and again, where memory lies elsewhere and has
# held other things.
REPEATED = [
    ("a small text", lambda: inputs.mixed_files(1, 400), (), 200),
    ("small files", lambda: inputs.mixed_files(20, 300), (), 20),
    ("small files packed", lambda: inputs.mixed_files(20, 300), ("--compression", "gzip", "--csv-codec", "gzip"), 20),
    ("standard output", lambda: inputs.mixed_files(1, 400), ("--to", "avro"), 30),
]


def manifest_sum(path):
    """Of what the manifest says, without times."""
    told = json.loads(path.read_text())
    told["objects"] = [{k: v for k, v in entry.items() if k not in TIMES} for entry in told["objects"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def sums(out):
    """The sum of every file below a folder, by its path."""
    found = {}
    for path in sorted(pathlib.Path(out).rglob("*")):
        if path.is_file():
            manifest = path.name == "_manifest.json"
            found[str(path.relative_to(out))] = manifest_sum(path) if manifest else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def fed(command, piped, written, **options):
    """Runs a command whose standard input is a pipe that gets so many bytes in one write; how it ends."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0, **options) as process:
        for at in range(0, len(piped), written):
            process.stdin.write(piped[at : at + written])
        process.stdin.close()
        return process.wait(SECONDS)


def convert(context, folder, arguments, piped=None, env=None, before=(), written=1 << 16):
    """Runs the tool into folder/out, which is empty before and after; the sums of what it made."""
    out = folder / "out"
    out.mkdir()
    command = [*before, context.tool, "convert", "--quiet", *map(str, arguments)]
    with tempfile.TemporaryFile() as errors, open(out / "standard-output", "wb") as output:
        options = {"stdout": output, "stderr": errors, "cwd": folder, "env": env or harness.environment(HOME=str(folder))}
        if piped:
            code = fed(command, piped, written, **options)
        else:
            code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=SECONDS, **options).returncode
        errors.seek(0)
        assert code == 0, f"exit {code} with {' '.join(command[2:])}: {errors.read().decode(errors='replace').strip()[-300:]}"
    found = sums(out)
    shutil.rmtree(out)
    assert len(found) > 1 or found["standard-output"] != hashlib.sha256(b"").hexdigest(), "nothing was made"
    return found


def compare(found, first, how):
    """What differs between two runs, in a line; None where nothing does."""
    differ = sorted((path for path in {*found, *first} if found.get(path) != first.get(path)), key=lambda path: ("manifest" in path, path))
    return f"{how}: {len(differ)} of {len({*found, *first})} files differ, as {differ[0]}" if differ else None


def run_varied(context, folder, one, what):
    source = one.source()
    piped = source.read_bytes() if one.standard_input else None
    arguments = (*one.options, "-" if one.standard_input else f"{source}/" if source.is_dir() else source, "out/")
    first = convert(context, folder, (*FIRST, *arguments), piped)
    wrong = [compare(convert(context, folder, (*varied, *arguments), piped), first, " ".join(varied)) for varied in VARIED[what]]
    wrong = [line for line in wrong if line]
    assert not wrong, "\n".join(wrong)
    return f"{len(first)} files, {1 + len(VARIED[what])} runs"


def run_written(context, folder, source):
    """Standard input comes in writes of other sizes."""
    piped = source().read_bytes()
    arguments = (*FIRST, *THREE, *SMALL_GROUPS, "-", "out/")
    first = convert(context, folder, arguments, piped)
    for written in WRITTEN:
        wrong = compare(convert(context, folder, arguments, piped, written=written), first, f"writes of {written} bytes")
        assert not wrong, wrong
    return f"{len(first)} files, {1 + len(WRITTEN)} runs"


def surroundings(run):
    """The environment of a run, and a command before the tool: what memory is full of, how much of it
    lies where, how long the stack is.
    """
    more = {"FILLING": "x" * (run * 37 % 4096), "MALLOC_PERTURB_": str(run * 29 % 256), "MALLOC_ARENA_MAX": str(1 + run % 8)}
    if run % 3 == 1:
        more["MALLOC_MMAP_THRESHOLD_"] = str(4096 << run % 10)
    if run % 3 == 2:
        more["MALLOC_TOP_PAD_"] = str(65536 * (run % 40))
    fixed = run % 5 == 4 and shutil.which("setarch")
    return more, ("setarch", "-R") if fixed else ()


def run_repeated(context, folder, source, options, runs):
    source = source()
    single = "avro" in options
    arguments = (*(options if single else (*THREE, *options)), f"{source}/00000.csv" if single else f"{source}/", "-" if single else "out/")
    first = convert(context, folder, arguments)
    for run in range(1, runs):
        more, before = surroundings(run)
        more["HOME"] = str(folder)
        wrong = compare(convert(context, folder, arguments, env=harness.environment(**more), before=before), first, f"run {run}")
        assert not wrong, wrong
    return f"{len(first)} files, {runs} runs"


def in_memory(run):
    """The row with its folder in memory, where there is such a place: thousands of small files are synced."""

    def row(context, folder):
        if not os.path.isdir(MEMORY_FOLDER):
            return run(context, folder)
        with tempfile.TemporaryDirectory(dir=MEMORY_FOLDER) as fast:
            return run(context, pathlib.Path(fast))

    return row


def rows():
    made = []
    for one in CASES:
        for what in one.varied:
            run = lambda context, folder, one=one, what=what: run_varied(context, folder, one, what)
            made.append(harness.Row(f"{one.name}, {what}", run if one.long else in_memory(run), one.long))
    for name, source, options, runs in REPEATED:
        run = lambda context, folder, source=source, options=options, runs=runs: run_repeated(context, folder, source, options, runs)
        made.append(harness.Row(f"{name}, {runs} times", in_memory(run)))
    for name, source in (("plain", lambda: inputs.mixed(7)), ("gzip", lambda: inputs.mixed_gzip(7))):
        run = lambda context, folder, source=source: run_written(context, folder, source)
        made.append(harness.Row(f"standard input, {name}, in writes of any size", in_memory(run)))
    return made
