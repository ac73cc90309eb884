# SPDX-License-Identifier: Apache-2.0
"""What other programs read from files of Arrow tables, as plain Python values, and whether that is what was written.

Plain values: moments and times of day are nanoseconds, dates days, durations the number that is stored, intervals
(months, days, milliseconds), maps lists of {"key", "value"}, dictionaries their values, text str, bytes bytes.
"""

import decimal
import json
import math
import uuid

import duckdb
import fastavro
import fastavro._read
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

# Bare numbers are wanted, as readers.py says.
fastavro._read.LOGICAL_READERS.clear()

NANOS = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}


def rows_by_offsets(array, values):
    ends = array.offsets.to_pylist()
    valid = array.is_valid().to_pylist()
    return [values[ends[i]:ends[i + 1]] if valid[i] else None for i in range(len(array))]


def nested_plain(array):
    """As plain, for the kinds with children; None where it is none of them."""
    kind = array.type
    valid = array.is_valid().to_pylist()
    if pa.types.is_map(kind):
        keys, items = plain(array.keys), plain(array.items)
        return rows_by_offsets(array, [{"key": k, "value": v} for k, v in zip(keys, items)])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return rows_by_offsets(array, plain(array.values))
    if pa.types.is_fixed_size_list(kind):
        values, width, first = plain(array.values), kind.list_size, array.offset
        return [values[(first + i) * width:(first + i + 1) * width] if valid[i] else None for i in range(len(array))]
    if pa.types.is_struct(kind):
        columns = [(kind.field(i).name, plain(array.field(i))) for i in range(kind.num_fields)]
        return [{name: values[i] for name, values in columns} if valid[i] else None for i in range(len(array))]
    return None


