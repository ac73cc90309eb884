#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Avro files of other programs, read by the library and compared with fastavro, value by value.

    avro_read.py [--preset PRESET] [--only TEXT] [--seeds N]

Each file of the corpora is read whole, in small batches, on two threads, with rows left out, and column by column. So are
files that fastavro writes: of random schemas and values, with every codec, and read as other schemas; and some of polars.
"""

import argparse
import ctypes
import datetime
import decimal
import json
import os
import pathlib
import random
import struct
import sys
import tempfile

import fastavro
import polars
import pyarrow as pa

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPORA = pathlib.Path(os.environ.get("HAWSER_CORPORA", ROOT.parent / "shared/corpora")) / "avro"
PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
CODECS = ("null", "deflate", "snappy", "zstandard", "bzip2", "xz")
# Files that are refused, with words of the error.
REFUSED = {"share/test.avro12": "before 1.3"}


class Refused(Exception):
    """The words of an error of the library."""


class Read(ctypes.Structure):
    """struct avro_bridge_read"""

    _fields_ = [
        ("threads", ctypes.c_uint),
        ("memory_bytes", ctypes.c_uint64),
        ("batch_rows", ctypes.c_size_t),
        ("skip_rows", ctypes.c_uint64),
        ("limit_rows", ctypes.c_uint64),
        ("columns", ctypes.c_char_p),
        ("reader_schema", ctypes.c_char_p),
    ]


class Bridge:
    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))

    def read(self, path, **how):
        """The table of a file."""
        out = ctypes.create_string_buffer(40)
        message = ctypes.create_string_buffer(1024)
        read = Read(**{"threads": 1, **how})
        if self.library.avro_bridge_open(str(path).encode(), ctypes.byref(read), out, message) != 0:
            raise Refused(message.value.decode(errors="replace"))
        try:
            return pa.RecordBatchReader._import_from_c(ctypes.addressof(out)).read_all()
        except (pa.ArrowException, OSError) as error:
            raise Refused(str(error)) from error


# ------ what fastavro finds, with numbers as they stand in the file


def without_logical_types():
    for module in (fastavro.read, fastavro._read):
        getattr(module, "LOGICAL_READERS").clear()


class Names:
    """The named types of a schema, by full name."""

    def __init__(self):
        self.types = {}

    def resolve(self, schema, space=""):
        """The schema with every name replaced by what it names, and types as objects."""
        if isinstance(schema, list):
            return [self.resolve(branch, space) for branch in schema]
        if isinstance(schema, str):
            if schema in PRIMITIVES:
                return {"type": schema}
            return self.types.get(schema if "." in schema or not space else f"{space}.{schema}") or self.types[schema]
        if not isinstance(schema["type"], str) or schema["type"] not in PRIMITIVES + (
            "record", "error", "enum", "fixed", "array", "map"):
            return self.resolve(schema["type"], space)
        out = dict(schema)
        if schema["type"] in ("record", "error", "enum", "fixed"):
            name = schema["name"]
            if "." in name:
                space = name.rpartition(".")[0]
            else:
                space = schema.get("namespace", space)
                name = f"{space}.{name}" if space else name
            self.types[name] = out
        if schema["type"] in ("record", "error"):
            out["type"] = "record"
            out["fields"] = [dict(f, type=self.resolve(f["type"], space)) for f in schema["fields"]]
        elif schema["type"] == "array":
            out["items"] = self.resolve(schema["items"], space)
        elif schema["type"] == "map":
            out["values"] = self.resolve(schema["values"], space)
        return out


def digits_of_fixed(size):
    return len(str(2 ** (8 * size - 1) - 1)) - 1 if size else 0


def logical_of(schema):
    """The logical type that counts, by "Logical Types" of the specification; "" where none does."""
    name, kind = schema.get("logicalType"), schema["type"]
    if name == "decimal" and kind in ("bytes", "fixed"):
        precision, scale = schema.get("precision"), schema.get("scale", 0)
        fits = isinstance(precision, int) and isinstance(scale, int) and 0 < precision <= 76 and 0 <= scale <= precision
        return name if fits and (kind == "bytes" or precision <= digits_of_fixed(schema["size"])) else ""
    if name == "uuid":
        return name if kind == "string" or (kind == "fixed" and schema["size"] == 16) else ""
    if name == "duration":
        return name if kind == "fixed" and schema["size"] == 12 else ""
    return ""


def flat_value(schema, value):
    logical = logical_of(schema)
    if logical == "decimal":
        return int.from_bytes(value, "big", signed=True)
    if logical == "uuid":
        return bytes.fromhex(str(value).replace("-", "")) if schema["type"] == "string" else value
    if logical == "duration":
        return struct.unpack("<III", value)
    if schema["type"] == "float" and value is not None:
        return struct.pack("<f", value)
    return struct.pack("<d", value) if schema["type"] == "double" else value


def branch_of(schema, value):
    """The branch of a union, which fastavro was asked to tell by its name."""
    found = [b for b in schema if fastavro.validate(value, strip(b), raise_errors=False)]
    return found[0] if found else schema[0]


def strip(schema):
    """Without logical types, which fastavro would hold values to."""
    if isinstance(schema, list):
        return [strip(branch) for branch in schema]
    out = {k: v for k, v in schema.items() if k not in ("logicalType", "aliases", "default", "namespace")}
    for key in ("items", "values"):
        if key in out:
            out[key] = strip(out[key])
    if "fields" in out:
        out["fields"] = [{"name": f["name"], "type": strip(f["type"])} for f in out["fields"]]
    return out


def expected(schema, value):
    if isinstance(schema, list):
        branches = [b for b in schema if b["type"] != "null"]
        if value is None or not branches:
            return None
        if len(branches) == 1:
            return expected(branches[0], value)
        return ("union", expected(branch_of(branches, value), value))
    kind = schema["type"]
    if kind == "record":
        return {f["name"]: expected(f["type"], value[f["name"]]) for f in schema["fields"]}
    if kind == "array":
        return [expected(schema["items"], v) for v in value]
    if kind == "map":
        return [(k, expected(schema["values"], v)) for k, v in value.items()]
    return flat_value(schema, value)


def rows_of_fastavro(path):
    with open(path, "rb") as file:
        reader = fastavro.reader(file)
        schema = Names().resolve(json.loads(reader.metadata["avro.schema"]))
        rows = [expected(schema, row) for row in reader]
    return rows if isinstance(schema, dict) and schema["type"] == "record" else [{"value": row} for row in rows]


# ------ what the library finds, in the same form


def flat_column(array, kind):
    if pa.types.is_date32(kind) or pa.types.is_time32(kind):
        return array.view(pa.int32()).to_pylist()
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
        return array.view(pa.int64()).to_pylist()
    if pa.types.is_float32(kind):
        return [None if v is None else struct.pack("<f", v) for v in array.to_pylist()]
    if pa.types.is_float64(kind):
        return [None if v is None else struct.pack("<d", v) for v in array.to_pylist()]
    if pa.types.is_decimal(kind):
        with decimal.localcontext() as context:
            context.prec = 80
            return [None if v is None else int(v.scaleb(kind.scale)) for v in array.to_pylist()]
    if kind == pa.month_day_nano_interval():
        return [None if v is None else (v.months, v.days, v.nanoseconds // 10**6) for v in array.to_pylist()]
    return array.to_pylist()


def column_values(field, array):
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    kind = array.type
    valid = array.is_valid().to_pylist()
    if pa.types.is_struct(kind):
        children = [column_values(kind.field(i), array.field(i)) for i in range(kind.num_fields)]
        if (field.metadata or {}).get(b"hawser:union") == b"1":
            return [("union", next(c[i] for c in children if c[i] is not None)) if ok else None for i, ok in enumerate(valid)]
        names = [kind.field(i).name for i in range(kind.num_fields)]
        return [{n: c[i] for n, c in zip(names, children)} if ok else None for i, ok in enumerate(valid)]
    if pa.types.is_map(kind):
        items = list(zip(column_values(kind.key_field, array.keys), column_values(kind.item_field, array.items)))
        offsets = array.offsets.to_pylist()
        return [items[offsets[i] - offsets[0] : offsets[i + 1] - offsets[0]] if ok else None for i, ok in enumerate(valid)]
    if pa.types.is_list(kind):
        items = column_values(kind.value_field, array.values)
        offsets = array.offsets.to_pylist()
        return [items[offsets[i] : offsets[i + 1]] if ok else None for i, ok in enumerate(valid)]
    return flat_column(array, kind)


def rows_of_table(table):
    rows = []
    for batch in table.to_batches():
        columns = [column_values(field, batch.column(i)) for i, field in enumerate(table.schema)]
        names = table.schema.names
        rows += [dict(zip(names, values)) for values in zip(*columns)] if columns else [{}] * batch.num_rows
    return rows


# ------ cases


def difference(got, want):
    if len(got) != len(want):
        return f"{len(got)} rows, fastavro {len(want)}"
    for number, (ours, theirs) in enumerate(zip(got, want)):
        if ours != theirs:
            return f"row {number}: {ours!r:.300}, fastavro {theirs!r:.300}"
    return None


WAYS = [{"batch_rows": 3}, {"threads": 2}, {"threads": 3, "memory_bytes": 1 << 20, "batch_rows": 100}]


def case(bridge, path):
    """None, or what is wrong."""
    try:
        return ways_differ(bridge, path)
    except Refused as error:
        return f"refused: {error}"


def ways_differ(bridge, path):
    """The first way of reading that does not give what fastavro does; None where all do."""
    try:
        want = rows_of_fastavro(path)
    except UnicodeDecodeError:
        # Metadata that is no text, which Avro allows. The ways are held to each other.
        want = rows_of_table(bridge.read(path))
    wrong = difference(rows_of_table(bridge.read(path)), want)
    for how in WAYS if not wrong else []:
        wrong = wrong or difference(rows_of_table(bridge.read(path, **how)), want)
    wrong = wrong or difference(rows_of_table(bridge.read(path, skip_rows=2, limit_rows=3)), want[2:5])
    for name in list(want[0]) if want and not wrong else []:
        quoted = '"' + name.replace('"', '""') + '"'
        got = rows_of_table(bridge.read(path, columns=quoted.encode()))
        wrong = wrong or difference(got, [{name: row[name]} for row in want])
    return wrong


def corpus_cases(bridge, only):
    for path in sorted(CORPORA.rglob("*.avro*")):
        name = str(path.relative_to(CORPORA))
        if only not in name:
            continue
        if name not in REFUSED:
            yield name, case(bridge, path)
            continue
        try:
            bridge.read(path)
            yield name, "it is read"
        except Refused as error:
            yield name, None if REFUSED[name] in str(error) else f"says {error}"


# ------ random files


class Maker:
    """Random schemas and values of them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0

    def name(self):
        self.names += 1
        return f"n{self.names}"

    def schema(self, depth):
        kinds = ["boolean", "int", "long", "float", "double", "bytes", "string", "fixed", "enum", "optional"]
        if depth > 0:
            kinds += ["array", "map", "record", "union", "optional", "record"]
        kind = self.random.choice(kinds)
        if kind == "fixed":
            return {"type": "fixed", "name": self.name(), "size": self.random.choice((1, 2, 16, 40))}
        if kind == "enum":
            return {"type": "enum", "name": self.name(), "symbols": [f"S{i}" for i in range(self.random.randint(1, 200))]}
        if kind == "optional":
            branches = ["null", self.schema_but(depth - 1, ("union",))]
            return branches if self.random.random() < 0.7 else branches[::-1]
        if kind == "array":
            return {"type": "array", "items": self.schema(depth - 1)}
        if kind == "map":
            return {"type": "map", "values": self.schema(depth - 1)}
        if kind == "record":
            return self.record(depth - 1, self.random.randint(0, 4))
        if kind == "union":
            return self.random.choice((["string", "long"], ["double", "null", "bytes"], ["null", "boolean", "string"]))
        return kind

    def schema_but(self, depth, _kinds):
        while True:
            schema = self.schema(depth)
            if not isinstance(schema, list):
                return schema

    def record(self, depth, count):
        fields = [{"name": f"f{i}", "type": self.schema(depth)} for i in range(count)]
        return {"type": "record", "name": self.name(), "fields": fields}

    def value(self, schema):
        pick = self.random
        if isinstance(schema, list):
            return self.value(pick.choice(schema))
        kind = schema if isinstance(schema, str) else schema["type"]
        if kind == "record":
            return {f["name"]: self.value(f["type"]) for f in schema["fields"]}
        if kind == "array":
            return [self.value(schema["items"]) for _ in range(pick.choice((0, 1, 2, 5)))]
        if kind == "map":
            return {f"k{i}é": self.value(schema["values"]) for i in range(pick.choice((0, 1, 3)))}
        if kind == "enum":
            return pick.choice(schema["symbols"])
        if kind == "fixed":
            return pick.randbytes(schema["size"])
        return {
            "null": lambda: None,
            "boolean": lambda: pick.random() < 0.5,
            "int": lambda: pick.randint(-(2**31), 2**31 - 1) >> pick.randint(0, 31),
            "long": lambda: pick.randint(-(2**63), 2**63 - 1) >> pick.randint(0, 63),
            "float": lambda: struct.unpack("<f", struct.pack("<f", pick.uniform(-9, 9)))[0],
            "double": lambda: pick.uniform(-1e9, 1e9),
            "bytes": lambda: pick.randbytes(pick.choice((0, 1, 9, 31, 32, 33, 200))),
            "string": lambda: "aé😀z"[: pick.randint(0, 4)] * pick.choice((1, 3, 20)),
        }[kind]()


