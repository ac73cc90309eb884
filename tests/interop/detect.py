# SPDX-License-Identifier: Apache-2.0
"""Made-up CSV files of every delimiter, quoting, header and number of records: does hawser find how they are written?

    detect.py [--hawser PATH]

The file is right where the fields that it was written from come back; a header must be told from data, and data of
which each first field is a value from a header. DuckDB and, where it is installed, CleverCSV say what they would take for
the delimiter: their score is printed, and fails nothing.
"""

import argparse
import csv
import io
import itertools
import pathlib
import random
import subprocess
import sys
import tempfile

import duckdb

try:
    import clevercsv
except ImportError:
    clevercsv = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
DELIMITERS = ",;\t|"
TEXTS = ("alpha", "beta, gamma", "New York, NY", "it; is", "a|b", "Zo\u00eb", "the quick brown fox", "d/e", '{"a":1,"b":2}')

# Fields of each kind, and whether each of them is a value that nobody takes for a name.
KINDS = {
    "int": (lambda rng: str(rng.randrange(-999, 99999)), True),
    "float": (lambda rng: f"{rng.uniform(-99, 99):.{rng.randrange(1, 5)}f}", True),
    "comma": (lambda rng: f"{rng.uniform(-99, 99):.2f}".replace(".", ","), True),
    "date": (lambda rng: f"20{rng.randrange(10, 30)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}", True),
    "time": (lambda rng: f"2024-0{rng.randrange(1, 10)}-1{rng.randrange(10)} 1{rng.randrange(10)}:30:00", True),
    "bool": (lambda rng: rng.choice(("true", "false")), True),
    "word": (lambda rng: rng.choice(("alpha", "beta", "gamma", "delta")), False),
    "text": (lambda rng: rng.choice(TEXTS), False),
}
TABLES = (
    ("int", "word"), ("int", "text", "float"), ("date", "float", "word", "text"), ("text", "text"), ("comma", "comma"),
    ("word", "comma", "int"), ("time", "int", "text", "bool"), ("int", "int", "int"), ("float", "date", "time"), ("date", "bool"),
)  # fmt: skip
QUOTING = {"minimal": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL, "words": csv.QUOTE_NONNUMERIC}


class Case:
    """One file, and what is in it."""

    def __init__(self, number, delimiter, quoting, header, records, kinds):
        rng = random.Random(number)
        self.name = f"{number}: {delimiter!r}, {quoting} quotes, {'a' if header else 'no'} header, {records} x {'/'.join(kinds)}"
        self.delimiter = delimiter
        self.rows = [[KINDS[kind][0](rng) for kind in kinds] for _ in range(records)]
        self.names = [f"col_{i}" for i in range(len(kinds))] if header else None
        # Without a header only data that looks like it can be told; one value is enough in a record that is alone.
        values = [KINDS[kind][1] for kind in kinds]
        self.told = header or all(values) or (records == 1 and any(values))
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, quoting=QUOTING[quoting], lineterminator="\n")
        writer.writerows([*([self.names] if header else []), *self.rows])
        self.text = text.getvalue()


def cases():
    product = itertools.product(DELIMITERS, QUOTING, (True, False), (1, 2, 5, 60), TABLES)
    return [Case(i, *facts) for i, facts in enumerate(product)]


def wrong(hawser, case, folder):
    """Empty where the file is read as it was written, else what came of it."""
    source, output = folder / "in.csv", folder / "out.csv"
    source.write_text(case.text)
    command = [hawser, "convert", source, output, "--types", "text", "--to", "csv", "--overwrite", "replace", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    with open(output, newline="") as file:
        names, *rows = csv.reader(file)
    want = case.names or [f"column_{i + 1}" for i in range(len(case.rows[0]))]
    if len(names) != len(want):
        return f"{len(names)} columns, want {len(want)}: {case.text[:100]!r}"
    if case.told and (names, rows) != (want, case.rows):
        return f"columns {names} and {len(rows)} rows, want {want} and {len(case.rows)}: {case.text[:100]!r}"
    return ""


def peers(case, path):
    """What others take for the delimiter."""
    found = {"DuckDB": duckdb.execute("select Delimiter from sniff_csv(?)", [str(path)]).fetchall()[0][0]}
    if clevercsv:
        found["CleverCSV"] = getattr(clevercsv.Sniffer().sniff(case.text), "delimiter", None)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hawser", default=ROOT / "build/release/src/cli/hawser", type=pathlib.Path)
    hawser = parser.parse_args().hawser
    every, failed, scores = cases(), 0, {}
    with tempfile.TemporaryDirectory(prefix="hawser-detect-") as name:
        folder = pathlib.Path(name)
        for case in every:
            fault = wrong(hawser, case, folder)
            failed += bool(fault)
            if fault:
                print(f"FAILED detect: {case.name}: {fault}")
            try:
                found = peers(case, folder / "in.csv")
            except Exception:  # a peer may fail on anything
                found = {}
            for peer, delimiter in found.items():
                scores[peer] = scores.get(peer, 0) + (delimiter == case.delimiter)
    for peer, score in scores.items():
        print(f"detect: {peer} finds the delimiter of {score} of {len(every)}")
    print(f"{len(every) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
