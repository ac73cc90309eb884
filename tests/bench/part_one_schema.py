# SPDX-License-Identifier: Apache-2.0
"""What one set of types for all sources costs (--one-schema), beside types for each, a merge, and DuckDB's reading of all."""

import functools

from running import alternate, files_of, output_of, run_hawser, run_peer

OPTION = "--one-schema"
NAMES = ("", "files", "threads", "seconds", "spread", "CPU s", "peak MB", "time x", "CPU x")


def one_schema(bench, report):
    if OPTION not in output_of([bench.tool, "convert", "--help"]):
        report.paragraph(f"Left out: this build does not know {OPTION}.")
        return
    rows, worst = [], 0.0
    for source in bench.datasets("counts"):
        for threads in bench.threads:
            medians = contest(bench, source, threads)
            own = medians["Hawser, types for each"]
            files = len(files_of(source))
            rows += [row_of(f"{source.name}: {name}", files, threads, m, own) for name, m in medians.items()]
            worst = max(worst, medians[f"Hawser {OPTION}"]["seconds"] / own["seconds"])
            bench.record("one-schema", file=source.name, files=files, threads=threads, medians=medians)
    if rows:
        report.table("Time and CPU as multiples of Hawser's with types for each source:", NAMES, rows)
        report.paragraph(f"**One schema:** at most {worst:.2f} times the time of types for each source.")


def contest(bench, source, threads):
    output, merged = bench.outputs / "typed", bench.outputs / "typed/all.parquet"
    hawser = functools.partial(run_hawser, bench, f"{source}/")

    def into_folder(once, *arguments):
        output.mkdir()
        return once(*arguments)

    contenders = {
        "Hawser, types for each": functools.partial(hawser, f"{output}/", threads),
        f"Hawser {OPTION}": functools.partial(hawser, f"{output}/", threads, OPTION),
        "Hawser --merge": functools.partial(into_folder, hawser, merged, threads, "--merge"),
        "duckdb, one file": functools.partial(into_folder, run_peer, "duckdb", source / "*.csv", merged, "zstd", threads),
    }
    return alternate(contenders, output, bench.runs)


def row_of(name, files, threads, m, own):
    return [name, files, threads, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{m['cpu']:.2f}", f"{m['rss'] / 1e6:.0f}",
            f"{m['seconds'] / own['seconds']:.2f}", f"{m['cpu'] / own['cpu']:.2f}"]
