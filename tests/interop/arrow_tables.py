# SPDX-License-Identifier: Apache-2.0
"""Tables of every Arrow type, nested and with nulls where they can be, from a seed."""

import decimal
import random
import string

import pyarrow as pa

UNITS = ("s", "ms", "us", "ns")
WIDE = decimal.Context(prec=100)
INTEGERS = {f"{sign}int{bits}": (0 if sign else -(1 << bits - 1), (1 << bits - (0 if sign else 1)) - 1) for sign in ("", "u") for bits in (8, 16, 32, 64)}
MICROS = (-(10**16), 4 * 10**16)


def integer(rng, low, high):
    return rng.choice((low, high, 0, rng.randint(low, high), rng.randint(max(low, -5), min(high, 5))))


def text(rng):
    letters = string.ascii_letters + "äß€😀"
    return "".join(rng.choice(letters) for _ in range(rng.choice((0, 1, 3, 8, 20, 100))))


def number(rng, precision, scale):
    digits = rng.choice((precision, rng.randint(1, precision)))
    value = rng.choice((0, 10**precision - 1, 1 - 10**precision, rng.randrange(10**digits), -rng.randrange(10**digits)))
    return decimal.Decimal(value).scaleb(-scale, WIDE)


def real(rng):
    return rng.choice((0.0, -0.0, 1.5, -2.25, 65504.0, float("inf"), float("-inf"), rng.randint(-100, 100) / 8))


# Type, and a function of a random source that makes a value which pa.array takes for it.
FLAT = {
    "null": (pa.null(), lambda rng: None),
    "bool": (pa.bool_(), lambda rng: rng.random() < 0.5),
    **{name: (getattr(pa, name)(), lambda rng, ends=ends: integer(rng, *ends)) for name, ends in INTEGERS.items()},
    "half": (pa.float16(), real),
    "float": (pa.float32(), real),
    "double": (pa.float64(), lambda rng: rng.choice((real(rng), rng.random() * 1e300))),
    "decimal32": (pa.decimal32(9, 2), lambda rng: number(rng, 9, 2)),
    "decimal64": (pa.decimal64(18, 4), lambda rng: number(rng, 18, 4)),
    "decimal9": (pa.decimal128(9, 9), lambda rng: number(rng, 9, 9)),
    "decimal18": (pa.decimal128(18, 0), lambda rng: number(rng, 18, 0)),
    "decimal38": (pa.decimal128(38, 10), lambda rng: number(rng, 38, 10)),
    "decimal76": (pa.decimal256(76, 3), lambda rng: number(rng, 76, 3)),
    "decimal256": (pa.decimal256(20, 0), lambda rng: number(rng, 20, 0)),
    "date32": (pa.date32(), lambda rng: integer(rng, -(1 << 31), (1 << 31) - 1)),
    "date64": (pa.date64(), lambda rng: 86400000 * integer(rng, -100000, 100000)),
    "time32_s": (pa.time32("s"), lambda rng: integer(rng, 0, 86399)),
    "time32_ms": (pa.time32("ms"), lambda rng: integer(rng, 0, 86399999)),
    "time64_us": (pa.time64("us"), lambda rng: integer(rng, 0, 86399999999)),
    "time64_ns": (pa.time64("ns"), lambda rng: integer(rng, 0, 86399999999999)),
    "timestamp_s": (pa.timestamp("s"), lambda rng: integer(rng, -(10**10), 4 * 10**10)),
    "timestamp_ms": (pa.timestamp("ms"), lambda rng: integer(rng, -(10**13), 4 * 10**13)),
    "timestamp_us": (pa.timestamp("us"), lambda rng: integer(rng, *MICROS)),
    "timestamp_ns": (pa.timestamp("ns"), lambda rng: integer(rng, -(10**18), 4 * 10**18)),
    "instant_ms": (pa.timestamp("ms", "UTC"), lambda rng: integer(rng, -(10**13), 4 * 10**13)),
    "instant_us": (pa.timestamp("us", "UTC"), lambda rng: integer(rng, *MICROS)),
    "zoned_us": (pa.timestamp("us", "Europe/Berlin"), lambda rng: integer(rng, *MICROS)),
    **{f"duration_{unit}": (pa.duration(unit), lambda rng: integer(rng, -(1 << 62), 1 << 62)) for unit in UNITS},
    "interval": (pa.month_day_nano_interval(), lambda rng: pa.MonthDayNano([rng.randrange(100), rng.randrange(100), rng.randrange(10**6) * 10**6])),
    "string": (pa.string(), text),
    "large_string": (pa.large_string(), text),
    "binary": (pa.binary(), lambda rng: rng.randbytes(rng.choice((0, 1, 5, 70, 200)))),
    "large_binary": (pa.large_binary(), lambda rng: rng.randbytes(rng.randrange(20))),
    "fixed5": (pa.binary(5), lambda rng: rng.randbytes(5)),
    "fixed100": (pa.binary(100), lambda rng: rng.randbytes(100)),
    "uuid": (pa.uuid(), lambda rng: rng.randbytes(16)),
    "json": (pa.json_(pa.string()), lambda rng: '{"a":%d}' % rng.randrange(100)),
}

