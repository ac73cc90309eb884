# SPDX-License-Identifier: Apache-2.0
"""The programs of examples/c do what they say: test_examples.py FOLDER (where they were built)."""

import fnmatch
import pathlib
import subprocess
import sys
import tempfile

ORDERS = """id,name,price,day,at
1,one,0.5,2024-02-29,2024-02-29T12:00:00Z
2,,2.25,,
3,"three, or so",,2024-03-01,2024-03-01T00:00:00.5Z
"""
COLUMNS = """3 rows
id                   l          0 nulls
name                 u          1 nulls
price                g          1 nulls
day                  tdD        1 nulls
at                   tsu:UTC    1 nulls
"""
IN_MEMORY = """3 rows
out/orders.avro has * bytes and begins with Obj
out/orders.parquet has * bytes and begins with PAR
"""
RAGGED = "a,b\nx,y\n" + "x,y\n" * 100000 + "x\n"
FILES = {"orders.csv": ORDERS, "ragged.csv": RAGGED, "empty.csv": ""}

# A program with its arguments, its exit code, and patterns of what it writes to standard output and standard error.
CASES = (
    ("csv_to_arrow orders.csv", 0, COLUMNS, ""),
    ("csv_to_arrow ragged.csv", 1, "", "*ragged.csv*line 100003*found 1 field, expected 2*"),
    ("csv_to_arrow gone.csv", 6, "", "not found: gone.csv*"),
    ("csv_to_arrow empty.csv", 4, "", "*empty.csv*"),
    ("csv_to_arrow", 2, "", "usage: *csv_to_arrow SRC\n"),
    ("convert orders.csv orders.parquet", 0, "orders.csv -> orders.parquet: 3 rows, * bytes\n1 of 1 objects, 3 rows in * s\n", ""),
    ("sum_column orders.parquet price", 0, "2 values and 1 nulls, the sum is 2.75\n", ""),
    ("sum_column orders.parquet id", 0, "3 values and 0 nulls, the sum is 6\n", ""),
    ("sum_column orders.parquet name", 2, "", "name is not a column of doubles*"),
    ("sum_column orders.parquet prise", 2, "", "*prise*price*"),
    ("sum_column gone.parquet price", 6, "", "*gone.parquet*"),
    ("sum_column orders.csv price", 4, "", "*orders.csv*PAR1*"),
    ("sum_column", 2, "", "usage: *sum_column SRC COLUMN\n"),
    ("optimize orders.parquet small.parquet", 0, "orders.parquet: 3 rows, *\n", ""),
    ("sum_column small.parquet price", 0, "2 values and 1 nulls, the sum is 2.75\n", ""),
    ("optimize gone.parquet small.parquet", 6, "", "*gone.parquet*"),
    ("optimize", 2, "", "usage: *optimize FILE OUT\n"),
    ("convert gone.csv gone.parquet", 6, "", "gone.csv: *"),
    ("convert", 2, "", "usage: *convert SRC... DST\n"),
    ("convert_memory", 0, IN_MEMORY, ""),
)


def wrong(programs, folder, case):
    """Empty where the case does what it should, else what it did."""
    line, code, out, error = case
    program, *arguments = line.split()
    done = subprocess.run([str(programs / program), *arguments], cwd=folder, capture_output=True, text=True)
    same = done.returncode == code and fnmatch.fnmatchcase(done.stdout, out) and fnmatch.fnmatchcase(done.stderr, error)
    return "" if same else f"exit code {done.returncode}, want {code}\n{done.stdout}{done.stderr}"


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    built = {path.name for path in programs.iterdir() if path.is_file() and path.suffix == "" and path.stat().st_mode & 0o100}
    sources = {path.stem for path in (pathlib.Path(__file__).resolve().parents[2] / "examples/c").glob("*.c")}
    run = {case[0].split()[0] for case in CASES}
    found = {f"{name} is not run": "it is not" for name in (built | sources) - run}
    with tempfile.TemporaryDirectory(prefix="hawser-examples-") as folder:
        for name, text in FILES.items():
            pathlib.Path(folder, name).write_text(text)
        found.update({case[0]: wrong(programs, folder, case) for case in CASES})
    failed = {name: said for name, said in found.items() if said}
    for name, said in failed.items():
        print(f"FAILED examples: {name}: {said}")
    print(f"{len(found) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


main()
