# SPDX-License-Identifier: Apache-2.0
"""From Parquet to Avro, back, and to Parquet again, beside the peers that can.

Parquet gets zstd of level 3, Avro deflate. Avro sources are what Hawser writes. polars reads and writes both formats, whole
files at once where one of them is Avro; DuckDB and pyarrow do Parquet alone, since DuckDB's Avro is an extension that it
loads from the network. fastavro is left out, as it hands out and takes each row as a dict of Python.
"""

import functools
import sys

from part_peers import rows_of
from running import HERE, Failed, alternate, geometric_mean, remove, run_hawser, threads_text, timed_inside

# From, to, and the peers that do that.
WAYS = (
    ("parquet", "avro", ("polars",)),
    ("avro", "parquet", ("polars",)),
    ("parquet", "parquet", ("duckdb", "polars", "pyarrow")),
)
NAMES = ("", "seconds", "spread", "CPU s", "peak MB", "out MB", "time x", "CPU x", "memory x", "size x")


def reconvert(bench, report):
    gains = {(source, target): [] for source, target, _ in WAYS}
    for parquet in bench.datasets("parquet-zstd"):
        avro = bench.outputs / f"{parquet.stem}.avro"
        run_hawser(bench, parquet, avro, max(bench.threads))
        files = {"parquet": parquet, "avro": avro}
        for source, target, peers in WAYS:
            gains[source, target] += way(bench, report, files[source], target, peers)
        remove(avro)
    for (source, target), ratios in gains.items():
        if ratios:
            report.paragraph(f"**{source} to {target}, {len(ratios)} contests:** the fastest peer takes {geometric_mean(ratios):.2f} times the time "
                             f"(geometric mean; {min(ratios):.2f} at least). The goal is 1.0 everywhere.")


def way(bench, report, source, target, peers):
    """The tables of one file and one target; by how much Hawser is faster than the fastest peer, for each number of threads."""
    able = [peer for peer in peers if converts(bench, report, peer, source, target)]
    gains = []
    for threads in bench.threads:
        medians = contest(bench, source, target, able, threads)
        show(report, source, target, threads, medians)
        bench.record("reconvert", file=source.name, file_bytes=source.stat().st_size, to=target, threads=threads, medians=medians)
        if able:
            gains.append(min(medians[peer]["seconds"] for peer in able) / medians["Hawser"]["seconds"])
    return gains


def run_peer(peer, source, output, threads):
    return timed_inside([sys.executable, HERE / "peer.py", "reconvert", peer, source, output, threads])


def converts(bench, report, peer, source, target):
    """Whether a peer has all types of a file; where it has not, the report says so."""
    output = bench.outputs / f"probe.{target}"
    try:
        run_peer(peer, source, output, 1)
    except Failed as failed:
        report.paragraph(f"{peer} is left out, it does not make {target} of {source.name}: {failed}")
        return False
    finally:
        remove(output)
    return True


def contest(bench, source, target, peers, threads):
    """Medians by name; all must have written the same number of rows, which is asked of Parquet alone."""
    output = bench.outputs / f"again.{target}"
    options = ("--compression", "zstd:3") if target == "parquet" else ()
    contenders = {"Hawser": functools.partial(run_hawser, bench, source, output, threads, *options)}
    for peer in peers:
        contenders[peer] = functools.partial(run_peer, peer, source, output, threads)
    rows = {}
    count = (lambda name, path: rows.update({name: rows_of(path)})) if target == "parquet" else None
    medians = alternate(contenders, output, bench.runs, count)
    if len(set(rows.values())) > 1:
        raise Failed(f"{source.name}: the tools do not agree on the number of rows: {rows}")
    return medians


def show(report, source, target, threads, medians):
    own, rows = medians["Hawser"], []
    for name, m in medians.items():
        ratios = [f"{m[key] / own[key]:.2f}" for key in ("seconds", "cpu", "rss", "bytes")]
        rows.append([name, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{m['cpu']:.2f}", f"{m['rss'] / 1e6:.0f}",
                     f"{m['bytes'] / 1e6:.1f}", *ratios])
    report.table(f"**{source.name}** ({source.stat().st_size / 1e6:.0f} MB) to {target}, {threads_text(threads)}; the last four are "
                 "multiples of the first row's:", NAMES, rows)