# What pa.array does not take as the number that is stored.
AS_NUMBERS = {"date32": pa.int32(), "time32_s": pa.int32(), "time32_ms": pa.int32()}
AS_LONGS = ("date64", "time64", "timestamp", "instant", "zoned", "duration")


def flat_array(name, rng, rows, nulls, few=False):
    """`rows` values of FLAT[name], null in a share of `nulls`; `few`: of a handful."""
    kind, make = FLAT[name]
    pool = [make(rng) for _ in range(4)] if few else None
    values = [None if rng.random() < nulls else rng.choice(pool) if pool else make(rng) for _ in range(rows)]
    storage = AS_NUMBERS.get(name) or (pa.int64() if name.startswith(AS_LONGS) else None)
    if storage:
        return pa.array(values, storage).view(kind)
    if isinstance(kind, pa.ExtensionType):
        return pa.ExtensionArray.from_storage(kind, pa.array(values, kind.storage_type))
    return pa.array(values, kind)


def bitmap(rng, rows, nulls):
    return pa.array([rng.random() < nulls for _ in range(rows)], pa.bool_())


def offsets_of(rng, rows, mask, longest, large):
    """Offsets of lists; those of nulls are not always empty."""
    ends, at = [0], 0
    for row in range(rows):
        at += rng.choice((0, 0, 1, 2, rng.randint(0, longest))) if not mask[row].as_py() or rng.random() < 0.3 else 0
        ends.append(at)
    return pa.array(ends, pa.int64() if large else pa.int32()), at


def nested_array(rng, depth, rows, nulls, names):
    """An array of a random type of at most `depth` levels."""
    if depth == 0:
        return flat_array(rng.choice(names), rng, rows, nulls, rng.random() < 0.3)
    return rng.choice((list_array, list_array, large_list_array, fixed_list_array, struct_array, struct_array, map_array, dictionary_array))(
        rng, depth, rows, nulls, names
    )


def child_nulls(rng, nulls):
    return rng.choice((0, nulls, 0.5)) if nulls else 0


def element_field(array, rng):
    return pa.field("element", array.type, nullable=array.null_count > 0 or pa.types.is_null(array.type) or rng.random() < 0.5)


def list_array(rng, depth, rows, nulls, names, large=False):
    mask = bitmap(rng, rows, nulls)
    offsets, count = offsets_of(rng, rows, mask, 6, large)
    values = nested_array(rng, depth - 1, count, child_nulls(rng, nulls), names)
    make = pa.LargeListArray if large else pa.ListArray
    kind = (pa.large_list if large else pa.list_)(element_field(values, rng))
    return make.from_buffers(kind, rows, [validity_of(mask), offsets.buffers()[1]], children=[values])


