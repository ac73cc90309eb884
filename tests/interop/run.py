# SPDX-License-Identifier: Apache-2.0
"""Our files, read by DuckDB, pyarrow, Polars, fastavro and Python's csv, against what the oracle says of the CSV.

    run.py [--preset PRESET] [--quick] [--seeds N] [--only TEXT] [--keep DIR]
    run.py --oracle                    holds the oracle alone to the cases by hand; needs no tool
"""

import argparse
import base64
import concurrent.futures
import decimal
import json
import math
import multiprocessing
import os
import pathlib
import re
import shutil
import struct
import sys
import tempfile

import cases
import hawser
import oracle
import random_tables
import readers
import report_cases

QUICK_BYTES = 200_000
AVRO_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def same(got, want):
    """Equal, and of one kind; doubles to the bit, but for the bits of a NaN."""
    if type(got) is not type(want):
        return False
    if isinstance(got, float):
        return struct.pack("d", got) == struct.pack("d", want) or (math.isnan(got) and math.isnan(want))
    if isinstance(got, decimal.Decimal):
        return got.compare(want) == 0
    return got == want


def shorten(value):
    text = repr(value)
    return text if len(text) < 80 else text[:60] + "..." + text[-15:]


def compare_column(kind, values, accepted):
    """Empty where what was read is one of the accepted readings, else how it differs from the nearest."""
    wrong = ""
    for reading in accepted:
        found = values
        if kind == "csv":
            try:
                found = readers.csv_values(values, reading.type)
            except AssertionError as error:
                wrong = wrong or f"as {reading.type}: {shorten(str(error))}"
                continue
        elif reading.type != kind:
            wrong = wrong or f"type is {kind}, want {'|'.join(r.type for r in accepted)}"
            continue
        if len(found) != len(reading.values):
            return f"{len(found)} values, want {len(reading.values)}"
        at = next((i for i, (g, w) in enumerate(zip(found, reading.values)) if not same(g, w)), None)
        if at is None:
            return ""
        wrong = f"row {at + 1} is {shorten(found[at])}, want {shorten(reading.values[at])}"
    return wrong


def compare_names(got, want):
    """`want` has None where any name does that is not there yet."""
    if len(set(got)) != len(got) or any(not n for n in got):
        return f"names {got} are not unique and whole"
    if len(got) != len(want) or any(w is not None and g != w for g, w in zip(got, want)):
        return f"names are {got}, want {want}"
    return ""


def wanted_names(case, table, suffix):
    if suffix != ".avro":
        return case.names or table.names
    if case.avro_names:
        return case.avro_names
    legal = [n if n is not None and AVRO_NAME.fullmatch(n) else None for n in (case.names or table.names)]
    return legal


def compare_files(folder, stem, case, table, suffixes=tuple(readers.READERS)):
    """Every difference between what each reader finds in the outputs of these endings and the table."""
    problems = []
    for suffix in suffixes:
        by_name = readers.READERS[suffix]
        path = next((p for p in (folder / (stem + suffix + packed) for packed in ("", ".gz", ".zst")) if p.exists()), None)
        if not path:
            problems.append(f"{stem}{suffix} is missing, there are {sorted(p.name for p in folder.iterdir())}")
            continue
        for name, read in by_name.items():
            try:
                columns = read(path)
            except Exception as error:  # a reader that throws is a finding, whatever it throws
                problems.append(f"{name}: {type(error).__name__}: {error}")
                continue
            # DuckDB tells names apart without case and renames them.
            wrong = "" if name == "duckdb" else compare_names([c[0] for c in columns], wanted_names(case, table, suffix))
            if wrong or len(columns) != len(table.columns):
                problems.append(f"{name}: {wrong or f'{len(columns)} columns, want {len(table.columns)}'}")
                continue
            for (column, kind, values), accepted in zip(columns, table.columns):
                wrong = compare_column(kind, values, accepted)
                if wrong:
                    problems.append(f"{name}: column {column!r}: {wrong}")
    return problems


def split_types(types):
    return re.split(r"(?<!,) ", types)


def check_oracle(case):
    """The oracle against the types that a case has in words."""
    table = oracle.table(case.csv(), **case.oracle)
    if not case.types:
        return []
    got = ["|".join(r.type for r in column) for column in table.columns]
    want = split_types(case.types)
    return [] if got == want else [f"the oracle says {got}, the case {want}"]


def convert(tool, folder, case):
    source = folder / case.file
    source.write_bytes(case.data)
    arguments = ["--threads", "2"] if "--threads" not in case.arguments else []
    out = folder / "out"
    done = hawser.run(tool, "convert", source, f"{out}/", "--to", "parquet,avro,csv", *arguments, *case.arguments)
    return done, out


def check_case(tool, folder, case):
    """A case that has to succeed."""
    case = case.placed(folder)
    problems = check_oracle(case)
    done, out = convert(tool, folder, case)
    if done.returncode != 0:
        return problems + [f"exit {done.returncode}: {done.stderr.strip()}"]
    if done.stdout:
        problems.append(f"stdout is not empty: {shorten(done.stdout)}")
    table = oracle.table(case.csv(), **case.oracle)
    problems += compare_files(out, "in", case, table)
    return problems + check_manifest(out, table.rows)


def check_manifest(out, rows):
    manifest = out / "_manifest.json"
    if not manifest.exists():
        return ["_manifest.json is missing"]
    text = manifest.read_text()
    json.loads(text)
    return [] if re.search(rf'"rows"\s*:\s*{rows}\b', text) else [f"_manifest.json does not have {rows} rows"]


