# SPDX-License-Identifier: Apache-2.0
"""Batches of pyarrow through the library and back without a copy, and into files that other programs read; and CSV as batches.

    arrow.py [--preset PRESET] [--seeds N] [--only TEXT] [--keep DIR]
"""

import argparse
import concurrent.futures
import gc
import itertools
import json
import multiprocessing
import os
import pathlib
import random
import sys
import tempfile

import fastavro
import polars
import pyarrow as pa
import pyarrow.parquet

import arrow_csv
import arrow_files
import arrow_library
import arrow_tables

# What a reader has no type for, or shows as something else, by its name in arrow_tables.
DUCKDB_LACKS = {"null", "half", "decimal76", "interval", "date32", "time32_s", "time32_ms", "time64_us", "time64_ns"}
POLARS_AVRO_LACKS = {"decimal76", "interval"}
POLARS_LACKS = {"null", "half", "decimal76", "interval", "uuid", "json"}


def addresses(array):
    """Where every buffer lies that the array reads: not those of arrays without slots, nor validity where nothing is null."""
    found = []
    storage = array.storage if isinstance(array, pa.ExtensionArray) else array
    bare = 0 if pa.types.is_null(storage.type) or len(storage) == 0 else 1
    own = storage.buffers()[1:bare_end(storage)] if bare else []
    if storage.null_count and bare:
        own.append(storage.buffers()[0])
    found += [b.address for b in own if b is not None and b.size > 0]
    for child in children(storage):
        found += addresses(child)
    return found


def bare_end(array):
    """Buffers that are the array's own; those of children follow."""
    kind = array.type
    if pa.types.is_struct(kind) or pa.types.is_fixed_size_list(kind):
        return 1
    if pa.types.is_binary(kind) or pa.types.is_string(kind) or pa.types.is_large_binary(kind) or pa.types.is_large_string(kind):
        return 3
    return 2


