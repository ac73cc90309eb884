# SPDX-License-Identifier: Apache-2.0
"""`hawser optimize` in place, killed at many moments: the old file or the whole new one is there, and nothing is left.

    optimize_kill.py [--preset PRESET] [--moments N] [--rows N]

Every second moment is SIGKILL, after which a temporary file of Hawser's may lie there until the next run that writes; the
others are SIGTERM, after which there is none of that run. A run after all of that finishes, with all that was left by those
that were killed taken away, and one more does nothing.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pyarrow as pa
import pyarrow.parquet

import hawser


def table(rows):
    return pa.table({
        "id": pa.array(range(rows), pa.int64()),
        "price": pa.array((i * 7919 % 100003 / 8 for i in range(rows)), pa.float64()),
        "word": pa.array((f"word {i * 31 % 9973}" for i in range(rows)), pa.string()),
    })


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def beside(folder):
    """Names beside the file."""
    return {path.name for path in folder.iterdir() if path.name != "f.parquet"}


def left_behind(folder, before, killed):
    """Names that a run has left there and should not have."""
    return sorted(name for name in beside(folder) - before if not (killed and name.startswith(".hawser")))


def moment(tool, folder, source, seconds, number):
    """Which file is there after a run that was stopped so late, or what is wrong."""
    file = folder / "f.parquet"
    shutil.copy(source, file)
    before = beside(folder)
    run = subprocess.Popen([tool, "optimize", "--quiet", file, file], stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    run.send_signal(signal.SIGKILL if number % 2 else signal.SIGTERM)
    run.wait()
    left = left_behind(folder, before, number % 2 == 1)
    return digest(file), f"{left} was left" if left else None


def finishes(tool, source, file, new):
    shutil.copy(source, file)
    hawser.run(tool, "optimize", "--quiet", file, file)
    again = hawser.run(tool, "optimize", "--json", file, file)
    told = json.loads(again.stdout.splitlines()[0])
    return digest(file) == new and told["outcome"] == "already" and not beside(file.parent)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--moments", type=int, default=40)
    parser.add_argument("--rows", type=int, default=400_000)
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="hawser-kill-") as name:
        base = pathlib.Path(name)
        source, new = base / "source.parquet", base / "new.parquet"
        folder = base / "lake"
        folder.mkdir()
        pa.parquet.write_table(table(options.rows), source, compression="snappy", row_group_size=20_000)
        start = time.monotonic()
        assert hawser.run(tool, "optimize", "--quiet", source, new).returncode == 0
        whole = time.monotonic() - start
        known = {digest(source): "old", digest(new): "new"}
        for number in range(options.moments):
            found, wrong = moment(tool, folder, source, 1.2 * whole * number / options.moments, number)
            wrong = wrong or (None if found in known else "the file is neither the old one nor the new one")
            if wrong:
                failed += 1
                print(f"FAILED moment {number}: {wrong}")
        for share in (0.5, 0.3, 0.7, 0.4, 0.6):
            if not beside(folder):
                moment(tool, folder, source, share * whole, 1)
        if not finishes(tool, source, folder / "f.parquet", digest(new)):
            failed += 1
            print("FAILED a run after all of them does not finish the file, or one more does something")
    print(f"{options.moments + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
