#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the files of parquet_samples: check_parquet_samples.py FOLDER [READER ...]

Computes every value from the column's name, as parquet_samples does, and compares what pyarrow (page CRCs verified), DuckDB and polars read
with it: values, nulls, types, statistics. Page headers, offset index and column index are decoded here, from the format's definition.
"""
import decimal
import functools
import glob
import os
import struct
import sys
import uuid
import zlib

import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

M = (1 << 64) - 1
WIDE = decimal.Context(prec=60)
DECIMALS = {"decimal9": (9, 2), "decimal18": (18, 0), "decimal25": (25, 5), "decimal38": (38, 10)}
TYPES = {
    "bool": pa.bool_(), "int64": pa.int64(), "double": pa.float64(), "date": pa.date32(), "timestamp": pa.timestamp("us"),
    "instant": pa.timestamp("us", "UTC"), "nanos": pa.timestamp("ns"), "text": pa.string(), "null": pa.string(),
    "uuid": pa.binary(16), **{kind: pa.decimal128(*digits) for kind, digits in DECIMALS.items()},
}
SPECIALS = [struct.unpack("<d", struct.pack("<Q", bits))[0] for bits in (
    0x7FF8000000000000, 0x7FF0000000000000, 0xFFF0000000000000, 0x8000000000000000, 0, 0x3FF8000000000000, 1, 0x7FEFFFFFFFFFFFFF)]


def mix(x):
    x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCD & M
    x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53 & M
    return x ^ (x >> 33)


def signed(x):
    return x - (1 << 64) if x >> 63 else x


@functools.lru_cache(maxsize=16)
def seeds(pattern, rows):
    if pattern in ("const", "seq", "run"):
        return [{"const": 7, "seq": row, "run": row // 100}[pattern] for row in range(rows)]
    random = [mix(row + 1) for row in range(rows)]
    parts = {"few": 10, "many": 5000}
    return [x % parts[pattern] for x in random] if pattern in parts else random


@functools.lru_cache(maxsize=16)
def nulls(pattern, rows):
    if pattern == "some":
        return pa.array([mix(row ^ 0x123456789) % 3 == 0 for row in range(rows)], pa.bool_())
    return pa.array([pattern == "all" or (pattern == "late" and row < 25000) for row in range(rows)], pa.bool_())


def decimal_of(precision, scale, seed):
    value = seed // 2 % 10**9 if precision <= 9 else seed // 2 % 10**18
    if precision == 25:
        value = value * 10**7 + mix(seed) % 10**7
    if precision == 38:
        value = value * 10**20 + mix(seed) % 10**18
    return decimal.Decimal(value if seed % 2 == 0 else -value).scaleb(-scale, context=WIDE)


def text_of(pattern, seed):
    if seed % 7 == 3:
        return ""
    return str(seed) + ("-é€😀" if seed % 3 == 0 else "") + ("é" * (40 + seed % 30) if pattern == "long" else "")


def value_of(kind, pattern, seed, row):
    if kind in DECIMALS:
        return decimal_of(*DECIMALS[kind], seed)
    if kind in ("text", "null"):
        return text_of(pattern, seed)
    if kind == "uuid":
        return struct.pack("<QQ", mix(seed), mix(seed + 1 & M))
    if kind == "bool":
        return seed % 2 == 1
    if kind == "double":
        if pattern in ("special", "nan"):
            return SPECIALS[0 if pattern == "nan" else row % 8]
        return (seed & 0xFFFFFFFF) * 0.01
    if kind == "int64":
        return signed(seed)
    return seed % 40000 - 10000 if kind == "date" else seed % (4 * 10**15) - 10**15


@functools.lru_cache(maxsize=4)
def values_of(kind, pattern, rows):
    values = [value_of(kind, pattern, seed, row) for row, seed in enumerate(seeds(pattern, rows))]
    if kind in ("date", "timestamp", "instant", "nanos"):
        return pa.array(values, pa.int32() if kind == "date" else pa.int64()).cast(TYPES[kind])
    return pa.array(values, TYPES[kind])


def expected(name, rows):
    kind, pattern, null_pattern = name.split(".")
    mask = nulls("all" if kind == "null" else null_pattern, rows)
    values = values_of(kind, pattern, rows)
    return pc.if_else(mask, pa.scalar(None, values.type), values)


def same(a, b):
    """Equal, NaN and the sign of zero included."""
    if isinstance(a, pa.ChunkedArray):
        a = a.combine_chunks()
        a = a if isinstance(a, pa.Array) else pa.concat_arrays(a.chunks)
    if getattr(a.type, "extension_name", "") == "arrow.uuid":
        a = a.storage
    if a.type != b.type and pa.types.is_large_string(a.type):
        a = a.cast(pa.string())
    if pa.types.is_float64(b.type):
        a, b = ((x.is_valid(), x.fill_null(0).view(pa.int64())) for x in (a, b))
        return a[0].equals(b[0]) and a[1].equals(b[1])
    return a.equals(b)


class Thrift:
    """Reads the compact protocol into dicts of field id -> value."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        shift = value = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind in (4, 5, 6):
            return self.zigzag()
        if kind == 8:
            size = self.varint()
            self.at += size
            return bytes(self.data[self.at - size:self.at])
        if kind == 9:
            head = self.byte()
            count = head >> 4 if head >> 4 < 15 else self.varint()
            if head & 15 in (1, 2):
                return [self.byte() == 1 for _ in range(count)]
            return [self.value(head & 15) for _ in range(count)]
        assert kind == 12, kind
        return self.struct()

    def struct(self):
        fields, last = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return fields
            last = last + (head >> 4) if head >> 4 else self.zigzag()
            fields[last] = self.value(head & 15)


