# SPDX-License-Identifier: Apache-2.0
"""What other programs read from our files, in the oracle's words.

A reader takes a path and gives (name, type, values) for each column. It knows nothing of what is expected.
"""

import decimal
import gzip
import json
import re

import backports.zstd as zstd
import duckdb
import fastavro
import fastavro._read
import polars
import pyarrow
import pyarrow.parquet

import oracle

# The bare numbers are wanted: fastavro's own conversion cuts and fails where Python's datetime ends.
fastavro._read.LOGICAL_READERS.clear()


def read_pyarrow(path):
    file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    table.validate(full=True)
    columns = [(f.name, arrow_type(f.type), arrow_values(c)) for f, c in zip(table.schema, table.columns)]
    check_statistics(file)
    return columns


def arrow_type(kind):
    if pyarrow.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pyarrow.types.is_timestamp(kind):
        return f"timestamp({kind.unit}{', UTC' if kind.tz == 'UTC' else ''})"
    names = {"int64": "int64", "double": "double", "bool": "bool", "date32[day]": "date", "string": "text"}
    return names.get(str(kind), str(kind))


def arrow_values(column):
    if pyarrow.types.is_timestamp(column.type):
        column = column.cast(pyarrow.int64())
    elif pyarrow.types.is_date(column.type):
        column = column.cast(pyarrow.int32())
    return column.to_pylist()


def check_statistics(file):
    """Bounds bound, null counts are exact, rows add up; raises where not."""
    for group in range(file.num_row_groups):
        facts = file.metadata.row_group(group)
        table = file.read_row_group(group)
        assert table.num_rows == facts.num_rows, f"row group {group}: {table.num_rows} rows, says {facts.num_rows}"
        for i, column in enumerate(table.columns):
            statistics = facts.column(i).statistics
            where = f"row group {group}, column {i}"
            assert statistics is not None, f"{where}: no statistics"
            nulls = statistics.null_count
            assert nulls == column.null_count, f"{where}: null count {nulls}, want {column.null_count}"
            if statistics.has_min_max:
                low, high = (raw_bound(raw, column.type) for raw in (statistics.min_raw, statistics.max_raw))
                known = [v for v in arrow_values(column) if v is not None and v == v]
                if pyarrow.types.is_string(column.type):
                    # Bytes: an upper bound that was cut short need not be UTF-8.
                    known = [v.encode() for v in known]
                wrong = [v for v in known if not low <= v <= high]
                assert not wrong, f"{where}: {low!r}..{high!r} does not bound {wrong[0]!r}"


def raw_bound(raw, kind):
    if pyarrow.types.is_decimal(kind):
        return avro_decimal(raw, kind.scale) if isinstance(raw, bytes) else decimal.Decimal(raw).scaleb(-kind.scale)
    return raw


DUCKDB_TYPES = {
    "BIGINT": ("int64", "{}"),
    "DOUBLE": ("double", "{}"),
    "BOOLEAN": ("bool", "{}"),
    "DATE": ("date", "epoch_us({}::TIMESTAMP) // 86400000000"),
    "VARCHAR": ("text", "{}"),
    "TIMESTAMP": ("timestamp(us)", "epoch_us({})"),
    "TIMESTAMP_NS": ("timestamp(ns)", "epoch_ns({})"),
    "TIMESTAMP WITH TIME ZONE": ("timestamp(us, UTC)", "epoch_us({})"),
    "TIMESTAMPTZ_NS": ("timestamp(ns, UTC)", "epoch_ns({})"),
}


def read_duckdb(path):
    with duckdb.connect(config={"threads": 1}) as db:
        source = f"read_parquet('{path}')"
        described = db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        columns, picks = [], []
        for name, kind, *_ in described:
            word, pick = (kind.lower(), "{}") if kind.startswith("DECIMAL") else DUCKDB_TYPES.get(kind, (kind, "{}"))
            columns.append((name, word))
            quoted = '"' + name.replace('"', '""') + '"'
            picks.append(pick.format(quoted))
        rows = db.execute(f"SELECT {', '.join(picks)} FROM {source}").fetchall()
        values = list(zip(*rows)) if rows else [()] * len(columns)
    return [(name, word, list(v)) for (name, word), v in zip(columns, values)]


POLARS_TYPES = {
    "Int64": "int64",
    "Float64": "double",
    "Boolean": "bool",
    "Date": "date",
    "String": "text",
    "Datetime(time_unit='us', time_zone=None)": "timestamp(us)",
    "Datetime(time_unit='ns', time_zone=None)": "timestamp(ns)",
    "Datetime(time_unit='us', time_zone='UTC')": "timestamp(us, UTC)",
    "Datetime(time_unit='ns', time_zone='UTC')": "timestamp(ns, UTC)",
}


