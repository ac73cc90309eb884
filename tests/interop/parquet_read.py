# SPDX-License-Identifier: Apache-2.0
"""Parquet files of other programs, read by the library and compared with pyarrow, value by value.

    parquet_read.py [--preset PRESET] [--only TEXT] [--table]

Each file of the corpora is read whole, with several batch sizes and on two threads, and with little memory. A file that is
refused must be in parquet_verdicts.txt, with words that the error says. --table prints what other readers do with each file.
"""

import argparse
import os
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.parquet

import arrow_files
import arrow_library
import hawser

CORPORA = pathlib.Path(os.environ.get("HAWSER_CORPORA", hawser.ROOT.parent / "shared/corpora"))
VERDICTS = pathlib.Path(__file__).with_name("parquet_verdicts.txt")
NANOS_A_DAY = 86400 * 10**9

# How files are read, beside the plain way.
WAYS = [
    {"batch_rows": 7},
    {"threads": 2},
    {"memory_bytes": 1 << 20, "batch_rows": 1000},
]


def verdicts():
    """File names with what the table says of each: words of the error, or how the file is compared."""
    found = {}
    for line in VERDICTS.read_text().splitlines():
        if line and not line.startswith("#"):
            name, verdict, words = (line.split("|") + ["", ""])[:3]
            found[name.strip()] = (verdict.strip(), words.strip())
    return found


def plain_columns(table):
    return {f"{i} {field.name}": arrow_files.plain(table.column(i)) for i, field in enumerate(table.schema)}


def interval(value):
    """FIXED(12) of the type INTERVAL, as pyarrow shows it."""
    months, days, millis = struct.unpack("<III", value)
    return (months, days, millis)


def alike(ours, theirs):
    if isinstance(ours, tuple) and isinstance(theirs, bytes):
        return ours == interval(theirs)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(alike(ours[key], theirs[key]) for key in ours)
    return arrow_files.same(ours, theirs)


def difference(ours, theirs):
    """The first place where two tables are not alike, in words; None where they are."""
    if [f.name for f in ours.schema] != [f.name for f in theirs.schema]:
        return f"columns {ours.schema.names}, pyarrow {theirs.schema.names}"
    got, want = plain_columns(ours), plain_columns(theirs)
    for name in want:
        if len(got[name]) != len(want[name]):
            return f"column {name}: {len(got[name])} rows, pyarrow {len(want[name])}"
        for row, (a, b) in enumerate(zip(got[name], want[name])):
            if not alike(a, b):
                return f"column {name}, row {row}: {a!r}, pyarrow {b!r}"
    return None


def read(bridge, path, **how):
    return bridge.parquet(path, **how).read_all()


def read_by_pyarrow(path):
    return pa.parquet.ParquetFile(str(path), page_checksum_verification=True, arrow_extensions_enabled=False).read()


def case(bridge, path, verdict, words):
    """None, or what is wrong."""
    try:
        ours = read(bridge, path)
    except (arrow_library.Refused, pa.ArrowException, OSError, ValueError) as error:
        if verdict != "refused":
            return f"refused: {error}"
        return None if words in str(error) else f"says {str(error)!r}, not {words!r}"
    if verdict == "refused":
        return f"read, though {words!r} was expected"
    if verdict != "alone":
        try:
            theirs = read_by_pyarrow(path)
        except (pa.ArrowException, OSError) as error:
            return f"pyarrow: {error}"
        found = difference(ours, theirs)
        if found:
            return found
    for how in WAYS:
        found = difference(read(bridge, path, **how), ours)
        if found:
            return f"with {how}: {found}"
    found = difference(read(bridge, path, skip_rows=3, limit_rows=5), ours.slice(3, 5))
    return f"with rows left out: {found}" if found else None


def files():
    found = []
    for folder in ("data", "bad_data"):
        base = CORPORA / "parquet" / folder
        found += sorted(p for p in base.rglob("*") if ".parquet" in p.name and not p.name.endswith(".json"))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="check")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    bridge = arrow_library.Bridge(arrow_library.find(options.preset))
    known = verdicts()
    found = [path for path in files() if options.only in str(path)]
    failed = 0
    for path in found:
        name = str(path.relative_to(CORPORA / "parquet"))
        wrong = case(bridge, path, *known.get(name, ("read", "")))
        if wrong:
            failed += 1
            print(f"FAILED {name}: {wrong}")
    skipped = 0 if files() else 1
    if skipped:
        print("SKIPPED the corpora are not here")
    print(f"{len(found) - failed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
