# SPDX-License-Identifier: Apache-2.0
"""How much memory a run takes at most: its peak resident size is --memory and 32 MiB for the
program itself, whatever it reads.

Where a row may be refused, exit 2 or 4 is as good, with a message that names a figure and --memory;
the bound holds then too. Rows with a smaller input of the same shape are for every run, those of
full size for the long one.
"""

import dataclasses
import json
import os
import shutil
import tempfile

import harness
import inputs

PROGRAM_MIB = 32
MEMORY_FOLDER = "/dev/shm"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    source: object  # makes the source, or the sources
    memory: int  # MiB
    threads: int = 2
    options: tuple = ()
    rows: object = None  # that come out; None: not counted
    long: bool = True
    s3: bool = False  # source and destination are in buckets
    refusable: bool = False
    want: frozenset = frozenset({0})
    seconds: int = 300
    into: object = None  # makes a folder that the destination is a copy of
    small: bool = False  # many small files come out, which go into a file system in memory


THREE = ("--to", "parquet,avro,csv")
UNPACKED = ("--compression", "none", "--avro-codec", "none")


def case(name, source, memory, threads=2, *options, **more):
    return Case(name, source, memory, threads, options, **more)


def source_columns(rows, text, name_bytes=6, count=16384):
    return lambda: inputs.columns(count, rows, name_bytes, text)


