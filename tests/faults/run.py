#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The released tool where something fails, lies or is too large: run.py [--only GROUP] [--row NAME] [--list] [--long].

    run.py --only memory --list            the rows of a group
    run.py --only memory --row zip         those with this in their name, the long ones too
    run.py --long                          all of them, those of full size too

A row is printed as "ok" or "FAILED", with its figures; ends with "N passed, N failed". HAWSER names the tool where it is
not the one of build/release. HAWSER_VERSITYGW names the S3 server of the memory rows where it is not in .peers/bin.
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
    "folders": ("folder_cases", 2),
    "safety": ("safety_cases", 2),
    "kill": ("kill_cases", 1),
    "alloc": ("alloc_cases", 1),
    "memory": ("memory_cases", 2),
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


def run_row(context, group, row):
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
    print(f"{word} {group}: {row.name} ({time.monotonic() - start:.1f} s){': ' + said if said else ''}", flush=True)
    return {"ok": True, "FAILED": False, "SKIPPED": None}[word]


def chosen(args):
    """Every group: its name, how many rows run at once, what comes before them, and those of them that are wanted."""
    for group, (module, at_once) in GROUPS.items():
        if args.only and args.only not in group:
            continue
        cases = importlib.import_module(module)
        rows = cases.rows()
        yield group, at_once, getattr(cases, "prepare", None), [r for r in rows if args.row in r.name and (args.long or args.row or args.list or not r.long)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release", help="whose tool to run")
    parser.add_argument("--only", default="", metavar="GROUP", help=f"one group: {', '.join(GROUPS)}")
    parser.add_argument("--row", default="", metavar="NAME", help="rows with this in their name")
    parser.add_argument("--list", action="store_true", help="print the rows' names only")
    parser.add_argument("--long", action="store_true", help="also the rows that take long")
    args = parser.parse_args()
    if args.list:
        for group, _, _, rows in chosen(args):
            print("\n".join(f"{group}: {row.name}{' (long)' if row.long else ''}" for row in rows))
        return
    tool = hawser.find(args.preset)
    if not tool:
        print(f"FAILED faults: there is no hawser in build/{args.preset}\n0 passed, 1 failed")
        sys.exit(1)
    results = []
    with contextlib.ExitStack() as stack:
        context = Context(os.path.abspath(tool), args.long, stack)
        for group, at_once, prepare, rows in chosen(args):
            if prepare and rows:
                prepare()
            with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
                results += pool.map(lambda row, group=group: run_row(context, group, row), rows)
    passed, failed, skipped = (results.count(r) for r in (True, False, None))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
