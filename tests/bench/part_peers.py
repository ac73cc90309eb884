# SPDX-License-Identifier: Apache-2.0
"""Hawser beside DuckDB, Polars, pyarrow and, where it was built, csv2parquet of arrow-tools.

With zstd the peers write level 3, the default of DuckDB and Polars. Hawser runs twice: at that level, and at its own
default, which chooses levels by trial. csv2parquet has no levels but its library's, and one thread whatever the others have.
"""

import functools
import sys

from running import HERE, Failed, alternate, geometric_mean, native, output_of, remove, run_hawser, run_native, run_peer, threads_text

PEERS = ("duckdb", "polars", "pyarrow", "csv2parquet")
NATIVE = ("csv2parquet",)
SAME_LEVEL = {"zstd": "zstd:3"}
NAMES = ("", "seconds", "spread", "MB/s", "CPU s", "peak MB", "out MB", "time x", "CPU x", "memory x", "size x")


def tables(bench, report):
    compare(bench, report, "peers", bench.datasets("tables"), NATIVE)


def gzip(bench, report):
    compare(bench, report, "gzip", bench.datasets("gzip"), PEERS)


def run_one(peer, source, output, codec, threads):
    if peer in NATIVE:
        return run_native(peer, "--compression", codec, source, output)
    return run_peer(peer, source, output, codec, threads)


def reads(bench, report, peer, source):
    """Whether a peer is here and takes the file at all; where it does not, the report says so."""
    output = bench.outputs / "probe.parquet"
    if peer in NATIVE and not native(peer):
        report.paragraph(f"{peer} is left out, it is not here: scripts/bench --get-peers builds it where cargo is.")
        return False
    try:
        run_one(peer, source, output, "snappy", 1)
    except Failed as failed:
        report.paragraph(f"{peer} is left out, it does not read {source.name}: {failed}")
        return False
    finally:
        remove(output)
    return True


def compare(bench, report, part, sources, doubtful):
    """The tables of a part. Peers that are doubtful show first whether they read a file."""
    medians = []
    for source in sources:
        peers = [peer for peer in PEERS if peer not in doubtful or reads(bench, report, peer, source)]
        for codec in bench.codecs:
            for threads in bench.threads:
                medians.append(contest(bench, source, codec, threads, peers))
                show(report, source, codec, threads, medians[-1])
                bench.record(part, file=source.name, file_bytes=source.stat().st_size, codec=codec, threads=threads,
                             medians=medians[-1])
    if medians:
        conclude(report, medians)


def contest(bench, source, codec, threads, peers):
    """Medians by name; all must have written the same number of rows."""
    output = bench.outputs / "table.parquet"
    hawser = functools.partial(run_hawser, bench, source, output, threads, "--compression")
    level = SAME_LEVEL.get(codec, codec)
    contenders = {f"Hawser {level}": functools.partial(hawser, level)}
    if level != codec:
        contenders["Hawser default"] = functools.partial(hawser, codec)
    for peer in peers:
        contenders[peer] = functools.partial(run_one, peer, source, output, codec, threads)

    rows = {}
    medians = alternate(contenders, output, bench.runs, lambda name, path: rows.update({name: rows_of(path)}))
    if len(set(rows.values())) != 1:
        raise Failed(f"{source.name}: the tools do not agree on the number of rows: {rows}")
    return medians


def rows_of(path):
    return int(output_of([sys.executable, HERE / "peer.py", "rows", path]))


def show(report, source, codec, threads, medians):
    size = source.stat().st_size
    own = next(iter(medians.values()))
    rows = []
    for name, m in medians.items():
        ratios = [f"{m[key] / own[key]:.2f}" for key in ("seconds", "cpu", "rss", "bytes")]
        rows.append([name, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{size / m['seconds'] / 1e6:.0f}", f"{m['cpu']:.2f}",
                     f"{m['rss'] / 1e6:.0f}", f"{m['bytes'] / 1e6:.1f}", *ratios])
    report.table(f"**{source.name}** ({size / 1e6:.0f} MB), {codec}, {threads_text(threads)}; "
                 "the last four are multiples of the first row's:", NAMES, rows)


def conclude(report, several):
    """One line for each way that Hawser was run, over all tables in which it and some peer were."""
    for name in ("Hawser zstd:3", "Hawser default", "Hawser snappy"):
        chosen = [medians for medians in several if name in medians and others(medians)]
        if not chosen:
            continue
        best = {key: [min(m[peer][key] for peer in others(m)) for m in chosen] for key in ("seconds", "cpu", "rss", "bytes")}
        own = {key: [m[name][key] for m in chosen] for key in best}
        gain = geometric_mean([b / o for b, o in zip(best["seconds"], own["seconds"])])
        cpu = geometric_mean([b / o for b, o in zip(best["cpu"], own["cpu"])])
        memory = max(o / b for b, o in zip(best["rss"], own["rss"]))
        size = [o / b for b, o in zip(best["bytes"], own["bytes"])]
        report.paragraph(
            f"**{name}, {len(chosen)} tables:** the fastest peer takes {gain:.2f} times its time and the most thrifty {cpu:.2f} times its CPU "
            f"(geometric means); its peak of memory is at most {memory:.2f} of the smallest peer's, its file {geometric_mean(size):.2f} of "
            f"the smallest peer's (geometric mean; at most {max(size):.2f}).")


def others(medians):
    return [name for name in medians if name in PEERS]
