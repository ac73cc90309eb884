# SPDX-License-Identifier: Apache-2.0
"""CSV read as a stream of batches, beside what pyarrow and DuckDB read from the same text when they are told the types."""

import csv
import datetime
import decimal
import gzip
import random

import duckdb
import pyarrow as pa
import pyarrow.csv

import arrow_files
import arrow_library

EXAMPLES = arrow_library.ROOT / "examples/data"
DUCKDB_TYPES = {
    "null": "VARCHAR",
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
    "string": "VARCHAR",
    "extension<arrow.uuid>": "UUID",
}


def storage(kind):
    """The type that pyarrow's reader of CSV is told: it has no UUIDs."""
    return pa.string() if isinstance(kind, pa.ExtensionType) else kind


def read_pyarrow(path, schema, null_value):
    nulls = [""] if null_value is None else ["", null_value]
    options = pa.csv.ConvertOptions(
        column_types={field.name: storage(field.type) for field in schema},
        null_values=nulls,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["true"],
        false_values=["false"],
    )
    parsing = pa.csv.ParseOptions(newlines_in_values=True)
    return pa.csv.read_csv(path, convert_options=options, parse_options=parsing)


def duckdb_type(kind):
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    return DUCKDB_TYPES[str(kind)]


def read_duckdb(path, schema, null_value):
    columns = ", ".join(f"'{field.name}': '{duckdb_type(field.type)}'" for field in schema)
    nulls = "['']" if null_value is None else f"['', '{null_value}']"
    options = f"header=true, delim=',', quote='\"', escape='\"', auto_detect=false, allow_quoted_nulls=false, nullstr={nulls}"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.sql(f"SELECT * FROM read_csv('{path}', columns={{{columns}}}, {options})").to_arrow_table()


def uuid_texts(column):
    """UUIDs as their texts, all else as it is."""
    if not isinstance(column.type, pa.ExtensionType):
        return arrow_files.plain(column)
    return [None if value is None else str(value) for value in column.to_pylist()]


def compare(who, got, want):
    assert got.num_rows == want.num_rows, f"{got.num_rows} rows, {who} has {want.num_rows}"
    assert got.column_names == want.column_names, f"{got.column_names}, {who} has {want.column_names}"
    for name in got.column_names:
        ours, theirs = uuid_texts(got.column(name)), uuid_texts(want.column(name))
        wrong = [i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]]
        assert not wrong, f"{name}, row {wrong[0]}: {ours[wrong[0]]!r}, {who} has {theirs[wrong[0]]!r}"


def read(bridge, path, null_value=None, batch_rows=0):
    batches = list(bridge.csv(path, null_value, batch_rows))
    for batch in batches:
        batch.validate(full=True)
        assert batch.num_rows <= (batch_rows or 65536), f"a batch has {batch.num_rows} rows"
    return pa.Table.from_batches(batches)


def check_example(path, null_value):
    def check(bridge, _batch, _folder):
        table = read(bridge, path, null_value)
        compare("pyarrow", table, read_pyarrow(path, table.schema, null_value))
        compare("DuckDB", table, read_duckdb(path, table.schema, null_value))

    return check


def exact(places):
    return lambda rng: decimal.Decimal(rng.randrange(-(10**28), 10**28)).scaleb(-places)


def moment(rng):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=rng.randrange(-(10**15), 10**16))


def word(rng):
    return "".join(rng.choice('ab ,"\n\u00e9\U0001f600x') for _ in range(rng.randrange(1, 12)))


# A column: values, how they are written, their type, and a value that comes late and what the type is then.
COLUMNS = {
    "number": (lambda rng: rng.randrange(-(2**63), 2**63), str, pa.int64(), None, None),
    "small": (lambda rng: rng.randrange(1000), str, pa.int64(), "2.5", pa.float64()),
    "ratio": (lambda rng: rng.uniform(-1e6, 1e6), repr, pa.float64(), "word", pa.string()),
    "exact": (exact(9), lambda value: f"{value:f}", None, None, None),
    "flag": (lambda rng: rng.random() < 0.5, lambda value: str(value).lower(), pa.bool_(), "maybe", pa.string()),
    "day": (lambda rng: moment(rng).date(), str, pa.date32(), "2024-02-29 12:00:00", pa.timestamp("us")),
    "at": (moment, lambda value: value.isoformat(" ", "microseconds"), pa.timestamp("us"), "never", pa.string()),
    "utc": (moment, lambda value: value.isoformat("T", "microseconds") + "Z", pa.timestamp("us", "UTC"), "never", pa.string()),
    "word": (lambda rng: "w" + word(rng), str, pa.string(), None, None),
}


def random_rows(seed, names, rows, late):
    """Written rows, every fifth value a null; where `late`, one row in the middle has another type."""
    rng = random.Random(seed)
    for row in range(rows):
        values = []
        for name in names:
            make, write, _, other, _ = COLUMNS[name]
            value = "" if rng.randrange(5) == 0 else write(make(rng))
            values.append(other if late and row == rows * 37 // 100 and other else value)
        yield values


def check_random(seed, names, rows, late, batch_rows):
    def check(bridge, _batch, folder):
        path = folder / "random.csv"
        with open(path, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(random_rows(seed, names, rows, late))
        table = read(bridge, path, None, batch_rows)
        for field in table.schema:
            _, _, plain, other, wide = COLUMNS[field.name]
            want = wide if late and other else plain
            assert want is None or field.type == want, f"{field.name} is {field.type}, want {want}"
        compare("pyarrow", table, read_pyarrow(path, table.schema, None))
        compare("DuckDB", table, read_duckdb(path, table.schema, None))
        packed = folder / "random.csv.gz"
        with gzip.open(packed, "wb", 1) as file:
            file.write(path.read_bytes())
        assert read(bridge, packed, None, batch_rows).equals(table), "packed, it is another table"

    return check


def check_freed(bridge, _batch, folder):
    """A reader is dropped in the middle; its batches stay."""
    path = folder / "numbers.csv"
    path.write_text("n\n" + "".join(f"{n}\n" for n in range(300000)))
    reader = bridge.csv(path, None, 1000)
    kept = [reader.read_next_batch() for _ in range(3)]
    del reader
    assert pa.Table.from_batches(kept).column(0).to_pylist() == list(range(3000))


def check_faults(bridge, _batch, folder):
    """What goes wrong behind the first rows arrives as an error of the reader."""
    path = folder / "ragged.csv"
    path.write_text("a,b\n" + "x,y\n" * 300000 + "x\n")
    try:
        list(bridge.csv(path))
    except pa.ArrowException as error:
        assert "line 300002" in str(error) and "found 1 field, expected 2" in str(error), str(error)
    else:
        raise AssertionError("a ragged record was read")


def all_cases(seeds):
    for path in sorted(EXAMPLES.glob("*.csv*")):
        for null_value in (None, "NA"):
            yield f"csv {path.name}, nulls {null_value}", None, check_example(path, null_value)
    every = tuple(COLUMNS)
    for seed in range(max(seeds // 10, 1)):
        yield f"csv random {seed}", None, check_random(seed, every, 3000, False, 100 * seed)
        yield f"csv random {seed}, late", None, check_random(seed, every, 12000, True, 0)
    yield "csv freed", None, check_freed
    yield "csv faults", None, check_faults
