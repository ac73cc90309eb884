# SPDX-License-Identifier: Apache-2.0
"""Folders of files of pyarrow, joined and divided by `hawser optimize`, and compared with what pyarrow makes of the same files.

    optimize_join.py [--preset PRESET] [--seeds N] [--only TEXT]

--merge has the rows of all files, bit by bit and in their order; --target-bytes makes files of about one size, which are those
rows one after the other. Both are read back by pyarrow and by DuckDB, verified, and the same for any number of threads. What
must not be joined is refused, by name, and nothing is written.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import hawser
import optimize
import parquet_read
import random_arrow

sys.path.append(str(hawser.ROOT / "tests/integration"))
import server  # noqa: E402

# Sizes of parts: the most over the size that was asked for, and the least of one over the largest one.
OVER, EVEN = 1.15, 0.8
CODECS = ["none", "snappy", "zstd", "gzip", "lz4", "brotli"]
# Names in the order of their bytes, which is that of their rows.
NAMES = ["A.parquet", "Z.pq", "a.parquet", "b-1.parquet", "b.parquet", "b1.parq", "é.parquet"]
KILO = 1024


# ------ files


def write(rng, path, table, codec=None, groups=None):
    """Writes a table in one of the ways of writers, without the schema of Arrow, which would tell them apart."""
    pq.write_table(
        table, path,
        compression=codec or rng.choice(CODECS),
        use_dictionary=rng.choice([True, False]),
        row_group_size=groups or rng.choice([3, 700, 1 << 20]),
        data_page_version=rng.choice(["1.0", "2.0"]),
        write_page_index=rng.choice([True, False]),
        store_schema=False)


def some_required(rng, table):
    """The table, of which some columns without nulls are required."""
    fields = [f.with_nullable(table.column(i).null_count > 0 or rng.random() < 0.5) for i, f in enumerate(table.schema)]
    return pa.Table.from_arrays([table.column(i) for i in range(table.num_columns)], schema=pa.schema(fields))


def random_folder(rng, folder):
    """Writes slices of a random table, empty ones too, to a folder. Returns their paths."""
    table = random_arrow.table(rng).replace_schema_metadata(None)
    ends = sorted(rng.randint(0, table.num_rows) for _ in range(rng.randint(0, len(NAMES) - 1)))
    folder.mkdir()
    paths = []
    for name, first, end in zip(NAMES, [0, *ends], [*ends, table.num_rows]):
        paths.append(folder / name)
        write(rng, paths[-1], some_required(rng, table.slice(first, end - first)))
    return paths


def numbers(rows, seed=0):
    """A table of which each row takes about as much as any other."""
    rng = random.Random(seed)
    return pa.table({
        "id": pa.array(range(rows), pa.int64()),
        "noise": pa.array([rng.getrandbits(62) for _ in range(rows)], pa.int64()),
        "word": pa.array([f"word {rng.randrange(5000)}" for _ in range(rows)], pa.string()),
        "price": pa.array([rng.randrange(100000) / 8 for _ in range(rows)], pa.float64()),
    })


def even_folder(folder, table, files, seed=0, codec=None):
    """Writes a table to a folder as files of several codecs. Returns their paths."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    step = -(-table.num_rows // files)
    paths = [folder / f"f{i:04}.parquet" for i in range(files)]
    for i, path in enumerate(paths):
        write(rng, path, table.slice(i * step, step), codec, 5000)
    return paths


def digests(folder):
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def parts(folder):
    return sorted(folder.rglob("part-*.parquet"))


# ------ comparing


def concat(paths):
    """What pyarrow reads from files one after the other; a column is nullable where one of them has it so."""
    tables = [parquet_read.read_by_pyarrow(path) for path in paths]
    nullable = [any(t.schema.field(i).nullable for t in tables) for i in range(tables[0].num_columns)]
    schema = pa.schema([f.with_nullable(n) for f, n in zip(tables[0].schema, nullable)])
    return pa.concat_tables([pa.Table.from_arrays(t.columns, schema=schema) for t in tables])


def without_keys(table):
    return table.replace_schema_metadata(None)


