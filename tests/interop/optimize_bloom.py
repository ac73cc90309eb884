# SPDX-License-Identifier: Apache-2.0
"""Bloom filters that `hawser optimize` writes: what they know, and what readers make of them.

    optimize_bloom.py [--preset PRESET] [--seeds N] [--only TEXT]

The filters of random tables are asked here, by an XXH64 and blocks of their own (BloomFilter.md): every value that pyarrow
finds in a row group is there, in its PLAIN bytes, and of others about as many as were asked for. DuckDB's
parquet_bloom_probe excludes no row group that has a value, and most of those that do not; its queries, those of Hawser, and
what pyarrow and Polars read are the same with filters. Filters of DuckDB and pyarrow are made again.
"""

import argparse
import json
import random
import struct
import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

import hawser
import optimize
import random_arrow

MASK = (1 << 64) - 1
P1, P2, P3, P4, P5 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
SALTS = (0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31)
# BLOCK, XXHASH and UNCOMPRESSED, each an empty struct, behind the size.
CHOICES = bytes.fromhex("1c1c00001c1c00001c1c000000")
SAMPLES = 60


# ------ filters by the format's pages


def rotated(value, bits):
    return ((value << bits) | (value >> (64 - bits))) & MASK


def turned(lane, word):
    return rotated((lane + word * P2) & MASK, 31) * P1 & MASK


