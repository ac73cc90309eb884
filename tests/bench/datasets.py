# SPDX-License-Identifier: Apache-2.0
"""The benchmark's CSV files, the same on every machine; kept in bench-data/.

lineitem   TPC-H's largest table by tpchgen-cli: integers, decimals as text with two places, dates, short quoted comments.
taxi       Numbers mostly: times of the day, distances, fares with two places, codes of few values, some empty fields.
reviews    Text mostly: quoted bodies of 20 to 120 words with commas, quotes and new lines, URLs, instants.
notes      Quotes mostly: 8 of 12 columns are quoted texts of 20 to 60 bytes with commas, a twentieth with quotes, a tenth not ASCII.
"""

import pathlib
import subprocess
import sys

import duckdb

WORDS = (
    "the of and to in is that it was for on are as with his they at be this have from or had by hot word but what some we can out other "
    "were all there when up use your how said an each she which do their time if will way about many then them write would like so these "
    "her long make thing see him two has look more day could go come did number sound no most people my over know water than call first"
).split()


def pick(salt, values):
    """SQL for one of the values, by a hash of the row's number."""
    listed = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in values)
    return f"[{listed}][CAST(1 + hash(i, {salt}) % {len(values)} AS BIGINT)]"


def number(salt, low, high, places=0):
    """SQL for a number between two bounds with so many places."""
    span = (high - low) * 10**places + 1
    return f"CAST(({low} * {10**places} + CAST(hash(i, {salt}) % {span} AS BIGINT)) / {10**places} AS DECIMAL(12,{places}))"


TAXI = f"""
SELECT 1 + hash(i, 1) % 2 AS vendor_id,
       strftime(TIMESTAMP '2024-01-01' + to_seconds(i // 4), '%Y-%m-%d %H:%M:%S') AS pickup_at,
       strftime(TIMESTAMP '2024-01-01' + to_seconds(i // 4 + CAST(60 + hash(i, 2) % 3600 AS BIGINT)), '%Y-%m-%d %H:%M:%S') AS dropoff_at,
       CASE WHEN hash(i, 3) % 20 > 0 THEN 1 + hash(i, 4) % 6 END AS passengers,
       {number(5, 0, 30, 2)} AS distance,
       {pick(6, [1, 1, 1, 1, 2, 3, 5])} AS rate_code,
       {pick(7, ["N", "N", "N", "Y"])} AS stored,
       1 + hash(i, 8) % 265 AS pickup_zone,
       1 + hash(i, 9) % 265 AS dropoff_zone,
       {pick(10, [1, 1, 2, 3, 4])} AS payment,
       {number(11, 3, 90, 2)} AS fare,
       {pick(12, ["0.00", "0.50", "1.00", "2.50"])} AS extra,
       0.50 AS tax,
       {number(13, 0, 20, 2)} AS tip,
       {pick(14, ["0.00", "0.00", "0.00", "6.94"])} AS tolls,
       {number(15, 4, 130, 2)} AS total
FROM range({{rows}}) AS r(i)"""

REVIEWS = f"""
SELECT i AS id,
       md5(CAST(i AS VARCHAR)) AS product,
       1 + hash(i, 1) % 5 AS stars,
       strftime(TIMESTAMP '2015-01-01' + to_seconds(i * 97), '%Y-%m-%dT%H:%M:%SZ') AS written_at,
       'https://example.com/reviews/' || CAST(hash(i, 2) % 1000000 AS VARCHAR) || '?page=' || CAST(hash(i, 3) % 9 AS VARCHAR) AS url,
       {pick(4, ["en", "de", "fr", "ja", "pt"])} AS language,
       array_to_string(list_transform(range(CAST(20 + hash(i, 5) % 101 AS BIGINT)), lambda j:
           {WORDS!r}[CAST(1 + hash(i, j) % {len(WORDS)} AS BIGINT)]
           || CASE hash(j, i) % 16 WHEN 0 THEN ',' WHEN 1 THEN '.' WHEN 2 THEN ' "so"' WHEN 3 THEN chr(10) ELSE '' END), ' ') AS body
FROM range({{rows}}) AS r(i)"""

