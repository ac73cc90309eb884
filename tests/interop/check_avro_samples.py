#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what avro_samples wrote with fastavro and compares every value: check_avro_samples.py DIR."""

import json
import sys
import uuid
from datetime import date, timedelta
from decimal import Decimal, localcontext

import fastavro

ROWS = 5000
FIELDS = [
    # name, original where it differs, Avro type, nullable
    ("id", None, "long", False),
    ("flag", None, "boolean", True),
    ("ratio", None, "double", True),
    ("price", None, {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}, True),
    ("huge", None, {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 10}, False),
    ("day", None, {"type": "int", "logicalType": "date"}, True),
    ("at_us_utc", "at us utc", {"type": "long", "logicalType": "timestamp-micros"}, True),
    ("at_ns_utc", "at-ns-utc", {"type": "long", "logicalType": "timestamp-nanos"}, False),
    ("at_us", "at us", {"type": "long", "logicalType": "local-timestamp-micros"}, False),
    ("at_ns", "at ns", {"type": "long", "logicalType": "local-timestamp-nanos"}, True),
    ("name", None, "string", True),
    ("_2nd", "2nd", "string", False),
    ("uuid", None, {"type": "string", "logicalType": "uuid"}, True),
    ("nothing", None, "string", True),
]
SAMPLES = [
    # file, codec, record, copies of the rows, least number of blocks
    ("null.avro", "null", "row", 1, 3),
    ("deflate.avro", "deflate", "row", 1, 3),
    ("snappy.avro", "snappy", "row", 1, 3),
    ("zstandard.avro", "zstandard", "row", 1, 3),
    ("blocks.avro", "snappy", "_2_orders", 3, 2000),
    ("empty.avro", "deflate", "row", 0, 0),
]


def scaled(value, scale):
    with localcontext() as context:
        context.prec = 50
        return Decimal(value).scaleb(-scale)


def expected(i):
    """Row i, timestamps as the numbers that stand in the file."""
    number = -(2**63) if i == 0 else 2**63 - 1 if i == 1 else (1 if i % 2 else -1) * (2 ** (i % 63) + i)
    return {
        "id": number,
        "flag": None if i % 7 == 0 else i % 3 == 0,
        "ratio": None if i % 5 == 0 else i / 8 - 3,
        "price": None if i % 11 == 0 else scaled(i * i * 37 - 100000, 2),
        "huge": scaled((-1 if i % 2 else 1) * (i * 10**30 + i), 10),
        "day": None if i % 13 == 0 else date(1970, 1, 1) + timedelta(days=i % 1000 * 37 - 20000),
        "at_us_utc": None if i % 4 == 1 else i * 1234567890123 - 10**15,
        "at_ns_utc": i * 1234567890123456 - 10**18,
        "at_us": i * 987654321 - 10**9,
        "at_ns": None if i % 9 == 0 else i * 987654321987 + 1,
        "name": None if i % 6 == 0 else "" if i % 6 == 1 else f"row {i} \u00e9\u20ac\U0001d11e",
        "_2nd": ("0123456789" * 7)[: i % 50],
        "uuid": None if i % 10 == 3 else uuid.UUID(bytes=bytes((i * 7 + j * 31) & 255 for j in range(16))),
        "nothing": None,
    }


def schema_check(name, schema, record):
    assert schema["type"] == "record" and schema["name"] == record, (name, schema)
    assert len(schema["fields"]) == len(FIELDS), name
    for got, (field, original, kind, nullable) in zip(schema["fields"], FIELDS):
        want = {"name": field, "type": ["null", kind] if nullable else kind}
        if nullable:
            want["default"] = None
        if original is not None:
            want["doc"] = original
        assert got == want, (name, got, want)


def numbers_kept(logical):
    """Makes fastavro hand out timestamps as the numbers that stand in the file."""
    readers = fastavro.read.LOGICAL_READERS
    for kind in logical:
        readers[kind] = lambda data, *_: data


def sample_check(folder, name, codec, record, copies, blocks):
    path = f"{folder}/{name}"
    with open(path, "rb") as file:
        reader = fastavro.block_reader(file)
        assert reader.codec == codec, (name, reader.codec)
        schema_check(name, json.loads(reader.metadata["avro.schema"]), record)
        count = 0
        for block_count, block in enumerate(reader, 1):
            for row in block:
                want = expected(count % ROWS)
                assert row == want, (name, count, {k: (row[k], want[k]) for k in want if row[k] != want[k]})
                count += 1
    assert count == copies * ROWS, (name, count)
    assert count == 0 or block_count >= blocks, (name, block_count)
    return count


def main():
    numbers_kept(
        ["long-timestamp-micros", "long-timestamp-nanos", "long-local-timestamp-micros", "long-local-timestamp-nanos"]
    )
    rows = sum(sample_check(sys.argv[1], *sample) for sample in SAMPLES)
    print(f"{len(SAMPLES)} files, {rows} rows as expected")


if __name__ == "__main__":
    main()
