# SPDX-License-Identifier: Apache-2.0
"""This build beside another one, say of an earlier commit: the same conversions in turn, as ratios of medians."""

import dataclasses
import functools

from running import alternate, run_hawser

SETS = ("tables", "gzip", "widths", "counts")
FORMATS = ("parquet", "parquet,avro,csv")
NAMES = ("", "formats", "threads", "seconds", "seconds x", "spread", "CPU x", "peak x", "size x")


def builds(bench, report):
    if not bench.beside:
        report.paragraph("Left out: no other build is named (--beside FILE).")
        return
    rows, worst = [], 0.0
    for words in SETS:
        for source in bench.datasets(words):
            for formats in FORMATS if words == "tables" else FORMATS[:1]:
                for threads in bench.threads:
                    medians = compare(bench, source, formats, threads)
                    ratios = {key: medians["this"][key] / medians["other"][key] for key in ("seconds", "cpu", "rss", "bytes")}
                    worst = max(worst, ratios["cpu"])
                    rows.append(row_of(source.name, formats, threads, medians["this"], ratios))
                    bench.record("builds", file=source.name, formats=formats, threads=threads, medians=medians)
    if rows:
        report.table(f"Figures of this build as multiples of those of {bench.beside}:", NAMES, rows)
        report.paragraph(f"**Builds:** at most {worst:.2f} times the CPU seconds of the other one.")


def compare(bench, source, formats, threads):
    """Outputs go to a folder, whatever the source is."""
    output = bench.outputs / "built"
    slash = "/" if source.is_dir() else ""
    tools = {"this": bench.tool, "other": bench.beside}
    contenders = {
        name: functools.partial(run_hawser, dataclasses.replace(bench, tool=tool), f"{source}{slash}", f"{output}/", threads, "--to", formats)
        for name, tool in tools.items()
    }
    return alternate(contenders, output, bench.runs)


def row_of(name, formats, threads, this, ratios):
    return [name, formats, threads, f"{this['seconds']:.2f}", f"{ratios['seconds']:.2f}", f"{100 * this['spread']:.0f} %",
            f"{ratios['cpu']:.2f}", f"{ratios['rss']:.2f}", f"{ratios['bytes']:.3f}"]