def rows_differ(sources, outputs):
    """What pyarrow finds different, bit by bit; None."""
    want, got = without_keys(concat(sources)), without_keys(concat(outputs))
    if not got.schema.equals(want.schema):
        return f"pyarrow sees the schema {got.schema}, and in the sources {want.schema}"
    if got.num_rows != want.num_rows:
        return f"{got.num_rows} rows, want {want.num_rows}"
    for i, field in enumerate(want.schema):
        if not optimize.bits_equal(got.column(i), want.column(i)):
            return f"column {field.name} has other values"
    return None


def duckdb_differ(sources, outputs):
    """The same by DuckDB, for what it reads of the sources."""
    def rows(paths):
        with duckdb.connect() as link:
            link.execute("SET preserve_insertion_order = true")
            files = [str(p) for p in paths]
            query = "SELECT * FROM read_parquet(?, hive_partitioning = false)"
            return [repr(row) for file in files for row in link.execute(query, [file]).fetchall()]
    try:
        want = rows(sources)
    except (duckdb.Error, ValueError, OverflowError):
        return None
    return None if rows(outputs) == want else "DuckDB reads other rows"


def invalid(tool, outputs):
    run = hawser.run(tool, "verify", "--level", "values", "--quiet", *outputs)
    return f"verify: {run.stderr}" if run.returncode else None


def outputs_differ(tool, sources, outputs):
    """What is wrong with outputs; those that are copies of sources are as valid as these."""
    made = [path for path in outputs if path.name.startswith("part-") or path.name == "out.parquet"]
    return rows_differ(sources, outputs) or duckdb_differ(sources, outputs) or (invalid(tool, made) if made else None)


def told(run):
    """The lines of --json: of outputs, without times."""
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return [line for line in lines if line["type"] == "object"]


def optimized(tool, *arguments, **options):
    return hawser.run(tool, "optimize", *arguments, **options)


def refused(run, status, words, folder=None):
    """What is wrong with a run that had to fail with these words, and write nothing to a folder."""
    if run.returncode != status:
        return [f"exit {run.returncode}, want {status}: {run.stderr}{run.stdout}"]
    if [word for word in words if word not in run.stderr]:
        return [f"{run.stderr!r} does not say {words}"]
    left = [str(p) for p in folder.rglob("*") if p.is_file()] if folder and folder.exists() else []
    return [f"written: {left}"] if left else []


# ------ random tables


def random_case(seed):
    def check(tool, folder):
        rng = random.Random(seed)
        paths = random_folder(rng, folder / "in")
        options = rng.choice([[], ["--row-group-rows", "100"], ["--encodings", "max"], ["--effort", "best"]])
        return merge_check(tool, folder, paths, options) + divide_check(tool, folder, paths, options, rng)
    return check


def merge_check(tool, folder, paths, options):
    out = folder / "out.parquet"
    run = optimized(tool, "--merge", "--json", *options, f"{folder / 'in'}/", out)
    if run.returncode:
        return [f"--merge: exit {run.returncode}: {run.stderr}"]
    line = told(run)[0]
    problems = [outputs_differ(tool, paths, [out])]
    if line.get("sources", [line["source"]]) != [str(p) for p in paths]:
        problems.append(f"sources are told as {line.get('sources')}")
    if line["outcome"] != "rewritten" or not line["proof"] or line["rows"] != pq.ParquetFile(out).metadata.num_rows:
        problems.append(f"--json tells {line}")
    return [f"--merge: {p}" for p in problems if p]


def divide_check(tool, folder, paths, options, rng):
    size = rng.choice([200, 3000, 40000, 10**7])
    run = optimized(tool, "--target-bytes", size, "--quiet", *options, f"{folder / 'in'}/", f"{folder / 'even'}/")
    if run.returncode:
        return [f"--target-bytes {size}: exit {run.returncode}: {run.stderr}"]
    outputs = sorted(p for p in (folder / "even").iterdir())
    before = digests(folder / "even")
    again = optimized(tool, "--target-bytes", size, "--json", *options, f"{folder / 'even'}/", f"{folder / 'again'}/")
    outcomes = {line["outcome"] for line in told(again)}
    problems = [outputs_differ(tool, paths, outputs)]
    if parts(folder / "even") == outputs and (outcomes != {"already"} or digests(folder / "again") != before):
        problems.append(f"a second run: {outcomes} {again.stderr}")
    return [f"--target-bytes {size}: {p}" for p in problems if p]