def children(array):
    """Children that are as long as the buffers say, whatever slice the array is."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return [array.dictionary]
    if pa.types.is_struct(kind):
        return [array.field(i) for i in range(kind.num_fields)]
    if pa.types.is_map(kind):
        return [array.keys, array.items]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [array.values]
    return []


def check_same(got, want):
    got.validate(full=True)
    assert got.schema.equals(want.schema, check_metadata=True), f"schema {got.schema} is not {want.schema}"
    assert got.num_rows == want.num_rows, f"{got.num_rows} rows, want {want.num_rows}"
    for i, field in enumerate(want.schema):
        left, right = got.column(i), want.column(i)
        same = left.equals(right) or left.to_pylist() == right.to_pylist() or repr(left.to_pylist()) == repr(right.to_pylist())
        assert same, f"{field.name}: values differ"
        assert addresses(left) == addresses(right), f"{field.name}: buffers were copied"


def check_batch(bridge, batch, _folder):
    check_same(bridge.batch(batch), batch)


def check_stream(bridge, batch, _folder):
    parts = [batch.slice(0, 10), batch.slice(10, 0), batch.slice(10), batch]
    kept = list(bridge.stream(parts, batch.schema))
    gc.collect()
    assert len(kept) == len(parts)
    for got, want in zip(kept, parts):
        check_same(got, want)


def check_kept_alive(bridge, _batch, _folder):
    """What came back holds the memory of what is gone."""
    before = pa.total_allocated_bytes()
    back = bridge.batch(pa.RecordBatch.from_pydict({"n": pa.array(range(100000))}))
    gc.collect()
    assert pa.total_allocated_bytes() >= before + 800000
    assert back.column(0)[99999].as_py() == 99999
    del back
    gc.collect()
    assert pa.total_allocated_bytes() < before + 1000, "something is held for ever"


def check_refused(bridge, batch, _folder):
    """Each column of the batch is something that the library has not; its name is what has to be said of it."""
    for i, field in enumerate(batch.schema):
        alone = pa.RecordBatch.from_arrays([batch.column(i)], schema=pa.schema([field]))
        try:
            bridge.batch(alone)
        except arrow_library.Refused as refused:
            assert "is not supported" in str(refused), str(refused)
        else:
            raise AssertionError(f"{field.type} was taken")
    gc.collect()


def refused_batch():
    columns = [
        pa.array(["x"], pa.string_view()),
        pa.array([b"x"], pa.binary_view()),
        pa.array([[1]], pa.list_view(pa.int32())),
        pa.RunEndEncodedArray.from_arrays([1], [5]),
        pa.UnionArray.from_dense(pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array([1])]),
    ]
    return pa.RecordBatch.from_arrays(columns, names=[str(c.type) for c in columns])


def metadata_batch():
    field = pa.field("x", pa.int32(), metadata={"PARQUET:field_id": "7", b"\xff": b"a\x00b"})
    return pa.RecordBatch.from_arrays([pa.array([1], pa.int32())], schema=pa.schema([field]))


def exchange_cases(seeds):
    for name in arrow_tables.FLAT:
        for nulls in (0, 0.3, 1):
            yield f"exchange {name}, {nulls} null", arrow_tables.flat_batch(1, 60, nulls, (name,)), check_batch
    for seed in range(seeds):
        yield f"exchange nested {seed}", arrow_tables.nested_batch(seed, 80), check_batch
        yield f"exchange stream {seed}", arrow_tables.nested_batch(seed, 50), check_stream
    yield "exchange no rows", arrow_tables.nested_batch(3, 0), check_batch
    yield "exchange metadata", metadata_batch(), check_batch
    yield "exchange keeps memory", None, check_kept_alive
    yield "exchange refuses", refused_batch(), check_refused


def parts_of(batch, count):
    """The batch in parts of about the same size, one of them empty."""
    step = max(batch.num_rows // count, 1)
    return [batch.slice(at, step) for at in range(0, batch.num_rows, step)] + [batch.slice(0, 0)]


PARQUET_OPTIONS = (
    {},
    {"compressed": 1, "group_batches": 2},
    {"page_rows": 7, "group_batches": 100},
    {"page_bytes": 200, "compat": 1, "compressed": 1},
    {"page_bytes": 5000, "group_batches": 100},
)


def check_parquet(readers):
    def check(bridge, batch, folder):
        want = arrow_files.want_parquet(pa.Table.from_batches([batch]))
        for number, options in enumerate(PARQUET_OPTIONS):
            path = folder / f"{number}.parquet"
            bridge.write(parts_of(batch, 1 if number == 0 else 5), batch.schema, path, **options)
            for name, read in readers.items():
                # Polars 2.1 panics at DELTA_BINARY_PACKED in some tiny pages of nested columns, pyarrow's too.
                if name != "polars" or "page_rows" not in options:
                    arrow_files.compare(name, read(path), want)

    return check


def parquet_cases(seeds):
    readers = {"pyarrow": (arrow_files.read_pyarrow, set()), "duckdb": (arrow_files.read_duckdb, DUCKDB_LACKS), "polars": (arrow_files.read_polars, POLARS_LACKS)}
    for name in arrow_tables.FLAT:
        able = {reader: read for reader, (read, lacks) in readers.items() if name not in lacks}
        for nulls, rows, required in ((0, 400, True), (0.3, 400, False), (1, 50, False), (0, 0, False)):
            batch = arrow_tables.flat_batch(rows + 1, rows, nulls, (name,), required)
            yield f"parquet {name}, {rows} rows, {nulls} null", batch, check_parquet(able)
    for reader, (read, lacks) in readers.items():
        names = tuple(name for name in arrow_tables.FLAT if name not in lacks)
        for seed in range(seeds):
            yield f"parquet nested {reader} {seed}", arrow_tables.nested_batch(seed, 300, names), check_parquet({reader: read})
        yield f"parquet nested {reader}, no rows", arrow_tables.nested_batch(7, 0, names), check_parquet({reader: read})


# Types whose values sort nowhere, or have no statistics in pyarrow's files.
WITHOUT_ORDER = {"null", "interval"}


def least_and_greatest(values):
    """The bounds of plain values, as the format has them: texts sort by their bytes, and NaN is outside."""
    some = [v for v in values if v is not None and v == v]
    key = (lambda v: v.encode()) if some and isinstance(some[0], str) else None
    return [min(some, key=key), max(some, key=key)] if some else [None, None]


def check_statistics(bridge, batch, folder):
    """What hw_parquet_chunk_stats tells of a file of pyarrow, compared with the values and with what pyarrow tells."""
    table, path = pa.Table.from_batches([batch]), folder / "statistics.parquet"
    size = max(table.num_rows // 3, 1)
    pa.parquet.write_table(table, path, row_group_size=size)
    metadata = pa.parquet.ParquetFile(path).metadata
    for group in range(metadata.num_row_groups):
        told = metadata.row_group(group).column(0).statistics
        stats, bounds = bridge.statistics(path, group, 0)
        want = arrow_files.want_parquet(table.slice(group * size, size))[table.schema.names[0]]
        assert stats.entries == len(want), f"{stats.entries} entries, want {len(want)}"
        assert stats.nulls == (told.null_count if told else -1), f"{stats.nulls} nulls"
        assert not told or stats.nulls == want.count(None), f"{stats.nulls} nulls, want {want.count(None)}"
        known = told and told.has_min_max
        ends = least_and_greatest(want) if known else [None, None]
        assert arrow_files.plain(bounds) == ends, f"bounds {arrow_files.plain(bounds)}, want {ends}"
        assert not known or stats.ordered, "bounds are not trusted"


def statistics_cases():
    for name in arrow_tables.FLAT:
        if name not in WITHOUT_ORDER:
            for nulls, rows in ((0, 300), (0.3, 300), (1, 30)):
                yield f"statistics {name}, {nulls} null", arrow_tables.flat_batch(rows, rows, nulls, (name,)), check_statistics


def list_batch(rows, longest, seed):
    """Lists of numbers and of texts, one row far longer than a page."""
    rng = random.Random(seed)
    numbers = [[rng.randrange(1000) for _ in range(rng.randrange(longest))] for _ in range(rows)]
    numbers[rows // 2] = list(range(400000))
    texts = [None if n % 7 == 0 else [None if m % 3 == 0 else str(m) * (m % 9) for m in row[:50]] for n, row in enumerate(numbers)]
    return pa.RecordBatch.from_arrays([pa.array(numbers, pa.list_(pa.int64())), pa.array(texts, pa.large_list(pa.string()))], names=["n", "t"])


def deep_batch(levels):
    """One list in the other, with a null and an empty list on each level."""
    kind, rows = pa.int32(), [1]
    for level in range(levels):
        kind = pa.list_(kind) if level % 3 else pa.struct({"s": kind})
        rows = [[rows[0]], [], None, rows] if level % 3 else [{"s": rows[0]}, None, {"s": rows[-1]}]
    return pa.RecordBatch.from_arrays([pa.array(rows, kind)], names=["deep"])


def repeated_keys_batch():
    rows = [[("a", 1), ("a", 2)], [], None, [("b", None), ("a", 3), ("b", 4)]]
    return pa.RecordBatch.from_arrays([pa.array(rows, pa.map_(pa.string(), pa.int32()))], names=["m"])


def shaped_cases():
    """Tables by hand, which all readers of nested columns take."""
    arrow, all_readers = {"pyarrow": arrow_files.read_pyarrow}, {"pyarrow": arrow_files.read_pyarrow, "duckdb": arrow_files.read_duckdb, "polars": arrow_files.read_polars}
    yield "parquet long lists", list_batch(30000, 9, 1), check_parquet(all_readers)
    yield "parquet 24 levels", deep_batch(24), check_parquet(all_readers)
    yield "parquet repeated keys", repeated_keys_batch(), check_parquet(arrow)
    ids = pa.schema([pa.field("s", pa.struct([pa.field("x", pa.int32(), metadata={"PARQUET:field_id": "5"})]), metadata={"PARQUET:field_id": "4"})])
    yield "parquet field ids", pa.RecordBatch.from_arrays([pa.array([{"x": 1}], ids.field(0).type)], schema=ids), check_ids


def check_ids(bridge, batch, folder):
    bridge.write([batch], batch.schema, folder / "ids.parquet")
    field = pa.parquet.read_schema(folder / "ids.parquet").field(0)
    assert field.metadata == {b"PARQUET:field_id": b"4"} and field.type.field(0).metadata == {b"PARQUET:field_id": b"5"}, field


def check_refused_by(suffix):
    """Each column of a batch is refused with the words that its name is."""

    def check(bridge, batch, folder):
        for field, column in zip(batch.schema, batch.columns):
            alone = pa.schema([pa.field("column", field.type, field.nullable)])
            try:
                bridge.write([pa.RecordBatch.from_arrays([column], schema=alone)], alone, folder / f"no.{suffix}")
            except arrow_library.Refused as refused:
                assert field.name.strip() in str(refused) and "column" in str(refused), f"{refused}, want {field.name}"
            else:
                raise AssertionError(f"taken: {field.name}")

    return check


AVRO_OPTIONS = ({}, {"compressed": 1, "group_batches": 2}, {"page_bytes": 100, "group_batches": 100})


AVRO_READERS = {"fastavro": arrow_files.read_fastavro, "polars": arrow_files.read_polars_avro}


def check_avro_by(readers):
    def check(bridge, batch, folder):
        want = arrow_files.want_avro(pa.Table.from_batches([batch]))
        for number, options in enumerate(AVRO_OPTIONS):
            path = folder / f"{number}.avro"
            bridge.write(parts_of(batch, 1 if number == 0 else 5), batch.schema, path, **options)
            for name in readers:
                arrow_files.compare(name, AVRO_READERS[name](path), want)

    return check


check_avro = check_avro_by(["fastavro"])
check_avro_twice = check_avro_by(AVRO_READERS)


def named_batch():
    """Names that Avro does not take, on two levels, and what a field says of itself."""
    inner = pa.struct([pa.field("a b", pa.int32()), pa.field("a-b", pa.binary(2)), pa.field("1", pa.struct([("é", pa.int8())]))])
    about = {"PARQUET:field_id": "12", "doc": 'so "it" is'}
    fields = [pa.field("x.y", inner), pa.field("ok", pa.list_(pa.field("e", pa.int32(), metadata={"PARQUET:field_id": "3"})), metadata=about)]
    return pa.RecordBatch.from_arrays([pa.array([{"a b": 1, "a-b": b"zz", "1": {"é": 5}}], inner), pa.array([[7]], fields[1].type)], schema=pa.schema(fields))


def check_avro_names(bridge, batch, folder):
    bridge.write([batch], batch.schema, folder / "names.avro")
    with open(folder / "names.avro", "rb") as file:
        reader = fastavro.reader(file)
        schema, rows = json.loads(reader.metadata["avro.schema"]), list(reader)
    outer, listed = schema["fields"]
    inner = outer["type"][1]
    assert (outer["name"], outer["doc"], inner["name"]) == ("x_y", "x.y", "row.x_y"), outer
    assert [f["name"] for f in inner["fields"]] == ["a_b", "a_b_2", "_1"], inner
    assert inner["fields"][1]["type"][1] == {"type": "fixed", "name": "row.x_y.a_b_2", "size": 2}, inner
    assert inner["fields"][2]["type"][1]["name"] == "row.x_y._1", inner
    assert (listed["doc"], listed["field-id"], listed["type"][1]["element-id"]) == ('so "it" is', 12, 3), listed
    assert rows == [{"x_y": {"a_b": 1, "a_b_2": b"zz", "_1": {"__": 5}}, "ok": [7]}], rows


def avro_cases(seeds):
    for name in arrow_tables.FLAT:
        for nulls, rows, required in ((0, 400, True), (0.3, 400, False), (1, 50, False), (0, 0, False)):
            # Polars takes no file without a block.
            check = check_avro if name in POLARS_AVRO_LACKS or rows == 0 else check_avro_twice
            yield f"avro {name}, {rows} rows, {nulls} null", arrow_tables.flat_batch(rows + 1, rows, nulls, (name,), required), check
    names = tuple(name for name in arrow_tables.FLAT if name not in POLARS_AVRO_LACKS)
    for seed in range(seeds):
        yield f"avro nested {seed}", arrow_tables.nested_batch(seed, 300), check_avro
        batch = arrow_tables.nested_batch(seed, 100, names)
        if "map<" not in str(batch.schema):  # which polars does not read
            yield f"avro nested polars {seed}", batch, check_avro_twice
    yield "avro nested, no rows", arrow_tables.nested_batch(7, 0), check_avro
    yield "avro wide", arrow_tables.flat_batch(5, 2000), check_avro
    yield "avro 24 levels", deep_batch(24), check_avro
    yield "avro long lists", list_batch(3000, 9, 1), check_avro
    yield "avro names", named_batch(), check_avro_names
    yield "avro refuses", refused_avro(), check_refused_by("avro")


def refused_avro():
    """Values that have no place in the file, in columns that are flat and in lists."""
    refused = refused_parquet()
    flat = {f.name: c for f, c in zip(refused.schema, refused.columns) if f.name.startswith(("is", "s ", "an ", "finer"))}
    lists = {name + " ": pa.FixedSizeListArray.from_arrays(column, 1) for name, column in flat.items()}
    words = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.array([None], pa.string()))
    named = {"null in a column that is never null": pa.array([None], pa.int32()), "a null in a column that is never null": words, **flat, **lists}
    fields = [pa.field(name, column.type, nullable="never" not in name) for name, column in named.items()]
    return pa.RecordBatch.from_arrays(list(named.values()), schema=pa.schema(fields))


def refused_parquet():
    """Values that have no place in the file."""
    month = pa.MonthDayNano
    columns = {
        "no struct without fields": pa.array([{}], pa.struct([])),
        "no values of 0 bytes": pa.array([b""], pa.binary(0)),
        "a null in a column that is required": pa.array([None], pa.int32()),
        "is no whole day": pa.array([1], pa.int64()).view(pa.date64()),
        "s has no place in milliseconds": pa.array([1 << 61], pa.int64()).view(pa.timestamp("s")),
        "an interval is negative": pa.array([month([-1, 0, 0])]),
        "finer than milliseconds": pa.array([month([0, 0, 1])]),
    }
    fields = [pa.field(name, column.type, nullable="required" not in name) for name, column in columns.items()]
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=pa.schema(fields))


# Of hw_convert_batches: parts of a table, and bytes of a row group.
CONVERT_OPTIONS = ((1, 0), (5, 0), (13, 1000))


def check_convert(parquet, avro):
    """What comes of hw_convert_batches is read by these, however the batches are cut."""

    def check(bridge, batch, folder):
        table = pa.Table.from_batches([batch])
        for number, (parts, group_bytes) in enumerate(CONVERT_OPTIONS):
            into = folder / f"converted {number}"
            into.mkdir(exist_ok=True)
            bridge.convert(parts_of(batch, parts), batch.schema, "table", into, row_group_bytes=group_bytes)
            for reader, read in parquet.items():
                arrow_files.compare(reader, read(into / "table.parquet"), arrow_files.want_parquet(table))
            for reader in avro:
                arrow_files.compare(reader, AVRO_READERS[reader](into / "table.avro"), arrow_files.want_avro(table))
        for suffix in ("parquet", "avro"):
            first, second = (folder / f"converted {number}/table.{suffix}" for number in (0, 1))
            assert first.read_bytes() == second.read_bytes(), f"{suffix}: other batches, other bytes"

    return check


def check_convert_partitions(bridge, batch, folder):
    """Every row is in its folder, with all of its columns, in the order in which it came."""
    names = [name for name in batch.schema.names if name != "key"]
    bridge.convert(parts_of(batch, 7), batch.schema, "parts", folder, partition="key")
    for key in sorted(set(batch.column("key").to_pylist())):
        want = pa.Table.from_batches([batch]).filter(pa.compute.field("key") == key).select(names)
        path = folder / f"key={key}" / "parts-00000"
        arrow_files.compare("pyarrow", arrow_files.read_pyarrow(path.with_suffix(".parquet")), arrow_files.want_parquet(want))
        arrow_files.compare("fastavro", arrow_files.read_fastavro(path.with_suffix(".avro")), arrow_files.want_avro(want))


def check_convert_refused(bridge, batch, folder):
    """Each column is refused with the words that its name is, and nothing is left of it."""
    for field, column in zip(batch.schema, batch.columns):
        alone = pa.schema([pa.field("column", field.type, field.nullable)])
        try:
            bridge.convert([pa.RecordBatch.from_arrays([column], schema=alone)], alone, "refused", folder)
        except arrow_library.Refused as refused:
            # What is never null is looked at before the format is asked.
            words = field.name.replace("a null in a column that is required", "null in a column that is never null")
            assert words in str(refused) and "column" in str(refused), f"{refused}, want {words}"
        else:
            raise AssertionError(f"taken: {field.name}")
        assert not list(folder.glob("refused*")), field.name


def dictionaries_batches():
    """Batches whose dictionaries differ, with nulls in the indices and in the words."""
    words = (["a", "b", None], ["c", "a"], [None], ["b", "c", "d", "a"])
    kind = pa.dictionary(pa.int8(), pa.string())
    indices = (pa.array([i % (len(known) + 1) if i % (len(known) + 1) < len(known) else None for i in range(50)], pa.int8()) for known in words)
    return [pa.RecordBatch.from_arrays([pa.DictionaryArray.from_arrays(i, pa.array(known, pa.string()))], schema=pa.schema([("d", kind)])) for i, known in zip(indices, words)]


def check_convert_dictionaries(bridge, batches, folder):
    bridge.convert(batches, batches[0].schema, "words", folder)
    want = {"d": [value for batch in batches for value in batch.column(0).to_pylist()]}
    arrow_files.compare("pyarrow", arrow_files.read_pyarrow(folder / "words.parquet"), want)
    arrow_files.compare("fastavro", arrow_files.read_fastavro(folder / "words.avro"), want)


def keyed(batch):
    keys = pa.array([f"k{row % 7}" for row in range(batch.num_rows)])
    fields = [*batch.schema, pa.field("key", pa.string())]
    return pa.RecordBatch.from_arrays([*batch.columns, keys], schema=pa.schema(fields))


def convert_cases(seeds):
    arrow, duckdb = {"pyarrow": arrow_files.read_pyarrow}, {"duckdb": arrow_files.read_duckdb}
    for name in arrow_tables.FLAT:
        able = {**arrow, **(duckdb if name not in DUCKDB_LACKS else {})}
        for nulls, rows, required in ((0, 400, True), (0.3, 400, False)):
            batch = arrow_tables.flat_batch(rows + 1, rows, nulls, (name,), required)
            yield f"convert {name}, {rows} rows, {nulls} null", batch, check_convert(able, ["fastavro"])
    shown = tuple(name for name in arrow_tables.FLAT if name not in DUCKDB_LACKS)
    for seed in range(seeds):
        yield f"convert nested {seed}", arrow_tables.nested_batch(seed, 300), check_convert(arrow, ["fastavro"])
        yield f"convert nested duckdb {seed}", arrow_tables.nested_batch(seed, 300, shown), check_convert(duckdb, [])
        yield f"convert partitions {seed}", keyed(arrow_tables.nested_batch(seed, 200)), check_convert_partitions
    yield "convert nested, no rows", arrow_tables.nested_batch(7, 0), check_convert(arrow, ["fastavro"])
    yield "convert 24 levels", deep_batch(24), check_convert(arrow, ["fastavro"])
    yield "convert long lists", list_batch(3000, 9, 1), check_convert({**arrow, **duckdb}, ["fastavro"])
    yield "convert wide", arrow_tables.flat_batch(5, 2000), check_convert(arrow, ["fastavro"])
    yield "convert dictionaries", dictionaries_batches(), check_convert_dictionaries
    yield "convert refuses", refused_parquet(), check_convert_refused


def all_cases(seeds):
    yield from shaped_cases()
    yield from statistics_cases()
    yield "parquet refuses", refused_parquet(), check_refused_by("parquet")
    yield from exchange_cases(seeds)
    yield from parquet_cases(seeds)
    yield from avro_cases(seeds)
    yield from arrow_csv.all_cases(seeds)
    yield from convert_cases((seeds + 3) // 4)


def run_share(path, args, number, shares):
    """Runs every so many-th case, from one on; the name of each, and what is wrong with it. Tables are made where they are
    checked, in every share: that costs little, and few of them could be sent from one process to the other.
    """
    bridge = arrow_library.Bridge(path)
    results = []
    kept = args.keep and pathlib.Path(args.keep) / str(number)
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    wanted = (case for case in all_cases(args.seeds) if args.only in case[0])
    with tempfile.TemporaryDirectory(prefix="hawser-arrow-") as name:
        for case, batch, check in itertools.islice(wanted, number, None, shares):
            wrong = ""
            try:
                check(bridge, batch, kept or pathlib.Path(name))
            except (Exception, polars.exceptions.PanicException) as error:  # it fails this case only
                wrong = f"{type(error).__name__}: {str(error)[:2000]}"
            results.append((case, wrong))
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="check", help="whose library to load")
    parser.add_argument("--seeds", type=int, default=60, help="how many random tables")
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--keep", help="leaves the files of all cases below this folder")
    args = parser.parse_args()
    path = arrow_library.find(args.preset)
    if not path:
        print(f"FAILED interop arrow: there is no arrow_bridge.so in build/{args.preset}")
        print("0 passed, 1 failed")
        sys.exit(1)
    shares = os.cpu_count()
    # Not forked: Polars and pyarrow have threads of their own.
    with concurrent.futures.ProcessPoolExecutor(shares, multiprocessing.get_context("spawn")) as pool:
        ran = [pool.submit(run_share, path, args, number, shares) for number in range(shares)]
        results = [result for share in ran for result in share.result()]
    for case, wrong in results:
        if wrong:
            print(f"FAILED {case}: {wrong}")
    failed = sum(bool(wrong) for _, wrong in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
