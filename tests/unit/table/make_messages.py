#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the messages of Arrow's schemas that unit tests read, as a header of C: tests/unit/table/make_messages.py.

Those of pyarrow are what pyarrow.Schema.serialize gives. The others have what pyarrow does not write, or what nobody
should: they are put together here, byte by byte, by a writer of flatbuffers that shares nothing with src.

    .venv/bin/python tests/unit/table/make_messages.py > tests/unit/table/messages.h
    .venv/bin/python tests/unit/table/make_messages.py --corpus tests/fuzz/corpus/arrow_schema
"""

import argparse
import base64
import pathlib
import struct

import pyarrow as pa

MARK = b"\xff\xff\xff\xff"


class Table:
    """A table of a flatbuffer: its slots are None, a pair of a struct format and a number, a str, a Table or a list."""

    def __init__(self, *slots):
        self.slots = slots


class Numbers:
    """A vector of numbers."""

    def __init__(self, form, *numbers):
        self.form, self.numbers = form, numbers


def put(out, thing, placed):
    """Appends what an offset leads to, and says where it is."""
    out.extend(bytes(-len(out) % 8))
    if isinstance(thing, str | bytes):
        data = thing.encode() if isinstance(thing, str) else thing
        at = len(out)
        out.extend(struct.pack("<I", len(data)) + data + b"\0")
        return at
    if isinstance(thing, Numbers):
        out.extend(bytes(4))
        at = len(out)
        out.extend(struct.pack("<I", len(thing.numbers)) + b"".join(struct.pack(thing.form, n) for n in thing.numbers))
        return at
    if isinstance(thing, list):
        at = len(out)
        out.extend(struct.pack("<I", len(thing)) + bytes(4 * len(thing)))
        ways = [at + 4 + 4 * i for i in range(len(thing))]
        children = thing
    else:
        at, ways, children = put_table(out, thing)
    placed[id(thing)] = at
    for way, child in zip(ways, children):
        # Offsets lead forward: what is there twice can be there once where both come before it.
        target = placed.get(id(child), 0)
        if target <= way:
            target = put(out, child, placed)
        struct.pack_into("<I", out, way, target - way)
    return at


def put_table(out, table):
    """A vtable and a table behind it, in which each slot that is there has 8 bytes."""
    there = [i for i, slot in enumerate(table.slots) if slot is not None]
    vtable = len(out)
    words = [4 + 2 * len(table.slots), 8 + 8 * len(there)]
    words += [8 + 8 * there.index(i) if i in there else 0 for i in range(len(table.slots))]
    out.extend(struct.pack(f"<{len(words)}H", *words))
    out.extend(bytes(-len(out) % 8))
    at = len(out)
    out.extend(struct.pack("<i", at - vtable) + bytes(4 + 8 * len(there)))
    ways, children = [], []
    for place, i in enumerate(there):
        slot = table.slots[i]
        if isinstance(slot, tuple):
            struct.pack_into(slot[0], out, at + 8 + 8 * place, slot[1])
        else:
            ways.append(at + 8 + 8 * place)
            children.append(slot)
    return at, ways, children


def message(root, mark=True):
    out = bytearray(4)
    struct.pack_into("<I", out, 0, put(out, root, {}))
    out.extend(bytes(-len(out) % 8))
    return (MARK if mark else b"") + struct.pack("<I", len(out)) + bytes(out)


def schema_message(fields, endianness=None, features=None, schema_pairs=None, message_pairs=None, **framing):
    schema = Table(endianness, fields, schema_pairs, features)
    return message(Table(("<h", 4), ("<B", 1), schema, ("<q", 0), message_pairs), **framing)


def field(name, number, type_, children=None, dictionary=None, pairs=None):
    return Table(name, ("<B", 1), ("<B", number), type_, dictionary, children, pairs)


DOUBLE = 3, Table(("<h", 2))


def shared(levels):
    """Fields that each have the next one twice: 2 ** levels of them, were each one there by itself."""
    last = field("x", *DOUBLE)
    for _ in range(levels):
        last = field("x", 13, Table(), [last, last])
    return schema_message([last])


def deep(levels):
    last = field("x", *DOUBLE)
    for _ in range(levels - 1):
        last = field("x", 13, Table(), [last])
    return schema_message([last])


FLOATS = [pa.field("a", pa.float64(), metadata={"k": "v"}), pa.field("b", pa.int64(), False)]
ALL = pa.schema(
    [
        pa.field("double", pa.float64(), False, {"PARQUET:field_id": "1"}),
        pa.field("zone", pa.timestamp("ns", "Europe/Berlin")),
        pa.field("words", pa.dictionary(pa.int16(), pa.string(), ordered=True)),
        pa.field("list", pa.list_(pa.field("whatever", pa.float64()))),
        pa.field("map", pa.map_(pa.int64(), pa.int64(), keys_sorted=True)),
        pa.field("struct", pa.struct([pa.field("a", pa.uint64()), pa.field("b", pa.large_list(pa.float64()))])),
        pa.field("runs", pa.run_end_encoded(pa.int32(), pa.float64())),
        pa.field("views", pa.list_view(pa.string_view())),
        pa.field("union", pa.dense_union([pa.field("u", pa.int8())], [5])),
        pa.field("uuid", pa.uuid()),
        pa.field("fixed", pa.list_(pa.decimal256(40, 3), 7)),
        pa.field("interval", pa.month_day_nano_interval()),
        pa.field("took", pa.duration("ms")),
        pa.field("", pa.null()),
    ],
    {"k": "v", "empty": ""},
)


DICTIONARIES = pa.schema(
    [
        pa.field("a", pa.int64()),
        pa.field("l", pa.list_(pa.dictionary(pa.int16(), pa.large_string()))),
        pa.field("t", pa.string()),
        pa.field("n", pa.dictionary(pa.int8(), pa.int64())),
        pa.field("s", pa.struct([pa.field("x", pa.string()), pa.field("y", pa.dictionary(pa.int32(), pa.binary()))])),
        pa.field("r", pa.run_end_encoded(pa.int32(), pa.string())),
        pa.field("e", pa.dictionary(pa.int32(), pa.string())),
    ]
)


def nullability(*required, pairs=None, field_pairs=None):
    """Fields at several depths, of which those are required whose names are given."""

    def named(name, type_):
        return pa.field(name, type_, name not in required, field_pairs if name == "a" else None)

    struct_type = pa.struct([named("x", pa.int32()), named("y", pa.list_(named("item", pa.string())))])
    map_type = pa.map_(pa.string(), named("value", pa.dictionary(pa.int8(), pa.string())))
    return pa.schema([named("a", pa.int64()), named("s", struct_type), named("m", map_type)], pairs)


def pandas_range(start, stop, more=""):
    return f'{{"index_columns": [{{"kind": "range", "start": {start}, "stop": {stop}, "step": 1}}]{more}}}'


def pandas_pairs(start, stop, **more):
    return {"pandas": pandas_range(start, stop), "k": "v", **more}


def floats_laid_out():
    """FLOATS as another writer may lay it out, without what is the default."""
    fields = [
        Table("a", ("<B", 1), ("<B", 3), DOUBLE[1], None, [], [Table("k", "v")]),
        Table("b", None, ("<B", 2), Table(("<i", 64), ("<B", 1)), None, []),
    ]
    return message(Table(("<h", 4), ("<B", 1), Table(None, fields)))


def all_edited():
    """ALL, after the changes that test_arrow_schema_edit.c makes to it."""
    fields = {f.name: f for f in ALL}
    del fields["words"], fields[""]
    fields["double"] = fields["double"].with_type(pa.float32()).with_name("single")
    fields["zone"] = fields["zone"].with_type(pa.timestamp("us", "Europe/Berlin"))
    fields["list"] = pa.field("list", pa.list_(pa.field("whatever", pa.decimal128(9, 2))))
    fields["map"] = pa.field("map", pa.map_(pa.int32(), pa.int64(), keys_sorted=True))
    fields["struct"] = pa.field("struct", pa.struct([pa.field("c", pa.uint32()), pa.field("b", pa.large_list(pa.float32()))]))
    fields["runs"] = pa.field("runs", pa.run_end_encoded(pa.int32(), pa.float32()))
    return pa.schema(fields.values(), ALL.metadata)


def of_pyarrow(schema):
    return schema.serialize().to_pybytes()


def rare(name="d"):
    """What pyarrow does not write: features, another endianness, intervals of old, pairs of a message, no value of a pair."""
    pairs = [Table("k", "v"), Table("no value")]
    fields = [
        field(name, *DOUBLE, pairs=pairs),
        field("months", 11, Table(("<h", 0))),
        field("days", 11, Table(("<h", 1))),
        field("indices", 5, Table(), None, Table(("<q", -7), Table(("<i", 8), ("<B", 1)), ("<B", 1), ("<h", 0))),
        Table(None, None, None, None, None, None),
        field("union", 14, Table(("<h", 0), Numbers("<i", 5, -6)), []),
    ]
    return {"endianness": ("<h", 1), "features": Numbers("<q", 1, 2), "schema_pairs": pairs, "message_pairs": pairs, "fields": fields}


def messages():
    two = pa.schema([pa.field("a", pa.float64()), pa.field("a", pa.int64())])
    nested = schema_message([field("a", *DOUBLE, children=[field("b", *DOUBLE)])])
    wrong_children = [
        field("list", 12, Table(), []),
        field("map", 17, Table(), [field("entries", 13, Table(), [field("key", *DOUBLE)])]),
        field("empty", 17, Table()),
        field("runs", 22, Table(), [field("ends", *DOUBLE)]),
    ]
    return {
        "floats": of_pyarrow(pa.schema(FLOATS)),
        "floats_new": of_pyarrow(pa.schema([FLOATS[0].with_type(pa.float32()), FLOATS[1]])),
        "all": of_pyarrow(ALL),
        "all_new": of_pyarrow(all_edited()),
        "pandas": of_pyarrow(pa.schema(FLOATS, {"pandas": '{"index_columns":["a"]}', "geo": "[", "k": "v"})),
        "pandas_new": of_pyarrow(pa.schema([FLOATS[0].with_name("x"), FLOATS[1]], {"pandas": '{"index_columns":["x"]}', "k": "v"})),
        "pandas_alone_new": of_pyarrow(pa.schema(FLOATS, {"pandas": '{"index_columns":["x"]}', "k": "v"})),
        "dictionaries": of_pyarrow(DICTIONARIES),
        "two_names": of_pyarrow(two),
        "floats_laid_out": floats_laid_out(),
        "required_a_x": of_pyarrow(nullability("a", "x", "value")),
        "required_x_item": of_pyarrow(nullability("x", "item", "value")),
        "required_x_new": of_pyarrow(nullability("x", "value")),
        "required_a": of_pyarrow(nullability("a")),
        "required_none": of_pyarrow(nullability()),
        "required_fields_pairs": of_pyarrow(nullability("a", field_pairs={"k": "v"})),
        "pandas_0_2": of_pyarrow(pa.schema(FLOATS, pandas_pairs(0, 2))),
        "pandas_2_5": of_pyarrow(pa.schema(FLOATS, pandas_pairs(2, 5))),
        "pandas_2_5_more": of_pyarrow(pa.schema(FLOATS, pandas_pairs(2, 5, only="1"))),
        "pandas_0_5": of_pyarrow(pa.schema(FLOATS, pandas_pairs(0, 5))),
        "pandas_1_3_new": of_pyarrow(pa.schema(FLOATS, pandas_pairs(1, 3))),
        "pandas_3_5_more_new": of_pyarrow(pa.schema(FLOATS, pandas_pairs(3, 5, only="1"))),
        "no_pandas_new": of_pyarrow(pa.schema(FLOATS, {"k": "v"})),
        "pandas_a_column": of_pyarrow(pa.schema(FLOATS, {"pandas": '{"index_columns": ["a"]}', "k": "v"})),
        "rare": schema_message(**rare()),
        "rare_new": schema_message(**rare("e")),
        "old": schema_message([field("a", *DOUBLE)], mark=False),
        "marked": schema_message([field("a", *DOUBLE)]),
        "old_new": schema_message([field("x", *DOUBLE)], mark=False),
        "followed": schema_message([field("a", *DOUBLE)]) + MARK + bytes(4),
        "followed_new": schema_message([field("x", *DOUBLE)]) + MARK + bytes(4),
        "wrong_children": schema_message(wrong_children),
        "leaf_with_children": nested,
        "no_fields": schema_message(None),
        "no_header": message(Table(("<h", 4), ("<B", 1), None)),
        "another_header": message(Table(("<h", 4), ("<B", 3), Table())),
        "no_header_type": message(Table(("<h", 4), None, Table())),
        "type_27": schema_message([field("a", 27, Table())]),
        "slot_7": schema_message([Table("a", None, None, None, None, None, None, ("<B", 1))]),
        "deepest": deep(101),
        "deeper": deep(102),
        "shared": shared(40),
        "shared_by_few": shared(10),
    }


def literal(data):
    text = base64.b64encode(data).decode()
    return "\n".join(f'    "{text[at : at + 112]}"' for at in range(0, len(text), 112))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path)
    corpus = parser.parse_args().corpus
    if corpus:
        corpus.mkdir(parents=True, exist_ok=True)
        for name, data in messages().items():
            if not name.endswith("_new"):
                (corpus / name).write_bytes(data)
        return
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Messages of Arrow in base64, which make_messages.py has made; it says what is in them. */")
    print("#ifndef HW_TESTS_MESSAGES_H\n#define HW_TESTS_MESSAGES_H\n")
    for name, data in messages().items():
        print(f"static const char message_{name}[] =\n{literal(data)};\n")
    print("#endif")


if __name__ == "__main__":
    main()
