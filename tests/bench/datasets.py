# SPDX-License-Identifier: Apache-2.0
"""The benchmark's files, the same on every machine; kept in bench-data/.

lineitem   TPC-H's largest table by tpchgen-cli: integers, decimals as text with two places, dates, short quoted comments.
taxi       Numbers mostly: times of the day, distances, fares with two places, codes of few values, some empty fields.
reviews    Text mostly: quoted bodies of 20 to 120 words with commas, quotes and new lines, URLs, instants.
notes      Quotes mostly: 8 of 12 columns are quoted texts of 20 to 60 bytes with commas, a twentieth with quotes, a tenth not ASCII.
columns-N  The same integers, decimals, dates and short texts as tables of N columns.
files-N    Those of ten columns as N files.

As Parquet there are lineitem, taxi and reviews, with the types that DuckDB finds, and nested. pyarrow writes them, with a CRC
in each page, and row groups as long as those of DuckDB, so that there are some for all threads of each reader.

nested     Orders: structs in a struct, a list of structs, a map, a list of lists; some of each are empty or null.
readings   21 columns of doubles and 64-bit integers, each of which fits in half of the bytes: what sensors send, drawn evenly, in
           steps, by sensor, or rising.
decimals   lineitem with its prices and shares as decimals, which pyarrow stores as fixed-length bytes.
wide       10,000 columns of integers in 10 row groups, hardly any rows: a footer.
"""

import gzip
import itertools
import pathlib
import random
import shutil
import subprocess
import sys

import duckdb
import pyarrow
import pyarrow.parquet

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


NESTED = f"""
SELECT i AS id,
       'customer-' || CAST(hash(i, 1) % 100000 AS VARCHAR) AS customer,
       TIMESTAMP '2024-01-01' + to_seconds(i * 7) AS ordered_at,
       CASE WHEN hash(i, 2) % 10 > 0 THEN {{{{
           'street': {pick(3, WORDS)} || ' ' || CAST(hash(i, 4) % 9999 AS VARCHAR), 'city': {pick(5, WORDS)},
           'place': {{{{'lat': {number(6, -90, 90, 4)}::DOUBLE, 'lon': {number(7, -180, 180, 4)}::DOUBLE}}}}}}}} END AS address,
       list_transform(range(CAST(hash(i, 8) % 6 AS BIGINT)), lambda j: {{{{
           'product': CAST(hash(i, j) % 5000 AS INTEGER), 'price': CAST(hash(j, i) % 100000 AS DOUBLE) / 100,
           'note': CASE WHEN hash(i, j, 1) % 4 = 0 THEN {PHRASES!r}[CAST(1 + hash(j, i, 2) % {len(PHRASES)} AS BIGINT)] END}}}}) AS items,
       map_from_entries(list_transform(range(CAST(hash(i, 9) % 4 AS BIGINT)), lambda j: {{{{
           'k': {WORDS!r}[1 + 7 * j], 'v': CAST(hash(i, j, 3) % 1000 AS BIGINT)}}}})) AS tags,
       CASE WHEN hash(i, 10) % 20 > 0 THEN list_transform(range(CAST(hash(i, 11) % 4 AS BIGINT)), lambda j:
           list_transform(range(CAST(hash(i, j, 4) % 4 AS BIGINT)), lambda k: CAST(hash(i, j, k) % 100 AS INTEGER))) END AS grid
FROM range({{rows}}) AS r(i)"""



def exact(expression):
    """SQL for a double that a float holds."""
    return f"CAST(CAST({expression} AS FLOAT) AS DOUBLE)"


