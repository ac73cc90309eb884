# SPDX-License-Identifier: Apache-2.0
"""Random tables, sorted by `hawser optimize --sort`, and compared with the order that this program computes by itself.

    optimize_sort.py [--preset PRESET] [--seeds N] [--only TEXT]

The order is that of Python's stable sort over the values as pyarrow reads them: nulls last whichever way, NaN above all numbers,
-0.0 equal to 0.0, texts and binary values by bytes. Outputs have the rows in that order bit by bit, tell it in
`sorting_columns`, are verified, are the same for 1 and 4 threads, and a second run leaves them alone.
"""

import argparse
import datetime
import decimal
import json
import math
import random
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq

import hawser
import optimize

REALS = [0.0, -0.0, math.nan, math.inf, -math.inf, 1.5, -1.5, 0.25, -0.25]
TEXTS = ["", "a", "a\0", "a\0b", "a\x01", "aa", "ab", "ä", "z", "日", "🙂", "\uffff", "a" * 300, "a" * 299 + "b"]
BYTES = [b"", b"\0", b"\0\0", b"\0\xff", b"\x7f", b"\x80", b"\xff", b"\xff\0", b"a\0", b"a"]
DAY = datetime.date(2000, 2, 29)
HALVES = [0.0, -0.0, math.nan, math.inf, -math.inf, 1.5, -1.5, 6e-08, -6e-08, 65504.0]

# Columns by name: their type, and how a value comes about. Few values, so that rows are equal.
KEYS = {
    "bool": (pa.bool_(), lambda r: r.random() < 0.5),
    "int8": (pa.int8(), lambda r: r.choice([-128, -1, 0, 1, 127])),
    "uint8": (pa.uint8(), lambda r: r.choice([0, 1, 127, 128, 255])),
    "uint16": (pa.uint16(), lambda r: r.choice([0, 1, 2**15, 2**16 - 1])),
    "int32": (pa.int32(), lambda r: r.choice([-(2**31), -256, -1, 0, 1, 255, 2**31 - 1])),
    "uint32": (pa.uint32(), lambda r: r.choice([0, 1, 2**31 - 1, 2**31, 2**32 - 1])),
    "int64": (pa.int64(), lambda r: r.choice([-(2**63), -(2**32), -1, 0, 1, 2**40, 2**63 - 1])),
    "uint64": (pa.uint64(), lambda r: r.choice([0, 1, 2**63 - 1, 2**63, 2**64 - 1])),
    "many": (pa.int64(), lambda r: r.randrange(-10**6, 10**6)),
    "half": (pa.float16(), lambda r: r.choice(HALVES)),
    "float": (pa.float32(), lambda r: r.choice([*REALS, 1e-45, -1e-45])),
    "double": (pa.float64(), lambda r: r.choice([*REALS, 5e-324, -5e-324, 0.1, 1e308])),
    "decimal 9": (pa.decimal128(9, 2), lambda r: decimal.Decimal(r.choice([-(10**9) + 1, -101, -1, 0, 1, 10**9 - 1])).scaleb(-2)),
    "decimal 18": (pa.decimal128(18, 4), lambda r: decimal.Decimal(r.choice([-(10**17), -1, 0, 1, 10**17])).scaleb(-4)),
    "decimal 38": (pa.decimal128(38, 10), lambda r: decimal.Decimal(r.choice([-(10**37), -(2**64), -1, 0, 1, 2**64, 10**37])).scaleb(-10)),
    "day": (pa.date32(), lambda r: DAY + datetime.timedelta(days=r.choice([-200000, -20000, 0, 1, 200000]))),
    "clock": (pa.time64("us"), lambda r: r.choice([0, 1, 86399999999])),
    "ms": (pa.timestamp("ms"), lambda r: r.choice([-(2**44), -1, 0, 1, 2**44])),
    "us": (pa.timestamp("us", "UTC"), lambda r: r.choice([-(2**50), -1, 0, 1, 2**50])),
    "ns": (pa.timestamp("ns"), lambda r: r.choice([-(2**62), -1, 0, 1, 2**62])),
    "text": (pa.string(), lambda r: r.choice(TEXTS)),
    "binary": (pa.binary(), lambda r: r.choice(BYTES)),
    "fixed": (pa.binary(3), lambda r: r.choice([b"\0\0\0", b"\0\0\x80", b"\x7f\xff\xff", b"\x80\0\0", b"\xff\xff\xff"])),
    "category": (pa.dictionary(pa.int32(), pa.string()), lambda r: r.choice(TEXTS[:8])),
    "s.x": (pa.struct([("x", pa.int32()), ("l", pa.list_(pa.int32()))]), lambda r: r.choice([None, {"x": None, "l": [1]}, {"x": 2, "l": []}, {"x": -3, "l": None}])),
}
REST = {
    "number": (pa.int64(), None),
    "list": (pa.list_(pa.string()), lambda r: [r.choice(TEXTS) for _ in range(r.randrange(4))]),
    "map": (pa.map_(pa.string(), pa.float64()), lambda r: [(w, r.choice(REALS)) for w in r.sample(TEXTS, r.randrange(3))]),
}


