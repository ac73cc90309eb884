# SPDX-License-Identifier: Apache-2.0
"""Metadata that follows changes of the columns: what pyarrow and polars read of it, beside what pyarrow itself writes.

    pairs_edit.py [--preset PRESET]
"""

import argparse
import base64
import ctypes
import datetime
import json
import pathlib
import sys
import tempfile
import time

import polars
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parents[2]
MESSAGE_BYTES = 1024
ELEMENT, KEY, VALUE = "e", "k", "v"


class Bytes(ctypes.Structure):
    """struct bridge_bytes"""

    _fields_ = [("data", ctypes.POINTER(ctypes.c_char)), ("size", ctypes.c_size_t)]

    @classmethod
    def of(cls, data):
        return cls(ctypes.cast(ctypes.create_string_buffer(data, len(data) + 1), ctypes.POINTER(ctypes.c_char)), len(data))


class Refused(Exception):
    """Why a pair was left out."""


class Library:
    def __init__(self, path):
        self._library = ctypes.CDLL(str(path))
        self._library.pairs_bridge_edit.argtypes = [Bytes, Bytes, ctypes.c_char_p, ctypes.POINTER(Bytes), ctypes.c_char_p]
        self._library.pairs_bridge_free.argtypes = [Bytes]

    def edit(self, key, value, changes):
        """The value after changes, each of which is a path, a new name and a new type."""
        lines = "\n".join("\x1e".join(["\x1f".join(path), name or "", type_ or ""]) for path, name, type_ in changes)
        out, message = Bytes(), ctypes.create_string_buffer(MESSAGE_BYTES)
        status = self._library.pairs_bridge_edit(Bytes.of(key), Bytes.of(value), lines.encode(), ctypes.byref(out), message)
        if status:
            raise Refused(message.value.decode())
        edited = ctypes.string_at(out.data, out.size)
        self._library.pairs_bridge_free(out)
        return edited


def field(*names):
    """A path of fields, with ELEMENT, KEY and VALUE as they are."""
    return [name if name in (ELEMENT, KEY, VALUE) else f"f{name}" for name in names]


def retype(path, type_):
    return path, None, type_


def rename(path, name, type_=None):
    return path, name, type_


def drop(path):
    return path, None, "dropped"


def encoded(schema):
    return base64.b64encode(schema.serialize().to_pybytes())


def decoded(value):
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(value, validate=True)))


def is_as_written(got, schema):
    """Whether a schema that was read is what pyarrow reads of its own: it gives the children of maps its own names."""
    return got.equals(decoded(encoded(schema)), check_metadata=True)


class Unknown(pa.ExtensionType):
    """An extension that nobody else knows."""

    def __init__(self, storage):
        super().__init__(storage, "hawser.test.unknown")

    def __arrow_ext_serialize__(self):
        return b"\x00\xffany bytes"

    @classmethod
    def __arrow_ext_deserialize__(cls, storage, serialized):
        return cls(storage)


# Every type of Schema.fbs that pyarrow makes.
TYPES = {
    "null": pa.null(),
    **{str(t): t for t in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())},
    **{str(t): t for t in (pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.date32(), pa.date64())},
    **{str(t): t for t in (pa.binary(), pa.string(), pa.large_binary(), pa.large_string(), pa.binary_view(), pa.string_view())},
    **{str(t): t for t in (pa.decimal32(9, 2), pa.decimal64(18, -3), pa.decimal128(38, 9), pa.decimal256(76, 0))},
    **{str(t): t for unit in ("s", "ms") for t in (pa.time32(unit),)},
    **{str(t): t for unit in ("us", "ns") for t in (pa.time64(unit),)},
    **{str(t): t for unit in ("s", "ms", "us", "ns") for t in (pa.timestamp(unit), pa.timestamp(unit, "Europe/Berlin"), pa.duration(unit))},
    "interval": pa.month_day_nano_interval(),
    "fixed": pa.binary(16),
    "fixed empty": pa.binary(0),
    "list": pa.list_(pa.field("element", pa.int64(), nullable=False, metadata={"k": "v"})),
    "large list": pa.large_list(pa.string()),
    "fixed list": pa.list_(pa.float64(), 3),
    "list view": pa.list_view(pa.int64()),
    "large list view": pa.large_list_view(pa.int64()),
    "struct": pa.struct([pa.field("a", pa.int64(), False), pa.field("b", pa.struct([]))]),
    "map": pa.map_(pa.string(), pa.field("v", pa.float64(), False), keys_sorted=True),
    "dense union": pa.dense_union([pa.field("a", pa.int64()), pa.field("b", pa.string())], [5, 7]),
    "sparse union": pa.sparse_union([pa.field("a", pa.int64())]),
    "runs": pa.run_end_encoded(pa.int16(), pa.string()),
    "dictionary": pa.dictionary(pa.int8(), pa.string(), ordered=True),
    "dictionary of times": pa.dictionary(pa.uint32(), pa.timestamp("ms", "UTC")),
    "dictionary in a list": pa.list_(pa.dictionary(pa.int16(), pa.large_string())),
    "uuid": pa.uuid(),
    "json": pa.json_(pa.large_string()),
    "bool8": pa.bool8(),
    "opaque": pa.opaque(pa.null(), "type", "vendor"),
    "tensor": pa.fixed_shape_tensor(pa.float32(), [2, 2], ["x", "y"]),
    "unknown": Unknown(pa.int64()),
}

