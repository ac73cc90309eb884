# SPDX-License-Identifier: Apache-2.0
"""CSV to Parquet: Hawser beside DuckDB, Polars and pyarrow.

Every run is a process of its own; the tools take turns, and the median of the runs counts. Peers are timed without the
start of Python and its imports, Hawser from its start to its end. All get the same threads, codec and level (zstd 3);
files are read once before, so that they come from memory. The peak of memory includes what a process needs to start.

This process stays small: Linux counts the memory of whoever starts a process in that process's peak.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "interop"))
import hawser  # noqa: E402  (the path comes first)

PEERS = ("duckdb", "polars", "pyarrow")


def timed(command):
    """Runs a command; wall and CPU seconds and peak memory of its process, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with {process.returncode}: {errors.strip()}")
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss * 1024}, output


def lines_of(*command):
    return subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()


def warm(path):
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def run_hawser(tool, source, output, codec, threads):
    compression = "zstd:3" if codec == "zstd" else codec
    command = [tool, "convert", source, output, "--to", "parquet", "--compression", compression]
    return timed([*command, "--threads", str(threads), "--overwrite", "replace", "--quiet"])[0]


def run_peer(peer, source, output, codec, threads):
    command = [sys.executable, HERE / "peer.py", peer, str(source), str(output), codec, str(threads)]
    whole, printed = timed(command)
    return {**whole, **json.loads(printed)}


def measure(tool, source, folder, codec, threads, runs):
    """Medians by tool."""
    samples = {name: [] for name in ("hawser", *PEERS)}
    rows = set()
    for turn in range(runs):
        for name in samples:
            output = folder / f"{name}.parquet"
            output.unlink(missing_ok=True)
            run = run_hawser(tool, source, output, codec, threads) if name == "hawser" else run_peer(name, source, output, codec, threads)
            samples[name].append({**run, "bytes": output.stat().st_size})
            if turn == 0:
                rows.add(lines_of(HERE / "peer.py", "rows", output)[0])
            output.unlink()
    if len(rows) != 1:
        sys.exit(f"bench: {source.name}: the tools do not agree on the number of rows: {rows}")
    return {name: {key: statistics.median(s[key] for s in several) for key in several[0]} for name, several in samples.items()}


def table(source, codec, threads, medians):
    size = source.stat().st_size
    own = medians["hawser"]
    print(f"\n{source.name} ({size / 1e6:.0f} MB), {codec}, {threads} thread{'s' if threads > 1 else ''}")
    print(f"{'':10}{'seconds':>9}{'MB/s':>8}{'CPU s':>8}{'peak MB':>9}{'out MB':>8}   time, CPU, memory, size as multiples of Hawser's")
    for name, m in medians.items():
        ratios = "".join(f"{m[key] / own[key]:8.2f}" for key in ("seconds", "cpu", "rss", "bytes"))
        print(f"{name:10}{m['seconds']:9.2f}{size / m['seconds'] / 1e6:8.0f}{m['cpu']:8.2f}{m['rss'] / 1e6:9.0f}{m['bytes'] / 1e6:8.1f}{ratios}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller files, three runs")
    parser.add_argument("--runs", type=int, help="runs of each tool (5, or 3 with --quick)")
    parser.add_argument("--only", default="", help="files with this in their name")
    parser.add_argument("--codec", action="append", choices=("snappy", "zstd"), help="both unless given")
    parser.add_argument("--threads", action="append", type=int, help="1 and 2 unless given")
    parser.add_argument("--outputs", metavar="DIR", help="folder that the outputs are written to: bench-data, unless given. "
                        "Hawser syncs its file to the disk before it is done, the others do not; a folder in memory leaves that out")
    parser.add_argument("--json", metavar="FILE", help="writes the medians there")
    args = parser.parse_args()
    tool = hawser.find()
    if not tool:
        sys.exit("bench: there is no hawser in build/release; make build")
    runs = args.runs or (3 if args.quick else 5)
    results = []
    print(f"{platform.machine()}, {os.cpu_count()} CPUs, median of {runs} runs")
    for source in map(pathlib.Path, lines_of(HERE / "datasets.py", ROOT / "bench-data", *["--quick"] * args.quick)):
        if args.only in source.name:
            warm(source)
            for codec in args.codec or ("zstd", "snappy"):
                for threads in args.threads or (1, 2):
                    medians = measure(tool, source, pathlib.Path(args.outputs or source.parent), codec, threads, runs)
                    table(source, codec, threads, medians)
                    results.append({"file": source.name, "bytes": source.stat().st_size, "codec": codec, "threads": threads, **medians})
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(results, indent=2) + "\n")


main()