# ------ tables, and the order of their rows


def column(rng, kind, make, rows, nulls):
    return pa.array([None if rng.random() < nulls else make(rng) for _ in range(rows)], kind, **({"from_pandas": False}))


def random_table(rng, keys, rows):
    made = {}
    for name in keys:
        kind, make = KEYS[name]
        values = column(rng, pa.string() if name == "category" else kind, make, rows, rng.choice([0, 0.1, 0.9]))
        made[name.split(".")[0]] = values.dictionary_encode() if name == "category" else values
    made["number"] = pa.array(range(rows), pa.int64())
    for name in ("list", "map"):
        made[name] = column(rng, *REST[name], rows, 0.2)
    return pa.table(made)


def values_of(table, name):
    """The values of a column as Python compares them; None stands for a null."""
    array = table.column(name.split(".")[0]).combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if "." in name:
        return [None if row is None else row["x"] for row in array.to_pylist()]
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.cast(pa.string())
        kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
        return array.view(pa.int64()).to_pylist()
    values = array.to_pylist()
    if pa.types.is_floating(kind):
        return [v if v is None else (1, 0.0) if math.isnan(v) else (0, float(v)) for v in values]
    return [v.encode() if isinstance(v, str) else v for v in values]


def expected_order(table, sort):
    """The numbers of the rows in their order. Sorting by the last column first is the same, as each sort is stable."""
    order = list(range(table.num_rows))
    for name, descending in reversed(sort):
        values = values_of(table, name)
        there = [i for i in order if values[i] is not None]
        there.sort(key=values.__getitem__, reverse=descending)
        order = there + [i for i in order if values[i] is None]
    return pa.array(order, pa.int64())


def write(rng, path, table, **options):
    ways = {"compression": rng.choice(["none", "snappy", "zstd"]), "row_group_size": rng.choice([7, 100, 1000, 1 << 20]), "use_dictionary": rng.random() < 0.5}
    pq.write_table(table, path, **{**ways, **options})


def spelled(sort):
    return ",".join(f'{name}:desc' if descending else name for name, descending in sort)


# ------ what an output is compared with


def told(run):
    return json.loads(run.stdout.splitlines()[0])


def sorting_told(path):
    """For each row group: (leaf, descending, nulls first) of each column by which it says that it is sorted."""
    meta = pq.read_metadata(path)
    groups = [meta.row_group(g) for g in range(meta.num_row_groups)]
    return [[(s.column_index, s.descending, s.nulls_first) for s in group.sorting_columns] for group in groups]


def leaf_number(path, name):
    schema = pq.ParquetFile(path).schema
    return [schema.column(i).path for i in range(len(schema))].index(name)


def tables_differ(want, got):
    for i, field in enumerate(want.schema):
        if not optimize.bits_equal(got.column(i), want.column(i)):
            return f"column {field.name} has other values"
    return None if got.num_rows == want.num_rows else f"{got.num_rows} rows"


def output_differs(tool, output, want, sort):
    found = tables_differ(want, pq.read_table(output))
    if found:
        return found
    says = [(leaf_number(output, name), descending, False) for name, descending in sort]
    if any(group != says for group in sorting_told(output)):
        return f"sorting_columns are {sorting_told(output)}, not {says}"
    verified = hawser.run(tool, "verify", "--level", "values", output)
    return f"verify: {verified.stderr or verified.stdout}" if verified.returncode else None


