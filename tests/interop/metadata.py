# SPDX-License-Identifier: Apache-2.0
"""Key-value metadata that stays: files of pyarrow and fastavro, converted, and read back by both.

    metadata.py [--preset PRESET]
"""

import argparse
import sys

import fastavro
import hawser
import pyarrow as pa
import pyarrow.parquet as pq

OWN = {"k": "v", "empty": "", "ä": "ö", "long": "x" * 100000, "geo": '{"version": "1.1.0"}'}
SCHEMAS = {"pandas": "{}", "org.apache.spark.version": "3.5.1", "parquet.avro.schema": "{}", "iceberg.schema": "{}"}
BYTES = {b"bytes": b"\xff\xfe\x00"}
TABLE = pa.table(
    {
        "id": pa.array([1, 2], pa.int64()),
        "zone": pa.array([1, None], pa.timestamp("us", "Europe/Berlin")),
        "words": pa.array(["a", "b"]).dictionary_encode(),
        "large": pa.array([["x"], None], pa.large_list(pa.large_string())),
    }
)


def encoded(pairs):
    """Keys and values as bytes."""
    return {
        key if isinstance(key, bytes) else key.encode(): value if isinstance(value, bytes) else value.encode()
        for key, value in pairs.items()
    }


def parquet_write(path, pairs, table=TABLE):
    pq.write_table(table.replace_schema_metadata(encoded(pairs)), path)


def avro_write(path, pairs):
    schema = {"type": "record", "name": "r", "fields": [{"name": "id", "type": "int"}]}
    with open(path, "wb") as file:
        fastavro.writer(file, schema, [{"id": 1}, {"id": 2}], metadata=pairs)


def in_order(path, keys):
    """The keys in the order in which they stand in the footer, field 1 of a KeyValue; pyarrow has them in none."""
    data = path.read_bytes()
    return sorted(keys, key=lambda key: data.rindex(bytes([0x18, len(key)]) + key))


def parquet_read(path):
    """The metadata without the writer's sum, which must come last."""
    found = dict(pq.read_metadata(path).metadata or {})
    if in_order(path, found)[-1:] != [b"hawser.checksum"]:
        raise ValueError(f"the sum is not the last of {list(found)}")
    del found[b"hawser.checksum"]
    return found


def avro_read(path):
    with open(path, "rb") as file:
        reader = fastavro.reader(file)
        list(reader)
        return encoded({key: value for key, value in reader.metadata.items() if not key.startswith("avro.")})


def avro_header(path):
    """The metadata as it stands, for what fastavro makes texts of."""
    with open(path, "rb") as file:
        header = fastavro.schemaless_reader(file, fastavro._read_common.HEADER_SCHEMA, None)
    return {key.encode(): value for key, value in header["meta"].items() if not key.startswith("avro.")}


def convert(tool, sources, target, *options):
    done = hawser.run(tool, "convert", *sources, target, "--overwrite", "replace", *options)
    if done.returncode != 0:
        raise ValueError(f"exit {done.returncode}: {done.stderr.strip()}")
    return done.stderr


def same(what, got, want):
    return [] if got == want else [f"{what}: {sorted(set(got) ^ set(want)) or 'other values'} differ"]


def check_parquet(tool, folder):
    """All pairs stay where all columns do, in their order, and pyarrow has its own types back."""
    source, target = folder / "a.parquet", folder / "out.parquet"
    parquet_write(source, {**OWN, **SCHEMAS, **BYTES, "hawser.checksum": "of another file", "avro.codec": "x"})
    wanted = dict(pq.read_metadata(source).metadata)
    order = [key for key in in_order(source, wanted) if key != b"hawser.checksum"]
    del wanted[b"hawser.checksum"]
    convert(tool, [source], target)
    problems = same("parquet", parquet_read(target), wanted)
    if in_order(target, wanted) != order:
        problems.append("parquet: the order of keys is another one")
    if not pq.read_table(target).equals(pq.read_table(source)):
        problems.append("parquet: pyarrow reads another table")
    verified = hawser.run(tool, "verify", target)
    return problems + ([verified.stdout] if verified.returncode else [])