def plain(array):
    """An array's values in the words above."""
    if isinstance(array, pa.ChunkedArray):
        return [value for chunk in array.chunks for value in plain(chunk)]
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    nested = nested_plain(array)
    if nested is not None:
        return nested
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        numbers = array.view(pa.int32() if pa.types.is_time32(kind) else pa.int64()).to_pylist()
        return [None if n is None else n * NANOS[kind.unit] for n in numbers]
    if pa.types.is_duration(kind):
        return array.view(pa.int64()).to_pylist()
    if pa.types.is_date64(kind):
        return [None if n is None else n // 86400000 for n in array.view(pa.int64()).to_pylist()]
    if pa.types.is_date32(kind):
        return array.view(pa.int32()).to_pylist()
    if kind == pa.month_day_nano_interval():
        return [None if v is None else (v.months, v.days, v.nanoseconds // 10**6) for v in array.to_pylist()]
    return array.to_pylist()


def same(got, want):
    """Equal, floats with the sign of zero; what readers show in another form counts as that form."""
    if isinstance(want, list) and isinstance(got, list):
        return len(got) == len(want) and all(map(same, got, want))
    if isinstance(want, dict) and isinstance(got, dict):
        return list(got) == list(want) and all(same(got[k], want[k]) for k in want)
    if isinstance(want, float) and isinstance(got, float):
        return got == want and math.copysign(1, got) == math.copysign(1, want) or got != got and want != want
    if isinstance(want, bytes) and isinstance(got, (str, uuid.UUID)):
        return len(want) == 16 and uuid.UUID(str(got)).bytes == want
    if isinstance(want, tuple) and isinstance(got, bytes):
        return b"".join(n.to_bytes(4, "little") for n in want) == got
    if isinstance(want, decimal.Decimal) and isinstance(got, decimal.Decimal):
        return got.compare(want) == 0 and got.as_tuple().exponent == want.as_tuple().exponent
    return type(got) is type(want) and got == want


def compare(reader, columns, want):
    """Raises with the first row that differs. `columns` and `want`: name to plain values."""
    assert list(columns) == list(want), f"{reader}: columns {list(columns)}, want {list(want)}"
    for name, values in want.items():
        got = columns[name]
        assert len(got) == len(values), f"{reader}: {name}: {len(got)} rows, want {len(values)}"
        for row, (left, right) in enumerate(zip(got, values)):
            assert same(left, right), f"{reader}: {name}: row {row} is {left!r}, want {right!r}"


def read_pyarrow(path):
    file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    table.validate(full=True)
    check_bounds(file)
    return {field.name: plain(column) for field, column in zip(table.schema, table.columns)}


def check_bounds(file):
    """Of columns that are flat: bounds that readers can compare are those of the values, and nulls are counted."""
    for group in range(file.num_row_groups):
        facts = file.metadata.row_group(group)
        table = file.read_row_group(group)
        paths = {facts.column(i).path_in_schema: facts.column(i) for i in range(facts.num_columns)}
        for field, column in zip(table.schema, table.columns):
            found = paths.get(field.name)
            if not found:
                continue
            statistics = found.statistics
            assert statistics.null_count == column.null_count, f"{field.name}: {statistics.null_count} nulls, want {column.null_count}"
            if not statistics.has_min_max or not (pa.types.is_integer(field.type) or pa.types.is_floating(field.type)):
                continue
            known = column.drop_null()
            known = known.filter(pc.equal(known, known)) if not pa.types.is_float16(field.type) else known
            ends = (min(known.to_pylist()), max(known.to_pylist()))
            bounds = (statistics.min, statistics.max)
            if not pa.types.is_float16(field.type):
                assert bounds == ends, f"{field.name}: bounds {bounds}, want {ends}"


def read_duckdb(path):
    with duckdb.connect(config={"threads": 1}) as db:
        db.execute("set timezone = 'UTC'")
        table = db.sql(f"SELECT * FROM read_parquet('{path}')").to_arrow_table()
    return {name: plain(column) for name, column in zip(table.schema.names, table.columns)}


def read_polars(path):
    table = polars.read_parquet(path).to_arrow(compat_level=polars.CompatLevel.oldest())
    return {name: plain(column) for name, column in zip(table.schema.names, table.columns)}


def want_parquet(table):
    return {name: plain(column) for name, column in zip(table.schema.names, table.columns)}


def unions(kind):
    """An Avro schema without its null branch."""
    return next(k for k in kind if k != "null") if isinstance(kind, list) else kind


def avro_plain(kind, value):
    """A value of fastavro, which has seen no logical type, in the words above."""
    if value is None:
        return None
    kind = unions(kind)
    name = kind["type"] if isinstance(kind, dict) else kind
    logical = kind.get("logicalType") if isinstance(kind, dict) else None
    if name == "array":
        return [avro_plain(kind["items"], v) for v in value]
    if name == "map":
        return [{"key": k, "value": avro_plain(kind["values"], v)} for k, v in value.items()]
    if name == "record":
        return {f["name"]: avro_plain(f["type"], value[f["name"]]) for f in kind["fields"]}
    if logical == "decimal":
        number = int.from_bytes(value, "big", signed=True)
        return decimal.Decimal(number).scaleb(-kind["scale"], decimal.Context(prec=100))
    if logical == "duration":
        return tuple(int.from_bytes(value[i:i + 4], "little") for i in (0, 4, 8))
    if logical and (logical.startswith("time") or logical.startswith("local")):
        return value * {"millis": 10**6, "micros": 1000, "nanos": 1}[logical.rsplit("-", 1)[1]]
    if logical == "uuid":
        return uuid.UUID(value).bytes
    return value


def read_fastavro(path):
    with open(path, "rb") as file:
        reader = fastavro.reader(file)
        schema = json.loads(reader.metadata["avro.schema"])
        fastavro.parse_schema(schema)
        records = list(reader)
    return {f["name"]: [avro_plain(f["type"], r[f["name"]]) for r in records] for f in schema["fields"]}


def read_polars_avro(path):
    table = polars.read_avro(path).to_arrow(compat_level=polars.CompatLevel.oldest())
    return {name: plain(column) for name, column in zip(table.schema.names, table.columns)}


def want_avro(table):
    """As want_parquet, but uint64 is a decimal in Avro."""

    def exact(kind, value):
        if value is None:
            return None
        if pa.types.is_dictionary(kind):
            return exact(kind.value_type, value)
        if pa.types.is_uint64(kind):
            return decimal.Decimal(value)
        if pa.types.is_map(kind):
            return [{"key": exact(kind.key_type, v["key"]), "value": exact(kind.item_type, v["value"])} for v in value]
        if pa.types.is_struct(kind):
            return {f.name: exact(f.type, value[f.name]) for f in kind}
        if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
            return [exact(kind.value_type, v) for v in value]
        return value

    return {f.name: [exact(f.type, v) for v in plain(c)] for f, c in zip(table.schema, table.columns)}
