# SPDX-License-Identifier: Apache-2.0
"""Parquet files decoded as a whole, and nothing done with the rows: Hawser by its library, pyarrow and DuckDB.

Hawser's program (read_rows.c) goes over each column of each batch. pyarrow hands out batches (ParquetFile.iter_batches),
DuckDB runs EXPLAIN ANALYZE of a query of all columns, which decodes them and throws them away: it could answer count, min
and max by the file's statistics, and to hash each value is more than to decode it. DuckDB's own vectors keep dictionaries;
what it takes to hand out Arrow batches, as Hawser and pyarrow do, is a row more, which no goal counts. All have their
defaults, with which Hawser compares the CRC of each page and the peers do not; Hawser's time begins with its process,
theirs after the imports.
"""

import functools
import sys

from running import HERE, Failed, built, geometric_mean, take_turns, threads_text, timed_inside

PEERS = ("duckdb", "pyarrow")
BESIDE = ("duckdb, Arrow",)
NAMES = ("", "seconds", "spread", "MB/s", "million rows/s", "CPU s", "peak MB", "time x", "CPU x", "memory x")


def read(bench, report):
    program = decoder(report)
    if not program:
        return
    contests = []
    for codec in bench.codecs:
        for source in bench.datasets(f"parquet-{codec}"):
            for threads in bench.threads:
                medians = contest(program, source, threads, bench.runs)
                show(report, source, threads, medians)
                bench.record("read", file=source.name, file_bytes=source.stat().st_size, threads=threads, medians=medians)
                contests.append((threads, medians))
    for threads in bench.threads:
        conclude(report, threads, [medians for of, medians in contests if of == threads])


def decoder(report):
    """The program that decodes by Hawser's library. None where it cannot be built, which the report says."""
    try:
        return built("read_rows")
    except Failed as failed:
        report.paragraph(f"Left out: {failed}")
        return None


def contest(program, source, threads, runs):
    """Medians by name; all must have met the same number of rows."""
    contenders = {"Hawser": functools.partial(timed_inside, [program, source, threads])}
    for peer in PEERS + BESIDE:
        contenders[peer] = functools.partial(timed_inside, [sys.executable, HERE / "peer.py", "read", peer, source, threads])
    medians = take_turns(contenders, runs)
    rows = {name: m["rows"] for name, m in medians.items()}
    if len(set(rows.values())) != 1:
        raise Failed(f"{source.name}: the readers do not agree on the number of rows: {rows}")
    return medians


def show(report, source, threads, medians):
    size, own = source.stat().st_size, medians["Hawser"]
    rows = []
    for name, m in medians.items():
        ratios = [f"{m[key] / own[key]:.2f}" for key in ("seconds", "cpu", "rss")]
        rows.append([name, f"{m['seconds']:.3f}", f"{100 * m['spread']:.0f} %", f"{size / m['seconds'] / 1e6:.0f}",
                     f"{m['rows'] / m['seconds'] / 1e6:.2f}", f"{m['cpu']:.3f}", f"{m['rss'] / 1e6:.0f}", *ratios])
    report.table(f"**{source.name}** ({size / 1e6:.0f} MB), {threads_text(threads)}; the last three are multiples of the first row's:",
                 NAMES, rows)


def conclude(report, threads, several):
    if not several:
        return
    gains, cpu, memory = ([min(m[peer][key] for peer in PEERS) / m["Hawser"][key] for m in several] for key in ("seconds", "cpu", "rss"))
    report.paragraph(
        f"**Read, {threads_text(threads)}, {len(several)} files:** the faster peer takes {geometric_mean(gains):.2f} times the time (geometric mean; "
        f"{min(gains):.2f} at least) and the more thrifty one {geometric_mean(cpu):.2f} times the CPU; its peak of memory is {min(memory):.2f} times "
        "Hawser's at least. The goal is 1.5 times the time on the geometric mean, and 1.0 everywhere.")
