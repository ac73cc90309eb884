# SPDX-License-Identifier: Apache-2.0
"""Real CSV files of public packages, converted with no option but those that a person would give.

    real_files.py [--only TEXT]

real_files_table.py names the files, the options and the types that a person would choose. Every value of the Parquet
files, as pyarrow, DuckDB and Polars read them, is held against the oracle's reading of the same CSV, and every type
against the table. Of a text that is too large for the oracle, DuckDB reads both. At the end stands a list of the columns
that are text although at least 99 % of their values look like something else, each with its reason. The packages are
downloaded into build/real-files; what cannot be had is skipped and counted.
"""

import argparse
import bz2
import concurrent.futures
import datetime
import gzip
import io
import multiprocessing
import os
import pathlib
import re
import sys
import tempfile
import zipfile

import duckdb

import cases
import hawser
import oracle
import real_files_table
import real_packages
import run

CACHE = hawser.ROOT / "build/real-files"
TEXT_SHARE = 0.99
ORACLE_BYTES_MAX = 8_000_000  # what the oracle reads in some seconds; larger texts are left to DuckDB
DUCKDB_TYPES = {"int64": "BIGINT", "double": "DOUBLE", "text": "VARCHAR", "timestamp(us, UTC)": "TIMESTAMPTZ"}

# What a person would take for a number, a date, a time or a boolean, however it is written.
LOOKS_LIKE = re.compile(
    r"""\s*(?:
    [+-]?(?:\d[\d,']*)?\.?\d+(?:[eE][+-]?\d+)?\ ?%?
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?
    | \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?
    | true | false | yes | no
    )\s*""",
    re.VERBOSE | re.IGNORECASE,
)


def the_only_member(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (name,) = archive.namelist()
        return archive.read(name)


UNPACK = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".zip": the_only_member}


def option(options, name, default=None):
    """What follows an option of the command line."""
    return options[options.index(name) + 1] if name in options else default


def null_texts(options):
    return tuple(option(options, "--null-values").split(",")) if "--null-values" in options else ()


def table_of(file, data):
    """The table that a file has to become: the oracle's rules, after what the options say has been done by Python."""
    text = data.decode("utf-8-sig")
    if "--skip-lines" in file.options:
        text = text.split("\n", int(option(file.options, "--skip-lines")))[-1]
    if option(file.options, "--quote") == "'":
        assert '"' not in text
        text = text.replace("'", '"')
    delimiter = option(file.options, "--delimiter", file.delimiter)
    if delimiter == "blanks":
        assert '"' not in text
        records = [[oracle.Field(word) for word in line.split()] for line in text.splitlines() if line.strip()]
    else:
        records = [r for r in oracle.fields(text, delimiter) if r]
    if "--trim" in file.options:
        records = [[field if field.quoted else oracle.Field(field.strip(" \t")) for field in r] for r in records]
    bare = option(file.options, "--header") == "no" or all(oracle.NUMBER.fullmatch(f) for f in records[0])
    names = [f"column_{i + 1}" for i in range(len(records[0]))] if bare else [str(f) for f in records.pop(0)]
    names = option(file.options, "--names", ",".join(names)).split(",") if "--names" in file.options else names
    names = unique([name or f"column_{i + 1}" for i, name in enumerate(names)])
    if option(file.options, "--bad-rows") == "pad":
        records = [r + [oracle.Field("")] * (len(names) - len(r)) for r in records]
    assert all(len(r) == len(names) for r in records), "ragged records"
    columns = [respelled(file.options, [r[i] for r in records]) for i in range(len(names))]
    return oracle.Table(names, [oracle.readings(c, null_texts(file.options)) for c in columns], len(records))


def unique(names):
    """Of several columns with one name the first keeps it, and the others get _2, _3 and so on."""
    counts, made = {}, []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        made.append(name if counts[name] == 1 else f"{name}_{counts[name]}")
    assert len(set(made)) == len(made), "names that are made are there already"
    return made