METADATA = {b"k": b"v", b"": b"", b"bytes": b"\xff\x00\xfe"}


def neighbours(type_):
    """A schema in which a column changes beside one of the type, on both of its sides, and above it."""
    any_ = pa.field("any", type_, metadata={"PARQUET:field_id": "7", "x": ""})
    return [any_, pa.field("changes", pa.float64(), False, {"m": "1"}), any_.with_name("").with_nullable(False), pa.field("last", pa.struct([any_]))]


def check_types(library):
    """Fields of every type stay when others change, when they have a new name, and when those around them go."""
    problems = []
    for name, type_ in TYPES.items():
        first, changes, second, last = neighbours(type_)
        source = encoded(pa.schema([first, changes, second, last], METADATA))
        cases = {
            "beside": ([retype(field("changes"), "float")], [first, changes.with_type(pa.float32()), second, last]),
            "renamed": (
                [rename(field("any"), "ö" * 300), rename(field("last", "any"), "new")],
                [first.with_name("ö" * 300), changes, second, last.with_type(pa.struct([first.with_name("new")]))],
            ),
            "dropped": ([drop(field("any")), drop(field("last"))], [changes, second]),
            "nothing left": ([drop(field(n)) for n in ("any", "", "changes", "last")], []),
        }
        for case, (edits, fields) in cases.items():
            got = decoded(library.edit(b"ARROW:schema", source, edits))
            if not is_as_written(got, pa.schema(fields, METADATA)):
                problems.append(f"{name}, {case}: {got}")
    return problems


# A type, the word for what it becomes, and that as pyarrow has it.
RETYPES = [
    (pa.float64(), "float", pa.float32()),
    (pa.int64(), "int32", pa.int32()),
    (pa.uint64(), "uint32", pa.uint32()),
    (pa.float64(), "decimal(15,3)", pa.decimal128(15, 3)),
    (pa.timestamp("ns"), "timestamp(us)", pa.timestamp("us")),
    (pa.timestamp("us"), "timestamp(ns)", pa.timestamp("ns")),
    (pa.timestamp("ns", "Asia/Kathmandu"), "timestamp(us)", pa.timestamp("us", "Asia/Kathmandu")),
    (Unknown(pa.float64()), "float", Unknown(pa.float32())),
]

# How a type can be nested in another, and the steps to it.
NESTINGS = {
    "plain": (lambda t: t, []),
    "list": (lambda t: pa.list_(pa.field("whatever", t, False, {"k": "v"})), [ELEMENT]),
    "large list": (pa.large_list, [ELEMENT]),
    "fixed list": (lambda t: pa.list_(t, 2), [ELEMENT]),
    "list view": (pa.list_view, [ELEMENT]),
    "large list view": (pa.large_list_view, [ELEMENT]),
    "struct": (lambda t: pa.struct([pa.field("x", pa.int8()), pa.field("n", t), pa.field("y", t)]), ["fn"]),
    "key": (lambda t: pa.map_(pa.field("k", t, False), t), [KEY]),
    "value": (lambda t: pa.map_(t, pa.field("v", t, False), keys_sorted=True), [VALUE]),
    "deep": (lambda t: pa.list_(pa.map_(pa.string(), pa.struct([pa.field("l", pa.list_(t))]))), [ELEMENT, VALUE, "fl", ELEMENT]),
}
# Where only one of two equal types changes.
NESTED_NEW = {
    "struct": lambda old, new: pa.struct([pa.field("x", pa.int8()), pa.field("n", new), pa.field("y", old)]),
    "key": lambda old, new: pa.map_(pa.field("k", new, False), old),
    "value": lambda old, new: pa.map_(old, pa.field("v", new, False), keys_sorted=True),
}
# Encodings of values, which the Parquet file does not show in its schema.
WRAPPED = {
    "dictionary": lambda t: pa.dictionary(pa.int16(), t, ordered=True),
    "runs": lambda t: pa.run_end_encoded(pa.int32(), t),
}


