# SPDX-License-Identifier: Apache-2.0
"""Parquet files by seed, written by pyarrow: columns of every type, nulls, lists, structs and maps, and ways to write them."""

import datetime
import decimal
import random
import string

import pyarrow as pa
import pyarrow.parquet

SPECIAL_DOUBLES = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 5e-324, 1e308, 0.1, 1.5, 16777217.0]


def text(rng):
    return "".join(rng.choices(string.ascii_letters + "äß日🙂 ", k=rng.choice([0, 1, 3, 8, 40, 300])))


def word(rng):
    return rng.choice(["alpha", "beta", "gamma", "", "delta"])


def instant(rng):
    return rng.randint(-(2**45), 2**45)


LEAVES = [
    (pa.bool_(), lambda rng: rng.random() < 0.3),
    (pa.int8(), lambda rng: rng.randint(-128, 127)),
    (pa.uint8(), lambda rng: rng.randint(0, 255)),
    (pa.int16(), lambda rng: rng.randint(-(2**15), 2**15 - 1)),
    (pa.uint16(), lambda rng: rng.randint(0, 2**16 - 1)),
    (pa.int32(), lambda rng: rng.randint(-(2**31), 2**31 - 1)),
    (pa.uint32(), lambda rng: rng.randint(0, 2**32 - 1)),
    (pa.int64(), lambda rng: rng.randint(-(2**63), 2**63 - 1)),
    (pa.int64(), lambda rng: rng.randint(0, 40)),
    (pa.uint64(), lambda rng: rng.randint(0, 2**64 - 1)),
    (pa.float32(), lambda rng: rng.choice([0.5, -0.0, float("nan"), 3.25, 1e10])),
    (pa.float64(), lambda rng: rng.choice(SPECIAL_DOUBLES)),
    (pa.float64(), lambda rng: rng.uniform(-1e6, 1e6)),
    (pa.decimal128(9, 2), lambda rng: decimal.Decimal(rng.randint(-(10**9) + 1, 10**9 - 1)).scaleb(-2)),
    (pa.decimal128(18, 4), lambda rng: decimal.Decimal(rng.randint(-(10**17), 10**17)).scaleb(-4)),
    (pa.decimal128(38, 10), lambda rng: decimal.Decimal(rng.randint(-(10**37), 10**37)).scaleb(-10)),
    (pa.date32(), lambda rng: datetime.date(1970, 1, 1) + datetime.timedelta(days=rng.randint(-700000, 700000))),
    (pa.time32("ms"), lambda rng: rng.randint(0, 86399999)),
    (pa.time64("us"), lambda rng: rng.randint(0, 86399999999)),
    (pa.time64("ns"), lambda rng: rng.randint(0, 86399999999999)),
    (pa.timestamp("ms"), instant),
    (pa.timestamp("us", "UTC"), instant),
    (pa.timestamp("ns"), instant),
    (pa.string(), text),
    (pa.string(), word),
    (pa.large_string(), word),
    (pa.binary(), lambda rng: rng.randbytes(rng.choice([0, 1, 7, 64, 200]))),
    (pa.binary(5), lambda rng: rng.randbytes(5)),
    (pa.dictionary(pa.int32(), pa.string()), word),
    (pa.dictionary(pa.int32(), pa.string()), text),
]


def leaf(rng, rows):
    kind, make = rng.choice(LEAVES)
    nulls = rng.choice([0, 0, 0.1, 0.9, 1])
    return pa.array([None if rng.random() < nulls else make(rng) for _ in range(rows)], kind)


def lengths(rng, rows):
    most = rng.choice([1, 3, 9])
    ends = [0]
    for _ in range(rows):
        ends.append(ends[-1] + rng.randint(0, most))
    return pa.array(ends, pa.int32())


def nulls_mask(rng, rows):
    return pa.array([rng.random() < 0.2 for _ in range(rows)], pa.bool_())


def column(rng, rows, depth=0):
    shape = rng.random() if depth < 3 else 0
    if shape < 0.6:
        return leaf(rng, rows)
    if shape < 0.75:
        ends = lengths(rng, rows)
        return pa.ListArray.from_arrays(ends, column(rng, ends[-1].as_py(), depth + 1), mask=nulls_mask(rng, rows))
    if shape < 0.92:
        fields = [column(rng, rows, depth + 1) for _ in range(rng.randint(1, 3))]
        return pa.StructArray.from_arrays(fields, [f"f{i}" for i in range(len(fields))], mask=nulls_mask(rng, rows))
    ends = lengths(rng, rows)
    keys = pa.array([f"k{i}" for i in range(ends[-1].as_py())], pa.string())
    return pa.MapArray.from_arrays(ends, keys, column(rng, len(keys), depth + 1))


def table(rng):
    rows = rng.choice([0, 1, 10, 1000, 5000])
    columns = [column(rng, rows) for _ in range(rng.randint(1, 12))]
    fields = [pa.field(f"c{i}", a.type, a.null_count > 0 or rng.random() < 0.5) for i, a in enumerate(columns)]
    metadata = {"owner": "tests", "json": '{"a": [1, 2.50, null]}', "empty": ""} if rng.random() < 0.5 else None
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata))


def write(path, seed):
    rng = random.Random(seed)
    pa.parquet.write_table(
        table(rng), path,
        compression=rng.choice(["none", "snappy", "zstd", "gzip", "lz4", "brotli"]),
        use_dictionary=rng.choice([True, False]),
        row_group_size=rng.choice([3, 700, 1 << 20]),
        data_page_size=rng.choice([200, 5000, 1 << 20]),
        data_page_version=rng.choice(["1.0", "2.0"]),
        version="2.6",
        write_page_index=rng.choice([True, False]),
        write_page_checksum=rng.choice([True, False]),
        store_schema=rng.choice([True, False]))
