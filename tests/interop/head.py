# SPDX-License-Identifier: Apache-2.0
"""Values that hawser head shows as JSON and CSV, compared with what pyarrow has of them.

    head.py [--preset PRESET] [--only TEXT]

Files of every type are written by pyarrow, with the borders of the type and values by chance; then come the files of the
corpora that both read. Texts are made here, by the rules of docs/head.md, from the numbers that pyarrow gives.
"""

import argparse
import base64
import csv
import datetime
import decimal
import io
import json
import math
import os
import pathlib
import random
import struct
import sys
import tempfile

import pyarrow as pa
import pyarrow.parquet

import hawser

CORPORA = pathlib.Path(os.environ.get("HAWSER_CORPORA", hawser.ROOT.parent / "shared/corpora"))
PER_SECOND = {"s": (1, 0), "ms": (10**3, 3), "us": (10**6, 6), "ns": (10**9, 9)}
DAYS_OF_400_YEARS = 146097
ROWS = 200

# Files that pyarrow reads otherwise, and why.
APART = {
    "int96_from_spark.parquet": "pyarrow wraps years beyond 2262",
    "nested_structs.rust.parquet": "Python has no dates of its years",
    "large_string_map.brotli.parquet": "a page of 1 GiB",
}


def fraction(units, unit):
    digits = PER_SECOND[unit][1]
    return f".{units:0{digits}}" if units or unit == "ns" else ""


def date(days):
    eras, day = divmod(days - (datetime.date(2000, 1, 1) - datetime.date(1970, 1, 1)).days, DAYS_OF_400_YEARS)
    at = datetime.date(2000, 1, 1) + datetime.timedelta(days=day)
    year = at.year + 400 * eras
    sign = "" if 0 <= year <= 9999 else "-" if year < 0 else "+"
    return f"{sign}{abs(year):04}-{at.month:02}-{at.day:02}"