# ------ sizes


def sizes_are_good(sizes, size):
    return len(sizes) > 1 and max(sizes) <= OVER * size and min(sizes) >= EVEN * max(sizes)


def sizes_check(size, files, codec, *options):
    """Parts are of one size, at most that one, and a second run finds nothing to do, whatever the number of threads."""
    def check(tool, folder):
        paths = even_folder(folder / "in", numbers(120000), files, codec=codec)
        for threads in (1, 8):
            run = optimized(tool, "--target-bytes", size, "--quiet", "--threads", threads, *options, f"{folder / 'in'}/", f"{folder}/even{threads}/")
            if run.returncode:
                return [run.stderr]
        outputs = parts(folder / "even1")
        sizes = [p.stat().st_size for p in outputs]
        problems = [outputs_differ(tool, paths, outputs)]
        if digests(folder / "even1") != digests(folder / "even8"):
            problems.append("threads make other bytes")
        if not sizes_are_good(sizes, size):
            problems.append(f"sizes are {sizes}, and {size} was asked for")
        again = optimized(tool, "--target-bytes", size, "--json", *options, f"{folder}/even1/", f"{folder}/again/")
        if {line["outcome"] for line in told(again)} != {"already"} or digests(folder / "again") != digests(folder / "even1"):
            problems.append(f"a second run: {again.stdout[:300]}{again.stderr}")
        return [p for p in problems if p]
    return check


def spread_check(tool, folder):
    """Files that are stored in one way, and others that are not, side by side in one folder."""
    size = 300 * KILO
    table = numbers(100000).append_column("again", pa.array([f"this comes again {i // 700}" for i in range(100000)]))
    paths = even_folder(folder / "in", table.slice(0, 50000), 10, codec="none")
    for i in range(10):
        paths.append(folder / "in" / f"g{i}.parquet")
        pq.write_table(table.slice(50000 + i * 5000, 5000), paths[-1], compression="zstd", store_schema=False)
    run = optimized(tool, "--target-bytes", size, "--quiet", f"{folder / 'in'}/", f"{folder / 'even'}/")
    if run.returncode:
        return [run.stderr]
    sizes = [p.stat().st_size for p in parts(folder / "even")]
    wrong = outputs_differ(tool, paths, parts(folder / "even"))
    if wrong:
        return [wrong]
    return [] if sizes_are_good(sizes, size) else [f"sizes are {sizes}, and {size} was asked for"]


# ------ columns that do not agree

INTS = pa.array([1, 2, 3], pa.int64())
A = pa.table({"a": INTS, "b": INTS})


def with_b(kind):
    """The table with another type of its second column."""
    return A.set_column(1, "b", INTS.cast(kind))


PAIR = pa.struct([("x", pa.int64()), ("y", pa.int64())])
TURNED = pa.struct([("y", pa.int64()), ("x", pa.int64())])
DISAGREEING = {
    "a name": (A, pa.table({"a": INTS, "c": INTS}), ['column "b" is called "c"']),
    "a type": (A, pa.table({"a": INTS, "b": INTS.cast(pa.int32())}), ['column "b" is int32, and int64 in']),
    "the order": (A, pa.table({"b": INTS, "a": INTS}), ['column "a" is called "b"']),
    "a column less": (A, A.drop_columns("b"), ["it has 1 column, and"]),
    "a column more": (A.drop_columns("b"), A, ["it has 2 columns, and"]),
    "a unit": (with_b(pa.timestamp("ms")), with_b(pa.timestamp("us")), ['column "b" is timestamp']),
    "a zone": (with_b(pa.timestamp("us")), with_b(pa.timestamp("us", "UTC")), ['column "b" is timestamp']),
    "digits": (with_b(pa.decimal128(20, 0)), with_b(pa.decimal128(21, 0)), ['column "b" is decimal(21,0), and decimal(20,0) in']),
    "text and binary": (with_b(pa.string()), A.set_column(1, "b", INTS.cast(pa.string()).cast(pa.binary())), ['column "b" is binary, and text in']),
    "fields of a struct": (
        pa.table({"s": pa.array([{"x": 1, "y": 2}], PAIR)}), pa.table({"s": pa.array([{"x": 1, "y": 2}], TURNED)}), ['column "s.x" is called "y"']),
    "fields in a list": (
        pa.table({"s": pa.array([[{"x": 1, "y": 2}]], pa.list_(PAIR))}), pa.table({"s": pa.array([[{"x": 1, "y": 2}]], pa.list_(TURNED))}),
        ['column "s.list.element.x" is called "y"']),
    "a list and what is in it": (A.set_column(1, "b", pa.array([[1], [2], []])), A, ['column "b" is']),
}


