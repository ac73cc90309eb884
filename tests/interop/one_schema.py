# SPDX-License-Identifier: Apache-2.0
"""Types that hold: folders that are one dataset to other programs, and schemas that fail none of the files they are of.

    one_schema.py [--preset PRESET] [--only TEXT]

A folder that --one-schema wrote is read whole by DuckDB, Polars and pyarrow, against values that stand here in words. A
schema that infer wrote must make the same file as convert makes without it, of each case by hand and each report.
"""

import argparse
import concurrent.futures
import decimal
import os
import pathlib
import sys

import cases
import duckdb
import hawser
import polars
import pyarrow.dataset
import pyarrow.parquet
import random_tables

D = decimal.Decimal
CORPORA = pathlib.Path(os.environ.get("HAWSER_CORPORA", hawser.ROOT.parent / "shared/corpora"))

# Name, the files, the types of the columns, the rows in order of the first column.
FOLDERS = [
    (
        "price: integer, double, none, money",
        ["id,price\n1,5\n", "id,price\n2,1.5\n", "id,price\n3,\n", "id,price\n4,12345678901234567.89\n"],
        {"id": "int64", "price": "decimal128(19, 2)"},
        [(1, D("5.00")), (2, D("1.50")), (3, None), (4, D("12345678901234567.89"))],
    ),
    (
        "integers and doubles",
        ["id,v\n1,2\n", "id,v\n2,0.25\n", "id,v\n3,inf\n"],
        {"id": "int64", "v": "double"},
        [(1, 2.0), (2, 0.25), (3, float("inf"))],
    ),
    ("ids, some with zeros", ["id,zip\n1,501\n", "id,zip\n2,00501\n"], {"id": "int64", "zip": "string"}, [(1, "501"), (2, "00501")]),
    (
        "a column of nulls, packed or not",
        ["id,ok\n1,true\n", "id,ok\n2,\n", "id,ok\n3,FALSE\n"],
        {"id": "int64", "ok": "bool"},
        [(1, True), (2, None), (3, False)],
    ),
]
# Options of `convert` with a value, which `infer` has not.
OUTPUT_OPTIONS = ("--row-group-bytes",)
# The files of a report: what people got was 1.5 read as 2.
DRIFT = (
    {"id": "int64", "v": "decimal128(19, 2)", "note": "string"},
    [(1, D("5.00"), "x"), (2, D("1.50"), None), (3, None, "y"), (4, D("12345678901234567.89"), "5")],
)


def dataset_rows(folder):
    """What each program reads from the Parquet files of a folder, as one."""
    files = f"{folder}/*.parquet"
    with duckdb.connect() as db:
        yield "duckdb", db.execute(f"SELECT * FROM read_parquet('{files}') ORDER BY 1").fetchall()
    yield "polars", polars.scan_parquet(files).collect().sort("id").rows()
    table = pyarrow.dataset.dataset(folder, format="parquet", exclude_invalid_files=True).to_table().sort_by("id")
    yield "pyarrow", [tuple(row.values()) for row in table.to_pylist()]


def check_folder(tool, folder, sources, types, rows):
    out = folder / "out"
    done = hawser.run(tool, "convert", f"{sources}/", f"{out}/", "--one-schema")
    if done.returncode != 0 or "warning" in done.stderr:
        return [f"exit {done.returncode}: {done.stderr.strip()}"]
    problems = []
    for path in sorted(out.glob("*.parquet")):
        got = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(path)}
        if got != types:
            problems.append(f"{path.name} has the types {got}, want {types}")
    for name, got in dataset_rows(out):
        if got != rows:
            problems.append(f"{name} reads {got}, want {rows}")
    return problems


def check_schema(tool, folder, source, arguments):
    """The schema of a file, and the file made with it. What cannot be converted has no schema to keep."""
    plain, typed, schema = folder / "plain.parquet", folder / "typed.parquet", folder / "schema.json"
    if hawser.run(tool, "convert", source, plain, *arguments).returncode != 0:
        return []
    rest = [a for i, a in enumerate(arguments) if not {a, arguments[i - 1] if i else ""} & set(OUTPUT_OPTIONS)]
    done = hawser.run(tool, "infer", source, "--output", schema, *rest)
    if done.returncode != 0:
        return [f"infer: exit {done.returncode}: {done.stderr.strip()}"]
    if "looked at all" not in done.stderr or done.stdout:
        return [f"infer says {done.stderr!r} and writes {done.stdout!r}"]
    done = hawser.run(tool, "convert", source, typed, "--schema", schema, *arguments)
    if done.returncode != 0:
        return [f"--schema: exit {done.returncode}: {done.stderr.strip()}"]
    return [] if plain.read_bytes() == typed.read_bytes() else ["the file made with the schema is another one"]


def check_case(tool, folder, case):
    source = folder / case.file
    source.write_bytes(case.data)
    return check_schema(tool, folder, source, case.arguments)


def write_sources(folder, texts):
    sources = folder / "in"
    sources.mkdir()
    for i, text in enumerate(texts):
        (sources / f"{i}.csv").write_text(text)
    return sources


def jobs():
    """Name and check, which takes the tool and a folder of its own."""
    for name, texts, types, rows in FOLDERS:
        yield f"dataset: {name}", lambda tool, folder, s=texts, t=types, r=rows: check_folder(tool, folder, write_sources(folder, s), t, r)
    reports = CORPORA / "reports"
    if (reports / "drift").is_dir():
        yield "dataset: drift", lambda tool, folder: check_folder(tool, folder, reports / "drift", *DRIFT)
    for path in sorted(p for p in reports.rglob("*") if p.is_file()):
        for more in ((), ("--bad-rows", "reject")):
            name = f"schema: {path.relative_to(reports)} {' '.join(more)}"
            yield name, lambda tool, folder, p=path, m=more: check_schema(tool, folder, p, m)
    tables = (random_tables.random_case(seed, 3000) for seed in range(30))
    for case in (*cases.type_cases(), *cases.csv_cases(), *cases.example_cases(), *tables):
        if "--types" in case.arguments:  # it contradicts --schema
            continue
        yield f"schema: {case.name}", lambda tool, folder, c=case: check_case(tool, folder, c)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release", help="whose tool to run")
    parser.add_argument("--only", default="", help="checks with this in their name")
    args = parser.parse_args()
    tool = hawser.find(args.preset)
    if not tool:
        print(f"FAILED one schema: there is no hawser in build/{args.preset}")
        print("0 passed, 1 failed")
        sys.exit(1)
    chosen = [(name, check) for name, check in jobs() if args.only in name]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, _), problems in zip(chosen, pool.map(lambda job: hawser.run_check(tool, job[1]), chosen)):
            passed, failed = passed + (not problems), failed + bool(problems)
            if problems:
                print(f"FAILED {name}", *problems[:6], sep="\n    ", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