READINGS = f"""
SELECT i AS id,
       1704067200 + i // 40 AS taken_at,
       CAST(hash(i, 1) % 500 AS BIGINT) AS sensor,
       CAST(hash(hash(i, 1) % 500) % 12 AS BIGINT) AS site,
       CASE WHEN hash(i, 2) % 50 = 0 THEN CAST(hash(i, 3) % 9 AS BIGINT) ELSE 0 END AS fault,
       CAST(hash(i, 4) % 1000 AS BIGINT) AS pulses,
       i * 7 + CAST(hash(i, 5) % 7 AS BIGINT) AS energy,
       i // 500 AS round,
       CAST(hash(i, 6) % 1000000000 AS BIGINT) AS nonce,
       CAST(sqrt(hash(i, 7) % 40000) AS BIGINT) AS delay,
       1704067200 + i // 40 + CAST(hash(i, 8) % 3600 AS BIGINT) AS received_at,
       {exact("15 + round(10 * sin(i / 5000.0) + CAST(hash(i, 9) % 100 AS DOUBLE) / 100, 2)")} AS temperature,
       {exact("CAST(hash(i, 10) % 1001 AS DOUBLE) / 10")} AS humidity,
       {exact("1000 + round(30 * cos(i / 90000.0) + CAST(hash(i, 11) % 20 AS DOUBLE) / 10, 1)")} AS pressure,
       {exact("CAST(hash(i, 12) % 120 AS DOUBLE) / 4")} AS wind,
       {exact("3 + CAST(hash(i, 13) % 1000000 AS DOUBLE) / 1000000")} AS voltage,
       {exact("CAST(hash(i, 14) % 10000 AS DOUBLE) / 100 + CAST(hash(i, 15) % 10000 AS DOUBLE) / 100")} AS load,
       {exact("CAST(hash(hash(i, 1) % 500, 16) % 1800000 AS DOUBLE) / 10000 - 90")} AS latitude,
       {exact("CAST(hash(hash(i, 1) % 500, 17) % 3600000 AS DOUBLE) / 10000 - 180")} AS longitude,
       {exact("i * 0.5")} AS distance,
       CASE WHEN hash(i, 18) % 10 > 0 THEN {exact("CAST(hash(i, 19) % 64 AS DOUBLE) / 64")} END AS share
FROM range({{rows}}) AS r(i)"""

DECIMALS = ("l_quantity", "l_extendedprice", "l_discount", "l_tax")

# Rows of a row group, as DuckDB writes them.
GROUP_ROWS = 122_880
WIDE_COLUMNS, WIDE_GROUPS = 10_000, 10


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


def packed(plain, make_plain):
    """gzip -6 of a file, which is made first where it is not there."""

    def make(path):
        source = path.with_name(plain)
        made(source, make_plain)
        with open(source, "rb") as file, gzip.open(path, "wb", compresslevel=6) as out:
            shutil.copyfileobj(file, out, 1 << 20)

    return make


def fields(seed):
    """Fields without end, in runs of ten kinds: integers, decimals, dates and short texts."""
    chance = random.Random(seed)
    kinds = (
        [str(chance.randrange(10**6)) for _ in range(5000)],
        [f"{chance.randrange(10**7) / 100:.2f}" for _ in range(5000)],
        [f"{chance.randrange(2000, 2025)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}" for _ in range(5000)],
        [f"{chance.choice(WORDS)} {chance.choice(WORDS)}" for _ in range(5000)],
        [str(chance.randrange(10)) for _ in range(5000)],
    )
    run = [kinds[i % 5] for i in range(10)]
    while True:
        yield [chance.choice(values) for values in run]


