# SPDX-License-Identifier: Apache-2.0
"""The columns, types and rows of a file, as pyarrow (Parquet) and fastavro (Avro) read them.

A folder is read as a table in partitions, as Hive lays it out.
"""

import datetime
import decimal
import json
import pathlib

import fastavro
import pyarrow
import pyarrow.dataset
import pyarrow.parquet


def show(path):
    """The lines that tell what is in the file: names, types, and a line a row. Types are in the words of the format's reader."""
    path = pathlib.Path(path)
    names, types, columns = read_avro(path) if path.suffix == ".avro" else read_parquet(path)
    cells = [[name, kind, *map(cell, column)] for name, kind, column in zip(names, types, columns)]
    widths = [max(map(len, column)) for column in cells]
    rows = ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in zip(*cells)]
    return rows[:2] + ["  ".join("-" * width for width in widths)] + rows[2:]


def read_parquet(path):
    if path.is_dir():
        files = sorted(map(str, path.rglob("*.parquet")))
        table = pyarrow.dataset.dataset(files, partitioning="hive", partition_base_dir=str(path)).to_table()
    else:
        table = pyarrow.parquet.ParquetFile(path).read()
    table.validate(full=True)
    types = [f"{f.type}{'' if f.nullable else ' not null'}" for f in table.schema]
    # Python has no nanoseconds: pyarrow writes times down itself.
    columns = [c.cast(pyarrow.string()).to_pylist() if pyarrow.types.is_timestamp(c.type) else c.to_pylist() for c in table.columns]
    columns = [[Bare(v) if pyarrow.types.is_timestamp(c.type) and v else v for v in column] for c, column in zip(table.columns, columns)]
    return table.column_names, types, columns


class Bare(str):
    """A text that is shown without quotes."""


def read_avro(path):
    with open(path, "rb") as file:
        reader = fastavro.reader(file)
        fields = reader.writer_schema["fields"]
        rows = list(reader)
    names = [field["name"] for field in fields]
    return names, [avro_type(field["type"]) for field in fields], [[row[name] for row in rows] for name in names]


def avro_type(kind):
    nullable = isinstance(kind, list)
    if nullable:
        kind = next(k for k in kind if k != "null")
    if isinstance(kind, dict) and kind.get("logicalType") == "decimal":
        kind = f"decimal({kind['precision']},{kind.get('scale', 0)})"
    elif isinstance(kind, dict):
        kind = kind.get("logicalType") or kind["type"]
    return kind if nullable else f"{kind} not null"


def cell(value):
    """A value as it is shown: texts in quotes, all others bare."""
    if isinstance(value, str) and not isinstance(value, Bare):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ").replace("+00:00", "Z")
    return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)
