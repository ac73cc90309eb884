# SPDX-License-Identifier: Apache-2.0
"""hawser optimize on snappy files of DuckDB, beside peers that write the same rows again with zstd of level 3.

Hawser tries encodings and compressions, decodes all that it wrote and compares it, with each of its efforts; the peers do what
they do unless told otherwise, and prove nothing.
"""

import functools

from part_peers import rows_of
from part_reconvert import converts, run_peer
from running import Failed, alternate, geometric_mean, threads_text, timed

EFFORTS = ("fast", "normal", "best")
PEERS = ("duckdb", "polars", "pyarrow")
NAMES = ("", "seconds", "spread", "CPU s", "peak MB", "out MB", "of the source", "time x", "CPU x", "memory x", "size x")
# What the other rows of a table are multiples of, and whose size is compared with the peers'.
NORMAL = "Hawser, normal"


def optimize(bench, report):
    sizes = []
    for source in bench.datasets("parquet-snappy"):
        able = [peer for peer in PEERS if converts(bench, report, peer, source, "parquet")]
        for threads in bench.threads:
            medians = contest(bench, source, able, threads)
            show(report, source, threads, medians)
            bench.record("optimize", file=source.name, file_bytes=source.stat().st_size, threads=threads, medians=medians)
        if able:
            sizes.append(medians[NORMAL]["bytes"] / min(medians[peer]["bytes"] for peer in able))
    if sizes:
        report.paragraph(f"**Optimize, {len(sizes)} files:** the output of {NORMAL} is {geometric_mean(sizes):.2f} times as large as the smallest of a "
                         f"peer (geometric mean; {max(sizes):.2f} at most).")


def run_optimize(bench, source, output, threads, effort):
    words = [bench.tool, "optimize", source, output, "--effort", effort, "--threads", threads, "--force", "--quiet"]
    return timed(words)[0]


def contest(bench, source, peers, threads):
    """Medians by name; all must have written the same number of rows."""
    output = bench.outputs / "again.parquet"
    contenders = {f"Hawser, {effort}": functools.partial(run_optimize, bench, source, output, threads, effort) for effort in EFFORTS}
    for peer in peers:
        contenders[peer] = functools.partial(run_peer, peer, source, output, threads)
    rows = {}
    medians = alternate(contenders, output, bench.runs, lambda name, path: rows.update({name: rows_of(path)}))
    if len(set(rows.values())) > 1:
        raise Failed(f"{source.name}: the tools do not agree on the number of rows: {rows}")
    return medians


def show(report, source, threads, medians):
    own, rows, source_bytes = medians[NORMAL], [], source.stat().st_size
    for name, m in medians.items():
        ratios = [f"{m[key] / own[key]:.2f}" for key in ("seconds", "cpu", "rss", "bytes")]
        rows.append([name, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{m['cpu']:.2f}", f"{m['rss'] / 1e6:.0f}",
                     f"{m['bytes'] / 1e6:.1f}", f"{100 * m['bytes'] / source_bytes:.0f} %", *ratios])
    report.table(f"**{source.name}** ({source_bytes / 1e6:.0f} MB), {threads_text(threads)}; the last four are multiples of {NORMAL}'s:", NAMES, rows)
