# SPDX-License-Identifier: Apache-2.0
"""How the benchmark runs things: every run a process of its own, contenders in turn, medians.

This process stays small: Linux counts the memory of whoever starts a process in that process's peak.
"""

import dataclasses
import functools
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Failed(Exception):
    """A run that ended with another status than 0; its text is the last line that it said."""


@dataclasses.dataclass
class Bench:
    """What all parts are given."""

    tool: pathlib.Path
    beside: pathlib.Path  # of another build; None where there is none to compare with
    data: pathlib.Path  # CSV files, kept
    outputs: pathlib.Path  # a folder that is removed at the end
    runs: int
    quick: bool
    full: bool
    only: str
    codecs: list
    threads: list
    results: list  # what --json writes

    def record(self, part, **figures):
        self.results.append({"part": part, **figures})

    def datasets(self, *words):
        """Paths of a set of files, made where they are missing and read once, so that they come from memory."""
        size = ["--quick"] if self.quick else []
        printed = output_of([sys.executable, HERE / "datasets.py", self.data, *words, *size])
        paths = [pathlib.Path(line) for line in printed.splitlines() if self.only in pathlib.Path(line).name]
        for path in paths:
            warm(path)
        return paths


def output_of(command):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def files_of(path):
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def bytes_of(path):
    """Bytes of a file, or of the outputs in a folder."""
    return sum(p.stat().st_size for p in files_of(path) if p.name != "_manifest.json")


def warm(path):
    for one in files_of(path):
        with open(one, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def timed(command, env=None, keeps_output=True):
    """Runs a command; wall and CPU seconds and peak memory of its process, and what it printed, unless it is thrown away."""
    words = [str(word) for word in command]
    start = time.perf_counter()
    wanted = subprocess.PIPE if keeps_output else subprocess.DEVNULL
    process = subprocess.Popen(words, stdout=wanted, stderr=subprocess.PIPE, text=True, env=env)
    output, errors = process.stdout.read() if keeps_output else "", process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{' '.join(pathlib.Path(word).name for word in words[:4])} ... ended with {process.returncode}: {(errors.strip() or '?').splitlines()[-1]}")
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss * 1024}, output


def run_hawser(bench, source, output, threads, *options):
    """Figures of one conversion."""
    words = [bench.tool, "convert", source, output, *options, "--threads", threads, "--overwrite", "replace", "--quiet"]
    return timed(words)[0]


def run_peer(peer, source, output, codec, threads):
    """The same of a peer, without the start of Python and its imports, but for the peak of memory."""
    return timed_inside([sys.executable, HERE / "peer.py", peer, source, output, codec, threads])


def timed_inside(command, env=None):
    """Figures of a command that prints its own seconds and CPU seconds."""
    figures, printed = timed(command, env)
    return {**figures, **json.loads(printed)}


def built(name):
    """The path of a program of this folder, which is linked with the library of the release build."""
    folder = ROOT / "build/release"
    made = subprocess.run(["cmake", "--build", folder, "--target", f"hawser_bench_{name}"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failed(f"{name} cannot be built: {(made.stderr.strip() or made.stdout.strip() or '?').splitlines()[-1]}")
    return folder / "tests/bench" / name


def native(name):
    """The path of a peer that is a program of its own: below .peers, or on PATH. None where it is nowhere."""
    own = ROOT / ".peers/bin" / name
    return own if own.is_file() else shutil.which(name)


def run_native(name, *words):
    """Figures of such a peer, from its start to its end."""
    return timed([native(name), *words])[0]


def alternate(contenders, output, runs, inspect=None):
    """Medians by name. Contenders are functions that run once, write `output` and give their figures; they take turns.

    `inspect` is shown the name and the output of each contender's first run. Nothing of an output stays.
    """
    shown = set()

    def once_and_away(name, once):
        figures = {**once(), "bytes": bytes_of(output)}
        if inspect and name not in shown:
            inspect(name, output)
        shown.add(name)
        remove(output)
        return figures

    return take_turns({name: functools.partial(once_and_away, name, once) for name, once in contenders.items()}, runs)


def take_turns(contenders, runs):
    """The same of contenders that write nothing, or whose outputs stay."""
    samples = {name: [] for name in contenders}
    for _ in range(runs):
        for name, once in contenders.items():
            samples[name].append(once())
    return {name: summary(several) for name, several in samples.items()}


def summary(samples):
    """The median of each figure, and how far the slowest run is from the fastest as a share of the median time."""
    medians = {key: statistics.median(sample[key] for sample in samples) for key in samples[0]}
    seconds = [sample["seconds"] for sample in samples]
    return {**medians, "spread": (max(seconds) - min(seconds)) / medians["seconds"]}


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def threads_text(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"
