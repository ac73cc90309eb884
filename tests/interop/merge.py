# SPDX-License-Identifier: Apache-2.0
"""Files of pyarrow whose columns have different types, merged by the tool and compared value by value.

    merge.py [--preset PRESET] [--seed N] [--tables N]

Each merge has two or three files, to Parquet and to Avro. The table below says which type columns of several types have in
common; values are compared with what Python's own numbers say, which are exact.
"""

import argparse
import concurrent.futures
import decimal
import math
import random
import sys

import arrow_files
import fastavro
import hawser
import pyarrow as pa
import pyarrow.parquet as pq

decimal.DefaultContext.prec = 100  # of the threads that there will be
D = decimal.Decimal
INTEGERS = {f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)}
INTEGERS.update({f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)})
NANOS_A_DAY = 86400 * 10**9


def integer(name):
    low, high = INTEGERS[name]
    return getattr(pa, name)(), lambda r: r.choice([low, high, r.randrange(low, high + 1), r.randrange(max(low, -9), 9)])


def fraction(digits, scale):
    kind = pa.decimal128(digits, scale) if digits <= 38 else pa.decimal256(digits, scale)
    most = 10**digits - 1
    return kind, lambda r: D(r.choice([most, -most, 0, r.randrange(-most, most)])).scaleb(-scale)


def moment(unit, zone=None):
    most = {"ms": 9 * 10**12, "us": 9 * 10**15, "ns": 9 * 10**18}[unit]
    return pa.timestamp(unit, zone), lambda r: r.randrange(-most, most)


def single(r):
    return r.choice([0.5, -2.0**20, 3.0, math.inf, 1.0, -0.25, 2.0**-20])


# Types by name: that of pyarrow, and how a value comes about. Those with a word behind "~" have values that all fit.
TYPES = {
    **{name: integer(name) for name in INTEGERS},
    "int64~double": (pa.int64(), lambda r: r.choice([2**53, -(2**53), 2**60, r.randrange(-(2**53), 2**53)])),
    "uint64~double": (pa.uint64(), lambda r: r.choice([2**53, 2**63, r.randrange(2**53)])),
    "half": (pa.float16(), lambda r: r.choice([0.5, -2.0, 65504.0, 2.0**-24])),
    "float": (pa.float32(), single),
    "double": (pa.float64(), lambda r: r.choice([r.random(), 1e300, -1e-300, math.nan])),
    "d5.2": fraction(5, 2),
    "d9.0": fraction(9, 0),
    "d38.10": fraction(38, 10),
    "d50.4": fraction(50, 4),
    "day": (pa.date32(), lambda r: r.randrange(-100000, 100000)),
    "ms": moment("ms"),
    "us": moment("us"),
    "ns": moment("ns"),
    "ms utc": moment("ms", "UTC"),
    "us utc": moment("us", "UTC"),
    "clock ms": (pa.time32("ms"), lambda r: r.randrange(86400000)),
    "clock us": (pa.time64("us"), lambda r: r.randrange(86400000000)),
    "clock ns": (pa.time64("ns"), lambda r: r.randrange(NANOS_A_DAY)),
    "text": (pa.string(), lambda r: "ä" * r.randrange(5)),
    "binary": (pa.binary(), lambda r: bytes(r.randrange(256) for _ in range(r.randrange(5)))),
    "fixed 3": (pa.binary(3), lambda r: bytes(r.randrange(256) for _ in range(3))),
    "fixed 4": (pa.binary(4), lambda r: bytes(r.randrange(256) for _ in range(4))),
    "bool": (pa.bool_(), lambda r: r.random() < 0.5),
    "null": (pa.null(), lambda r: None),
    "list": (pa.list_(pa.int32()), lambda r: [r.randrange(9)] * r.randrange(3)),
}