def check_columns(tool, folder):
    """What describes columns goes where these change, by whatever option, and all else stays."""
    source = folder / "a.parquet"
    parquet_write(source, {**OWN, **SCHEMAS})
    problems = []
    for options in (["--drop", "id"], ["--rename", "id=x"], ["--select", "zone,id,words,large"], ["--add-source", "src"]):
        convert(tool, [source], folder / "out.parquet", *options)
        problems += same(" ".join(options), parquet_read(folder / "out.parquet"), encoded(OWN))
    convert(tool, [source], f"{folder}/parts/", "--to", "parquet", "--partition-by", "id")
    parts = sorted((folder / "parts").rglob("*.parquet"))
    for part in parts:
        problems += same("partition", parquet_read(part), encoded(OWN))
    convert(tool, [source], folder / "out.parquet", "--where", "id = 1")
    problems += same("where", parquet_read(folder / "out.parquet"), dict(pq.read_metadata(source).metadata))
    return problems + ([] if len(parts) == 2 else [f"{len(parts)} partitions"])


def check_avro(tool, folder):
    """To Avro and back again: fastavro reads what is text, and bytes stay what they are."""
    source, avro, back = folder / "a.parquet", folder / "out.avro", folder / "back.parquet"
    parquet_write(source, {**OWN, **SCHEMAS, "avro.codec": "x", "avro.other": "y"})
    convert(tool, [source], avro)
    problems = same("avro", avro_read(avro), encoded(OWN))
    convert(tool, [avro], back)
    problems += same("back", parquet_read(back), encoded(OWN))
    parquet_write(source, BYTES)
    convert(tool, [source], avro)
    convert(tool, [avro], back)
    problems += same("bytes in avro", avro_header(avro), BYTES)
    return problems + same("bytes back", parquet_read(back), BYTES)


def check_fastavro(tool, folder):
    """Metadata of fastavro goes to Parquet and to Avro."""
    source = folder / "a.avro"
    avro_write(source, {**OWN, "iceberg.schema": "{}"})
    convert(tool, [source], folder / "out.parquet")
    convert(tool, [source], folder / "out.avro")
    problems = same("to parquet", parquet_read(folder / "out.parquet"), encoded(OWN))
    return problems + same("to avro", avro_read(folder / "out.avro"), encoded(OWN))


def check_merge(tool, folder):
    """A key stays where all files agree that have it; one note tells of others."""
    paths = [folder / f"{i}.parquet" for i in range(3)]
    parquet_write(paths[0], {"a": "1", "b": "2", "c": "3"})
    parquet_write(paths[1], {"b": "2", "a": "1", "d": "4"})
    parquet_write(paths[2], {"c": "other", "a": "1", "e": "5"})
    target = folder / "out.parquet"
    told = convert(tool, paths, target, "--merge")
    found = parquet_read(target)
    arrow = pq.read_metadata(paths[0]).metadata[b"ARROW:schema"]
    problems = []
    if found.pop(b"ARROW:schema", arrow) != arrow:
        problems.append("merge: ARROW:schema is another one")
    problems += same("merge", found, encoded({"a": "1", "b": "2", "d": "4", "e": "5"}))
    if told.count("note:") < 1 or 'metadata "c" has another value in other sources' not in told:
        problems.append(f"merge: the tool says {told.strip()!r}")
    parquet_write(paths[2], {"a": "1"}, TABLE.select(["id"]))
    convert(tool, paths, target, "--merge")
    return problems + same("columns differ", parquet_read(target), encoded({"a": "1", "b": "2", "c": "3", "d": "4"}))


def check_categories(tool, folder):
    """Texts that ARROW:schema calls dictionaries are encoded so that pyarrow takes them, and others as is best."""
    source, target = folder / "a.parquet", folder / "out.parquet"
    words = pa.array([f"category number {i * 7919 % 20011} of many" for i in range(20000)])
    ends = pa.array(range(20001), pa.int32())
    columns = {"c": words.dictionary_encode(), "l": pa.ListArray.from_arrays(ends, words.dictionary_encode()), "t": words}
    table = pa.table(columns)
    parquet_write(source, OWN, table)
    problems = []
    for encodings in ("compact", "max"):
        convert(tool, [source], target, "--encodings", encodings)
        if not pq.read_table(target).equals(table):
            problems.append(f"categories, {encodings}: pyarrow reads another table")
    if "PLAIN" in pq.read_metadata(target).row_group(0).column(2).encodings:
        problems.append("texts that are no categories are PLAIN, which makes this no test")
    return problems


CHECKS = [check_parquet, check_columns, check_avro, check_fastavro, check_merge, check_categories]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release")
    arguments = parser.parse_args()
    tool = hawser.find(arguments.preset)
    if not tool:
        sys.exit(f"the preset {arguments.preset} has not been built")
    wrong = 0
    for check in CHECKS:
        problems = hawser.run_check(tool, check)
        wrong += bool(problems)
        for problem in problems:
            print(f"{check.__name__}: {problem}")
    print(f"{len(CHECKS) - wrong} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
