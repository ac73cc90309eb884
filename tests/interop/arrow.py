# SPDX-License-Identifier: Apache-2.0
"""Batches of pyarrow through the library and back without a copy, and into files that other programs read.

    arrow.py [--preset PRESET] [--seeds N] [--only TEXT] [--keep DIR]
"""

import argparse
import gc
import pathlib
import sys
import tempfile

import pyarrow as pa

import arrow_library
import arrow_tables


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


def all_cases(seeds):
    yield from exchange_cases(seeds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="check", help="whose library to load")
    parser.add_argument("--seeds", type=int, default=60, help="how many random tables")
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--keep", help="leaves the files of all cases in this folder")
    args = parser.parse_args()
    path = arrow_library.find(args.preset)
    if not path:
        print(f"FAILED interop arrow: there is no arrow_bridge.so in build/{args.preset}")
        print("0 passed, 1 failed")
        sys.exit(1)
    bridge = arrow_library.Bridge(path)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="hawser-arrow-") as name:
        for case, batch, check in all_cases(args.seeds):
            if args.only not in case:
                continue
            try:
                check(bridge, batch, pathlib.Path(args.keep or name))
                passed += 1
            except Exception as error:  # whatever it is, it fails this case only
                failed += 1
                print(f"FAILED {case}: {type(error).__name__}: {str(error)[:2000]}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