def check_bad(tool, folder, case):
    """A case with bad records or a damaged file."""
    problems = []
    done, out = convert(tool, folder, case)
    if done.returncode != case.exit:
        return [f"exit {done.returncode}, want {case.exit}: {done.stderr.strip()}"]
    if case.exit != 0:
        left = sorted(p.name for p in out.rglob("*") if p.is_file()) if out.exists() else []
        if left != (["in.rejects.jsonl"] if case.all_rejected else []):
            problems.append(f"left behind: {left}")
        if not done.stderr.startswith("hawser: error:") and "\nhawser: error:" not in done.stderr:
            problems.append(f"stderr does not begin with hawser: error: {shorten(done.stderr)}")
    problems += [f"stderr does not say {s!r}: {done.stderr.strip()}" for s in case.says if s.lower() not in done.stderr.lower()]
    if case.left is not None:
        table = oracle.table(case.left)
        names = cases.Case(case.name, case.data)
        problems += compare_files(out, "in", names, table)
        problems += check_rejects(out, case.rejects)
    return problems


def check_rejects(out, rejects):
    """One side file with the facts of every rejected record, a JSON object a line."""
    sides = [p for p in out.iterdir() if p.suffix not in readers.READERS and p.name != "_manifest.json"]
    if not rejects:
        return [f"files that nobody asked for: {[p.name for p in sides]}"] if sides else []
    if len(sides) != 1:
        return [f"one side file of rejects expected, there are {[p.name for p in sides]}"]
    lines = [json.loads(line) for line in sides[0].read_text(errors="surrogateescape").splitlines()]
    if len(lines) != len(rejects):
        return [f"{len(lines)} rejects, want {len(rejects)}"]
    problems = []
    for found, (line, offset, raw) in zip(lines, rejects):
        # Bytes that are no text come in base64.
        got = base64.b64decode(found["raw_base64"]) if "raw_base64" in found else found.get("raw", "").encode()
        if [found.get("line"), found.get("offset")] != [line, offset] or got != raw or not found.get("reason"):
            problems.append(f"reject is {found}, want line {line}, offset {offset}, raw text {raw!r} and a reason")
    return problems


def check_but_duckdb(tool, folder, case):
    return [problem for problem in check_case(tool, folder, case) if not problem.startswith("duckdb")]


def check_oracle_only(_tool, _folder, case):
    return check_oracle(case)


def run_case(job):
    """What is wrong with one case; in a process of the pool."""
    case, check, tool, keep = job
    with tempfile.TemporaryDirectory(prefix="hawser-interop-") as name:
        folder = pathlib.Path(name)
        try:
            problems = check(tool, folder, case)
        except Exception as error:  # a broken file may break the check in any way; it fails this case only
            problems = [f"{type(error).__name__}: {error}"]
        if problems and keep:
            shutil.copytree(folder, pathlib.Path(keep) / re.sub(r"\W+", "-", case.name)[:60], dirs_exist_ok=True)
    return problems


def all_cases(args):
    by_hand = [(case, check_case) for case in (*cases.type_cases(), *cases.csv_cases(), *cases.dialect_cases(), *cases.column_cases(), *cases.effort_cases(), *cases.encodings_cases(), *cases.example_cases())]
    by_hand += [(case, check_case) for case in (*report_cases.file_cases(), *report_cases.sibling_cases())]
    by_hand += [(case, check_but_duckdb) for case in report_cases.last_nanosecond_cases()]
    by_hand += [(case, report_cases.check_tree) for case in report_cases.tree_cases()]
    by_hand += [(case, check_bad) for case in (*cases.bad_cases(), *report_cases.refused_cases())]
    yield from (job for job in by_hand if not args.quick or len(job[0].csv()) < QUICK_BYTES)
    seeds = args.seeds or (20 if args.quick else 120)
    for seed in range(seeds):
        yield random_tables.random_case(seed, 300 if args.quick else 3000), check_case
    if not args.quick:
        for seed in (1004, 1028):  # they choose as many rows as they may
            yield random_tables.random_case(seed, 20_000), check_case


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release", help="whose tool to run")
    parser.add_argument("--quick", action="store_true", help="small tables only, and fewer of them")
    parser.add_argument("--seeds", type=int, help="how many random tables")
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--keep", help="leaves the folders of failing cases below this one")
    parser.add_argument("--oracle", action="store_true", help="the oracle alone")
    args = parser.parse_args()
    tool = hawser.find(args.preset)
    if not tool and not args.oracle:
        print(f"FAILED interop: there is no hawser in build/{args.preset}")
        print("0 passed, 1 failed")
        sys.exit(1)
    jobs = [(case, check_oracle_only if args.oracle else check, tool, args.keep) for case, check in all_cases(args) if args.only in case.name]
    if args.oracle:
        jobs = [job for job in jobs if isinstance(job[0], cases.Case)]
    passed = failed = 0
    # Not forked: Polars and pyarrow have threads of their own.
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for (case, *_), problems in zip(jobs, pool.map(run_case, jobs)):
            passed, failed = passed + (not problems), failed + bool(problems)
            print(f"{'FAILED' if problems else 'ok'} {case.name}", flush=True)
            if problems:
                print(f"    {' '.join(getattr(case, 'arguments', ()))}", *problems[:6], sep="\n    ", flush=True)
    skipped = report_cases.skipped()
    if skipped:
        print(f"SKIPPED {skipped} reports: the corpus is not here (HAWSER_CORPORA)")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