def sort_key(kind, value):
    """The value as Parquet orders it, and how it is stored in statistics."""
    if kind in DECIMALS:
        unscaled = int(value.scaleb(DECIMALS[kind][1], context=WIDE))
        return unscaled
    if kind == "text":
        return value.encode()
    return value


def stat_value(kind, data):
    if kind in ("int64", "timestamp", "instant", "nanos"):
        return struct.unpack("<q", data)[0]
    if kind == "date":
        return struct.unpack("<i", data)[0]
    if kind == "double":
        return struct.unpack("<d", data)[0]
    if kind == "bool":
        return data == b"\1"
    if kind in ("decimal9", "decimal18"):
        return int.from_bytes(data, "little", signed=True)
    if kind in DECIMALS:
        return int.from_bytes(data, "big", signed=True)
    return data


def plain_values(kind, array):
    if kind in ("timestamp", "instant", "nanos"):
        array = array.cast(pa.int64())
    if kind == "date":
        array = array.cast(pa.int32())
    values = array.drop_null()
    if kind == "double":
        values = values.filter(pc.invert(pc.is_nan(values)))
    if kind in DECIMALS or kind in ("text", "uuid", "bool"):
        return [sort_key(kind, v) for v in values.to_pylist()]
    return values


def check_bounds(where, kind, array, low, high, low_exact=None, high_exact=None):
    values = plain_values(kind, array)
    if len(values) == 0:
        assert low is None and high is None, where
        return
    if isinstance(values, list):
        least, greatest = min(values), max(values)
    else:
        ends = pc.min_max(values).as_py()
        least, greatest = ends["min"], ends["max"]
    got_low = stat_value(kind, low)
    assert got_low == least if low_exact is not False else got_low <= least, (where, got_low, least)
    got_high = stat_value(kind, high)
    assert got_high == greatest if high_exact is not False else got_high > greatest, (where, got_high, greatest)
    if kind in ("text",):
        assert len(low) <= 64 and len(high) <= 65
        low.decode(), high.decode()
        if low_exact is None:
            return
        assert low_exact == (low == least) and high_exact == (high == greatest), where
    if kind == "double":
        assert least != 0 or struct.pack("<d", -0.0) == low, where
        assert greatest != 0 or struct.pack("<d", 0.0) == high, where


def check_chunk(where, data, name, chunk, array, required):
    kind = name.split(".")[0]
    kind = "text" if kind == "null" else kind
    meta = chunk[3]
    assert meta[5] == len(array) and chunk[2] == 0, where
    stats = meta[12]
    assert stats[3] == array.null_count, where
    exact = (stats.get(8), stats.get(7))
    check_bounds(where, kind, array, stats.get(6), stats.get(5), *exact)
    if kind == "double":
        assert stats[9] == pc.sum(pc.is_nan(array.drop_null())).as_py() or len(array.drop_null()) == 0, where

    offsets = Thrift(data, chunk[4])
    locations = offsets.struct()
    assert offsets.at == chunk[4] + chunk[5], where
    start = meta.get(11, meta[9])
    assert meta[9] == locations[1][0][1], where
    raw, row, text_bytes, encodings = 0, 0, 0, {}
    at = start
    index, all_nan = None, False
    if 6 in chunk:
        reader = Thrift(data, chunk[6])
        index = reader.struct()
        assert reader.at == chunk[6] + chunk[7], where
    pages = iter(enumerate(locations[1]))
    bounds = []
    while at < start + meta[7]:
        reader = Thrift(data, at)
        header = reader.struct()
        body = data[reader.at:reader.at + header[3]]
        assert zlib.crc32(body) == header[4] & 0xFFFFFFFF, (where, "crc")
        raw += reader.at - at + header[2]
        size = reader.at - at + header[3]
        if header[1] == 2:
            assert at == start == meta[11] and header[7][2] == 0, where
        else:
            i, location = next(pages)
            assert location[1] == at and location[2] == size and location[3] == row, where
            part = array.slice(row, header[5][1])
            assert len(part) == header[5][1] > 0, where
            row += len(part)
            encodings[header[5][2]] = encodings.get(header[5][2], 0) + 1
            if kind == "text":
                text_bytes += locations[2][i]
                assert locations[2][i] == pc.sum(pc.binary_length(part)).as_py() or part.null_count == len(part), where
            if index:
                assert index[5][i] == part.null_count and index[1][i] == (part.null_count == len(part)), where
                if index[1][i]:
                    assert index[2][i] == index[3][i] == b"", where
                else:
                    check_bounds((where, i), kind, part, index[2][i], index[3][i],
                                 False if kind == "text" and len(index[2][i]) > 60 else None,
                                 False if kind == "text" and len(index[3][i]) > 60 else None)
                    bounds.append((stat_value(kind, index[2][i]), stat_value(kind, index[3][i])))
                if kind == "double":
                    assert index[8][i] == (pc.sum(pc.is_nan(part.drop_null())).as_py() or 0), where
            else:
                assert kind == "double", where
                all_nan = all_nan or (part.null_count < len(part) and len(plain_values(kind, part)) == 0)
        at += size
    assert next(pages, None) is None and row == len(array) and at == start + meta[7] and raw == meta[6], where
    lows, highs = [b[0] for b in bounds], [b[1] for b in bounds]
    assert index or all_nan, where
    if index:
        rises = lows == sorted(lows) and highs == sorted(highs)
        falls = lows == sorted(lows)[::-1] and highs == sorted(highs)[::-1]
        assert index[4] == (1 if rises else 2 if falls else 0), (where, index[4])
    assert {(s[1], s[2]): s[3] for s in meta[13]} == {
        **{(0, k): v for k, v in encodings.items()}, **({(2, 0): 1} if 11 in meta else {})}, where
    assert set(meta[2]) == set(encodings) | ({0} if 11 in meta else set()) | (set() if required else {3}), where
    if kind == "text":
        assert meta[16][1] == text_bytes, where
    if not required:
        assert meta[16][3] == [array.null_count, len(array) - array.null_count], where
    return raw