def large_list_array(rng, depth, rows, nulls, names):
    return list_array(rng, depth, rows, nulls, names, True)


def validity_of(mask):
    """The bitmap of what is not null; None where nothing is."""
    if True not in mask.to_pylist():
        return None
    return pa.array([not m for m in mask.to_pylist()], pa.bool_()).buffers()[1]


def fixed_list_array(rng, depth, rows, nulls, names):
    width = rng.choice((1, 2, 3))
    mask = bitmap(rng, rows, nulls)
    values = nested_array(rng, depth - 1, rows * width, child_nulls(rng, nulls), names)
    return pa.FixedSizeListArray.from_buffers(pa.list_(element_field(values, rng), width), rows, [validity_of(mask)], children=[values])


def struct_array(rng, depth, rows, nulls, names):
    children = [nested_array(rng, depth - 1 if i == 0 else 0, rows, child_nulls(rng, nulls), names) for i in range(rng.randint(1, 3))]
    fields = [element_field(child, rng).with_name(f"f{i}") for i, child in enumerate(children)]
    return pa.StructArray.from_buffers(pa.struct(fields), rows, [validity_of(bitmap(rng, rows, nulls))], children=children)


def map_array(rng, depth, rows, nulls, names):
    mask = bitmap(rng, rows, nulls)
    offsets, count = offsets_of(rng, rows, mask, 4, False)
    keys = pa.array([f"k{i}" for i in range(count)], pa.string()) if rng.random() < 0.7 else pa.array(range(-3, count - 3), pa.int32())
    values = nested_array(rng, depth - 1, count, child_nulls(rng, nulls), names)
    kind = pa.map_(keys.type, element_field(values, rng).with_name("value"))
    entries = pa.StructArray.from_buffers(pa.struct([pa.field("key", keys.type, False), kind.item_field]), count, [None], children=[keys, values])
    return pa.MapArray.from_buffers(kind, rows, [validity_of(mask), offsets.buffers()[1]], children=[entries])


def dictionary_array(rng, _depth, rows, nulls, names):
    values = flat_array(rng.choice([n for n in names if n not in ("null", "uuid", "json")]), rng, 5, 0.2 if nulls else 0)
    index = rng.choice((pa.int8(), pa.uint8(), pa.int16(), pa.uint32(), pa.int64()))
    indices = pa.array([None if rng.random() < nulls else rng.randrange(5) for _ in range(rows)], index)
    return pa.DictionaryArray.from_arrays(indices, values, ordered=rng.random() < 0.5)


def cut(rng, array):
    """Sometimes a slice, so that it has an offset, of one byte and of parts of it."""
    skip = rng.choice((0, 0, 1, 3, 8, 13))
    return array.slice(skip, len(array) - 20 + 7 * (skip % 2)) if len(array) > 40 else array


def batch_of(named, rng, required=False):
    """A record batch of columns by name, all as long as the shortest."""
    rows = min(len(column) for column in named.values())
    fields = [pa.field(n, c.type, nullable=not (required and c.null_count == 0 and not pa.types.is_null(c.type))) for n, c in named.items()]
    return pa.RecordBatch.from_arrays([c.slice(0, rows) for c in named.values()], schema=pa.schema(fields))


def flat_batch(seed, rows, nulls=0.2, names=tuple(FLAT), required=False):
    rng = random.Random(seed)
    return batch_of({name: cut(rng, flat_array(name, rng, rows, nulls, seed % 2 == 1)) for name in names}, rng, required)


def nested_batch(seed, rows, names=tuple(FLAT)):
    rng = random.Random(seed)
    columns = {}
    for i in range(4):
        columns[f"c{i}"] = cut(rng, nested_array(rng, rng.randint(1, 4), rows, rng.choice((0, 0.1, 0.5)), names))
    return batch_of(columns, rng, seed % 3 == 0)
