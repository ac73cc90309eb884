# SPDX-License-Identifier: Apache-2.0
"""Rows that a condition keeps, of random tables and conditions: convert --where beside DuckDB.

    where.py [--preset PRESET] [--seed N] [--tables N] [--conditions N]

pyarrow writes the files, with small row groups and pages, with and without statistics, indexes of pages and bloom filters,
so that parts of them can be left out; some of them DuckDB or hawser then writes again, and of some hawser makes Avro. DuckDB
says which rows there are of the table in memory, where nothing is left out.
"""

import argparse
import concurrent.futures
import datetime
import decimal
import math
import pathlib
import random
import struct
import sys
import tempfile

import duckdb
import hawser
import pyarrow as pa
import pyarrow.parquet as pq

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def number(value):
    return str(value)


def real(value):
    return f"'{value}'" if math.isnan(value) or math.isinf(value) else repr(value)


def text(value):
    return "'" + value.replace("'", "''") + "'"


def stamp(value):
    return f"'{value.isoformat(sep=' ')}'"


# Name: the type, how a value comes from a position in 0..1, the literal for the tool, the literal for DuckDB.
KINDS = {
    "i8": (pa.int8(), lambda r, x: int(x * 255) - 128, number, number),
    "i32": (pa.int32(), lambda r, x: int((x - 0.5) * 4e9), number, number),
    "i64": (pa.int64(), lambda r, x: int(x * 1000), number, number),
    "u16": (pa.uint16(), lambda r, x: int(x * 65535), number, number),
    "u32": (pa.uint32(), lambda r, x: int(x * 4294967295), number, number),
    "u64": (pa.uint64(), lambda r, x: min(int(x * 2**64), 2**64 - 1), number, number),
    "f32": (
        pa.float32(),
        lambda r, x: single(r.choice([x, x * 10 - 5, 0.0, -0.0, math.nan, math.inf, -math.inf] + [x * 100] * 30)),
        real,
        lambda v: f"CAST('{v!r}' AS FLOAT)",
    ),
    "f64": (
        pa.float64(),
        lambda r, x: r.choice([x, x * 10 - 5, 0.0, -0.0, math.nan, math.inf, -math.inf] + [round(x * 100, 1)] * 30),
        real,
        lambda v: f"CAST('{v!r}' AS DOUBLE)",
    ),
    "d9": (pa.decimal128(9, 2), lambda r, x: decimal.Decimal(int((x - 0.3) * 100000)).scaleb(-2), number, number),
    "d18": (pa.decimal128(18, 4), lambda r, x: decimal.Decimal(int((x - 0.3) * 10**15)).scaleb(-4), number, number),
    "d30": (pa.decimal128(30, 4), lambda r, x: decimal.Decimal(int((x - 0.3) * 10**9) * 10**12).scaleb(-4), number, number),
    "day": (
        pa.date32(),
        lambda r, x: datetime.date(1900, 1, 1) + datetime.timedelta(days=int(x * 60000)),
        lambda v: f"'{v}'",
        lambda v: f"DATE '{v}'",
    ),
    "ms": (
        pa.timestamp("ms"),
        lambda r, x: EPOCH + datetime.timedelta(milliseconds=int((x - 0.5) * 10**12)),
        stamp,
        lambda v: f"TIMESTAMP {stamp(v)}",
    ),
    "us": (
        pa.timestamp("us"),
        lambda r, x: EPOCH + datetime.timedelta(microseconds=int((x - 0.5) * 10**15)),
        lambda v: f"timestamp {stamp(v)}",
        lambda v: f"TIMESTAMP {stamp(v)}",
    ),
    "clock": (
        pa.time64("us"),
        lambda r, x: (datetime.datetime.min + datetime.timedelta(microseconds=int(x * 86399999999))).time(),
        lambda v: f"'{v}'",
        lambda v: f"TIME '{v}'",
    ),
    "t": (pa.string(), lambda r, x: "a'" * r.randrange(2) + f"{int(x * 999):03d}" + "ä\U0001f600"[: r.randrange(3)], text, text),
    "long": (pa.string(), lambda r, x: "p" * 70 + f"{int(x * 300):03d}" + "\x7f" * r.randrange(3), text, text),
    "bin": (
        pa.binary(),
        lambda r, x: bytes([int(x * 255)]) + b"\xff" * r.randrange(3),
        lambda v: f"x'{v.hex()}'",
        lambda v: f"from_hex('{v.hex()}')",
    ),
    "fixed": (
        pa.binary(3),
        lambda r, x: int(x * 0xFFFFFF).to_bytes(3, "big"),
        lambda v: f"x'{v.hex()}'",
        lambda v: f"from_hex('{v.hex()}')",
    ),
    "ok": (pa.bool_(), lambda r, x: x > 0.5, number, number),
}