PROMOTED = {"int": ("long", "float", "double"), "long": ("double",), "float": ("double",), "string": ("bytes",)}


def other_schema(maker, schema):
    """The schema with fields left out, in another order, of wider types, and one that the file does not have."""
    pick = maker.random
    fields = [dict(field) for field in schema["fields"] if pick.random() < 0.7]
    for field in fields:
        if isinstance(field["type"], str) and field["type"] in PROMOTED and pick.random() < 0.5:
            field["type"] = pick.choice(PROMOTED[field["type"]])
        elif not isinstance(field["type"], list) and pick.random() < 0.3:
            field["type"] = ["null", field["type"]]
    pick.shuffle(fields)
    fields.append({"name": "added", "type": ["string", "null"], "default": "as it was"})
    return dict(schema, fields=fields)


def resolved_case(bridge, path, schema):
    """What differs where the rows are read as another schema; None where nothing does."""
    with open(path, "rb") as file:
        rows = list(fastavro.reader(file, reader_schema=fastavro.parse_schema(json.loads(json.dumps(schema)))))
    resolved = Names().resolve(schema)
    want = [expected(resolved, row) for row in rows]
    try:
        return difference(rows_of_table(bridge.read(path, reader_schema=json.dumps(schema).encode())), want)
    except Refused as error:
        return f"refused: {error}"


