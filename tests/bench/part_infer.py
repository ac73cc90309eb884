# SPDX-License-Identifier: Apache-2.0
"""What it costs to find the names and types of a CSV: hawser infer, DuckDB's sniff_csv and DESCRIBE, qsv's stats.

DuckDB looks at the first 20,480 rows unless it is told to look at all, so it stands here twice. qsv looks at all values,
and without an index, which nobody has for a new file, it does so with one thread.
"""

import functools
import sys

from running import HERE, alternate, native, run_native, threads_text, timed, timed_inside

NAMES = ("", "seconds", "spread", "MB/s", "CPU s", "peak MB", "time x", "CPU x", "memory x")
QSV = ("stats", "--typesonly", "--infer-boolean", "--infer-dates", "--dates-whitelist", "all", "--cache-threshold", "0")


def infer(bench, report):
    if not native("qsvlite"):
        report.paragraph("qsv is left out, it is not here: scripts/bench --get-peers builds it where cargo is.")
    threads = bench.threads[-1]
    for source in bench.datasets("tables"):
        medians = contest(bench, source, threads)
        show(report, source, threads, medians)
        bench.record("infer", file=source.name, file_bytes=source.stat().st_size, threads=threads, medians=medians)


def contest(bench, source, threads):
    output = bench.outputs / "schema"
    hawser = [bench.tool, "infer", source, "--output", output]
    contenders = {"Hawser": lambda: timed(hawser)[0]}
    for name, rows in (("duckdb, 20,480 rows", 20_480), ("duckdb, all rows", -1)):
        contenders[name] = functools.partial(timed_inside, [sys.executable, HERE / "peer.py", "infer", source, output, rows, threads])
    if native("qsvlite"):
        contenders["qsv"] = functools.partial(run_native, "qsvlite", *QSV, "--jobs", threads, "--output", output, source)
    return alternate(contenders, output, bench.runs)


def show(report, source, threads, medians):
    size = source.stat().st_size
    own = next(iter(medians.values()))
    rows = []
    for name, m in medians.items():
        ratios = [f"{m[key] / own[key]:.2f}" for key in ("seconds", "cpu", "rss")]
        rows.append([name, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{size / m['seconds'] / 1e6:.0f}", f"{m['cpu']:.2f}",
                     f"{m['rss'] / 1e6:.0f}", *ratios])
    report.table(f"**{source.name}** ({size / 1e6:.0f} MB), {threads_text(threads)} for the peers; "
                 "the last three are multiples of the first row's:", NAMES, rows)