def grid(columns, megabytes):
    """The same fields whatever the number of columns (a multiple of ten): only where the rows end differs."""

    def make(path):
        runs = fields(7)
        with open(path, "w", encoding="ascii") as file:
            file.write(",".join(f"c{i}" for i in range(columns)) + "\n")
            while file.tell() < megabytes * 1_000_000:
                file.write(",".join(",".join(next(runs)) for _ in range(columns // 10)) + "\n")

    return make


def pieces(count, plain, make_plain):
    """A folder of so many files that hold the rows of one file between them."""

    def make(path):
        source = path.with_name(plain)
        made(source, make_plain)
        path.mkdir()
        with open(source, "rb") as file:
            header = file.readline()
            for number in range(count):
                with open(path / f"{number:05}.csv", "wb") as out:
                    out.write(header)
                    out.writelines(file.readlines((source.stat().st_size - file.tell()) // (count - number)))

    return make


def parquet_of_query(query, codec):
    def make(path):
        with duckdb.connect() as db:
            batches = db.sql(query).to_arrow_reader(GROUP_ROWS)
            with pyarrow.parquet.ParquetWriter(path, batches.schema, compression=codec, write_page_checksum=True) as writer:
                for batch in batches:
                    writer.write_batch(batch)

    return make


def parquet_of_csv(plain, make_plain, codec, columns="*"):
    """The rows of a CSV file, which is made first where it is not there."""

    def make(path):
        source = path.with_name(plain)
        made(source, make_plain)
        parquet_of_query(f"SELECT {columns} FROM read_csv('{source}')", codec)(path)

    return make


def footer(columns, groups):
    """A file of so many columns and row groups of few rows."""

    def make(path):
        schema = pyarrow.schema([(f"column_{i:05}", pyarrow.int64()) for i in range(columns)])
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as writer:
            for group in range(groups):
                rows = [pyarrow.array([group, i], pyarrow.int64()) for i in range(columns)]
                writer.write_batch(pyarrow.record_batch(rows, schema=schema))

    return make


def tables(quick):
    if quick:
        yield "lineitem-0.1.csv", lineitem(0.1)
        yield "taxi-500k.csv", by_query(TAXI, 500_000)
        yield "reviews-100k.csv", by_query(REVIEWS, 100_000, ", FORCE_QUOTE (body)")
        yield "notes-100k.csv", by_query(NOTES, 100_000, QUOTE_NOTES)
    else:
        yield "lineitem-0.87.csv", lineitem(0.87)
        yield "taxi-5m.csv", by_query(TAXI, 5_200_000)
        yield "reviews-800k.csv", by_query(REVIEWS, 800_000, ", FORCE_QUOTE (body)")
        yield "notes-1m.csv", by_query(NOTES, 1_000_000, QUOTE_NOTES)


def gzipped(quick):
    plain, make_plain = next(tables(quick))
    yield f"{plain}.gz", packed(plain, make_plain)


def parquet(codec):
    """lineitem, taxi, reviews and nested as Parquet with this codec."""

    def listed(quick):
        for plain, make_plain in itertools.islice(tables(quick), 3):
            yield f"{plain.removesuffix('.csv')}.{codec}.parquet", parquet_of_csv(plain, make_plain, codec)
        name, rows = ("nested-100k", 100_000) if quick else ("nested-1m", 1_000_000)
        yield f"{name}.{codec}.parquet", parquet_of_query(NESTED.format(rows=rows), codec)

    return listed


def optimized(quick):
    """What `hawser optimize` is measured with, by snappy: the four tables, and two whose types leave much to be saved."""
    yield from parquet("snappy")(quick)
    name, rows = ("readings-100k", 100_000) if quick else ("readings-1m", 1_000_000)
    yield f"{name}.snappy.parquet", parquet_of_query(READINGS.format(rows=rows), "snappy")
    plain, make_plain = next(tables(quick))
    decimals = ", ".join(f"CAST({name} AS DECIMAL(15, 2)) AS {name}" for name in DECIMALS)
    yield f"{plain.removesuffix('.csv')}.decimals.snappy.parquet", parquet_of_csv(plain, make_plain, "snappy", f"* REPLACE ({decimals})")


def wide(_quick):
    """A file that is hardly more than its footer."""
    yield f"wide-{WIDE_COLUMNS}x{WIDE_GROUPS}.parquet", footer(WIDE_COLUMNS, WIDE_GROUPS)


def sizes(quick):
    """lineitem of 0.1, 1 and 2 GB."""
    for scale in (0.013, 0.13, 0.26) if quick else (0.13, 1.3, 2.6):
        yield f"lineitem-{scale}.csv", lineitem(scale)


def largest(_quick):
    """lineitem of 10 GB."""
    yield "lineitem-13.csv", lineitem(13)


def widths(quick):
    megabytes = 20 if quick else 200
    for columns in (10, 100, 1000, 5000):
        yield f"columns-{columns}-{megabytes}mb.csv", grid(columns, megabytes)


def counts(quick):
    plain, make_plain = next(widths(quick))
    for count in (1, 100, 1000 if quick else 10_000):
        yield f"files-{count}-{'20' if quick else '200'}mb", pieces(count, plain, make_plain)


SETS = {
    "tables": tables, "gzip": gzipped, "sizes": sizes, "largest": largest, "widths": widths, "counts": counts, "wide": wide, "optimize": optimized,
    **{f"parquet-{codec}": parquet(codec) for codec in ("zstd", "snappy", "none")},
}


def made(path, make):
    """Makes a file or folder that is not there; it has its name only when it is whole."""
    if path.exists():
        return
    print(f"bench: making {path.name}", file=sys.stderr, flush=True)
    part = path.with_name(f".{path.name}")
    if part.is_dir():
        shutil.rmtree(part)
    make(part)
    part.rename(path)


def main():
    """datasets.py FOLDER SET [--quick]: makes what is missing of a set and prints the paths."""
    folder, chosen = pathlib.Path(sys.argv[1]), SETS[sys.argv[2]]
    folder.mkdir(exist_ok=True)
    for name, make in chosen("--quick" in sys.argv):
        made(folder / name, make)
        print(folder / name)


main()