def check_layout(path, want):
    data = memoryview(open(path, "rb").read())
    assert data[:4] == b"PAR1" == data[-4:]
    size = struct.unpack("<I", data[-8:-4])[0]
    reader = Thrift(data, len(data) - 8 - size)
    meta = reader.struct()
    assert reader.at == len(data) - 8 and meta[1] == 1
    assert meta[6].startswith(b"hawser version ") and meta[6].endswith(b" (build unknown)")
    assert meta[7] == [{1: {}}] * len(want)
    names = [e[4].decode() for e in meta[2][1:]]
    row = 0
    for ordinal, group in enumerate(meta[4]):
        raw = 0
        for i, chunk in enumerate(group[1]):
            where = (os.path.basename(path), ordinal, names[i])
            raw += check_chunk(where, data, names[i], chunk, want[names[i]].slice(row, group[3]), meta[2][1 + i][3] == 0)
        assert group[2] == raw and group[6] == sum(c[3][7] for c in group[1]) and group[7] == ordinal
        assert group[5] == min(group[1][0][3].get(11, 1 << 60), group[1][0][3][9])
        row += group[3]
    assert row == meta[3]


def check_arrow(path, want):
    file = pq.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    assert table.num_rows == len(next(iter(want.values())))
    for name, values in want.items():
        field = table.schema.field(name)
        assert field.nullable == (not name.endswith(".req")), name
        kind = name.split(".")[0]
        if kind != "uuid":
            assert field.type == values.type, (name, field.type)
        assert same(table[name], values), (path, name, "pyarrow")
    if file.metadata.num_row_groups > 0:
        assert all(file.metadata.row_group(0).column(i).has_offset_index for i in range(file.metadata.num_columns))


def check_duckdb(path, want):
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    result = connection.sql(f"select * from read_parquet('{path}')").to_arrow_table()
    for name, values in want.items():
        got = result[name]
        kind = name.split(".")[0]
        if kind == "uuid":
            texts = got.combine_chunks()
            texts = texts.storage if hasattr(texts, "storage") else texts
            if texts.type != pa.binary(16):
                texts = pa.array([None if v is None else uuid.UUID(v).bytes for v in texts.to_pylist()], pa.binary(16))
            assert texts.equals(values), (path, name, "duckdb")
            continue
        if got.type != values.type:
            got = got.cast(values.type)
        assert same(got, values), (path, name, "duckdb")


def check_polars(path, want):
    result = polars.read_parquet(path)
    for name, values in want.items():
        got = result[name].to_arrow()
        if name.startswith("uuid"):
            got = got.cast(pa.binary()).cast(pa.binary(16))
        elif got.type != values.type:
            got = got.cast(values.type)
        assert same(got, values), (path, name, "polars")


READERS = {"layout": check_layout, "pyarrow": check_arrow, "duckdb": check_duckdb, "polars": check_polars}


def main():
    folder, readers = sys.argv[1], sys.argv[2:] or list(READERS)
    wants, failed, passed = {}, 0, 0
    for path in sorted(glob.glob(os.path.join(folder, "*.parquet"))):
        file = pq.ParquetFile(path)
        rows, names = file.metadata.num_rows, file.schema_arrow.names
        if rows not in wants:
            wants = {rows: {name: expected(name, rows) for name in names}}
        for reader in readers:
            try:
                READERS[reader](path, wants[rows])
                passed += 1
            except Exception as error:  # noqa: BLE001: every kind of failure is a finding
                failed += 1
                print(f"FAILED {os.path.basename(path)} {reader}: {type(error).__name__} {str(error)[:300]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