def random_cases(bridge, seeds, folder):
    for seed in range(seeds):
        maker = Maker(seed)
        schema = maker.record(3, maker.random.randint(1, 8))
        rows = [maker.value(schema) for _ in range(maker.random.choice((0, 1, 10, 500)))]
        codec = CODECS[seed % len(CODECS)]
        path = pathlib.Path(folder) / f"{seed}.avro"
        with open(path, "wb") as file:
            fastavro.writer(file, schema, rows, codec=codec, sync_interval=maker.random.choice((1, 1000, 16000)))
        yield f"seed {seed}, {codec}", case(bridge, path)
        yield f"seed {seed}, resolved", resolved_case(bridge, path, other_schema(maker, schema))


# ------ polars, which calls the record of a file ""


def polars_cases(bridge, folder):
    frame = polars.DataFrame({
        "i": [1, None, -(2**62)],
        "f": [1.5, -0.0, None],
        "b": [True, None, False],
        "t": ["größte", "", None],
        "d": [datetime.date(1969, 12, 31), None, datetime.date(2024, 2, 29)],
        "s": [{"x": 1, "y": {"z": "q"}}, {"x": None, "y": {"z": None}}, {"x": 3, "y": {"z": ""}}],
        "l": [[{"k": 1}, {"k": None}], [], None],
    })
    for codec in ("uncompressed", "snappy", "deflate"):
        path = pathlib.Path(folder) / f"polars-{codec}.avro"
        frame.write_avro(path, compression=codec)
        yield f"polars, {codec}", case(bridge, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="check")
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, default=60)
    options = parser.parse_args()
    bridge = Bridge(ROOT / "build" / options.preset / "tests/interop/avro_bridge.so")
    without_logical_types()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for cases in (corpus_cases(bridge, options.only), random_cases(bridge, options.seeds, folder), polars_cases(bridge, folder)):
            for name, wrong in cases:
                failed += wrong is not None
                passed += wrong is None
                if wrong:
                    print(f"FAILED {name}: {wrong}")
    skipped = 0 if CORPORA.exists() else 1
    if skipped:
        print("SKIPPED the corpora are not here")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
