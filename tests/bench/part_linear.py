# SPDX-License-Identifier: Apache-2.0
"""Seconds a GB and peak memory, by what a converter could be slow or large at: bytes, columns, files."""

import functools
import shutil

from running import alternate, bytes_of, remove, run_hawser

LARGEST_BYTES = 10e9
NAMES = ("", "files", "MB", "seconds", "spread", "s/GB", "CPU s/GB", "peak MB")


def linear(bench, report):
    report.paragraph(f"To Parquet with the defaults and {bench.threads[-1]} threads.")
    show(bench, report, "size", bench.datasets("sizes"), last=largest(bench, report))
    show(bench, report, "columns", bench.datasets("widths"))
    show(bench, report, "files", bench.datasets("counts"))


def largest(bench, report):
    """The path of the largest file, where it is asked for and there is room. It is removed when it has been measured."""
    free = shutil.disk_usage(bench.data).free
    if not bench.full:
        return None
    if free < 1.5 * LARGEST_BYTES:
        report.paragraph(f"10 GB are left out: {free / 1e9:.0f} GB are free in bench-data, not {1.5 * LARGEST_BYTES / 1e9:.0f}.")
        return None
    return next(iter(bench.datasets("largest")), None)


def show(bench, report, by, sources, last=None):
    rows, costs, peaks = [], [], []
    try:
        for source in [*sources, *([last] if last else [])]:
            size, medians = bytes_of(source), measure(bench, source)
            costs.append(medians["seconds"] / size * 1e9)
            peaks.append(medians["rss"] / 1e6)
            files = len(list(source.iterdir())) if source.is_dir() else 1
            rows.append([source.name, files, f"{size / 1e6:.0f}", f"{medians['seconds']:.2f}", f"{100 * medians['spread']:.0f} %",
                         f"{costs[-1]:.2f}", f"{medians['cpu'] / size * 1e9:.2f}", f"{peaks[-1]:.0f}"])
            bench.record("linear", by=by, file=source.name, file_bytes=size, files=files, threads=bench.threads[-1], medians=medians)
    finally:
        if last:
            remove(last)
    if rows:
        report.table(f"By {by}:", NAMES, rows)
        report.paragraph(f"**By {by}:** {min(costs):.2f} to {max(costs):.2f} seconds a GB, peak {min(peaks):.0f} to {max(peaks):.0f} MB.")


def measure(bench, source):
    """A folder becomes a folder, with its manifest."""
    output = bench.outputs / ("many" if source.is_dir() else "one.parquet")
    slash = "/" if source.is_dir() else ""
    once = functools.partial(run_hawser, bench, f"{source}{slash}", f"{output}{slash}", bench.threads[-1])
    return alternate({"": once}, output, bench.runs)[""]