def respelled(options, column):
    """A column in ISO 8601 and with true and false, where the options give another spelling that all of its values have."""
    ways = [(option(options, "--date-format"), "%Y-%m-%d"), (option(options, "--timestamp-format"), "%Y-%m-%dT%H:%M:%S%z")]
    for given, iso in ways:
        try:
            known = [f and datetime.datetime.strptime(f, given) for f in column] if given else []
        except ValueError:
            continue
        if any(known):
            return [oracle.Field(moment and moment.strftime(iso)) for moment in known]
    words = {option(options, "--true-values"): "true", option(options, "--false-values"): "false"}
    if None not in words and all(f == "" or f in words for f in column):
        return [oracle.Field(words.get(f, "")) for f in column]
    return column


def wanted_types(file, names):
    """The type of each column by the table that a person wrote; raises where it names a column that is not there."""
    by_name, others = {}, None
    for kind, columns in file.types.items():
        if columns == "*":
            others = kind
            continue
        rest = columns
        while rest:
            name = max((n for n in names if rest == n or rest.startswith(n + ", ")), key=len, default=None)
            assert name is not None, f"the table names columns that are not there: {rest!r}; there are {names}"
            by_name[name], rest = kind, rest[len(name) + 2 :]
    missing = [n for n in names if n not in by_name and not others]
    assert not missing, f"the table has no type for {missing}"
    return [by_name.get(n, others) for n in names]


def words_that_look_like_values(table, kinds):
    """Names of text columns of which nearly all values look like something else, with their share."""
    found = {}
    for name, kind, readings in zip(table.names, kinds, table.columns):
        if kind != "text":
            continue
        known = [v for v in readings[-1].values if v is not None]
        share = sum(bool(LOOKS_LIKE.fullmatch(str(v))) for v in known) / len(known) if known else 0
        if share >= TEXT_SHARE:
            found[name] = share
    return found


def check(job):
    """What is wrong with one file, and its lines of the list; in a process of the pool."""
    tool, file, data = job
    with tempfile.TemporaryDirectory(prefix="hawser-real-") as name:
        folder = pathlib.Path(name)
        source = folder / pathlib.Path(file.path).name
        source.write_bytes(data)
        done = hawser.run(tool, "convert", source, folder / "out.parquet", "--threads", "1", "--quiet", *file.options)
        if done.returncode:
            return [f"exit {done.returncode}: {done.stderr.strip()}"], []
        problems = check_schema(tool, file, folder, source)
        try:
            text = UNPACK.get(source.suffix, bytes)(data)
            large = len(text) > ORACLE_BYTES_MAX
            found, listed = compare_by_duckdb(file, text, folder) if large else compare(file, table_of(file, text), folder)
        except Exception as error:  # a wrong row of the table or a strange file fails this file only
            return [*problems, f"{type(error).__name__}: {error}"], []
    return problems + found, listed


def check_schema(tool, file, folder, source):
    """What infer writes makes the same file as convert's own types do."""
    schema, again = folder / "schema.json", folder / "again.parquet"
    for words in (("infer", source, "--output", schema), ("convert", source, again, "--schema", schema, "--threads", "1", "--quiet")):
        done = hawser.run(tool, *words, *file.options)
        if done.returncode:
            return [f"{words[0]} with the schema: exit {done.returncode}: {done.stderr.strip()}"]
    return [] if again.read_bytes() == (folder / "out.parquet").read_bytes() else ["with the schema that infer writes the bytes are others"]


def compare(file, table, folder):
    case = cases.Case(file.path, b"")
    problems = run.compare_files(folder, "out", case, table, suffixes=(".parquet",))
    columns = run.readers.read_duckdb(folder / "out.parquet")
    kinds = [kind for _, kind, _ in columns]
    wanted = wanted_types(file, table.names)
    problems += [f"column {n!r} is {k}, a person would choose {w}" for n, k, w in zip(table.names, kinds, wanted) if k != w]
    words = words_that_look_like_values(table, kinds)
    problems += [f"column {n!r} is text, {s:.1%} of its values look like others, and no reason is given" for n, s in words.items() if n not in file.words]
    problems += [f"column {n!r} has a reason to be text, and needs none" for n in file.words if n not in words]
    listed = [(f"{file.package}/{file.path}", n, f"{s:.1%}", file.words.get(n, "?")) for n, s in words.items()]
    return problems, listed