CASES = [
    # Objects on S3: windows of readers, parts of writers, connections.
    case("s3-8x10mb-three-64", lambda: inputs.objects(8, 10), 64, 2, *THREE, s3=True, long=False),
    case("s3-24x10mb-parquet-64", lambda: inputs.objects(24, 10), 64, s3=True),
    case("s3-24x10mb-three-64", lambda: inputs.objects(24, 10), 64, 2, *THREE, s3=True),
    case("s3-24x10mb-parquet-256", lambda: inputs.objects(24, 10), 256, s3=True),
    case("s3-24x10mb-three-256", lambda: inputs.objects(24, 10), 256, 2, *THREE, s3=True),
    case("s3-24x10mb-three-460", lambda: inputs.objects(24, 10), 460, 2, *THREE, s3=True),
    case("s3-24x10mb-three-460-jobs64", lambda: inputs.objects(24, 10), 460, 8, *THREE, "--jobs", "64", s3=True),
    case("s3-24x10mb-merge-three-64", lambda: inputs.objects(24, 10), 64, 2, *THREE, "--merge", s3=True),
    case("s3-1x200mb-three-unpacked-64", lambda: inputs.objects(1, 200), 64, 8, *THREE, *UNPACKED, s3=True),
    case("s3-400-small-jobs256-64", lambda: inputs.small_objects(400, 200), 64, 8, *THREE, "--jobs", "256", s3=True, long=False),
    case("s3-500-partitions-16", lambda: inputs.many_keys(500, 100), 16, 2, "--partition-by", "key", s3=True, rows=50_000, long=False),
    case("s3-2000-partitions-64", lambda: inputs.many_keys(2000, 100), 64, 2, "--partition-by", "key", s3=True, rows=200_000),
    # Long records.
    case("records-4x48mib-64", lambda: inputs.long_records(4, 48), 64, 8, refusable=True, long=False),
    case("records-20x48mib-64", lambda: inputs.long_records(20, 48), 64, refusable=True, rows=20),
    case("records-20x48mib-64-threads8", lambda: inputs.long_records(20, 48), 64, 8, refusable=True, rows=20),
    case("records-20x48mib-64-three", lambda: inputs.long_records(20, 48), 64, 8, *THREE, refusable=True, rows=20),
    case("records-20x48mib-16", lambda: inputs.long_records(20, 48), 16, refusable=True, rows=20),
    case("records-20x48mib-512", lambda: inputs.long_records(20, 48), 512, rows=20),
    case("records-200x1mib-16", lambda: inputs.long_records(200, 1), 16, 8, *THREE, refusable=True, rows=200, long=False),
    case("records-200x1mib-64", lambda: inputs.long_records(200, 1), 64, 2, *THREE, rows=200, long=False),
    case("commas-10m-64", lambda: inputs.commas(10_000_000), 64, 2, "--bad-rows", "reject", refusable=True, rows=3000, long=False),
    case("commas-60m-64", lambda: inputs.commas(60_000_000), 64, 8, "--bad-rows", "reject", refusable=True, rows=3000),
    case("open-quote-300mb-64", lambda: inputs.open_quote(300), 64, want=frozenset({4}), long=False),
    case("open-quote-2gb-64", lambda: inputs.open_quote(2000), 64, want=frozenset({4})),
    case("open-quote-2gb-64-reject", lambda: inputs.open_quote(2000), 64, 8, "--bad-rows", "reject", want=frozenset({0, 4})),
    # Many columns.
    case("columns-16384-long-names-three-64", source_columns(20, True, 2000), 64, 2, *THREE, refusable=True),
    case("columns-16384-int-x20-three-64", source_columns(20, False), 64, 2, *THREE, refusable=True, long=False),
    case("columns-16384-int-x20-partitions-32", source_columns(20, False), 32, 2, "--to", "avro", "--partition-by", "c00000", refusable=True, seconds=30, long=False),
    case("columns-16384-int-x3000-64", source_columns(3000, False), 64, refusable=True, rows=3000),
    case("columns-16384-text-x1500-64-threads8", source_columns(1500, True), 64, 8, refusable=True, rows=1500),
    case("columns-16384-text-x1500-256-three", source_columns(1500, True), 256, 8, *THREE, refusable=True, rows=1500),
    case("columns-2000-text-x2000-64", source_columns(2000, True, count=2000), 64, 8, *THREE, rows=2000),
    case("columns-1000-mixed-x20000-64", lambda: inputs.mixed_columns(1000, 20_000), 64, 2, refusable=True),
    case("columns-1000-mixed-x20000-256", lambda: inputs.mixed_columns(1000, 20_000), 256, 2, rows=20_000),
    # What compressors and their opposites keep.
    case("zstd-window-1-64", lambda: inputs.zstd_windows(1, 140), 64, refusable=True, long=False),
    case("zstd-window-8-64-threads8", lambda: inputs.zstd_windows(8, 140), 64, 8, refusable=True),
    case("zstd-window-8-256-threads8", lambda: inputs.zstd_windows(8, 140), 256, 8, refusable=False),
    case("csv-zstd19-20mb-64", lambda: inputs.plain(20), 64, 8, "--to", "csv", "--csv-codec", "zstd:19", refusable=True, long=False),
    case("csv-zstd19-100mb-64", lambda: inputs.plain(100), 64, 8, "--to", "csv", "--csv-codec", "zstd:19", refusable=True),
    case("parquet-zstd19-100mb-64", lambda: inputs.plain(100), 64, 8, "--compression", "zstd:19", refusable=True),
    case("parquet-brotli11-30mb-64", lambda: inputs.plain(30), 64, 8, "--compression", "brotli:11", refusable=True),
    case("avro-zstd19-100mb-64", lambda: inputs.plain(100), 64, 8, "--to", "avro", "--avro-codec", "zstd:19", refusable=True),
    # Many of something.
    case("files-10000-16", lambda: inputs.many_files(10_000), 16, rows=20_000, long=False, small=True),
    case("files-100000-64", lambda: inputs.many_files(100_000), 64, rows=200_000, small=True),
    case("planned-100000-16", lambda: inputs.many_names(100_000), 16, 2, "--dry-run", want=frozenset({4}), long=False),
    case("planned-1000000-64", lambda: inputs.many_names(1_000_000), 64, 2, "--dry-run", want=frozenset({4}), seconds=600),
    case("merge-10000-16", lambda: inputs.many_files(10_000), 16, 2, "--merge", rows=20_000, long=False),
    case("merge-80000-16", lambda: inputs.many_files(80_000), 16, 2, "--merge", rows=160_000),
    case("merge-100000-64", lambda: inputs.many_files(100_000), 64, 2, "--merge", rows=200_000),
    case("partitions-10000-16", lambda: inputs.many_keys(10_000), 16, 2, "--partition-by", "key", rows=10_000, long=False, small=True),
    case("partitions-2500-x400-32", lambda: inputs.many_keys(2500, 400), 32, 2, "--partition-by", "key", rows=1_000_000, long=False, small=True),
    case("partitions-100000-64", lambda: inputs.many_keys(100_000), 64, 2, "--partition-by", "key", rows=100_000, seconds=600, small=True),
    case("zip-12000-members-16", lambda: inputs.zip_of(12_000), 16, rows=12_000, small=True, long=False),
    case("zip-65536-members-64", lambda: inputs.zip_of(65_536), 64, rows=65_536, small=True),
    case("manifest-16mb-16", lambda: inputs.plain(1), 16, into=lambda: inputs.manifest(16), long=False),
    case("manifest-16mb-falling-16", lambda: inputs.plain(1), 16, into=lambda: inputs.manifest(16, True), seconds=20, long=False),
    case("manifest-100mb-16", lambda: inputs.plain(1), 16, into=lambda: inputs.manifest(100), long=False),
    case("manifest-100mb-falling-16", lambda: inputs.plain(1), 16, into=lambda: inputs.manifest(100, True), seconds=60),
    case("manifest-78mb-64", lambda: inputs.plain(1), 64, into=lambda: inputs.manifest(78)),
    case("manifest-78mb-falling-64", lambda: inputs.plain(1), 64, into=lambda: inputs.manifest(78, True), seconds=30),
    # Patterns whose automata grow with every sign.
    case("pattern-22-pluses-64", lambda: inputs.plain(1), 64, 2, "--schema", lambda: inputs.schema_with("x" + "+" * 22, "pluses"), want=frozenset({2}), seconds=10, long=False),
    case("pattern-nested-bounds-64", lambda: inputs.plain(1), 64, 2, "--schema", lambda: inputs.schema_with("((x{1,200}){1,200}){1,200}", "bounds"), want=frozenset({2}), seconds=10, long=False),
    # Nothing odd, only large.
    case("plain-100mb-three-16", lambda: inputs.plain(100), 16, 8, *THREE, long=False),
    case("plain-400mb-three-16", lambda: inputs.plain(400), 16, 8, *THREE),
    case("plain-400mb-three-64", lambda: inputs.plain(400), 64, 8, *THREE),
    case("plain-400mb-three-256", lambda: inputs.plain(400), 256, 8, *THREE),
]


