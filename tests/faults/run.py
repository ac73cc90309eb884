#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The released tool where something fails, lies or is too large.

    run.py --only memory --list            the rows of a group
    run.py --only memory --row zip         those with this in their name, the long ones too
    run.py --long                          all of them, those of full size too

A row that fails is printed, with its figures; of a group or row that was named, all are. It ends
with "N passed, N failed". HAWSER names the tool where it is not the one of build/release.
HAWSER_VERSITYGW names the S3 server of the memory rows where it is not in .peers/bin; without it,
our own takes its place.
"""

import argparse
import concurrent.futures
import contextlib
import importlib
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time
import traceback

import harness
import hawser

# Name: module, rows at once.
GROUPS = {
    "s3": ("s3_cases", 3),
    "web": ("web_cases", 3),
    "folders": ("folder_cases", 2),
    "safety": ("safety_cases", 2),
    "buckets": ("bucket_cases", 3),
    "kill": ("kill_cases", 1),
    "transfer-kill": ("transfer_kill_cases", 1),
    "transfer-memory": ("transfer_memory_cases", 1),
    "alloc": ("alloc_cases", 1),
    "memory": ("memory_cases", 2),
    "same": ("same_bytes_cases", 2),
}


class Context:
    """What a row may ask for: the tool, and servers that start when they are first wanted."""

    def __init__(self, tool, long, stack):
        self.tool = str(tool)
        self.long = long
        self._stack = stack
        self._lock = threading.Lock()
        self._s3 = None

    def s3(self):
        with self._lock:
            if self._s3 is None:
                self._s3 = self._stack.enter_context(importlib.import_module("s3_store").running())
            return self._s3


def run_row(context, group, row, every):
    """Whether the row passes: True, False, or None where it was skipped."""
    start = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hawser-faults-"))
    word, said = "ok", ""
    try:
        said = row.run(context, folder) or ""
    except harness.Skipped as reason:
        word, said = "SKIPPED", str(reason)
    except AssertionError as error:
        word, said = "FAILED", str(error)
    except Exception:  # whatever a row throws is its failure, not the end of the run
        word, said = "FAILED", traceback.format_exc()
    shutil.rmtree(folder, ignore_errors=True)
    if every or word != "ok":
        print(f"{word} {group}: {row.name} ({time.monotonic() - start:.1f} s){': ' + ' | '.join(said.split(chr(10))) if said else ''}", flush=True)
    return {"ok": True, "FAILED": False, "SKIPPED": None}[word]


def chosen(args):
    """Every group that is wanted: its name, its module, and those of its rows that are wanted."""
    for group, (module, _) in GROUPS.items():
        if args.only in group:
            cases = importlib.import_module(module)
            yield group, cases, [r for r in cases.rows() if args.row in r.name and (args.long or args.row or args.list or not r.long)]


def run_group(context, group, cases, rows, every):
    """Runs the rows of a group, some of them at once; what came of each."""
    start = time.monotonic()
    if rows and hasattr(cases, "prepare"):
        cases.prepare()
    with concurrent.futures.ThreadPoolExecutor(GROUPS[group][1]) as pool:
        results = list(pool.map(lambda row: run_row(context, group, row, every), rows))
    print(f"-- {group}: {len(rows)} rows, {time.monotonic() - start:.0f} s", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release", help="whose tool to run")
    parser.add_argument("--only", default="", metavar="GROUP", help=f"one group: {', '.join(GROUPS)}")
    parser.add_argument("--row", default="", metavar="NAME", help="rows with this in their name")
    parser.add_argument("--list", action="store_true", help="print the rows' names only")
    parser.add_argument("--long", action="store_true", help="also the rows that take long")
    args = parser.parse_args()
    if args.list:
        for group, _, rows in chosen(args):
            print("\n".join(f"{group}: {row.name}{' (long)' if row.long else ''}" for row in rows))
        return
    tool = hawser.find(args.preset)
    if not tool:
        print(f"FAILED faults: there is no hawser in build/{args.preset}\n0 passed, 1 failed")
        sys.exit(1)
    results = []
    with contextlib.ExitStack() as stack:
        context = Context(os.path.abspath(tool), args.long, stack)
        for group, cases, rows in chosen(args):
            results += run_group(context, group, cases, rows, every=bool(args.only or args.row))
    passed, failed, skipped = (results.count(r) for r in (True, False, None))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