def sort_case(tool, folder, source, sort, options=()):
    """Sorts a file with 1 and with 4 threads. Returns what is wrong."""
    table = pq.read_table(source)
    want = table.take(expected_order(table, sort))
    outputs = []
    for threads in ("1", "4"):
        output = folder / f"out{threads}.parquet"
        output.unlink(missing_ok=True)
        given = ["--sort", spelled(sort), *options]
        run = hawser.run(tool, "optimize", "--json", *given, "--threads", threads, source, output)
        if run.returncode:
            return f"exit {run.returncode}: {run.stderr}"
        if told(run)["sorted"] != spelled(sort).split(","):
            return f'the report says "sorted": {told(run)["sorted"]}'
        outputs.append(output.read_bytes())
    if outputs[0] != outputs[1]:
        return "the bytes depend on threads"
    again = hawser.run(tool, "optimize", "--json", *given, output, output)
    if told(again)["outcome"] != "already":
        return f"a second run: {again.stdout}"
    return output_differs(tool, output, want, sort)


# ------ cases


def random_case(tool, folder, rng):
    keys = rng.sample(list(KEYS), rng.choice([1, 1, 2, 3]))
    table = random_table(rng, keys, rng.choice([0, 1, 2, 17, 1000, 5000]))
    write(rng, folder / "in.parquet", table, version="2.6" if "ns" in keys else rng.choice(["1.0", "2.6"]), data_page_size=rng.choice([100, 1 << 20]))
    sort = [(name, rng.random() < 0.5) for name in keys]
    options = rng.choice([[], ["--row-group-rows", "13"], ["--encodings", "compat", "-c", "snappy"]])
    return sort_case(tool, folder, folder / "in.parquet", sort, options)


def key_case(name, descending):
    """One key of each type, with few values and the rows of many groups."""
    def check(tool, folder):
        rng = random.Random(f"{name}{descending}")
        write(rng, folder / "in.parquet", random_table(rng, [name], 3000), row_group_size=1000)
        return sort_case(tool, folder, folder / "in.parquet", [(name, descending)], ["--row-group-rows", "700"])
    return check


def instants_case(tool, folder):
    """INT96, whose bytes are not in the order of its instants."""
    rng = random.Random(7)
    table = pa.table({"at": column(rng, pa.timestamp("ns"), lambda r: r.choice([-(10**15), -1, 0, 1, 10**18, r.randrange(10**18)]), 2000, 0.1)})
    write(rng, folder / "in.parquet", table.append_column("number", pa.array(range(2000))), use_deprecated_int96_timestamps=True)
    return sort_case(tool, folder, folder / "in.parquet", [("at", False)]) or sort_case(tool, folder, folder / "in.parquet", [("at", True)])


def spill_case(tool, folder):
    """More than ten times the memory, in many runs of which few are read together, so that they are merged more than once."""
    rng = random.Random(3)
    rows = 5000
    table = pa.table({
        "key": pa.array([rng.randrange(50) for _ in range(rows)]),
        "wide": pa.array([chr(97 + rng.randrange(26)) * rng.randrange(30_000, 40_000) for _ in range(rows)]),
        "list": column(rng, *REST["list"], rows, 0.2),
        "number": pa.array(range(rows)),
    })
    write(rng, folder / "in.parquet", table, compression="zstd", row_group_size=2000, use_dictionary=False)
    options = ["--memory", "16MiB"]
    return (sort_case(tool, folder, folder / "in.parquet", [("key", False)], options)
            or sort_case(tool, folder, folder / "in.parquet", [("wide", True), ("key", False)], options))


def many_rows_case(tool, folder):
    rng = random.Random(4)
    table = random_table(rng, ["many", "double", "text"], 300_000)
    write(rng, folder / "in.parquet", table, row_group_size=100_000)
    return sort_case(tool, folder, folder / "in.parquet", [("text", False), ("many", True)], ["--memory", "16MiB", "--row-group-rows", "50000"])


def shape_case(tool, folder):
    """Other options together with --sort: names are those of the source, and the masked values are gone."""
    rng = random.Random(5)
    table = random_table(rng, ["int64", "text", "double"], 2000).append_column("wide", pa.array([float(i % 97) for i in range(2000)]))
    write(rng, folder / "in.parquet", table)
    given = ["--sort", "wide:desc,text", "--select", "wide,text,number,double", "--mask", "double", "--rename", "wide=w", "--downcast", "exact"]
    run = hawser.run(tool, "optimize", "--json", *given, folder / "in.parquet", folder / "out.parquet")
    if run.returncode or told(run)["sorted"] != ["w:desc", "text"]:
        return f"exit {run.returncode}: {run.stdout}{run.stderr}"
    got = pq.read_table(folder / "out.parquet")
    want = table.take(expected_order(table, [("wide", True), ("text", False)]))
    same = all(got.column(a).to_pylist() == want.column(b).to_pylist() for a, b in (("w", "wide"), ("text", "text"), ("number", "number")))
    if not same or got.schema.field("w").type != pa.float32() or got.column("double").null_count != 2000:
        return f"rows differ, or types: {got.schema}"
    return None