# Types of the files, and the one that they have in common, as pyarrow calls it.
MERGES = [
    (("int8", "int16"), "int16"),
    (("int8", "uint8"), "int16"),
    (("uint8", "uint16"), "uint16"),
    (("uint16", "int8"), "int32"),
    (("int32", "uint32"), "int64"),
    (("uint32", "int8"), "int64"),
    (("uint32", "uint64"), "uint64"),
    (("uint64", "int8", "int64"), "decimal128(20, 0)"),
    (("int64", "uint64"), "decimal128(20, 0)"),
    (("d5.2", "d9.0"), "decimal128(11, 2)"),
    (("d5.2", "d38.10"), "decimal128(38, 10)"),
    (("d38.10", "d50.4"), "decimal256(56, 10)"),
    (("int32", "d5.2"), "decimal128(12, 2)"),
    (("uint64", "d38.10"), "decimal128(38, 10)"),
    (("int64", "d5.2", "uint8"), "decimal128(21, 2)"),
    (("half", "float"), "float"),
    (("half", "double"), "double"),
    (("float", "double", "half"), "double"),
    (("int8", "half"), "float"),
    (("uint16", "float", "int16"), "float"),
    (("int32", "float"), "double"),
    (("uint32", "double"), "double"),
    (("int64~double", "double"), "double"),
    (("uint64~double", "float", "int64~double"), "double"),
    (("day", "ms"), "timestamp[ms]"),
    (("us", "day"), "timestamp[us]"),
    (("ms", "us"), "timestamp[us]"),
    (("ns", "us", "ms"), "timestamp[ns]"),
    (("us utc", "ms utc"), "timestamp[us, tz=UTC]"),
    (("clock ms", "clock us"), "time64[us]"),
    (("clock ns", "clock ms"), "time64[ns]"),
    (("fixed 3", "fixed 4"), "binary"),
    (("fixed 3", "binary"), "binary"),
    (("null", "int8"), "int8"),
    (("null", "list"), "list<element: int32>"),
    (("fixed 4", "null", "fixed 4"), "fixed_size_binary[4]"),
    (("list", "null"), "list<element: int32>"),
    (("text", "null"), "string"),
    (("null", "null"), "string"),
]

# Types that Avro has not: what it has in their place has other types in common with others.
NOT_OF_AVRO = {"null", "uint64~double"}

# Types that no type holds.
REFUSED = [
    ("int8", "text"),
    ("bool", "int8"),
    ("d5.2", "double"),
    ("day", "us utc"),
    ("ms", "ms utc"),
    ("text", "binary"),
    ("list", "int32"),
    ("clock ms", "ms"),
]

# Types and values in two files, and words of the message.
MISFITS = [
    (("int64", [1, None, 2**53 + 1]), ("double", [0.5]), 'column "v": row 3: 9007199254740993 does not fit double'),
    (("uint64", [2**64 - 1]), ("float", [0.5]), 'column "v": row 1: 18446744073709551615 does not fit double'),
    (("ms", [0, 10**13]), ("ns", [1]), 'column "v": row 2: 2286-11-20T17:46:40 does not fit timestamp(ns)'),
    (("day", [200000]), ("ns", [1]), 'column "v": row 1: 2517-08-01 does not fit timestamp(ns)'),
]


def exact(value):
    """A value in the words of arrow_files; numbers become what Python compares exactly."""
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return value


def nanos(name, value):
    """Moments as arrow_files has them: days beside timestamps are moments too."""
    if name == "day" and value is not None:
        return value * NANOS_A_DAY
    return value


def make(r, folder, number, name, rows):
    """Writes a file with a column of that type, and one that others may lack. Returns its path and values."""
    kind, value = TYPES[name]
    required = name != "null" and r.random() < 0.3
    values = [None if not required and r.random() < 0.2 else value(r) for _ in range(rows)]
    own = pa.field("v", kind, nullable=not required)
    table = pa.table([pa.array(values, kind), pa.array(range(rows), pa.int32())], pa.schema([own, pa.field(f"only{number % 2}", pa.int32())]))
    path = folder / f"{number}.parquet"
    pq.write_table(table, path, row_group_size=r.choice([3, 50, 1000]))
    return path, arrow_files.plain(table.column(0))