PARQUET, AVRO, CSV = 1, 2, 4  # of enum hw_format

# Batches that a program brings: MiB of values in all, of a batch, of memory; threads, formats; whether it takes long.
BATCHES = [
    (200, 4, 16, 2, PARQUET, False),
    (300, 4, 64, 4, PARQUET | AVRO, False),
    (300, 1, 64, 2, PARQUET | AVRO | CSV, False),
    (2048, 4, 64, 2, PARQUET, True),
    (2048, 8, 64, 8, PARQUET | AVRO, True),
    (2048, 4, 256, 4, PARQUET | AVRO | CSV, True),
]


def rows_told(out):
    """The rows of the summary that --json prints as its last line."""
    with open(out, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 4096))
        last = file.read().splitlines()[-1:]
    return json.loads(last[0])["rows_out"] if last else None


def run(row, context, folder):
    if not row.small or not os.access(MEMORY_FOLDER, os.W_OK):
        return run_in(row, context, folder, folder / "out")
    with tempfile.TemporaryDirectory(dir=MEMORY_FOLDER, prefix="hawser-faults-") as out:
        return run_in(row, context, folder, out)


def run_in(row, context, folder, out_folder):
    source = row.source()
    where = f"{source}/" if source.is_dir() else f"{source}"
    destination, env = f"{out_folder}/", harness.environment()
    if row.into:
        shutil.copytree(row.into(), destination)
    if row.s3:
        server = context.s3()
        where, destination = server.put(source), f"s3://{server.bucket('destination')}/out/"
        env = server.environment
    options = [o() if callable(o) else o for o in row.options]
    command = [context.tool, "convert", where, destination, *options, "--memory", f"{row.memory}MiB", "--threads", row.threads, "--quiet"]
    out = folder / "stdout"
    done = harness.measure([*command, *(["--json"] if row.rows else [])], folder, row.seconds, env, out)
    bound = row.memory + PROGRAM_MIB
    note = f"{done.mib:.0f} of {bound} MiB, exit {done.code}, {done.seconds:.1f} s"
    refused = row.refusable and done.code in (2, 4)
    harness.ended(done, row.want | ({2, 4} if row.refusable else set()), row.seconds)
    assert not refused or harness.refused_by_name(done.err), f"{note}; refused, but not by a figure and --memory: {done.err.strip()[-300:]}"
    assert done.mib <= bound, note
    assert refused or not row.rows or rows_told(out) == row.rows, f"{note}; {rows_told(out)} rows, want {row.rows}"
    return note


def run_batches(folder, mib, batch_mib, memory, threads, formats):
    """What the program itself has is a batch at a time; the heap may hold another that was given back."""
    out = folder / "out"
    out.mkdir()
    done = harness.measure([harness.driver("batches_driver"), mib, batch_mib, memory, threads, formats, f"{out}/"], folder, 600)
    bound = memory + PROGRAM_MIB + 2 * batch_mib
    note = f"{done.mib:.0f} of {bound} MiB, exit {done.code}, {done.seconds:.1f} s, {done.out.strip()}"
    harness.ended(done, {0}, 600)
    assert done.mib <= bound, note
    return note


def batches_rows():
    for mib, batch_mib, memory, threads, formats, long in BATCHES:
        name = f"batches-{mib}mib-of-{batch_mib}-formats{formats}-{memory}-threads{threads}"
        run_one = lambda _context, folder, more=(mib, batch_mib, memory, threads, formats): run_batches(folder, *more)
        yield harness.Row(name, run_one, long)


def rows():
    return list(batches_rows()) + [harness.Row(c.name, lambda context, folder, c=c: run(c, context, folder), c.long) for c in CASES]
