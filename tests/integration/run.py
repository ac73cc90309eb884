# SPDX-License-Identifier: Apache-2.0
"""The built tool with files, pipes and signals, and against an S3 server: run.py [--preset PRESET] [--only TEXT] [--long].

HAWSER_VERSITYGW and HAWSER_MINIO name the servers' programs where they are not in .peers/bin. HAWSER_TEST_BIG is the
size of the large object in MB (400; 1000 with --long).
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback

import choose_cases
import cost_cases
import credentials_cases
import delta_cases
import fault_servers
import files_cases
import listing_cases
import local_cases
import merge_cases
import objects_cases
import plan_cases
import preserve_cases
import run_cases
import s3_cases
import server
import transfer_cases
import transfer_peers_cases
import version_cases
import write_cases
from support import Missing, Tool, hawser

PRESETS = ("check", "asan")


def run_case(name, case, *arguments):
    """Whether the case passes: True, False, or None where something that it wants is not here."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hawser-integration-") as folder:
        try:
            case(*arguments, pathlib.Path(folder))
            wrong = ""
        except Missing as what:
            print(f"SKIPPED 1 {name}: {what}", flush=True)
            return None
        except AssertionError as error:
            wrong = f": {error}"
        except Exception:  # whatever a case throws is its failure, not the end of the run
            wrong = f": {traceback.format_exc()}"
    print(f"{'FAILED' if wrong else 'ok'} {name} ({time.monotonic() - start:.1f} s){wrong}", flush=True)
    return not wrong


def run_programs(environment):
    """The unit tests that want a server, of every build folder that has them; they count for themselves."""
    failed = 0
    for program in sorted((hawser.ROOT / "build").glob("*/tests/integration/test_*")):
        if program.is_file() and program.suffix == "" and program.parts[-4] in PRESETS:
            print(f"-- {program.relative_to(hawser.ROOT)}", flush=True)
            done = subprocess.run([program], env=environment, cwd=hawser.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            print(done.stdout, flush=True)
            # A crash or a leak has no failing test of its own.
            failed += done.returncode != 0 and "[  FAILED  ]" not in done.stdout
    return failed


TRANSFERS = {**transfer_cases.CASES, **transfer_peers_cases.CASES, **delta_cases.CASES}
# The cases of each server; MinIO answers otherwise than versitygw in much that transfers meet.
SERVED = {
    "versitygw": (
        "s3",
        {**s3_cases.CASES, **objects_cases.CASES, **files_cases.S3_CASES, **merge_cases.S3_CASES, **run_cases.S3_CASES, **write_cases.CASES, **credentials_cases.CASES, **TRANSFERS},
    ),
    "minio": ("minio", TRANSFERS),
}


def run_served(kind, tool, only):
    """Runs the cases of a server; what came of each."""
    prefix, cases = SERVED[kind]
    wanted = {f"{prefix}: {name}": case for name, case in cases.items() if only in f"{prefix}: {name}"}
    programs = kind == "versitygw" and bool(wanted) and (not only or not server.find(kind))
    if wanted and not server.find(kind):
        print(f"SKIPPED {len(wanted)} cases against an S3 server: {kind} is not here (scripts/setup gets it)")
        return [None] * len(wanted) + [False] * (run_programs(dict(os.environ)) if programs else 0)
    results = []
    if wanted:
        with contextlib.ExitStack() as stack:
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hawser-s3-")))
            running = stack.enter_context(server.running(folder, kind))
            for name, case in wanted.items():
                results.append(run_case(name, case, Tool(tool, running.environment), running))
            if programs:
                results += [False] * run_programs({**running.environment, "HAWSER_TEST_S3_ENDPOINT": running.url})
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release", help="whose tool to run")
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--long", action="store_true", help="the large object at its full size")
    args = parser.parse_args()
    if args.long:
        os.environ.setdefault("HAWSER_TEST_BIG", "1000")
    tool = hawser.find(args.preset)
    if not tool:
        print(f"FAILED integration: there is no hawser in build/{args.preset}\n0 passed, 1 failed")
        sys.exit(1)
    results = []
    for name, case in {**local_cases.CASES, **files_cases.CASES, **merge_cases.LOCAL_CASES}.items():
        if args.only in f"local: {name}":
            results.append(run_case(f"local: {name}", case, Tool(tool)))
    for name, case in {**version_cases.CASES, **preserve_cases.CASES, **choose_cases.CASES, **listing_cases.CASES, **plan_cases.CASES, **cost_cases.CASES}.items():
        if args.only in f"copies: {name}":
            results.append(run_case(f"copies: {name}", case, Tool(tool)) if fault_servers.find() else None)
    for kind in SERVED:
        results += run_served(kind, tool, args.only)
    passed, failed, skipped = (results.count(r) for r in (True, False, None))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
