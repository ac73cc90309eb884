# SPDX-License-Identifier: Apache-2.0
"""Timestamps of INT96 that hawser optimize --int96 timestamp makes timestamps of 64 bits, read by other programs.

    optimize_int96.py [--preset PRESET] [--only TEXT]

pyarrow, DuckDB and polars see in an output the instants that they see in its source: all files of the corpora that have INT96,
and tables of pyarrow, with years that nanoseconds reach and others. What must stay INT96 stays, and the reason is told.
"""

import argparse
import io
import json
import random
import re
import struct
import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

import hawser
import parquet_read
import readers

# What pyarrow raises where it cannot read a file.
UNREADABLE = (pa.ArrowException, OSError, ValueError)
DAY = 86400 * 10**9
EPOCH_DAY = 2440588
INT64 = 2**63
NS, US = pa.timestamp("ns"), pa.timestamp("us")

# ------ tables


def whole(count, seed):
    """Instants of whole microseconds in the years 1677 to 2262, in nanoseconds."""
    numbers = random.Random(seed)
    return [None if numbers.random() < 0.1 else numbers.randrange(-INT64 // 1000 + 1, INT64 // 1000) * 1000 for _ in range(count)]


def nested(values):
    some = values[:4]
    return pa.table(
        {
            "list": pa.array([values, None, [], some], pa.list_(NS)),
            "struct": pa.array([{"t": v, "l": [[v], [], None]} for v in some], pa.struct([("t", NS), ("l", pa.list_(pa.list_(NS)))])),
            "map": pa.array([[("k", v), ("l", None)] for v in some], pa.map_(pa.string(), NS)),
        }
    )


EDGES = [INT64 - 2, -106751 * DAY, -1, 0, 1, DAY - 1, DAY, -DAY, -DAY - 1]
# From the Julian day 1 on, as pyarrow takes days below it for others; the years 1 and 9999 are those of Python.
FAR = [INT64 - 2, (1 - EPOCH_DAY) * DAY // 1000, -62135596800 * 10**6, 253402300799 * 10**6 + 999999, INT64 // 1000 + 1, -INT64 // 1000 - 1, None, 0]
# To DuckDB the first two are infinities in nanoseconds, and to numpy the last is no time.
ENDS = {"the greatest nanosecond": INT64 - 1, "the least nanosecond but one": -INT64 + 1, "the least nanosecond": -INT64}
MANY = [i * 1000 * 7919 for i in range(300000)]

# Tables, and what each column of INT96 becomes.
TABLES = {
    "whole microseconds": (pa.table({"t": pa.array(whole(5000, 1), NS)}), {"t": "us"}),
    "nanoseconds": (pa.table({"t": pa.array(EDGES + whole(100, 2), NS)}), {"t": "ns"}),
    "the least nanosecond of all, which polars does not see": (pa.table({"t": pa.array([-INT64 + 2, 0, None], NS)}), {"t": "ns"}),
    "the ends of microseconds": (pa.table({"t": pa.array(FAR, US)}), {"t": "us"}),
    "seconds": (pa.table({"t": pa.array([0, -1, 9 * 10**9], pa.timestamp("s"))}), {"t": "us"}),
    "milliseconds": (pa.table({"t": pa.array([0, -1, 9 * 10**12], pa.timestamp("ms"))}), {"t": "us"}),
    "several columns": (
        pa.table({"a": pa.array([1, None], NS), "b": pa.array(["x", "y"]), "c": pa.array([FAR[3], 0], US), "d": pa.array([None, None], NS)}),
        {"a": "ns", "c": "us", "d": None},
    ),
    "required": (
        pa.table([pa.array(whole(50, 3), NS).drop_null()], schema=pa.schema([pa.field("t", NS, nullable=False)])),
        {"t": "us"},
    ),
    "many rows": (pa.table({"t": pa.array(MANY, NS)}), {"t": "us"}),
    "in lists, structs and maps": (
        nested(whole(20, 4)),
        {"list.list.element": "us", "struct.t": "us", "struct.l.list.element.list.element": "us", "map.key_value.value": "us"},
    ),
    "nanoseconds in lists": (
        nested([1, None, 1999, 0]),
        {"list.list.element": "ns", "struct.t": "ns", "struct.l.list.element.list.element": "ns", "map.key_value.value": "ns"},
    ),
    "a time zone": (pa.table({"t": pa.array([0, 1000], pa.timestamp("ns", "UTC")), "u": pa.array([0, 1000], NS)}), {"t": None, "u": "us"}),
    "a time zone in a list": (pa.table({"t": pa.array([[0], None], pa.list_(pa.timestamp("us", "Europe/Paris")))}), {"t.list.element": None}),
}

TABLES |= {name: (pa.table({"t": pa.array([0, value], NS)}), {"t": None}) for name, value in ENDS.items()}

# Values that pyarrow does not write: nanoseconds of a day, and days since 1970; and words of the reason.
BY_HAND = {
    "a nanosecond beyond nanoseconds": (1, 130000, "row 1 has nanoseconds and is 2325-12-06T00:00:00.000000001"),
    "a day beyond microseconds": (0, 106751992, "row 1 has the Julian day 109192580, which microseconds do not reach"),
    "a whole day": (DAY, 0, "row 1 has 86400000000000 ns of a day"),
    "a time below 0": (-1, 0, "row 1 has -1 ns of a day"),
    "the greatest time": (INT64 - 1, 0, "row 1 has 9223372036854775807 ns of a day"),
}


def write(table, path, **options):
    pq.write_table(table, path, use_deprecated_int96_timestamps=True, **options)


def write_by_hand(path, time, day):
    """Puts a value in the place of another one, which a page has as it is."""
    out = io.BytesIO()
    write(pa.table({"t": pa.array([0, 4242, 0], NS)}), out, compression="none", use_dictionary=False, write_statistics=False)
    data, old = out.getvalue(), struct.pack("<qi", 4242, EPOCH_DAY)
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, struct.pack("<qi", time, day + EPOCH_DAY)))


# ------ readers


def units(file):
    """The unit of each column of timestamps, by its path."""
    found = {}
    for i in range(len(file.schema)):
        column = file.schema.column(i)
        logical = json.loads(column.logical_type.to_json())
        if logical["Type"] == "Timestamp":
            assert not logical["isAdjustedToUTC"], f"{column.path} is in UTC"
            found[column.path] = {"microseconds": "us", "nanoseconds": "ns"}[logical["timeUnit"]]
    return found


def pyarrow_differs(source, output):
    """Each column is what pyarrow makes of INT96 in the unit of the output."""
    got = pq.read_table(output)
    read = {unit: pq.read_table(source, coerce_int96_timestamp_unit=unit) for unit in ("us", "ns")}
    for i, field in enumerate(got.schema):
        want = next((t.column(i) for t in read.values() if t.schema.field(i).type == field.type), None)
        if want is None:
            return f"pyarrow: {field.name} is {field.type}, and was {read['ns'].schema.field(i).type}"
        if not got.column(i).equals(want):
            return f"pyarrow: {field.name} has other values"
    return None


def cut(row):
    """Texts of DuckDB without the nanoseconds, which it does not see in INT96."""
    return tuple(text and re.sub(r"\.(\d{1,6})\d*", lambda m: f".{m[1]}".rstrip(".0"), text) for text in row)


def duckdb_differs(source, output):
    with duckdb.connect() as db:
        read = (db.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '{path}'").fetchall() for path in (source, output))
        want, got = ([cut(row) for row in rows] for rows in read)
    return None if got == want else f"duckdb: {next((w, g) for w, g in zip(want, got) if w != g)}"


def polars_differs(source, output):
    """polars cuts INT96 at the ends of nanoseconds, as it does where values of the output become nanoseconds."""
    want, got = polars.read_parquet(source), polars.read_parquet(output)
    for name, kind in want.schema.items():
        a, b = want.get_column(name), got.get_column(name).cast(kind, strict=False)
        if not a.equals(b, null_equal=True):
            return f"polars: {name} has other values: {a} {b}"
    return None


# ------ checks


def optimized(tool, source, output, *options):
    run = hawser.run(tool, "optimize", "--json", "--force", "--int96", "timestamp", *options, source, output)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[0])


def readers_differ(source, output, far=False):
    return pyarrow_differs(source, output) or duckdb_differs(source, output) or (None if far else polars_differs(source, output))


def output_check(tool, source, output, want, far=False):
    """`want` has the unit of each column; None: it stays INT96."""
    told = {c["name"]: c for c in optimized(tool, source, output)["columns"]}
    for name, unit in want.items():
        types = told[name]["type_before"], told[name]["type_after"]
        if types != ("int96", f"timestamp({unit})" if unit else "int96"):
            return f"{name} is told as {types}"
    file = pq.ParquetFile(output)
    made = {name: unit for name, unit in want.items() if unit}
    if units(file) != made:
        return f"units are {units(file)}, want {made}"
    if not any("." in name for name in want):
        readers.check_statistics(file) if made == want else None
    verified = hawser.run(tool, "verify", "--level", "values", output)
    if verified.returncode:
        return f"verify: {verified.stderr or verified.stdout}"
    again = json.loads(hawser.run(tool, "optimize", "--json", "--int96", "timestamp", output, output).stdout.splitlines()[0])
    return f"a second run: {again}" if again["outcome"] != "already" else readers_differ(source, output, far)


def table_case(name):
    table, want = TABLES[name]

    def check(tool, folder):
        problems = []
        for i, way in enumerate([{}, {"store_schema": False, "compression": "none", "row_group_size": 1000}, {"use_dictionary": False}]):
            if way.get("store_schema") is False and "zone" in name:
                continue
            source, output = folder / f"in{i}.parquet", folder / f"out{i}.parquet"
            write(table, source, **way)
            # Beyond nanoseconds, and within their first day, polars has no instants of INT96.
            far = "polars" in name or "ends of micro" in name or "several" in name
            wrong = output_check(tool, source, output, want, far)
            problems += [f"{way}: {wrong}"] if wrong else []
        return problems

    return check


def by_hand_case(name):
    time, day, words = BY_HAND[name]

    def check(tool, folder):
        source, output = folder / "in.parquet", folder / "out.parquet"
        write_by_hand(source, time, day)
        column = optimized(tool, source, output)["columns"][0]
        if (column["type_after"], words in column["reason"]) != ("int96", True):
            return [f"told is {column}"]
        raw = struct.pack("<qi", time, day + EPOCH_DAY)
        if raw not in source.read_bytes() or pq.ParquetFile(output).schema.column(0).physical_type != "INT96":
            return ["the output has another type"]
        plain = folder / "plain.parquet"
        optimized(tool, source, plain, "-c", "none", "--encodings", "compat")
        return [] if raw in plain.read_bytes() else ["the value is not what it was"]

    return check


def together_case(tool, folder):
    """A column is decided once for all files: one has nanoseconds, so that all get them."""
    for name, values in (("a", [0, 1000]), ("b", [None, 1])):
        write(pa.table({"t": pa.array(values, NS), "u": pa.array([0, 0], NS)}), folder / f"{name}.parquet")
    run = hawser.run(tool, "optimize", "--quiet", "--int96", "timestamp", "--keep", "u", folder / "a.parquet", folder / "b.parquet", f"{folder}/out/")
    if run.returncode:
        return [run.stderr]
    found = [units(pq.ParquetFile(folder / "out" / f"{name}.parquet")) for name in "ab"]
    return [] if found == [{"t": "ns"}] * 2 else [f"units are {found}"]


def metadata_case(tool, folder):
    """What ARROW:schema and pandas say of the columns follows."""
    fields = [pa.field("t", NS, metadata={"k": "v"}), pa.field("n", pa.list_(NS))]
    kind = {"numpy_type": "datetime64[ns]", "pandas_type": "datetime", "name": "t", "field_name": "t", "metadata": None}
    pandas = {"index_columns": ["t"], "columns": [kind], "column_indexes": [], "creator": {}, "pandas_version": "2.0.0"}
    schema = pa.schema(fields, {"pandas": json.dumps(pandas), "k": "v"})
    write(pa.table([[0, 1000], [[1], None]], schema=schema), folder / "in.parquet")
    optimized(tool, folder / "in.parquet", folder / "out.parquet")
    kind["numpy_type"] = "datetime64[us]"
    got = pq.read_schema(folder / "out.parquet")
    told = json.loads(got.metadata[b"pandas"])
    problems = [] if told == pandas else [f"pandas is {told}"]
    want = [pa.field("t", US, metadata={"k": "v"}), pa.field("n", pa.list_(NS))]
    for field, other in zip(got, want):
        plain = {k: v for k, v in (field.metadata or {}).items() if k != b"PARQUET:field_id"} or None
        if field.type != other.type or plain != other.metadata:
            problems.append(f"{field} {field.metadata} is not {other}")
    return problems


def corpora_files():
    for path in parquet_read.files():
        try:
            file = pq.ParquetFile(path)
        except UNREADABLE:
            continue
        paths = [file.schema.column(i).path for i in range(len(file.schema)) if file.schema.column(i).physical_type == "INT96"]
        if paths and "encrypt" not in path.name:
            yield path, paths


def corpora_case(path, paths):
    # Spark has written a year that its day does not reach: its bytes would not come back.
    stays = "spark" in path.name

    def check(tool, folder):
        wrong = output_check(tool, path, folder / "out.parquet", dict.fromkeys(paths, None if stays else "us"))
        return [wrong] if wrong else []

    return check


def cases():
    yield from ((name, table_case(name)) for name in TABLES)
    yield from ((name, by_hand_case(name)) for name in BY_HAND)
    yield "files together", together_case
    yield "metadata", metadata_case
    yield from ((path.name, corpora_case(path, paths)) for path, paths in corpora_files())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    passed = failed = 0
    for name, check in cases():
        if options.only not in name:
            continue
        wrong = hawser.run_check(tool, check)
        failed += bool(wrong)
        passed += not wrong
        for problem in wrong:
            print(f"FAILED {name}: {problem[:600]}")
    skipped = 0 if parquet_read.files() else 1
    if skipped:
        print("SKIPPED the corpora are not here")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