def read_polars(path):
    frame = polars.read_parquet(path)
    columns = []
    for series in frame.iter_columns():
        kind = series.dtype
        if isinstance(kind, polars.Decimal):
            word = f"decimal({kind.precision},{kind.scale})"
        else:
            word = POLARS_TYPES.get(str(kind), str(kind))
        physical = series.to_physical() if isinstance(kind, (polars.Date, polars.Datetime)) else series
        columns.append((series.name, word, physical.to_list()))
    return columns


AVRO_TYPES = {
    ("long", None): "int64",
    ("double", None): "double",
    ("boolean", None): "bool",
    ("int", "date"): "date",
    ("string", None): "text",
    ("long", "timestamp-micros"): "timestamp(us, UTC)",
    ("long", "timestamp-nanos"): "timestamp(ns, UTC)",
    ("long", "local-timestamp-micros"): "timestamp(us)",
    ("long", "local-timestamp-nanos"): "timestamp(ns)",
}


def read_fastavro(path):
    with open(path, "rb") as file:
        reader = fastavro.reader(file)
        schema = json.loads(reader.metadata["avro.schema"])
        records = list(reader)
    columns = []
    for field in schema["fields"]:
        kind = field["type"]
        if isinstance(kind, list):
            kind = next(k for k in kind if k != "null")
        kind = kind if isinstance(kind, dict) else {"type": kind}
        values = [r[field["name"]] for r in records]
        if kind.get("logicalType") == "decimal":
            assert kind["type"] in ("bytes", "fixed"), kind
            word = f"decimal({kind['precision']},{kind.get('scale', 0)})"
            values = [None if v is None else avro_decimal(v, kind.get("scale", 0)) for v in values]
        else:
            word = AVRO_TYPES.get((kind["type"], kind.get("logicalType")), str(kind))
        columns.append((field["name"], word, values))
    return columns


def avro_decimal(value, scale):
    return decimal.Decimal(int.from_bytes(value, "big", signed=True)).scaleb(-scale)


UNPACK = {".csv": bytes, ".gz": gzip.decompress, ".zst": zstd.decompress}


def read_csv(path):
    """By Python's csv module. A CSV has no types: the fields come as they are, for csv_values."""
    records = list(oracle.fields(UNPACK[path.suffix](path.read_bytes()).decode()))
    names = [str(f) for f in records.pop(0)]
    if len(names) == 1:
        records = [r or [oracle.Field("")] for r in records]
    assert all(len(r) == len(names) for r in records), "ragged records"
    return [(name, "csv", [r[i] for r in records]) for i, name in enumerate(names)]


# How values of a type have to be written; %s stands for the scale of decimals.
CSV_FORMS = {
    "int64": r"-?(0|[1-9][0-9]*)",
    "double": r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-][0-9]+)?|-?inf|nan",
    "decimal": r"-?(0|[1-9][0-9]*)(\.[0-9]{%s})?",
    "bool": "true|false",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "timestamp(us)": r"[^ ]{10}T[0-9:]{8}(\.[0-9]{6})?",
    "timestamp(us, UTC)": r"[^ ]{10}T[0-9:]{8}(\.[0-9]{6})?Z",
    "timestamp(ns)": r"[^ ]{10}T[0-9:]{8}\.[0-9]{9}",
    "timestamp(ns, UTC)": r"[^ ]{10}T[0-9:]{8}\.[0-9]{9}Z",
}


def csv_values(fields, kind):
    """The values of a column that is known to be of this type; raises where one is not written as it has to be."""
    form, scale = CSV_FORMS.get(kind), None
    if kind.startswith("decimal"):
        scale = kind[:-1].split(",")[1]
        form = CSV_FORMS["decimal"] % scale
    return [csv_value(field, kind, form) for field in fields]


def csv_value(field, kind, form):
    if field == "" and not field.quoted:
        return None
    if kind == "text":
        needs = field == "" or field[0] == " " or field[-1] == " " or any(c in field for c in ',"\r\n')
        assert field.quoted or not needs, f"{field!r} is not quoted"
        assert not field.quoted or needs or any(c in field for c in ";\t|"), f"{field!r} is quoted for nothing"
        return str(field)
    assert not field.quoted and re.fullmatch(form, field), f"{field!r} is no {kind}"
    if kind == "double":
        value = float(field)
        shortest = decimal.Decimal(repr(value))
        assert not shortest.is_finite() or shortest == decimal.Decimal(field), f"{field} is not the shortest for {value!r}"
        assert "." in field or "e" in field or not shortest.is_finite(), f"{field} is an integer"
        return value
    if kind.startswith("timestamp"):
        return oracle.moment(field)[0] // (1000 if "us" in kind else 1)
    if kind.startswith("decimal"):
        return decimal.Decimal(field)
    return {"int64": int, "date": oracle.days, "bool": "true".__eq__}[kind](field)


READERS = {
    ".parquet": {"pyarrow": read_pyarrow, "duckdb": read_duckdb, "polars": read_polars},
    ".avro": {"fastavro": read_fastavro},
    ".csv": {"csv": read_csv},
}
