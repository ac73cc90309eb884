# SPDX-License-Identifier: Apache-2.0
"""What Hawser costs, and what other tools cost for the same, on this machine; Markdown on standard output.

Parts are run one after the other: --list names them, --part NAME runs one alone. Every run is a process of its own, the
tools take turns, the median of the runs counts. Files are read once before, so that they come from memory.

Peers are timed without the start of Python and its imports, Hawser from its start to its end; all get the same threads
and codec. The peak of memory includes what a process needs to start. Hawser brings its file to the disk before it is
done, the others do not: --outputs /dev/shm leaves that out and compares the conversions alone.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import signal
import sys
import tempfile

import markdown
import part_builds
import part_formats
import part_infer
import part_linear
import part_one_schema
import part_optimize
import part_peers
import part_read
import part_reconvert
import part_stages
import part_transfers
import part_verify
import running

sys.path.insert(0, str(running.HERE.parent / "interop"))
import hawser  # noqa: E402  (the path comes first)

# Name, what it shows, and the function that runs it.
PARTS = (
    ("peers", "CSV to Parquet beside DuckDB, Polars, pyarrow and csv2parquet", part_peers.tables),
    ("gzip", "the same from .csv.gz", part_peers.gzip),
    ("formats", "Parquet and Avro at once against Parquet alone", part_formats.formats),
    ("infer", "names and types beside DuckDB and qsv", part_infer.infer),
    ("one-schema", "one set of types for many sources against types for each", part_one_schema.one_schema),
    ("linear", "time and memory by size, by number of columns and by number of files", part_linear.linear),
    ("read", "Parquet decoded as a whole beside DuckDB and pyarrow", part_read.read),
    ("verify", "each level of verify beside decoding, and the footer of a very wide file", part_verify.verify),
    ("reconvert", "from Parquet to Avro, back, and to Parquet again, beside DuckDB, Polars and pyarrow", part_reconvert.reconvert),
    ("optimize", "Parquet files optimised, beside peers that write the same rows again", part_optimize.optimize),
    ("builds", "this build beside another one (--beside FILE)", part_builds.builds),
    ("transfers", "copies to and from S3 beside s5cmd, rclone, boto3 over the CRT and the AWS CLI", part_transfers.transfers),
    ("stages", "where one thread's time goes, and how far each stage is from what the machine can do", part_stages.stages),
)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="names the parts")
    parser.add_argument("--part", action="append", choices=[name for name, _, _ in PARTS], help="this part; all unless given")
    parser.add_argument("--quick", action="store_true", help="smaller files, three runs")
    parser.add_argument("--full", action="store_true", help="linear: 10 GB too, where there is room for it")
    parser.add_argument("--beside", metavar="FILE", help="builds: the hawser of another build, which must stay where it is")
    parser.add_argument("--runs", type=int, help="runs of each contender (5, or 3 with --quick)")
    parser.add_argument("--only", default="", help="files with this in their name")
    parser.add_argument("--codec", action="append", choices=("snappy", "zstd"), help="both unless given")
    parser.add_argument("--threads", action="append", type=int, help="1 and 2 unless given; linear takes the last")
    parser.add_argument("--outputs", metavar="DIR", help="where outputs are written: bench-data unless given")
    parser.add_argument("--markdown", metavar="FILE", help="writes the tables there too")
    parser.add_argument("--json", metavar="FILE", help="writes the figures there")
    return parser.parse_args()


def processor():
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.machine()


def versions(tool):
    libraries = ("duckdb", "polars", "pyarrow")
    own = running.output_of([tool, "version"]).splitlines()[0]
    programs = [running.output_of([path, "--version"]).split()[:2] for name in ("csv2parquet", "qsvlite") if (path := running.native(name))]
    return ", ".join([own, *(f"{name} {importlib.metadata.version(name)}" for name in libraries), *map(" ".join, programs)])


def preamble(report, bench):
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    report.heading(f"{datetime.date.today()}, {os.cpu_count()} CPUs of {processor()}, {system}")
    load = os.getloadavg()[0]
    kind = "quick run with small files, " if bench.quick else ""
    report.paragraph(f"{versions(bench.tool)}. Linux {platform.release()}. Medians, {kind}runs of each: {bench.runs}; "
                     f"outputs in {bench.outputs.parent}; load when it began: {load:.1f}.")


def run(args, bench, report):
    preamble(report, bench)
    for name, what, part in PARTS:
        if name in (args.part or [name]):
            report.paragraph(f"### {name}: {what}")
            part(bench, report)


def main():
    args = arguments()
    if args.list:
        for name, what, _ in PARTS:
            print(f"{name:12}{what}")
        return
    tool = hawser.find()
    if not tool:
        sys.exit("bench: there is no hawser in build/release; make build")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))
    data = running.ROOT / "bench-data"
    data.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hawser-bench-", dir=args.outputs or data) as outputs:
        bench = running.Bench(
            tool=tool, data=data, outputs=pathlib.Path(outputs), runs=args.runs or (3 if args.quick else 5),
            beside=pathlib.Path(args.beside).resolve() if args.beside else None,
            quick=args.quick, full=args.full, only=args.only, codecs=args.codec or ["zstd", "snappy"],
            threads=args.threads or [1, 2], results=[])
        try:
            run(args, bench, markdown.Markdown(args.markdown))
        except running.Failed as failed:
            sys.exit(f"bench: {failed}")
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps(bench.results, indent=2) + "\n")


main()