def check_merge(tool, folder, r, names, want):
    made = [make(r, folder, i, name, r.randrange(1, 200)) for i, name in enumerate(names)]
    paths = [path for path, _ in made]
    out = folder / "out.parquet"
    done = hawser.run(tool, "convert", *paths, out, "--merge", "--quiet")
    if done.returncode != 0:
        return [f"exit {done.returncode}: {done.stderr.strip()}"]
    table = pq.read_table(out)
    moments = want.startswith("timestamp")
    wanted = [exact(nanos(name, value) if moments else value) for name, (_, values) in zip(names, made) for value in values]
    got = [exact(value) for value in arrow_files.plain(table.column("v"))]
    problems = []
    if str(table.schema.field("v").type) != want:
        problems.append(f"the type is {table.schema.field('v').type}, want {want}")
    if got != wanted:
        at = next((i for i, pair in enumerate(zip(got, wanted)) if pair[0] != pair[1]), min(len(got), len(wanted)))
        problems.append(f"row {at} of {len(got)} is {got[at:at + 1]}, want {wanted[at:at + 1]} of {len(wanted)}")
    lacking = [i % 2 == 1 for i, (_, values) in enumerate(made) for _ in values]
    if [value is None for value in table.column("only0").to_pylist()] != lacking:
        problems.append("the column that some files lack is not null there")
    return problems + ([] if NOT_OF_AVRO & set(names) else check_avro(tool, folder, paths, table))


def check_avro(tool, folder, paths, table):
    """The same merge of Avro files, to Avro and to Parquet, has the same values."""
    copies = [path.with_suffix(".avro") for path in paths]
    back = folder / "back.parquet"
    for path, copy in zip(paths, copies):
        done = hawser.run(tool, "convert", path, copy, "--quiet")
        if done.returncode != 0:
            return [f"avro: {done.stderr.strip()}"]
    merged = folder / "merged.avro"
    for source, target in ((copies, merged), ([merged], back)):
        done = hawser.run(tool, "convert", *source, target, "--merge", "--quiet")
        if done.returncode != 0:
            return [f"avro: {done.stderr.strip()}"]
    with open(merged, "rb") as file:
        rows = sum(1 for _ in fastavro.reader(file))
    ours, theirs = arrow_files.plain(pq.read_table(back).column("v")), arrow_files.plain(table.column("v"))
    # Avro has no integers and floats of 8 and 16 bits, so that the type may be a wider one.
    return [] if rows == table.num_rows and [exact(v) for v in ours] == [exact(v) for v in theirs] else ["the Avro files have other values"]


def check_refused(tool, folder, r, names):
    paths = [make(r, folder, i, name, 3)[0] for i, name in enumerate(names)]
    out = folder / "out.parquet"
    done = hawser.run(tool, "convert", *paths, out, "--merge")
    said = 'column "v": it is ' in done.stderr and str(paths[0]) in done.stderr and str(paths[1]) in done.stderr and "--drop" in done.stderr
    return [] if done.returncode == 4 and said and not out.exists() else [f"exit {done.returncode}: {done.stderr.strip()}"]


def check_misfit(tool, folder, one, other, words):
    paths = []
    for number, (name, values) in enumerate((one, other)):
        paths.append(folder / f"{number}.parquet")
        pq.write_table(pa.table({"v": pa.array(values, TYPES[name][0])}), paths[-1])
    out = folder / "out.parquet"
    done = hawser.run(tool, "convert", *paths, out, "--merge")
    said = f"{paths[0]}: {words}" in done.stderr
    return [] if done.returncode == 4 and said and not out.exists() else [f"exit {done.returncode}: {done.stderr.strip()}"]


def jobs(arguments):
    for number in range(arguments.tables):
        for i, (names, want) in enumerate(MERGES):
            seed = arguments.seed + number * len(MERGES) + i
            turned = tuple(random.Random(seed).sample(names, len(names)))
            yield f"seed {seed}: {turned}", lambda tool, folder, s=seed, n=turned, w=want: check_merge(tool, folder, random.Random(s), n, w)
    for names in REFUSED:
        yield f"refused: {names}", lambda tool, folder, n=names: check_refused(tool, folder, random.Random(1), n)
    for one, other, words in MISFITS:
        yield f"misfit: {one[0]}, {other[0]}", lambda tool, folder, a=one, b=other, w=words: check_misfit(tool, folder, a, b, w)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tables", type=int, default=4)
    arguments = parser.parse_args()
    tool = hawser.find(arguments.preset)
    if not tool:
        sys.exit(f"the preset {arguments.preset} has not been built")
    wrong, named = 0, list(jobs(arguments))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for (name, _), problems in zip(named, pool.map(lambda job: hawser.run_check(tool, job[1]), named)):
            wrong += bool(problems)
            for problem in problems:
                print(f"{name}: {problem}")
    print(f"{len(named) - wrong} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
