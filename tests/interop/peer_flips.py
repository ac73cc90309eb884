# SPDX-License-Identifier: Apache-2.0
"""What other readers do with the files of verify_flips.py: one bit is turned over, and all rows are read.

    peer_flips.py [--preset PRESET] [--flips N] [--seed S]

Prints a table: of how many files each reader refuses the bytes, crashes, gives other rows than were written, and gives the
right ones. pyarrow compares the CRCs of pages where it is asked to, which is a row of its own. `hawser verify` is beside
them; it also finds what changes no row, as a statistic by which a query would leave rows out. No part of the tests.
"""

import argparse
import collections
import pathlib
import random
import subprocess
import sys
import tempfile

import hawser
import verify_flips

VERDICTS = ("refused", "crashed", "other rows", "right rows")
SECONDS_A_FILE = 20


def rows_of(reader, file):
    import pyarrow

    if reader == "duckdb":
        import duckdb
        return duckdb.sql(f"SELECT * FROM read_parquet('{file}')").to_arrow_table()
    if reader == "polars":
        import polars
        return polars.read_parquet(file, use_pyarrow=False).to_arrow()
    import pyarrow.parquet
    table = pyarrow.parquet.ParquetFile(file, page_checksum_verification=reader == "pyarrow, CRC").read()
    table.validate(full=True)
    return table


def read_all(reader, files):
    """Prints a verdict a file, and is killed by the first one that kills its reader."""
    whole = rows_of(reader, files[0])
    for file in files[1:]:
        try:
            # Schemas are compared with their names and types, without metadata.
            verdict = "right rows" if rows_of(reader, file).equals(whole) else "other rows"
        except BaseException:
            verdict = "refused"
        print(verdict, flush=True)


def verdicts(reader, whole, files):
    """Counts verdicts; a reader that dies or hangs has crashed on the file after the last one it told of."""
    counts = collections.Counter()
    while files:
        command = [sys.executable, __file__, "--reader", reader, whole, *files]
        try:
            told = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_A_FILE * len(files)).stdout
        except subprocess.TimeoutExpired as late:
            told = (late.stdout or b"").decode()
        told = told.splitlines()
        counts.update(told)
        files = files[len(told):]
        if files:
            counts["crashed"] += 1
            files = files[1:]
    return counts


def flip(folder, data, places):
    files = []
    for i, (at, bit) in enumerate(places):
        changed = bytearray(data)
        changed[at] ^= 1 << bit
        files.append(folder / f"{i:04}.parquet")
        files[-1].write_bytes(changed)
    return [str(file) for file in files]


def compare(tool, flips, seed):
    readers = ("pyarrow", "pyarrow, CRC", "duckdb", "polars")
    sums = {reader: collections.Counter() for reader in readers}
    found = 0
    pick = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for codec, rows, data in verify_flips.made_files(tool, folder, seed):
            whole = folder / "whole.parquet"
            whole.write_bytes(data)
            files = flip(folder, data, verify_flips.places_in(data, flips, pick))
            found += verify_flips.statuses(tool, files).count("invalid")
            for reader in readers:
                sums[reader] += verdicts(reader, str(whole), list(files))
    return found, sums


def main():
    if sys.argv[1:2] == ["--reader"]:
        return read_all(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release")
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    tool = hawser.find(args.preset)
    if not tool:
        sys.exit(f"the tool of the preset {args.preset} has not been built")
    found, sums = compare(tool, args.flips, args.seed)
    files = sum(next(iter(sums.values())).values())
    print(f"| of {files} files | " + " | ".join(VERDICTS) + " |\n|---|" + "---:|" * len(VERDICTS))
    for reader, counts in sums.items():
        print(f"| {reader} | " + " | ".join(str(counts[verdict]) for verdict in VERDICTS) + " |")
    print(f"| hawser verify | {found} | 0 | 0 | {files - found} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
