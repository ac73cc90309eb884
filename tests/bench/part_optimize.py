# SPDX-License-Identifier: Apache-2.0
"""hawser optimize on snappy files of pyarrow, beside peers that write the same rows again with zstd of level 3.

Hawser tries encodings and compressions, decodes all that it wrote and compares it, with each of its efforts; the peers do what
they do unless told otherwise, and prove nothing. DuckDB writes Parquet V1, its default, and V2, which has more encodings.
"""

import functools

from part_peers import rows_of
from part_reconvert import converts, run_peer
from running import Failed, alternate, geometric_mean, threads_text, timed

EFFORTS = ("fast", "normal", "best")
PEERS = ("duckdb", "duckdb V2", "polars", "pyarrow")
NAMES = ("", "seconds", "spread", "CPU s", "peak MB", "out MB", "of the source", "time x", "CPU x", "memory x", "size x")
# What the other rows of a table are multiples of, and whose size is compared with the peers'.
NORMAL = "Hawser, normal"
# The peer that no file of the effort normal may be larger than.
SMALL_PEER = "duckdb V2"
# The size of a file as a share of the smallest peer's, and the speed as a multiple of the fastest peer's.
SIZE_GOAL = 0.90
SPEED_GOALS = {"fast": 2.0, "normal": 1.3}


def optimize(bench, report):
    contests = []
    for source in bench.datasets("optimize"):
        able = [peer for peer in PEERS if converts(bench, report, peer, source, "parquet")]
        for threads in bench.threads:
            medians = contest(bench, source, able, threads)
            show(report, source, threads, medians)
            bench.record("optimize", file=source.name, file_bytes=source.stat().st_size, threads=threads, medians=medians)
            if able:
                contests.append(medians)
    if contests:
        for effort in EFFORTS:
            conclude(report, effort, contests)


def conclude(report, effort, contests):
    """One line for an effort, over all contests."""
    own = f"Hawser, {effort}"

    def multiples(key, peers=PEERS):
        """The figure of the best of these peers as a multiple of Hawser's, for each contest that has one."""
        return [min(m[peer][key] for peer in peers if peer in m) / m[own][key] for m in contests if any(peer in m for peer in peers)]

    size = [1 / ratio for ratio in multiples("bytes")]
    small = [1 / ratio for ratio in multiples("bytes", [SMALL_PEER])]
    speed, cpu = multiples("seconds"), multiples("cpu")
    goal = f" (the goal is {SPEED_GOALS[effort]})" if effort in SPEED_GOALS else ""
    report.paragraph(
        f"**Optimize, effort {effort}, {len(size)} contests:** the file is {geometric_mean(size):.3f} of the smallest peer's (geometric mean; "
        f"{max(size):.3f} at most; the goal is {SIZE_GOAL:.2f}), at most {max(small, default=0):.3f} of {SMALL_PEER}'s; the fastest peer takes "
        f"{geometric_mean(speed):.2f} times the time ({min(speed):.2f} at least), the most thrifty {geometric_mean(cpu):.2f} times the CPU "
        f"({min(cpu):.2f} at least){goal}.")


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