def decimals_case(tool, folder):
    """Doubles that become decimals are sorted by what readers get."""
    values = [0.1, -2.5, None, 99.99, 0.3, -0.2, 12.0] * 100
    pq.write_table(pa.table({"price": values, "number": range(700)}), folder / "in.parquet")
    run = hawser.run(tool, "optimize", "--downcast", "decimals", "--sort", "price:desc", folder / "in.parquet", folder / "out.parquet")
    got = pq.read_table(folder / "out.parquet")
    table = pq.read_table(folder / "in.parquet")
    want = table.take(expected_order(table, [("price", True)]))
    if run.returncode or not pa.types.is_decimal(got.schema.field("price").type) or got.column("number").to_pylist() != want.column("number").to_pylist():
        return f"exit {run.returncode}: {run.stderr}{got.schema}"
    return None


def sources(rng, folder):
    """Three files of one folder, one of which has a required column."""
    (folder / "in").mkdir()
    tables = []
    for i in range(3):
        table = random_table(rng, ["text", "double", "decimal 38"], 900).set_column(3, "number", pa.array(range(i * 900, i * 900 + 900)))
        if i == 1:
            fields = [f.with_nullable(f.name != "number") for f in table.schema]
            table = table.cast(pa.schema(fields))
        tables.append(table)
        write(rng, folder / "in" / f"{i}.parquet", table)
    return tables


def merge_case(tool, folder):
    rng = random.Random(6)
    tables = sources(rng, folder)
    table = pa.concat_tables(t.cast(tables[0].schema) for t in tables)
    sort = [("double", True), ("decimal 38", False)]
    run = hawser.run(tool, "optimize", "--merge", "--json", "--sort", spelled(sort), folder / "in", folder / "out.parquet")
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    return output_differs(tool, folder / "out.parquet", table.take(expected_order(table, sort)), sort)


