# SPDX-License-Identifier: Apache-2.0
"""What `hawser inspect` says of Parquet files of other programs, compared with what pyarrow says of them.

    parquet_inspect.py [--preset PRESET] [--only TEXT]

Each file of the corpora is a case: rows, row groups, and of each column chunk its path, type, codec, encodings, sizes, places and bounds.
"""

import argparse
import datetime
import json
import os
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet

import hawser

CORPORA = pathlib.Path(os.environ.get("HAWSER_CORPORA", hawser.ROOT.parent / "shared/corpora"))

# pyarrow has other names for these, and for LZ4 in Hadoop's frames none.
CODECS = {"LZ4_RAW": "LZ4", "LZ4": "UNKNOWN"}

# Old writers tell 0 rows of a file that has some: row groups count.
ROWS = {"repeated_no_annotation.parquet": 6}

# pyarrow refuses the schema, which has optional keys of maps.
ALONE = {"incorrect_map_schema.parquet"}

# hawser inspect has words for these.
REFUSED = {
    "PARQUET-1481.parquet": "has neither a type nor children",
}


def inspect(tool, path):
    done = hawser.run(tool, "inspect", "--json", path)
    if done.returncode != 0:
        return None, done.stderr.strip()
    return json.loads(done.stdout), None


def bound_same(ours, theirs):
    """Bounds as JSON has them and as Python has them; binary ones are not compared."""
    if isinstance(theirs, bytes):
        return True
    if isinstance(theirs, float):
        return abs(float(ours) - theirs) <= abs(theirs) * 1e-6 or str(ours) == str(theirs)
    if isinstance(theirs, datetime.time):
        return datetime.time.fromisoformat(str(ours).rstrip("Z")) == theirs.replace(tzinfo=None)
    if isinstance(theirs, datetime.date):
        return str(ours)[:19] == theirs.isoformat()[:19]
    if isinstance(theirs, (bool, int, str)):
        return ours == theirs
    return str(ours) == str(theirs)


def chunk_differences(ours, theirs):
    codec = CODECS.get(ours["codec"], ours["codec"])
    pairs = [
        ("column", ours["column"], theirs.path_in_schema),
        ("physical", ours["physical"], theirs.physical_type),
        ("codec", codec, theirs.compression),
        ("encodings", sorted(ours["encodings"]), sorted(set(theirs.encodings))),
        ("values", ours["values"], theirs.num_values),
        ("compressed", ours["compressed"], theirs.total_compressed_size),
        ("uncompressed", ours["uncompressed"], theirs.total_uncompressed_size),
        ("data_offset", ours["data_offset"], theirs.data_page_offset),
    ]
    found = [f"{name} is {a!r}, pyarrow {b!r}" for name, a, b in pairs if a != b]
    if theirs.statistics is not None and theirs.statistics.has_min_max:
        told = ours.get("statistics", {})
        for name in ("min", "max"):
            try:
                bound = getattr(theirs.statistics, name)
            except ValueError:  # Python has no nanoseconds
                continue
            if not bound_same(told.get(name), bound):
                found.append(f"{name} is {told.get(name)!r}, pyarrow {bound!r}")
    return found


def differences(ours, theirs, name):
    pairs = [
        ("rows", ours["rows"], ROWS.get(name, theirs.num_rows)),
        ("row_groups", ours["row_groups"], theirs.num_row_groups),
        ("columns", ours["columns"], theirs.num_columns),
        ("footer_size", ours["footer_size"], theirs.serialized_size),
        ("created_by", ours.get("created_by", ""), theirs.created_by or ""),
        ("metadata", len(ours["metadata"]), len(theirs.metadata or {})),
    ]
    found = [f"{what} is {a!r}, pyarrow {b!r}" for what, a, b in pairs if a != b]
    for g, group in enumerate(ours["groups"]):
        for c, chunk in enumerate(group["chunks"]):
            wrong = chunk_differences(chunk, theirs.row_group(g).column(c))
            found += [f"row group {g}, column {chunk['column']}: {line}" for line in wrong]
    return found


def case(tool, path):
    """What is wrong, a list of lines."""
    ours, error = inspect(tool, path)
    if path.name in REFUSED or path.name.endswith(".encrypted"):
        words = REFUSED.get(path.name, "encrypted")
        return [] if error and words in error else [f"says {error!r}, not {words!r}"]
    if error:
        return [f"refused: {error}"]
    if path.name in ALONE:
        return []
    return differences(ours, pa.parquet.read_metadata(path), path.name)


def files():
    found = []
    for folder in ("data", "bad_data"):
        base = CORPORA / "parquet" / folder
        found += sorted(p for p in base.rglob("*") if ".parquet" in p.name and not p.name.endswith(".json"))
    # Its footer is not encrypted.
    return [path for path in found if "plaintext_footer" not in path.name]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="check")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        print("FAILED the tool has not been built")
        return 1
    found = [path for path in files() if options.only in str(path)]
    failed = 0
    for path in found:
        wrong = case(tool, path)
        failed += bool(wrong)
        for line in wrong:
            print(f"FAILED {path.relative_to(CORPORA / 'parquet')}: {line}")
    skipped = 0 if files() else 1
    if skipped:
        print("SKIPPED the corpora are not here")
    print(f"{len(found) - failed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