def clock(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def time(value, unit, utc):
    seconds, units = divmod(value, PER_SECOND[unit][0])
    return clock(seconds) + fraction(units, unit) + ("Z" if utc else "")


def timestamp(value, unit, utc):
    seconds, units = divmod(value, PER_SECOND[unit][0])
    days, second = divmod(seconds, 86400)
    return f"{date(days)}T{clock(second)}{fraction(units, unit)}{'Z' if utc else ''}"


def real(value, form):
    """The shortest number that reads back in the width of a struct format; Python knows it for a double alone."""
    if math.isnan(value) or math.isinf(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if form == "d":
        return value
    for digits in range(1, 18):
        short = float(f"{value:.{digits - 1}e}")
        try:
            if struct.pack(form, short) == struct.pack(form, value):
                return short
        except OverflowError:
            continue
    raise ValueError(value)


def shown(scalar):
    """A pyarrow scalar as it must come back from JSON."""
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if pa.types.is_struct(kind):
        return {field.name: shown(scalar[i]) for i, field in enumerate(kind)}
    if pa.types.is_map(kind):
        return [{"key": shown(entry[0]), "value": shown(entry[1])} for entry in scalar.values]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [shown(item) for item in scalar.values]
    if pa.types.is_dictionary(kind):
        return shown(scalar.value)
    if pa.types.is_floating(kind):
        return real(float(scalar.as_py()), {16: "e", 32: "f", 64: "d"}[kind.bit_width])
    if pa.types.is_decimal(kind):
        return format(scalar.as_py(), "f")
    if pa.types.is_date(kind):
        return date(scalar.cast(pa.int32()).as_py())
    if pa.types.is_time(kind):
        # What pyarrow writes is of UTC's clock.
        return time(scalar.cast(pa.int32() if kind.bit_width == 32 else pa.int64()).as_py(), kind.unit, None)
    if pa.types.is_timestamp(kind):
        return timestamp(scalar.value, kind.unit, kind.tz is not None)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return base64.b64encode(scalar.as_py()).decode()
    return scalar.as_py()


def alike(ours, theirs):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(alike(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    if isinstance(ours, str) and isinstance(theirs, str):
        # Only the file says whether a time is of UTC's clock.
        return ours == theirs or (ours[2:3] == ":" and ours.removesuffix("Z") == theirs)
    return type(ours) is type(theirs) and ours == theirs


# ------ files of every type


def numbers(rng, low, high):
    return [low, high, 0, None] + [rng.randint(low, high) for _ in range(ROWS - 4)]


def floats(rng, form):
    bits = {"e": 16, "f": 32, "d": 64}[form]
    raw = [rng.getrandbits(bits).to_bytes(bits // 8, "little") for _ in range(ROWS - 8)]
    values = [0.0, -0.0, 1.0, 0.5, math.inf, -math.inf, math.nan, None]
    return values + [struct.unpack(form, value)[0] for value in raw]


def decimals(rng, precision, scale):
    units = numbers(rng, 1 - 10**precision, 10**precision - 1)
    with decimal.localcontext() as context:
        context.prec = 80
        return [None if unit is None else decimal.Decimal(unit).scaleb(-scale) for unit in units]


def texts(rng):
    some = ["", "a,b", 'a "quoted" word', "two\nlines", "\t", "\x1b[31m", "\u00e4\u20ac\U0001f600", "NULL", " blank ", None]
    return some + ["".join(rng.choice("ab,\"\n\u00df;' ") for _ in range(rng.randrange(9))) for _ in range(ROWS - len(some))]


def columns(rng):
    found = {f"int{b}": pa.array(numbers(rng, -(2 ** (b - 1)), 2 ** (b - 1) - 1), getattr(pa, f"int{b}")()) for b in (8, 16, 32, 64)}
    found |= {f"uint{b}": pa.array(numbers(rng, 0, 2**b - 1), getattr(pa, f"uint{b}")()) for b in (8, 16, 32, 64)}
    found["bool"] = pa.array([rng.choice((True, False, None)) for _ in range(ROWS)])
    found["float32"] = pa.array(floats(rng, "f"), pa.float32())
    found["float64"] = pa.array(floats(rng, "d"), pa.float64())
    for precision, scale in ((1, 0), (9, 9), (18, 2), (38, 10), (76, 20)):
        kind = pa.decimal128 if precision <= 38 else pa.decimal256
        found[f"decimal {precision} {scale}"] = pa.array(decimals(rng, precision, scale), kind(precision, scale))
    found["date"] = pa.array(numbers(rng, -(2**31), 2**31 - 1), pa.int32()).cast(pa.date32())
    found["time ms"] = pa.array(numbers(rng, 0, 86399999), pa.int32()).cast(pa.time32("ms"))
    for unit in ("us", "ns"):
        found[f"time {unit}"] = pa.array(numbers(rng, 0, 86400 * PER_SECOND[unit][0] - 1), pa.int64()).cast(pa.time64(unit))
    for unit, zone in (("ms", None), ("us", "UTC"), ("us", None), ("ns", "UTC")):
        found[f"timestamp {unit} {zone}"] = pa.array(numbers(rng, -(2**63), 2**63 - 1), pa.int64()).cast(pa.timestamp(unit, zone))
    words = texts(rng)
    found["text"] = pa.array(words, pa.string())
    found["binary"] = pa.array([None if w is None else w.encode()[::-1] for w in words], pa.binary())
    found["fixed"] = pa.array([None if w is None else w.encode().ljust(40)[:5] for w in words], pa.binary(5))
    found["dictionary"] = pa.array([w and w[:1] for w in words]).dictionary_encode()
    found["null"] = pa.nulls(ROWS)
    lists = [None if i % 7 == 0 else words[i : i + i % 4] for i in range(ROWS)]
    found["list"] = pa.array(lists, pa.list_(pa.string()))
    found["list of lists"] = pa.array([None if i % 5 == 0 else lists[i : i + i % 3] for i in range(ROWS)], pa.list_(pa.list_(pa.string())))
    pairs = [None if i % 6 == 0 else [(f"k{k % 2}", k or None) for k in range(i % 4)] for i in range(ROWS)]
    found["map"] = pa.array(pairs, pa.map_(pa.string(), pa.int32()))
    inner = pa.struct([("x", pa.int8()), ("y", pa.list_(pa.date32())), ("z", pa.struct([("w", pa.float32())]))])
    day = datetime.date(2024, 2, 29)
    rows = [None if i % 4 == 0 else {"x": i % 100, "y": [day, None], "z": {"w": 0.1} if i % 3 else None} for i in range(ROWS)]
    found["struct"] = pa.array(rows, inner)
    return found


# ------ comparing


def json_rows(tool, path, *options):
    done = hawser.run(tool, "head", path, "-n", "all", "--json", *options)
    if done.returncode != 0:
        return None, done.stderr.strip()
    return [json.loads(line) for line in done.stdout.splitlines()], None


def compare(tool, path, table):
    """None, or the first value that differs, in words."""
    rows, error = json_rows(tool, path)
    if error:
        return error
    if len(rows) != table.num_rows:
        return f"{len(rows)} rows, pyarrow {table.num_rows}"
    for name in dict.fromkeys(table.column_names):
        if table.column_names.count(name) > 1:
            continue
        for row, scalar in enumerate(table.column(name)):
            if not alike(rows[row][name], shown(scalar)):
                return f"column {name}, row {row}: {rows[row][name]!r}, pyarrow {shown(scalar)!r}"
    return None


def csv_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def compare_csv(tool, path, rows):
    """CSV has the text of JSON, or JSON itself where a value is nested; numbers are compared as numbers."""
    done = hawser.run(tool, "head", path, "-n", "all", "--format", "csv")
    if done.returncode != 0:
        return done.stderr.strip()
    records = list(csv.reader(io.StringIO(done.stdout, newline="")))
    if len(records) - 1 != len(rows):
        return f"{len(records) - 1} records, {len(rows)} rows"
    for number, (record, row) in enumerate(zip(records[1:], rows)):
        for name, field, value in zip(records[0], record, row.values()):
            nested = isinstance(value, (list, dict))
            got = json.loads(field) if nested or (isinstance(value, (int, float)) and not isinstance(value, bool)) else field
            if got != (value if nested else csv_text(value)):
                return f"CSV, column {name}, row {number}: {field!r}, JSON has {value!r}"
    return None


def type_case(tool, folder, name, array):
    path = folder / f"{name}.parquet"
    table = pa.table({name: array})
    pa.parquet.write_table(table, path, store_schema=False, coerce_timestamps=None, version="2.6")
    rows, error = json_rows(tool, path)
    if error:
        return error
    return compare(tool, path, table) or compare_csv(tool, path, rows)


def corpus_files():
    return sorted(p for p in (CORPORA / "parquet" / "data").rglob("*.parquet") if p.name not in APART)


def corpus_case(tool, path):
    """None also where either does not read the file: parquet_read.py says which these are."""
    try:
        table = pa.parquet.read_table(path)
    except (pa.ArrowException, OSError):
        return None
    found = compare(tool, path, table)
    return None if found and found.startswith("hawser: error: ") and "CRC is" in found else found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="check")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    results = {}
    with tempfile.TemporaryDirectory(prefix="hawser-head-") as folder:
        for name, array in columns(random.Random(1)).items():
            if options.only in name:
                results[name] = type_case(tool, pathlib.Path(folder), name, array)
    for path in corpus_files():
        if options.only in path.name:
            results[path.name] = corpus_case(tool, path)
    for name, wrong in results.items():
        if wrong:
            print(f"FAILED {name}: {wrong}")
    skipped = 0 if corpus_files() else 1
    if skipped:
        print("SKIPPED the corpora are not here")
    failed = sum(1 for wrong in results.values() if wrong)
    print(f"{len(results) - failed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