def column(r, kind, rows):
    """Values in an order that lets pages and groups be left out, or in none; with nulls here and there."""
    _, value, _, _ = KINDS[kind]
    order = r.choice(["up", "down", "any", "clusters", "same"])
    nulls = r.choice([0, 0, 0.1, 0.9, "run", 1])
    made = []
    for row in range(rows):
        x = {"up": row / rows, "down": 1 - (row + 1) / rows, "any": r.random(), "same": 0.25}.get(order, (row // 50 * 37 % 100) / 100)
        null = (row // 100) % 3 == 0 if nulls == "run" else r.random() < nulls
        made.append(None if null else value(r, x))
    return made


def table_make(r):
    rows = r.randrange(1, 1500)
    names = r.sample(list(KINDS), r.randrange(3, 8))
    columns = {name: column(r, name, rows) for name in names}
    inner = r.sample(list(KINDS), 2)
    fields = {name: column(r, name, rows) for name in inner}
    struct_type = pa.struct([(name, KINDS[name][0]) for name in inner])
    whole = [None if r.random() < 0.1 else {name: fields[name][row] for name in inner} for row in range(rows)]
    arrays = {"id": pa.array(range(rows), pa.int32()), **{name: pa.array(columns[name], KINDS[name][0]) for name in names}}
    arrays["s"] = pa.array(whole, struct_type)
    arrays["l"] = pa.array([None if r.random() < 0.3 else [row] * r.randrange(3) for row in range(rows)], pa.list_(pa.int32()))
    values = {(name,): columns[name] for name in names}
    values |= {("s", name): [row and row[name] for row in whole] for name in inner}
    return pa.table(arrays), values


def table_write(r, table, path):
    blooms = {name: {"ndv": 200, "fpp": 0.01} for name in table.column_names if name in ("i32", "i64", "u64", "t", "bin", "fixed", "day", "us")}
    options = {
        "row_group_size": r.choice([37, 100, 333, 5000]),
        "max_rows_per_page": r.choice([10, 64, 20000]),
        "write_batch_size": 16,
        "write_page_index": r.random() < 0.7,
        "write_statistics": r.random() < 0.9,
        "use_dictionary": r.random() < 0.5,
        "compression": r.choice(["none", "zstd"]),
        "data_page_version": r.choice(["1.0", "2.0"]),
        "store_decimal_as_integer": r.random() < 0.5,
    }
    if r.random() < 0.5:
        options["bloom_filter_options"] = blooms
    pq.write_table(table, path, **options)
    return options


def literal(r, path, values):
    """A value of the column, or one beside it."""
    kind = path[-1]
    known = [value for value in values if value is not None]
    value = r.choice(known) if known and r.random() < 0.7 else KINDS[kind][1](r, r.random())
    if kind[0] in "iu" and kind != "us" and r.random() < 0.2:
        value = r.choice([value + decimal.Decimal("0.5"), -1, 300, 3 * 10**9, -(10**10), 2**64])
        return number(value), f"CAST({value} AS DECIMAL(38, 1))"
    if kind in ("d9", "d18") and r.random() < 0.2:
        value += decimal.Decimal("0.00005")
        return number(value), number(value)
    return KINDS[kind][2](value), KINDS[kind][3](value)


def test(r, values):
    path = r.choice(list(values))
    name = ".".join(f'"{part}"' if r.random() < 0.2 else part for part in path)
    sql = ".".join(f'"{part}"' for part in path)
    if r.random() < 0.1:
        name = sql = r.choice(["s", "l", name if name == sql else "l"])
        words = r.choice(["IS NULL", "is not null"])
        return f"{name} {words}", f"{sql} {words}"
    if r.random() < 0.15:
        words = r.choice(["IS NULL", "IS NOT NULL"])
        return f"{name} {words}", f"{sql} {words}"
    if path[-1] == "ok" and r.random() < 0.5:
        return name, sql
    if r.random() < 0.25:
        listed = [literal(r, path, values[path]) for _ in range(r.randrange(1, 5))]
        word = r.choice(["IN", "in", "NOT IN"])
        return f"{name} {word} ({', '.join(a for a, _ in listed)})", f"{sql} {word} ({', '.join(b for _, b in listed)})"
    own, theirs = literal(r, path, values[path])
    sign = r.choice(["=", "=", "!=", "<>", "<", "<=", ">", ">="])
    return (f"{own} {sign} {name}", f"{theirs} {sign} {sql}") if r.random() < 0.2 else (f"{name} {sign} {own}", f"{sql} {sign} {theirs}")


def condition(r, values, depth):
    kind = r.choice(["test", "test", "and", "or", "not"]) if depth > 0 else "test"
    if kind == "test":
        return test(r, values)
    one = condition(r, values, depth - 1)
    if kind == "not":
        return tuple(f"NOT ({part})" for part in one)
    other = condition(r, values, depth - 1)
    return tuple(f"({a}) {kind.upper()} ({b})" for a, b in zip(one, other))


def check(tool, folder, seed, conditions):
    """Returns how many conditions were asked, and what went wrong with them."""
    r = random.Random(seed)
    table, values = table_make(r)
    source, made = folder / f"{seed}.parquet", folder / f"{seed}.out.parquet"
    written = table_write(r, table, source)
    database = duckdb.connect()
    # From Arrow it takes some nulls of binaries in structs for values.
    database.execute(f"CREATE TABLE t AS FROM read_parquet('{source}')")
    faults = []
    again = r.choice(["no", "no", "avro", "hawser", "duckdb"])
    if again == "duckdb":
        database.execute(f"COPY t TO '{source}' (ROW_GROUP_SIZE 2048)")
    elif again != "no":
        copy = folder / (f"{seed}.avro" if again == "avro" else f"{seed}.again.parquet")
        done = hawser.run(tool, "convert", source, copy, "--quiet", *(["--row-group-rows", "333"] if again == "hawser" else []))
        faults += [f"seed {seed}: {done.stderr.strip()}"] if done.returncode else []
        source = copy
    for _ in range(conditions):
        own, sql = condition(r, values, 3)
        want = [row for (row,) in database.execute(f"SELECT id FROM t WHERE {sql} ORDER BY id").fetchall()]
        columns = ["--select", "id"] if again != "no" or r.random() < 0.5 else []
        done = hawser.run(tool, "convert", source, made, "--overwrite", "replace", "--quiet", "--where", own, *columns)
        if done.returncode != 0:
            faults.append(f"seed {seed}: {own}: {done.stderr.strip()}")
            continue
        got = pq.read_table(made)
        if got.column("id").to_pylist() != want:
            faults.append(f"seed {seed}: {own}: {got.num_rows} rows, want {len(want)}; {again}; {written}")
        elif not columns and repr(got.to_pylist()) != repr(table.take(pa.array(want, pa.int64())).to_pylist()):
            faults.append(f"seed {seed}: {own}: rows have other values")
    return conditions, faults


# A condition, and whether it needs rows 300 to 319, whose page is damaged.
DAMAGED = [
    ("id >= 400", False),
    ("id < 300 OR id IN (999, 1001)", False),
    ("id >= 320 AND id < 330", False),
    ("id = 305", True),
    ("id < 301", True),
    ("id >= 0", True),
    ("name = 'x700'", False),
]


def check_damaged(tool, folder):
    """Pages and row groups that are left out are not read: a damaged one is met only by who needs it."""
    source, made = folder / "damaged.parquet", folder / "damaged.out.parquet"
    table = pa.table({"id": pa.array(range(1000), pa.int32()), "name": [f"x{row}" for row in range(1000)]})
    options = {"write_page_index": True, "write_page_checksum": True, "compression": "none", "use_dictionary": False}
    blooms = {"name": {"ndv": 200, "fpp": 0.01}}
    pq.write_table(table, source, row_group_size=100, max_rows_per_page=20, write_batch_size=20, bloom_filter_options=blooms, **options)
    data = bytearray(source.read_bytes())
    at = data.index(struct.pack("<4i", 300, 301, 302, 303))
    data[at] ^= 1
    source.write_bytes(data)
    faults = []
    for condition_text, needed in DAMAGED:
        done = hawser.run(tool, "convert", source, made, "--overwrite", "replace", "--quiet", "--where", condition_text)
        if done.returncode != (4 if needed else 0) or ("CRC" in done.stderr) != needed:
            faults.append(f"damaged: {condition_text}: exit {done.returncode}: {done.stderr.strip()}")
    return len(DAMAGED), faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=int, default=40)
    parser.add_argument("--conditions", type=int, default=25)
    arguments = parser.parse_args()
    tool = hawser.find(arguments.preset)
    if not tool:
        sys.exit(f"the preset {arguments.preset} has not been built")
    asked, faults = 0, []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        seeds = range(arguments.seed, arguments.seed + arguments.tables)
        asked, faults = check_damaged(tool, pathlib.Path(folder))
        for count, found in pool.map(lambda seed: check(tool, pathlib.Path(folder), seed, arguments.conditions), seeds):
            asked += count
            faults += found
    for fault in faults[:20]:
        print(fault)
    print(f"{asked - len(faults)} passed, {len(faults)} failed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
