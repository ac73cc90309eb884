# SPDX-License-Identifier: Apache-2.0
"""What it costs to verify Parquet files, level by level, beside decoding them; and the footer of a very wide file.

All have one thread. The level pages unpacks each page, as values and decoding do, so a file that is not compressed stands
here too: only of such a file CRCs can be what takes longest. No peer verifies files; pyarrow reads the wide file's footer.
"""

import functools
import json
import sys

from part_read import decoder
from running import HERE, geometric_mean, output_of, take_turns, timed, timed_inside

LEVELS = ("footer", "pages", "values")
# Which of the contenders read the bytes of all pages.
READ_ALL = ("pages", "values", "decode")
NAMES = ("", "seconds", "spread", "CPU s", "MB/CPU s", "peak MB", "decode CPU x")
FOOTER_NAMES = ("", "ms", "spread", "CPU ms", "peak MB")


def verify(bench, report):
    levels(bench, report)
    footer(bench, report)


def levels(bench, report):
    program = decoder(report)
    if not program:
        return
    shares = []
    for codec in [*bench.codecs, "none"]:
        for source in bench.datasets(f"parquet-{codec}"):
            medians, limit = contest(bench, program, source), crc_limit(source)
            show(report, source, medians, limit)
            bench.record("verify", file=source.name, file_bytes=source.stat().st_size, medians=medians, limit=limit)
            shares.append(medians["decode"]["cpu"] / medians["values"]["cpu"])
    if shares:
        report.paragraph(f"**Verify, {len(shares)} files:** values has {geometric_mean(shares):.2f} times the speed of decoding (geometric mean; "
                         f"{min(shares):.2f} at least); the goal is 0.5 everywhere.")


def contest(bench, program, source):
    contenders = {level: functools.partial(verify_once, bench, source, level) for level in LEVELS}
    contenders["decode"] = functools.partial(timed_inside, [program, source, 1])
    return take_turns(contenders, bench.runs)


def verify_once(bench, source, level):
    return timed([bench.tool, "verify", source, "--level", level, "--threads", 1, "--quiet"])[0]


def crc_limit(source):
    """GB a CPU second of a CRC alone, and what it is of."""
    return json.loads(output_of([sys.executable, HERE / "limits.py", source]))["crc"]


def show(report, source, medians, limit):
    size, rows = source.stat().st_size, []
    for name, m in medians.items():
        speed = f"{size / m['cpu'] / 1e6:.0f}" if name in READ_ALL else ""
        rows.append([name, f"{m['seconds']:.3f}", f"{100 * m['spread']:.0f} %", f"{m['cpu']:.3f}", speed, f"{m['rss'] / 1e6:.0f}",
                     f"{medians['decode']['cpu'] / m['cpu']:.2f}"])
    report.table(f"**{source.name}** ({size / 1e6:.0f} MB), 1 thread; the last column is the speed as a multiple of that of decoding:", NAMES, rows)
    report.paragraph(f"Pages of {source.name}: {size / medians['pages']['cpu'] / 1e9:.2f} GB a CPU second; the goal is 5, or {limit[0]:.2f}, which is "
                     f"{limit[1]}.")


def footer(bench, report):
    for source in bench.datasets("wide"):
        contenders = {
            "Hawser verify --level footer": functools.partial(verify_once, bench, source, "footer"),
            "pyarrow read_metadata": functools.partial(timed_inside, [sys.executable, HERE / "peer.py", "footer", source]),
        }
        medians = take_turns(contenders, bench.runs)
        rows = [[name, f"{1000 * m['seconds']:.1f}", f"{100 * m['spread']:.0f} %", f"{1000 * m['cpu']:.1f}", f"{m['rss'] / 1e6:.0f}"]
                for name, m in medians.items()]
        report.table(f"**{source.name}** ({source.stat().st_size / 1e6:.0f} MB), the footer, from the start of Hawser's process to its end:",
                     FOOTER_NAMES, rows)
        report.paragraph(f"**Footer:** {1000 * medians['Hawser verify --level footer']['seconds']:.1f} ms; the goal is 50.")
        bench.record("verify", file=source.name, file_bytes=source.stat().st_size, medians=medians)