def xxh64(data):
    """XXH64 with the seed 0 (xxhash_spec.md)."""
    at, size = 0, len(data)
    value = P5
    if size >= 32:
        lanes = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        for at in range(0, size - 31, 32):
            lanes = [turned(lane, word) for lane, word in zip(lanes, struct.unpack_from("<4Q", data, at))]
        at = size // 32 * 32
        value = sum(rotated(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            value = ((value ^ turned(0, lane)) * P1 + P4) & MASK
    value = (value + size) & MASK
    for at in range(at, size - 7, 8):
        value = (rotated(value ^ turned(0, struct.unpack_from("<Q", data, at)[0]), 27) * P1 + P4) & MASK
    at = size // 8 * 8
    if size - at >= 4:
        value = (rotated(value ^ struct.unpack_from("<I", data, at)[0] * P1 & MASK, 23) * P2 + P3) & MASK
        at += 4
    for byte in data[at:]:
        value = rotated(value ^ byte * P5 & MASK, 11) * P1 & MASK
    value = (value ^ (value >> 33)) * P2 & MASK
    value = (value ^ (value >> 29)) * P3 & MASK
    return value ^ (value >> 32)


def may_have(blocks, data):
    value = xxh64(data)
    at = ((value >> 32) * (len(blocks) // 32) >> 32) * 32
    words = struct.unpack_from("<8I", blocks, at)
    return all(word >> ((value * salt & 0xFFFFFFFF) >> 27) & 1 for word, salt in zip(words, SALTS))


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift, more = at + 1, shift + 7, data[at] & 128
        if not more:
            return value, at


def blocks_of(data, chunk):
    """The blocks of a chunk's filter; its header is all that it is to be."""
    part = data[chunk["bloom_offset"]:chunk["bloom_offset"] + chunk["bloom_size"]]
    size, at = varint(part, 1)
    size //= 2  # zigzag
    assert part[0] == 0x15 and part[at:at + len(CHOICES)] == CHOICES, f"the header is {part[:20].hex()}"
    assert len(part) == at + len(CHOICES) + size and size >= 32 and size & (size - 1) == 0, f"a filter of {size} bytes"
    return part[at + len(CHOICES):]


# ------ values of leaves


def leaves(array, path):
    """The values of a leaf that are not null, of an array of its column."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks != 1 else array.chunk(0)
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    kind = array.type
    if pa.types.is_struct(kind):
        return leaves(array.flatten()[kind.get_field_index(path[0])], path[1:])
    if pa.types.is_map(kind):
        return leaves(array.keys if path[1] == "key" else array.items, path[2:])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return leaves(array.flatten(), path[2:])
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
    return array.drop_null()


def plain(array, physical, width):
    """The PLAIN bytes of each value, without lengths."""
    kind = array.type
    if pa.types.is_decimal(kind):
        unscaled = [int(value.scaleb(kind.scale)) for value in array.to_pylist()]
        if physical in ("INT32", "INT64"):
            return [value.to_bytes(4 if physical == "INT32" else 8, "little", signed=True) for value in unscaled]
        return [value.to_bytes(width, "big", signed=True) for value in unscaled]
    if physical in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"):
        binary = pa.binary(width) if physical == "FIXED_LEN_BYTE_ARRAY" else pa.large_binary()
        return array.cast(binary).to_pylist()
    if pa.types.is_temporal(kind):
        array = array.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    letter = {"INT32": "i", "INT64": "q", "FLOAT": "f", "DOUBLE": "d"}[physical]
    if pa.types.is_unsigned_integer(kind) and kind.bit_width in (32, 64):
        letter = letter.upper()
    if pa.types.is_floating(kind):
        array, letter = optimize.bits(array), letter.replace("f", "I").replace("d", "Q")
    return [struct.pack(f"<{letter}", value) for value in array.to_pylist()]


# ------ random tables

class Rates:
    """Of values that are not there, how many were asked for and how many found, by the probability."""

    def __init__(self):
        self.asked, self.found = {}, {}

    def add(self, fpp, found):
        self.asked[fpp] = self.asked.get(fpp, 0) + 1
        self.found[fpp] = self.found.get(fpp, 0) + bool(found)

    def wrong(self):
        """At four standard deviations above what was asked for the chance of that is below 1 in 10,000."""
        problems = []
        for fpp, asked in self.asked.items():
            most = fpp * asked + 4 * (fpp * asked) ** 0.5 + 3
            if self.found[fpp] > most:
                problems.append(f"of {asked} values that are not there {self.found[fpp]} are found, {fpp} was asked for")
        return problems


def chunks_of(tool, path):
    run = hawser.run(tool, "inspect", "--json", "--show", "schema,groups,chunks", path)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def chunk_check(rng, rates, chunk, blocks, values):
    physical, fpp = chunk["physical"], chunk["fpp"]
    distinct = sorted(set(values))
    for value in rng.sample(distinct, min(SAMPLES, len(distinct))):
        if not may_have(blocks, value):
            return f"the filter of {chunk['column']} does not have {value.hex()}"
    for _ in range(SAMPLES):
        other = rng.randbytes({"INT32": 4, "INT64": 8, "FLOAT": 4, "DOUBLE": 8}.get(physical, 9))
        rates.add(fpp, other not in distinct and may_have(blocks, other))
    return None


def output_check(tool, rng, rates, path, fpps):
    told = chunks_of(tool, path)
    widths = {element["path"]: element.get("type_length", 0) for element in told["schema"] if element.get("physical")}
    data = path.read_bytes()
    file = pq.ParquetFile(path)
    for number, group in enumerate(told["groups"]):
        table = file.read_row_group(number)
        for chunk in group["chunks"]:
            name = chunk["column"]
            if (name in fpps) != ("bloom_offset" in chunk and chunk["bloom_offset"] is not None):
                return f"row group {number}: {name} has {'no' if name in fpps else 'a'} filter"
            if name not in fpps:
                continue
            steps = name.split(".")
            values = plain(leaves(table.column(steps[0]), steps[1:]), chunk["physical"], widths[name])
            wrong = chunk_check(rng, rates, {**chunk, "fpp": fpps[name]}, blocks_of(data, chunk), values)
            if wrong:
                return f"row group {number}: {wrong}"
    return None


def verified(tool, path):
    for level in ("footer", "pages", "values"):
        run = hawser.run(tool, "verify", "--level", level, path)
        if run.returncode:
            return f"verify --level {level}: {run.stdout}{run.stderr}"
    return None


def random_case(tool, folder, seed, rates):
    rng = random.Random(seed)
    source, output, again = (folder / name for name in ("in.parquet", "out.parquet", "again.parquet"))
    random_arrow.write(source, seed)
    told = chunks_of(tool, source)
    names = [element["path"] for element in told["schema"] if element.get("physical") not in (None, "BOOLEAN", "INT96")]
    fpps = {name: rng.choice([0.3, 0.05, 0.01, 0.001]) for name in names if rng.random() < 0.8}
    options = ["--force", "--quiet", "--row-group-rows", rng.choice([300, 2000, 1 << 20])]
    options += rng.choice([[], ["--downcast", "exact"], ["--encodings", "compat"], ["--threads", "1"]])
    for name, fpp in fpps.items():
        options += ["--bloom", f"{name}:{fpp}"]
    run = hawser.run(tool, "optimize", *options, source, output)
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    try:
        wrong = optimize.values_differ(source, output) or output_check(tool, rng, rates, output, fpps)
    except optimize.UNREADABLE as why:
        # pyarrow does not read all that it writes: dictionaries in lists of structs, in many row groups.
        wrong = f"pyarrow reads the source, and of the output says: {why}" if optimize.readable(source) else None
    wrong = wrong or verified(tool, output)
    if wrong:
        return wrong
    # Without the option the same columns have filters, of the usual probability.
    run = hawser.run(tool, "optimize", "--force", "--quiet", "--row-group-rows", "777", output, again)
    if run.returncode:
        return f"again: exit {run.returncode}: {run.stderr}"
    groups = told["groups"] and chunks_of(tool, again)["groups"]
    has = [{chunk["column"] for chunk in group["chunks"] if chunk.get("bloom_offset") is not None} for group in groups]
    if any(set(fpps) != names for names in has):
        return f"again: filters are {has}, want {sorted(fpps)}"
    return verified(tool, again)


# ------ DuckDB

# A column by the expression of its row's number, and an expression of values that it does not have.
TYPED = {
    "tiny": ("((i * 7919) % 90)::TINYINT", "(i % 30 + 95)::TINYINT"),
    "small": ("((i * 7919) % 6000)::USMALLINT", "(i % 5000 + 7000)::USMALLINT"),
    "number": ("((i * 7919) % 10007 - 5000)::INTEGER", "(i + 100000)::INTEGER"),
    "count": ("((i * 7919) % 10007 + 3000000000)::UINTEGER", "(i + 100000)::UINTEGER"),
    "big": ("((i * 7919) % 10007 * 1000000007)::BIGINT", "(i * 1000000007 + 1)::BIGINT"),
    "huge": ("((i * 7919) % 10007 + 18446744073709500000)::UBIGINT", "(i + 5)::UBIGINT"),
    "real": ("((i * 7919) % 3001 / 8 - 5)::FLOAT", "(i + 0.3)::FLOAT"),
    "double": ("(CASE i % 9 WHEN 0 THEN -0.0 WHEN 1 THEN 'nan' ELSE i % 5003 / 4 + 1 END)::DOUBLE", "(i + 0.3)::DOUBLE"),
    "word": ("'user ' || (i * 7919) % 8009", "'nobody ' || i"),
    "bytes": ("('user ' || (i * 7919) % 8009)::BLOB", "('nobody ' || i)::BLOB"),
    "price": ("((i * 7919) % 10007 / 100)::DECIMAL(9, 2)", "(i + 1000.5)::DECIMAL(9, 2)"),
    "sum": ("((i * 7919) % 10007 / 100)::DECIMAL(18, 3)", "(i + 1000.5)::DECIMAL(18, 3)"),
    "day": ("DATE '2000-01-01' + ((i * 7919) % 9001)::INTEGER", "DATE '2100-01-01' + i::INTEGER"),
    "instant": ("TIMESTAMP '2024-01-01' + INTERVAL (i * 7919 % 10007) SECOND", "TIMESTAMP '2025-01-01' + INTERVAL (i) SECOND"),
    "nanos": ("(TIMESTAMP '2024-01-01' + INTERVAL (i * 7919 % 10007) SECOND)::TIMESTAMP_NS",
              "(TIMESTAMP '2025-01-01' + INTERVAL (i) SECOND)::TIMESTAMP_NS"),
    "key": ("md5((i * 7919 % 8009)::VARCHAR)::UUID", "md5('no ' || i)::UUID"),
}
ROWS, GROUP_ROWS, FPP = 24000, 8000, 0.02


def typed_write(database, path, more):
    database.execute(f"CREATE OR REPLACE TABLE t AS SELECT {', '.join(f'{e} AS {name}' for name, (e, _) in TYPED.items())} FROM range({ROWS}) r(i)")
    database.execute(f"COPY t TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {GROUP_ROWS}{more})")


def excluded(database, path, name, kind, text):
    """For each row group, whether DuckDB leaves it out."""
    literal = "'" + text.replace("'", "''") + f"'::{kind}"
    found = database.execute(f"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{path}', '{name}', {literal}) ORDER BY row_group_id")
    return literal, [row[0] for row in found.fetchall()]


def probe_check(database, path, name, absent):
    """What is wrong with the answers for a column: (problem, of how many row groups that were asked for nothing, how many are read)."""
    kind = database.execute(f"SELECT typeof({name}) FROM t LIMIT 1").fetchone()[0]
    has = database.execute(f"SELECT {name}::VARCHAR, list(DISTINCT file_row_number // {GROUP_ROWS}), count(*) FROM "
                           f"read_parquet('{path}', file_row_number = true) GROUP BY 1 ORDER BY hash(1, 1) LIMIT {SAMPLES}").fetchall()
    for text, groups, rows in has:
        literal, out = excluded(database, path, name, kind, text)
        if any(out[group] for group in groups):
            return f"DuckDB excludes {literal} of {name}, which is there: {out}, {groups}", 0, 0
        counts = [database.execute(f"SELECT count(*) FROM {place} WHERE {name} = {literal}").fetchone()[0] for place in ("t", f"'{path}'")]
        if counts[0] != counts[1]:
            return f"{name} = {literal} finds {counts[1]} rows, {counts[0]} are there", 0, 0
    asked = read = 0
    for (text,) in database.execute(f"SELECT ({absent})::VARCHAR FROM range({SAMPLES}) r(i)").fetchall():
        _, out = excluded(database, path, name, kind, text)
        asked, read = asked + len(out), read + out.count(False)
    return None, asked, read


def duckdb_case(tool, folder, more, options):
    """Files of DuckDB, with filters of its own or without any."""
    source, output = folder / "in.parquet", folder / "out.parquet"
    database = duckdb.connect()
    database.execute("SET threads = 1")
    typed_write(database, source, more)
    run = hawser.run(tool, "optimize", "--force", "--quiet", "--row-group-rows", GROUP_ROWS, *options, source, output)
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    sizes = database.execute(f"SELECT path_in_schema, count(bloom_filter_offset), min(bloom_filter_length), count(*) FROM parquet_metadata('{output}') GROUP BY 1").fetchall()
    before = dict(database.execute(f"SELECT path_in_schema, count(bloom_filter_offset) FROM parquet_metadata('{source}') GROUP BY 1").fetchall())
    asked = read = 0
    for name, filters, least, groups in sizes:
        wanted = groups if options or before[name] else 0
        if filters != wanted or (filters and least < 45):
            return f"{name} has {filters} filters in {groups} row groups, the source has {before[name]}"
        if filters:
            wrong, a, r = probe_check(database, output, name, TYPED[name][1])
            if wrong:
                return wrong
            asked, read = asked + a, read + r
    if asked == 0 or read > 1.5 * FPP * asked + 10:
        return f"of {asked} row groups without the value {read} would be read"
    same = polars.read_parquet(output).equals(polars.read_parquet(source), null_equal=True)
    return (None if same else "Polars reads other rows") or optimize.rows_differ(source, output) or verified(tool, output)


def where_case(tool, folder):
    """Hawser's own reader finds as many rows as pyarrow has, by conditions on columns that have filters."""
    rng = random.Random(7)
    table = pa.table({"i": pa.array([rng.randrange(4000) for _ in range(9000)], pa.int32()),
                      "s": [f"w{rng.randrange(4000)}" for _ in range(9000)]})
    pq.write_table(table, folder / "in.parquet", row_group_size=1000)
    run = hawser.run(tool, "optimize", "--bloom", "i,s", "--row-group-rows", 1500, "--quiet", folder / "in.parquet", folder / "out.parquet")
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    for value in rng.sample(range(5000), 60):
        for condition, want in ((f"i = {value}", table["i"].to_pylist().count(value)), (f"s = 'w{value}'", table["s"].to_pylist().count(f"w{value}"))):
            run = hawser.run(tool, "convert", folder / "out.parquet", "-", "--to", "csv", "--quiet", "--where", condition)
            if run.returncode or run.stdout.count("\n") != want + 1:
                return f"{condition} finds {run.stdout.count(chr(10)) - 1} rows, want {want}: {run.stderr}"
    return None


def pyarrow_case(tool, folder):
    """Filters of pyarrow, in some columns, become filters of the same columns."""
    source, output = folder / "in.parquet", folder / "out.parquet"
    table = pa.table({"a": pa.array(range(5000), pa.int64()), "b": [f"t{i % 700}" for i in range(5000)], "c": [i % 2 == 0 for i in range(5000)]})
    pq.write_table(table, source, row_group_size=1500, bloom_filter_options={"b": {"ndv": 700, "fpp": 0.05}})
    run = hawser.run(tool, "optimize", "--force", "--quiet", "--row-group-rows", 2100, source, output)
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    rates = Rates()
    wrong = output_check(tool, random.Random(3), rates, output, {"b": 0.01})
    return wrong or verified(tool, output) or next(iter(rates.wrong()), None)


def cases(options, rates):
    every = ["--bloom", ",".join(f"{name}:{FPP}" for name in TYPED)]
    yield "where", where_case
    yield "pyarrow", pyarrow_case
    yield "duckdb without filters", lambda tool, folder: duckdb_case(tool, folder, ", WRITE_BLOOM_FILTER false", every)
    yield "duckdb with filters", lambda tool, folder: duckdb_case(tool, folder, ", DICTIONARY_SIZE_LIMIT 100000", [])
    for seed in range(options.seeds):
        yield f"random {seed}", lambda tool, folder, seed=seed: random_case(tool, folder, seed, rates)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, default=40)
    options = parser.parse_args()
    tool = hawser.find(options.preset)
    if not tool:
        sys.exit(f"the tool of the preset {options.preset} has not been built")
    # The vectors of xxHash, and of arrow-rs for a filter of parquet-java.
    assert xxh64(b"") == 0xEF46DB3751D8E999 and xxh64(b"a") == 0xD24EC4F1A98C6E5B
    passed = failed = 0
    rates = Rates()
    for name, check in cases(options, rates):
        if options.only not in name:
            continue
        def checked(tool, folder, check=check):
            wrong = check(tool, folder)
            return [wrong] if wrong else []
        wrong = hawser.run_check(tool, checked)
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print(f"FAILED {name}: {wrong[0][:600]}")
    for wrong in rates.wrong():
        failed += 1
        print(f"FAILED {wrong}")
    for fpp, asked in sorted(rates.asked.items()):
        print(f"asked for {fpp}: of {asked} values that are not there {rates.found[fpp]} are found")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