def disagreeing_check(one, two, words):
    def check(tool, folder):
        source = folder / "in"
        source.mkdir()
        names = ["a.parquet", "b.parquet", "c.parquet"]
        for name, table in zip(names, (one, one, two)):
            pq.write_table(table, source / name, store_schema=False)
        run = optimized(tool, "--merge", f"{source}/", folder / "out.parquet")
        problems = refused(run, 4, [*words, "c.parquet", "a.parquet"]) + ([] if not (folder / "out.parquet").exists() else ["out.parquet is there"])
        # Files whose columns agree come together, and others are files beside them.
        run = optimized(tool, "--target-bytes", "1MiB", "--quiet", f"{source}/", f"{folder}/even/")
        got = [p.name for p in sorted((folder / "even").iterdir())] if run.returncode == 0 else run.stderr
        if got != ["part-00000.parquet", "part-00001.parquet"]:
            return [*problems, f"--target-bytes makes {got}"]
        paths = [source / name for name in names]
        wrong = [rows_differ(paths[:2], [folder / "even" / got[0]]), rows_differ(paths[2:], [folder / "even" / got[1]])]
        return problems + [w for w in wrong if w]
    return check


# ------ columns that are required in one file


def nested(nullable):
    """A type of three levels, each nullable or not, and a maker of values with nulls where they may be."""
    outer, field, several, element = nullable
    kind = pa.struct([
        pa.field("x", pa.int64(), nullable=field),
        pa.field("l", pa.list_(pa.field("element", pa.struct([pa.field("y", pa.string(), nullable=element)]), nullable=several)), nullable=field)])

    def value(rng):
        def maybe(can, make):
            return None if can and rng.random() < 0.3 else make()
        def elements():
            return [maybe(several, lambda: {"y": maybe(element, lambda: f"v{rng.randrange(9)}")}) for _ in range(rng.randrange(4))]
        return maybe(outer, lambda: {"x": maybe(field, lambda: rng.randrange(99)), "l": maybe(field, elements)})
    return pa.field("s", kind, nullable=outer), value


def required_check(tool, folder):
    """Rows of files that have levels which others lack are what they were, and each level is optional if it is in one file."""
    rng = random.Random(3)
    problems = []
    for number in range(60):
        ways = [tuple(rng.random() < 0.5 for _ in range(4)) for _ in range(3)]
        paths, rows = [], []
        for i, way in enumerate(ways):
            field, value = nested(way)
            values = [value(rng) for _ in range(rng.choice([0, 1, 50]))]
            paths.append(folder / f"{number}-{i}.parquet")
            pq.write_table(pa.table([pa.array(values, field.type)], pa.schema([field])), paths[-1], store_schema=False, row_group_size=20)
            rows += values
        out = folder / f"{number}.parquet"
        run = optimized(tool, "--merge", "--quiet", *paths, out)
        if run.returncode:
            problems.append(f"{ways}: {run.stderr}")
            continue
        got = parquet_read.read_by_pyarrow(out)
        want = nested([any(way[level] for way in ways) for level in range(4)])[0]
        if not got.schema.field(0).equals(want) or got.column(0).to_pylist() != rows or duckdb_differ(paths, [out]):
            problems.append(f"{ways}: {got.schema.field(0)}, and rows are {'the same' if got.column(0).to_pylist() == rows else 'others'}")
    return problems


# ------ key-value metadata


def pandas_of(start, stop):
    """What pandas keeps of a RangeIndex."""
    kept = {"kind": "range", "name": None, "start": start, "stop": stop, "step": 1}
    return json.dumps({"index_columns": [kept], "columns": [], "pandas_version": "3.0"})