def compare_by_duckdb(file, text, folder):
    """A large text: every field as DuckDB reads it, cast to the type that a person chose, against the Parquet file."""
    (folder / "plain.csv").write_bytes(text)
    nulls = ", ".join(f"'{null}'" for null in ("", *null_texts(file.options)))
    with duckdb.connect(config={"threads": 1}) as db:
        db.execute("SET enable_progress_bar = false")
        db.execute(f"CREATE TABLE fields AS FROM read_csv('{folder}/plain.csv', all_varchar = true, header = true, nullstr = [{nulls}])")
        db.execute(f"CREATE TABLE outputs AS FROM read_parquet('{folder}/out.parquet')")
        counts = db.execute("SELECT (SELECT count(*) FROM fields), (SELECT count(*) FROM outputs)").fetchone()
        found = [(name, kind) for name, kind, *_ in db.execute("DESCRIBE outputs").fetchall()]
        names = [name for name, *_ in db.execute("DESCRIBE fields").fetchall()]
        wanted = list(zip(names, (DUCKDB_TYPES[kind] for kind in wanted_types(file, names))))
        differ = ", ".join(f'count(*) FILTER (fields."{n}"::{kind} IS DISTINCT FROM outputs."{n}")' for n, kind in wanted)
        wrong = db.execute(f"SELECT {differ} FROM fields POSITIONAL JOIN outputs").fetchone()
    problems = [] if counts[0] == counts[1] else [f"{counts[1]} rows, want {counts[0]}"]
    spelled = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
    problems += [f"column {n!r} is {k}, a person would choose {w}" for (n, k), (_, w) in zip(found, wanted) if spelled.get(k, k) != w]
    return problems + [f"column {n!r}: {count} values differ" for (n, _), count in zip(wanted, wrong) if count], []


def fetched(files):
    """Yields each file with its bytes, or with what is in the way."""
    archives = {}
    packages = {p.name: p for p in real_files_table.PACKAGES}
    wanted = sorted({f.package for f in files})
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        tries = {name: pool.submit(real_packages.opened, packages[name], CACHE) for name in wanted}
        for name, future in tries.items():
            try:
                archives[name] = future.result()
            except (real_packages.NotHere, real_packages.Wrong) as error:
                archives[name] = error
    for file in files:
        archive = archives[file.package]
        yield file, archive if isinstance(archive, Exception) else archive.read(file.path)


def title(file):
    return " ".join([f"{file.package}/{file.path}", *file.options])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="files with this in their name")
    args = parser.parse_args()
    tool = hawser.find()
    if not tool:
        print("FAILED real files: there is no hawser in build/release\n0 passed, 1 failed")
        sys.exit(1)
    jobs, skipped, failed, passed = [], {}, 0, 0
    for file, data in fetched([f for f in real_files_table.FILES if args.only in title(f)]):
        if isinstance(data, real_packages.NotHere):
            skipped.setdefault((file.package, str(data)), []).append(file)
        elif isinstance(data, real_packages.Wrong):
            failed += 1
            print(f"FAILED {title(file)}: {data}")
        else:
            jobs.append((tool, file, data))
    listed = []
    # Not forked: pyarrow has threads of its own.
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for (_, file, _), (problems, lines) in zip(jobs, pool.map(check, jobs)):
            listed += lines
            passed, failed = passed + (not problems), failed + bool(problems)
            print(f"{'FAILED' if problems else 'ok'} {title(file)}", flush=True)
            if problems:
                print("", *problems[:8], sep="\n    ", flush=True)
    tell(listed, skipped)
    print(f"{passed} passed, {failed} failed" + (f", {sum(map(len, skipped.values()))} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)


def tell(listed, skipped):
    if listed:
        print(f"{len(listed)} columns are text although at least {TEXT_SHARE:.0%} of their values look like numbers, dates or booleans:")
    for row in listed:
        print("   ", " | ".join(row))
    for (package, why), files in skipped.items():
        print(f"SKIPPED {len(files)} real files of {package}: {why}")


if __name__ == "__main__":
    main()