PHRASES = [", in time", " and back", " for 2 days", ", by hand", " as it was", ", then none", " at the door", " over all", ", up to 5", " on call"]
RARE = ["größte Straße", "à la carte", "東京都港区", "Ærø Ødegård", "до свидания", "naïve café"]


def note(salt):
    """SQL for one text."""
    words = f"{pick(salt + 1, WORDS)} || {pick(salt + 2, PHRASES)} || ' ' || {pick(salt + 3, WORDS)} || {pick(salt + 4, PHRASES)}"
    tail = f"CASE hash(i, {salt + 5}) % 4 WHEN 0 THEN '' WHEN 1 THEN {pick(salt + 6, PHRASES)} ELSE {pick(salt + 7, PHRASES)} || {pick(salt + 8, PHRASES)} END"
    rare = f"CASE hash(i, {salt + 9}) % 20 WHEN 0 THEN ' \"so\"' WHEN 1 THEN ' ' || {pick(salt + 10, RARE)} WHEN 2 THEN ' ' || {pick(salt + 11, RARE)} ELSE '' END"
    return f"{words} || {tail} || {rare}"


NOTES = f"""
SELECT i AS id,
       {", ".join(f"{note(100 * n)} AS note_{n}" for n in range(1, 9))},
       strftime(DATE '2020-01-01' + CAST(hash(i, 1) % 1500 AS INTEGER), '%Y-%m-%d') AS written_on,
       {number(2, 0, 1000, 2)} AS amount,
       {pick(3, ["open", "closed", "void"])} AS state
FROM range({{rows}}) AS r(i)"""
QUOTE_NOTES = ", FORCE_QUOTE (" + ", ".join(f"note_{n}" for n in range(1, 9)) + ")"


def by_query(query, rows, options=""):
    def make(path):
        with duckdb.connect() as db:
            db.execute(f"COPY ({query.format(rows=rows)}) TO '{path}' (FORMAT csv, HEADER {options})")

    return make


def lineitem(scale):
    def make(path):
        tool = pathlib.Path(sys.executable).with_name("tpchgen-cli")
        folder = path.parent / f"tpch-{scale}"
        subprocess.run([tool, "csv", "-s", str(scale), "--tables=lineitem", f"--output-dir={folder}"], check=True)
        (folder / "lineitem.csv").rename(path)
        folder.rmdir()

    return make


def datasets(quick):
    """Name and maker of each file."""
    if quick:
        yield "lineitem-0.1.csv", lineitem(0.1)
        yield "taxi-500k.csv", by_query(TAXI, 500_000)
        yield "reviews-100k.csv", by_query(REVIEWS, 100_000, ", FORCE_QUOTE (body)")
        yield "notes-100k.csv", by_query(NOTES, 100_000, QUOTE_NOTES)
    else:
        yield "lineitem-0.87.csv", lineitem(0.87)
        yield "taxi-4m.csv", by_query(TAXI, 4_000_000)
        yield "reviews-800k.csv", by_query(REVIEWS, 800_000, ", FORCE_QUOTE (body)")
        yield "notes-1m.csv", by_query(NOTES, 1_000_000, QUOTE_NOTES)


def main():
    """datasets.py FOLDER [--quick]: makes what is missing and prints the paths."""
    folder, quick = pathlib.Path(sys.argv[1]), "--quick" in sys.argv
    folder.mkdir(exist_ok=True)
    for file, make in datasets(quick):
        path = folder / file
        if not path.exists():
            print(f"bench: making {path.name}", file=sys.stderr, flush=True)
            part = folder / f".{file}"
            make(part)
            part.rename(path)
        print(path)


main()