def keyed_folder(folder, files=3, rows=1000):
    """Writes files with the schema of Arrow, a range of pandas, a pair that all have and one that differs."""
    rng = random.Random(5)
    folder.mkdir()
    for i in range(files):
        keys = {"pandas": pandas_of(i * rows, (i + 1) * rows), "same": "in all", "number": str(i)}
        words = pa.array(["a", "b"] * (rows // 2)).dictionary_encode()
        noise = pa.array([rng.getrandbits(62) for _ in range(rows)], pa.int64())
        table = pa.table({"noise": noise, "word": words}).replace_schema_metadata(keys)
        pq.write_table(table, folder / f"{i}.parquet", row_group_size=300)


def range_of(keys):
    kept = json.loads(keys[b"pandas"])["index_columns"][0]
    return kept["start"], kept["stop"]


def keys_wrong(path, want_range, want):
    """What differs of the metadata that pyarrow finds; the column of words has to be a dictionary for it."""
    schema = pq.read_schema(path)
    keys = dict(schema.metadata)
    got = {key.decode(): value.decode() for key, value in keys.items() if key != b"pandas"}
    problems = [] if range_of(keys) == want_range else [f"{path.name}: the range is {range_of(keys)}, want {want_range}"]
    problems += [] if got == want else [f"{path.name}: pairs are {got}, want {want}"]
    return problems + ([] if pa.types.is_dictionary(schema.field("word").type) else [f"{path.name}: {schema}"])


def keys_check(tool, folder):
    """A range covers the rows that are there, and what differs is left out, taken of the first, or refused."""
    keyed_folder(folder / "in")
    source, problems = f"{folder / 'in'}/", []
    for rule, want in (("equal", {"same": "in all"}), ("first", {"same": "in all", "number": "0"})):
        out = folder / f"{rule}.parquet"
        optimized(tool, "--merge", "--quiet", "--file-metadata", rule, source, out)
        problems += keys_wrong(out, (0, 3000), want)
    run = optimized(tool, "--merge", "--quiet", "--file-metadata", "fail", source, folder / "fail.parquet")
    if run.returncode != 4 or '"number"' not in run.stderr or (folder / "fail.parquet").exists():
        problems.append(f"fail: exit code {run.returncode}, {run.stderr}")
    optimized(tool, "--target-bytes", 6000, "--quiet", source, f"{folder / 'parts'}/")
    at = 0
    for path in parts(folder / "parts"):
        rows = pq.read_metadata(path).num_rows
        keys = dict(pq.read_schema(path).metadata)
        problems += [] if range_of(keys) == (at, at + rows) else [f"{path.name}: the range is {range_of(keys)}"]
        at += rows
    return problems + ([] if at == 3000 and len(parts(folder / "parts")) > 1 else [f"{at} rows in {len(parts(folder / 'parts'))} parts"])


# ------ what is refused


def in_place_check(tool, folder):
    even_folder(folder / "in", numbers(3000), 3)
    before = digests(folder)
    lake, one = f"{folder / 'in'}/", folder / "in" / "f0001.parquet"
    problems = refused(optimized(tool, "--target-bytes", "1MiB", lake, lake), 2, ["in place", "name another place"])
    problems += refused(optimized(tool, "--target-bytes", "1MiB", one, one), 2, [])
    problems += refused(optimized(tool, "--merge", lake, one), 2, ["in place", "f0001.parquet"])
    problems += refused(optimized(tool, "--merge", lake, f"{folder}/"), 2, ["is a folder"])
    link = folder / "link"
    link.symlink_to(folder / "in")
    problems += refused(optimized(tool, "--target-bytes", "1MiB", lake, f"{link}/"), 2, ["in place"])
    link.unlink()
    return problems + ([] if digests(folder) == before else ["something was written"])


def twice_check(tool, folder):
    paths = even_folder(folder / "in", numbers(3000), 3)
    lake, even = f"{folder}/in/", folder / "even"
    problems = []
    for sources in ([paths[0], paths[0]], [paths[0], f"{lake}./f0000.parquet"], [lake, paths[1]], [f"{lake}*.parquet", f"{lake}f0002*"]):
        problems += refused(optimized(tool, "--merge", *sources, folder / "out.parquet"), 2, ["named twice"])
        problems += refused(optimized(tool, "--target-bytes", "1MiB", *sources, f"{even}/"), 2, ["named twice"], even)
    return problems + (["out.parquet is there"] if (folder / "out.parquet").exists() else [])


def stale_check(tool, folder):
    """Files that an earlier run has left, and this one would not write, are in the way: their rows would be there twice."""
    paths = even_folder(folder / "in", numbers(40000), 2, codec="snappy")
    lake, even = f"{folder / 'in'}/", folder / "even"

    def run(size, *ways):
        return optimized(tool, "--target-bytes", size, *ways, lake, f"{even}/")

    first = run("100KiB", "--quiet")
    several, before = parts(even), digests(even)
    problems = [first.stderr] if first.returncode else []
    problems += refused(run("1MiB", "--quiet"), 6, ["part-00001.parquet", "twice", "nothing of its folder is written"])
    if digests(even) != before or len(several) < 3:
        problems.append("the parts of the first run are others now")
    again = run("100KiB", "--quiet")
    if again.returncode or digests(even) != before:
        problems.append(f"the same run again: {again.stderr}")
    skipping = run("100KiB", "--json", "--overwrite", "skip")
    if {line["outcome"] for line in told(skipping)} != {"skipped"} or digests(even) != before:
        problems.append(f"--overwrite skip: {skipping.stdout[:300]}{skipping.stderr}")
    several[1].unlink()
    problems += refused(run("100KiB", "--quiet", "--overwrite", "skip"), 6, ["is there, and other outputs are not"])
    problems += refused(run("100KiB", "--quiet", "--overwrite", "fail"), 6, ["exists already"])
    for part in parts(even):
        part.unlink()
    (even / "_SUCCESS").touch()
    (even / "notes.txt").touch()
    (even / "below").mkdir()
    (even / "below" / "other.parquet").write_bytes(paths[0].read_bytes())
    last = run("1MiB", "--quiet")
    wrong = last.stderr if last.returncode else outputs_differ(tool, paths, [even / "part-00000.parquet"])
    return problems + ([wrong] if wrong else [])


def damaged_check(tool, folder):
    """A byte of a page, which has a checksum, fails the folder that it is in, and no other one; a lost footer does too."""
    problems = []
    for what in ("header", "value", "footer"):
        base = folder / what
        good, bad = even_folder(base / "in" / "good", numbers(20000), 4), even_folder(base / "in" / "bad", numbers(20000), 4, codec="none")
        pq.write_table(pq.read_table(bad[2]), bad[2], compression="none", use_dictionary=False, write_page_checksum=True, store_schema=False)
        data = bytearray(bad[2].read_bytes())
        page = pq.ParquetFile(bad[2]).metadata.row_group(0).column(1).data_page_offset
        at = {"header": page, "value": page + 400, "footer": len(data) - 5}[what]
        data[at] ^= 0xFF
        bad[2].write_bytes(data)
        run = optimized(tool, "--target-bytes", "10MiB", "--quiet", f"{base / 'in'}/", f"{base / 'even'}/")
        problems += refused(run, 3, ["nothing of its folder is written", "f0002.parquet"], base / "even" / "bad")
        wrong = rows_differ(good, parts(base / "even" / "good"))
        problems += [f"{what}: {wrong}"] if wrong else []
        problems += refused(optimized(tool, "--merge", "--quiet", f"{base / 'in' / 'bad'}/", base / "out.parquet"), 4, ["f0002.parquet"])
        problems += ["out.parquet is there"] if (base / "out.parquet").exists() else []
    return problems


# ------ ways to name sources


def folders_check(tool, folder):
    """Rows stay in their folder; a glob and several folders name the same files."""
    one, two = even_folder(folder / "in" / "k=1", numbers(3000, 1), 3), even_folder(folder / "in" / "k=2" / "deep", numbers(2000, 2), 2)
    problems = []
    for name, sources, kept in (("folder", [f"{folder / 'in'}/"], True), ("glob", [f"{folder / 'in'}/**/*.parquet"], True)):
        out = folder / name
        run = optimized(tool, "--target-bytes", "1MiB", "--quiet", *sources, f"{out}/")
        found = [str(p.relative_to(out)) for p in parts(out)] if run.returncode == 0 else run.stderr
        if found != ["k=1/part-00000.parquet", "k=2/deep/part-00000.parquet"]:
            problems.append(f"{name}: {found}")
            continue
        problems += [w for w in (rows_differ(one, [out / "k=1/part-00000.parquet"]), rows_differ(two, [out / "k=2/deep/part-00000.parquet"])) if w]
    # Arguments come in their order, and the files of each in the order of their keys.
    run = optimized(tool, "--merge", "--quiet", f"{folder / 'in/k=2'}/", f"{folder / 'in/k=1'}/*.parquet", folder / "out.parquet")
    wrong = run.stderr if run.returncode else outputs_differ(tool, two + one, [folder / "out.parquet"])
    run = optimized(tool, "--merge", "--quiet", one[2], one[0], one[1], folder / "turned.parquet")
    turned = run.stderr if run.returncode else rows_differ([one[2], one[0], one[1]], [folder / "turned.parquet"])
    return problems + [w for w in (wrong, turned) if w]


def many_check(tool, folder):
    """More files than a process may have open, and more outputs."""
    paths = even_folder(folder / "in", numbers(3000), 300, codec="none")
    merged = optimized(tool, "--merge", "--quiet", f"{folder / 'in'}/", folder / "out.parquet", preexec_fn=lambda: limit_files(200))
    wrong = merged.stderr if merged.returncode else rows_differ(paths, [folder / "out.parquet"])
    divided = optimized(tool, "--target-bytes", 100, "--quiet", folder / "out.parquet", f"{folder / 'even'}/", preexec_fn=lambda: limit_files(200))
    found = parts(folder / "even")
    other = divided.stderr if divided.returncode else rows_differ(paths, found)
    return [w for w in (wrong, other, None if len(found) > 250 else f"{len(found)} outputs") if w]


def limit_files(most):
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


# ------ other options


def downcast_check(tool, folder):
    """One file has a value that needs 64 bits: the column keeps its type in all outputs. Another column fits everywhere."""
    folder = folder / "in"
    folder.mkdir()
    paths = [folder / f"{i}.parquet" for i in range(3)]
    for i, path in enumerate(paths):
        wide = [2**31 if i == 2 and row == 99 else row for row in range(100)]
        halves, tenths = ([row / part for row in range(100)] for part in (2, 10))
        table = pa.table({"wide": wide, "fits": list(range(100)), "x": halves, "y": tenths})
        pq.write_table(table, path, store_schema=False)
    problems = []
    want = {"wide": "int64", "fits": "int32", "x": "float", "y": "double"}
    for way, out in ((["--merge"], folder / "out.parquet"), (["--target-bytes", "1MiB"], folder.parent / "even")):
        run = optimized(tool, *way, "--downcast", "exact", "--quiet", f"{folder}/", out if way[0] == "--merge" else f"{out}/")
        if run.returncode:
            problems.append(run.stderr)
            continue
        table = concat([out] if out.is_file() else parts(out))
        types = {f.name: str(f.type) for f in table.schema}
        if types != want:
            problems.append(f"{way}: types are {types}")
        if table.to_pylist() != concat(paths).to_pylist():
            problems.append(f"{way}: other values")
        out.unlink() if out.is_file() else None
    return problems


def dry_check(tool, folder):
    """A dry run writes nothing, and tells of the outputs that a run then has, with about their sizes."""
    even_folder(folder / "in", numbers(60000), 10, codec="snappy")
    lake, before = f"{folder / 'in'}/", digests(folder)
    facts = ("source", "sources", "rows", "row_groups_after")
    problems = []
    for way, out in ((["--merge"], folder / "out.parquet"), (["--target-bytes", "300KiB"], f"{folder / 'even'}/")):
        dry = optimized(tool, *way, "--dry-run", "--json", lake, out)
        nowhere = optimized(tool, *way, "--dry-run", "--json", lake)
        if digests(folder) != before:
            problems.append("a dry run has written something")
        real = optimized(tool, *way, "--json", lake, out)
        lines = [[{fact: line.get(fact) for fact in facts} for line in told(run)] for run in (dry, nowhere, real)]
        if lines[0] != lines[2] or lines[1] != lines[2] or not lines[0]:
            problems.append(f"{way}: a dry run tells {lines[0]}, and a run {lines[2]}")
        if {line["outcome"] for line in told(dry) + told(nowhere)} != {"planned"} or {line["outcome"] for line in told(real)} != {"rewritten"}:
            problems.append(f"{way}: outcomes are {dry.stdout[:300]} {real.stdout[:300]}")
        for line, actual in zip(told(dry), told(real)):
            if abs(line["bytes_after"] - os.path.getsize(actual["output"])) > 0.05 * line["bytes_after"]:
                problems.append(f"{way}: planned {line['bytes_after']} bytes")
        before = digests(folder)
    return problems


def threads_check(tool, folder):
    even_folder(folder / "in", numbers(100000), 7)
    found = set()
    for threads in (1, 2, 8):
        out = folder / f"{threads}.parquet"
        run = optimized(tool, "--merge", "--quiet", "--threads", threads, "--row-group-rows", 30000, f"{folder / 'in'}/", out)
        found.add(run.stderr if run.returncode else hashlib.sha256(out.read_bytes()).hexdigest())
    return [] if len(found) == 1 else [f"threads make other bytes: {found}"]


def buckets_check(tool, folder):
    """Objects of a bucket are joined and divided, sorted on the way, as files are: the same bytes come out."""
    even_folder(folder / "in", numbers(60000), 5)
    problems = []
    with server.running(folder / "server") as service:
        for bucket in ("lake", "out"):
            service.s3.create_bucket(Bucket=bucket)
        for path in sorted((folder / "in").iterdir()):
            service.s3.upload_file(str(path), "lake", f"day/{path.name}")
        for way in (["--merge"], ["--target-bytes", 200 * KILO], ["--target-bytes", 200 * KILO, "--sort", "noise:desc"]):
            name = "-".join(str(word) for word in way).replace(":", "")
            end = ".parquet" if way == ["--merge"] else "/"
            local = optimized(tool, *way, "--quiet", f"{folder / 'in'}/", f"{folder / name}{end}")
            remote = optimized(tool, *way, "--quiet", "s3://lake/day/", f"s3://out/{name}{end}", env=service.environment)
            if local.returncode or remote.returncode:
                problems.append(f"{name}: {local.stderr}{remote.stderr}")
                continue
            listed = service.s3.list_objects_v2(Bucket="out", Prefix=f"{name}{end}").get("Contents", [])
            for entry in listed:
                want = (folder / entry["Key"]).read_bytes()
                got = service.s3.get_object(Bucket="out", Key=entry["Key"])["Body"].read()
                problems += [] if got == want else [f"{entry['Key']}: other bytes than those of files"]
            want = 1 if way == ["--merge"] else len(list((folder / name).iterdir()))
            problems += [] if len(listed) == want else [f"{name}: {len(listed)} objects, want {want}"]
    return problems


CASES = [
    ("sizes of one codec", sizes_check(400 * KILO, 12, "snappy")),
    ("sizes of many small files", sizes_check(400 * KILO, 60, "gzip")),
    ("sizes of one large file", sizes_check(400 * KILO, 1, "none")),
    ("sizes of several codecs", sizes_check(400 * KILO, 12, None)),
    ("sizes of files that are stored in several ways", spread_check),
    ("sizes of what gets larger", sizes_check(400 * KILO, 20, "zstd", "-c", "none")),
    *((f"columns: {name}", disagreeing_check(*row)) for name, row in DISAGREEING.items()),
    ("required columns", required_check),
    ("key-value metadata", keys_check),
    ("in place", in_place_check),
    ("named twice", twice_check),
    ("stale outputs", stale_check),
    ("damaged files", damaged_check),
    ("folders and globs", folders_check),
    ("many files", many_check),
    ("downcasts", downcast_check),
    ("dry runs", dry_check),
    ("threads", threads_check),
    *([("buckets", buckets_check)] if server.find() else []),
]


def jobs(options):
    yield from CASES
    for seed in range(options.seeds):
        yield f"random {seed}", random_case(seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, default=30)
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    passed = failed = 0
    for name, check in jobs(options):
        if options.only not in name:
            continue
        wrong = hawser.run_check(tool, check)
        failed += bool(wrong)
        passed += not wrong
        for problem in wrong:
            print(f"FAILED {name}: {problem[:800]}")
    print(f"{passed} passed, {failed} failed, {0 if server.find() else 1} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
