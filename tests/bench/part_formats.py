# SPDX-License-Identifier: Apache-2.0
"""What a second format costs: the CSV is read and parsed once for both."""

import functools

from running import alternate, run_hawser

FORMATS = ("parquet", "avro", "parquet,avro")
NAMES = ("", "threads", "seconds", "spread", "CPU s", "peak MB", "out MB", "time x", "CPU x")


def formats(bench, report):
    output = bench.outputs / "both"
    rows, worst = [], {"seconds": 0, "cpu": 0}
    for source in bench.datasets("tables"):
        for threads in bench.threads:
            contenders = {to: functools.partial(run_hawser, bench, source, f"{output}/", threads, "--to", to) for to in FORMATS}
            medians = alternate(contenders, output, bench.runs)
            rows += [row_of(f"{source.name} to {to}", threads, m, medians["parquet"]) for to, m in medians.items()]
            for key in worst:
                worst[key] = max(worst[key], medians["parquet,avro"][key] / medians["parquet"][key])
            bench.record("formats", file=source.name, file_bytes=source.stat().st_size, threads=threads, medians=medians)
    if rows:
        report.table("Default codecs: zstd for Parquet, deflate for Avro. Time and CPU as multiples of Parquet's alone:", NAMES, rows)
        report.paragraph(f"**Both formats:** at most {worst['seconds']:.2f} times the time and {worst['cpu']:.2f} times the CPU of "
                         "Parquet alone; the goal is 1.5.")


def row_of(name, threads, m, parquet):
    return [name, threads, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{m['cpu']:.2f}", f"{m['rss'] / 1e6:.0f}",
            f"{m['bytes'] / 1e6:.1f}", f"{m['seconds'] / parquet['seconds']:.2f}", f"{m['cpu'] / parquet['cpu']:.2f}"]