def check_retypes(library):
    """Every change of a type, in every nesting, is what pyarrow writes for the new type."""
    problems = []
    for old, word, new in RETYPES:
        for name, (nest, steps) in NESTINGS.items():
            wanted = NESTED_NEW[name](old, new) if name in NESTED_NEW else nest(new)
            problems += retype_check(library, f"{old} to {word}, {name}", [nest(old), wanted], ["fc", *steps], word)
        for name, wrap in WRAPPED.items():
            if not isinstance(old, pa.ExtensionType):
                problems += retype_check(library, f"{old} to {word}, {name}", [wrap(old), wrap(new)], ["fc"], word)
    return problems


def retype_check(library, name, types, path, word):
    old, new = (pa.schema([pa.field("b", pa.int8()), pa.field("c", t, True, {"k": "v"})], METADATA) for t in types)
    got = decoded(library.edit(b"ARROW:schema", encoded(old), [(path, "d" if len(path) == 1 else None, word)]))
    new = pa.schema([new.field(0), new.field(1).with_name("d") if len(path) == 1 else new.field(1)], METADATA)
    return [] if is_as_written(got, new) else [f"{name}: {got}"]


def check_embedded(library):
    """The pandas, Spark and geo metadata that pyarrow keeps a copy of in the schema follow too."""
    pandas = {"index_columns": ["c"], "columns": [{"name": "c", "field_name": "c", "pandas_type": "float64", "numpy_type": "float64", "metadata": None}]}
    spark = {"type": "struct", "fields": [{"name": "c", "type": "double", "nullable": True, "metadata": {}}]}
    spark_key = "org.apache.spark.sql.parquet.row.metadata"
    schema = pa.schema([pa.field("c", pa.float64())], {"pandas": json.dumps(pandas), spark_key: json.dumps(spark), "other": "c"})
    got = decoded(library.edit(b"ARROW:schema", encoded(schema), [rename(["fc"], "d", "float")])).metadata
    pandas["index_columns"] = ["d"]
    pandas["columns"][0].update(name="d", field_name="d", pandas_type="float32", numpy_type="float32")
    spark["fields"][0].update(name="d", type="float")
    wanted = {b"pandas": json.dumps(pandas).encode(), spark_key.encode(): json.dumps(spark).encode(), b"other": b"c"}
    return [] if got == wanted else [f"{got} is not {wanted}"]


def write_with_schema(path, table, value):
    """A file that has this value as its schema of Arrow, and not that of the table."""
    with pq.ParquetWriter(path, table.schema, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"ARROW:schema": value.decode()})


def check_files(library):
    """A file whose columns have changed reads as one that pyarrow would have made of the new columns."""
    table = pa.table(
        {
            "x": pa.array([1.5, None], pa.float64()),
            "words": pa.array(["a", "b"]).dictionary_encode(),
            "zone": pa.array([1, None], pa.timestamp("us", "Europe/Berlin")),
            "large": pa.array([["x"], None], pa.large_list(pa.large_string())),
            "took": pa.array([1, None], pa.duration("ms")),
            "list": pa.array([[1], None], pa.list_(pa.int64())),
            "gone": pa.array([1, 2], pa.int8()),
        }
    )
    changed = table.drop_columns(["gone"]).rename_columns(["x", "words", "zone", "large", "time", "list"])
    changed = changed.set_column(0, "x", changed.column("x").cast(pa.float32()))
    changed = changed.set_column(5, "list", changed.column("list").cast(pa.list_(pa.int32())))
    edits = [drop(["fgone"]), rename(["ftook"], "time"), retype(["fx"], "float"), retype(["flist", ELEMENT], "int32")]
    edited = library.edit(b"ARROW:schema", encoded(table.schema), edits)
    with tempfile.TemporaryDirectory(prefix="hawser-check-") as folder:
        path = pathlib.Path(folder, "a.parquet")
        write_with_schema(path, changed, edited)
        read, polars_read = pq.read_table(path), polars.read_parquet(path)
    problems = [] if read.schema.equals(changed.schema) and read.equals(changed) else [f"pyarrow reads {read.schema}"]
    return problems + ([] if polars_read.equals(polars.from_arrow(changed)) else [f"polars reads {polars_read.schema}"])