def target_case(tool, folder):
    """Each output has its own part of the rows of the sources, sorted by itself."""
    rng = random.Random(8)
    rows = 200_000
    table = pa.table({"key": [rng.randrange(100) for _ in range(rows)], "noise": [rng.random() for _ in range(rows)], "number": range(rows)})
    (folder / "in").mkdir()
    for i in range(2):
        write(rng, folder / "in" / f"{i}.parquet", table.slice(i * rows // 2, rows // 2), row_group_size=10_000)
    sort = [("key", True)]
    run = hawser.run(tool, "optimize", "--target-bytes", "500KiB", "--sort", spelled(sort), folder / "in/", f"{folder}/out/")
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    outputs = sorted((folder / "out").iterdir())
    first = 0
    for output in outputs:
        part = table.slice(first, pq.read_metadata(output).num_rows)
        first += part.num_rows
        wrong = output_differs(tool, output, part.take(expected_order(part, sort)), sort)
        if wrong:
            return f"{output.name}: {wrong}"
    return None if first == rows and len(outputs) > 2 else f"{len(outputs)} files have {first} rows"


# Claims of sources, as (column, descending, nulls first), and what is true of them: how many of them stay.
ROWS = pa.table({"a": [1, 1, 2, 2, None], "b": [9, 7, 8, 3, 1], "f": [1.0, math.nan, 2.0, 0.0, 1.0], "n": [None, None, 3, 4, 5]})
CLAIMS = [
    ("true", [(0, False, False)], 1),
    ("true with a second one that is not", [(0, False, False), (1, False, False)], 1),
    ("true of two columns", [(0, False, False), (1, True, False)], 2),
    ("false", [(1, False, False)], 0),
    ("false in the way of nulls", [(0, False, True)], 0),
    ("true with nulls first", [(3, False, True)], 1),
    ("NaN is not in the middle", [(2, False, False)], 0),
]


def claims_case(tool, folder):
    wrong = []
    for name, claim, stays in CLAIMS:
        sorting = [pq.SortingColumn(column, descending, first) for column, descending, first in claim]
        pq.write_table(ROWS, folder / "in.parquet", sorting_columns=sorting)
        run = hawser.run(tool, "optimize", "--force", "--json", "--overwrite", "replace", folder / "in.parquet", folder / "out.parquet")
        got = sorting_told(folder / "out.parquet")
        noted = any("are sorted as the source says" in note for note in told(run)["notes"])
        if got != [claim[:stays]] or len(told(run)["sorted"]) != stays or noted != (stays < len(claim)):
            wrong.append(f"{name}: {got}, {told(run)['notes']}, {told(run)['sorted']}")
    return "; ".join(wrong) or None


def claims_groups_case(tool, folder):
    """A claim that is true of one row group of two stays there alone, and is told of."""
    table = pa.table({"a": [*range(10), *range(10, 0, -1)]})
    pq.write_table(table, folder / "in.parquet", row_group_size=10, sorting_columns=[pq.SortingColumn(0)])
    run = hawser.run(tool, "optimize", "--force", "--json", "--row-group-rows", "10", folder / "in.parquet", folder / "out.parquet")
    if sorting_told(folder / "out.parquet") != [[(0, False, False)], []] or told(run)["sorted"] or len(told(run)["notes"]) != 1:
        return f"{sorting_told(folder / 'out.parquet')}: {run.stdout}"
    return None


# Arguments, and words of the message: exit 2, and nothing is written.
REFUSED = [
    (["--sort", "nubmer"], 'did you mean "number"?'),
    (["--sort", "list"], "it is in a list or map"),
    (["--sort", "list.list.element"], "it is in a list or map"),
    (["--sort", "s"], "it has columns of its own"),
    (["--sort", "number,number:desc"], 'the column "number" is named twice'),
    (["--sort", "number", "--drop", "number"], "it is not in the output"),
    (["--sort", ""], "--sort"),
]


def refused_case(tool, folder):
    rng = random.Random(9)
    write(rng, folder / "in.parquet", random_table(rng, ["s.x", "text"], 10))
    for given, words in REFUSED:
        run = hawser.run(tool, "optimize", *given, folder / "in.parquet", folder / "out.parquet")
        if run.returncode != 2 or words not in run.stderr or (folder / "out.parquet").exists():
            return f"{given}: exit {run.returncode}: {run.stderr}"
    return None


def kill_case(tool, folder):
    """Stopped at several moments while rows are put aside: the source stays, and nothing lies beside it."""
    rng = random.Random(10)
    rows = 400_000
    file = folder / "f.parquet"
    pq.write_table(pa.table({"key": [rng.random() for _ in range(rows)], "text": [f"text {rng.randrange(10**9)}" for _ in range(rows)]}), file)
    before = file.read_bytes()
    for number in range(8):
        command = [tool, "optimize", "--quiet", "--memory", "16MiB", "--sort", "key", file, file]
        run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(0.05 + 0.06 * number)
        run.send_signal(signal.SIGKILL if number % 2 else signal.SIGTERM)
        run.wait()
        left = [path.name for path in folder.iterdir() if path != file and not (number % 2 and path.name.startswith(".hawser"))]
        if left or (run.returncode and file.read_bytes() != before):
            return f"moment {number}: {left} was left, or the file has changed"
        for path in folder.glob(".hawser*"):
            path.unlink()
        file.write_bytes(before)
    return None


CASES = {
    **{f"{name}{':desc' if descending else ''}": key_case(name, descending) for name in KEYS for descending in (False, True)},
    "int96": instants_case,
    "spilled": spill_case,
    "many rows": many_rows_case,
    "other options": shape_case,
    "decimals": decimals_case,
    "merged": merge_case,
    "target": target_case,
    "claims": claims_case,
    "claims of row groups": claims_groups_case,
    "refused": refused_case,
    "killed": kill_case,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    cases = dict(CASES)
    for seed in range(options.seeds):
        cases[f"random {seed}"] = lambda tool, folder, seed=seed: random_case(tool, folder, random.Random(seed))
    passed = failed = 0
    for name, case in cases.items():
        if options.only not in name:
            continue
        for wrong in hawser.run_check(tool, lambda tool, folder: [w for w in [case(tool, folder)] if w]):
            failed += 1
            passed -= 1
            print(f"FAILED {name}: {wrong}")
        passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