def check_polars(library):
    """What polars keeps in a schema of its own making stays: it reads enums and categories as such, and new names and types."""
    source = polars.DataFrame(
        {
            "a": [1.5, None],
            "enum": polars.Series(["x", "y"], dtype=polars.Enum(["x", "y"])),
            "category": polars.Series(["x", None], dtype=polars.Categorical),
            "took": [datetime.timedelta(1), None],
            "list": [[1.0], None],
            "struct": [{"q": 1.0, "r": 2}, None],
            "array": polars.Series([[1, 2], [3, 4]], dtype=polars.Array(polars.Int64, 2)),
        }
    )
    wanted = source.rename({"enum": "e", "a": "b"}).drop("took").with_columns(
        polars.col("b").cast(polars.Float32),
        polars.col("list").cast(polars.List(polars.Float32)),
        polars.col("array").cast(polars.Array(polars.Int32, 2)),
        polars.col("struct").struct.field("r").cast(polars.Int32).alias("s"),
    )
    wanted = wanted.with_columns(polars.when(polars.col("struct").is_not_null()).then(polars.struct("s")).alias("struct")).drop("s")
    edits = [rename(["fa"], "b", "float"), rename(["fenum"], "e"), drop(["ftook"]), retype(["flist", ELEMENT], "float")]
    edits += [retype(["farray", ELEMENT], "int32"), drop(["fstruct", "fq"]), rename(["fstruct", "fr"], "s", "int32")]
    with tempfile.TemporaryDirectory(prefix="hawser-check-") as folder:
        path = pathlib.Path(folder, "a.parquet")
        source.write_parquet(path)
        edited = library.edit(b"ARROW:schema", pq.read_metadata(path).metadata[b"ARROW:schema"], edits)
        write_with_schema(path, wanted.to_arrow(), edited)
        read = polars.read_parquet(path)
    return [] if read.schema == wanted.schema and read.equals(wanted) else [f"polars reads {read.schema}, not {wanted.schema}"]


def check_wide(library):
    """Many fields and changes take little time, and not much more room than pyarrow needs."""
    old = pa.schema([pa.field(f"c{i}", pa.float64(), metadata={"PARQUET:field_id": str(i)}) for i in range(20000)])
    new = pa.schema([f.with_type(pa.float32()) for f in old])
    source, edits = encoded(old), [retype([f"fc{i}"], "float") for i in range(len(old))]
    start = time.monotonic()
    edited = library.edit(b"ARROW:schema", source, edits)
    seconds = time.monotonic() - start
    problems = [] if is_as_written(decoded(edited), new) else ["fields differ"]
    problems += [] if len(edited) <= 1.2 * len(source) else [f"{len(source)} bytes became {len(edited)}"]
    return problems + ([] if seconds < 5 else [f"it took {seconds:.1f} s"])


CHECKS = [check_types, check_retypes, check_embedded, check_files, check_polars, check_wide]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="check", help="whose library to load")
    path = ROOT / "build" / parser.parse_args().preset / "tests/interop/pairs_bridge.so"
    if not path.exists():
        sys.exit(f"there is no {path}")
    library = Library(path)
    pa.register_extension_type(Unknown(pa.null()))
    wrong = 0
    for check in CHECKS:
        try:
            problems = check(library)
        except Exception as error:  # whatever is thrown is a finding
            problems = [f"{type(error).__name__}: {error}"]
        wrong += bool(problems)
        for problem in problems:
            print(f"{check.__name__}: {problem}")
    print(f"{len(CHECKS) - wrong} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
