# SPDX-License-Identifier: Apache-2.0
"""Outputs of many files: sizes, and folders as Hive names them, compared row for row with an oracle that is not ours."""

import collections
import datetime
import gzip
import json
import random

import duckdb
import fastavro
import pyarrow
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet

from support import SMALL, WAIT_SECONDS, files, write

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"
CITIES = ["Berlin", "Zürich", "a/b", "c=d", "100%", "e:f*g?", 'q"u\'o', "back\\slash", "x[y]{z}^#", "tab\there", "", None, "日本", "."]
DAYS = [None, *(datetime.date(2024, 2, 27) + datetime.timedelta(days=n) for n in range(4))]
ROWS = 20000
RUNS = 6  # at once


def table(seed=1, rows=ROWS, cities=CITIES):
    """Rows as a reader should find them, and their CSV text: nothing is null, two quotes are the empty text."""
    rng = random.Random(seed)
    made = [{"id": n, "city": rng.choice(cities), "day": rng.choice(DAYS), "price": round(rng.random() * 1000, 2), "note": f"note {n * 7919 % 1000}"} for n in range(rows)]

    def field(value):
        if value is None:
            return ""
        if isinstance(value, str):
            return '"' + value.replace('"', '""') + '"'
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    text = "id,city,day,price,note\n" + "".join(",".join(map(field, row.values())) + "\n" for row in made)
    return made, text.encode()


def by_id(rows):
    return sorted(rows, key=lambda row: row["id"])


def pyarrow_rows(folder):
    schema = pyarrow.schema([("city", pyarrow.string()), ("day", pyarrow.date32())])
    partitioning = pyarrow.dataset.partitioning(schema, flavor="hive")
    paths = [str(folder / f) for f in files(folder) if f.endswith(".parquet")]
    found = pyarrow.dataset.dataset(paths, format="parquet", partitioning=partitioning, partition_base_dir=str(folder)).to_table()
    return found.select(["id", "city", "day", "price", "note"]).to_pylist()


def duckdb_rows(folder):
    query = f"select id, city, day, price, note from read_parquet('{folder}/**/*.parquet', hive_partitioning = true, hive_types = {{'city': varchar, 'day': date}})"
    return duckdb.sql(query).arrow().read_all().to_pylist()


def same_rows(got, want):
    assert len(got) == len(want), f"{len(got)} rows, want {len(want)}"
    for a, b in zip(by_id(got), by_id(want)):
        assert a == b, f"{a}, want {b}"


def folders_as_hive_reads_them(tool, folder):
    want, text = table()
    tool("convert", write(folder / "a.csv", text), f"{folder}/out/", "--partition-by", "city,day", "--to", "parquet,avro,csv")
    out = folder / "out"
    same_rows(pyarrow_rows(out), want)
    same_rows(duckdb_rows(out), want)
    groups = collections.Counter((row["city"], row["day"]) for row in want)
    names = [f for f in files(out) if f.endswith(".parquet")]
    assert len(names) == len(groups), f"{len(names)} files, {len(groups)} partitions"
    assert "city=a%2Fb/day=2024-02-28/a-00000.avro" in files(out) and f"city={HIVE_NULL}/day={HIVE_NULL}/a-00000.csv" in files(out), files(out)
    entries = json.loads((out / "_manifest.json").read_text())["objects"]
    assert sum(e["rows"] for e in entries) == 3 * len(want) and len(entries) == 3 * len(groups)
    for name in names:
        ids = pyarrow.parquet.ParquetFile(out / name).read(["id"])["id"].to_pylist()
        assert ids == sorted(ids), f"{name}: rows are not in the order of the source"
        with open((out / name).with_suffix(".avro"), "rb") as file:
            assert [row["id"] for row in fastavro.reader(file)] == ids, name
        assert pyarrow.csv.read_csv((out / name).with_suffix(".csv"))["id"].to_pylist() == ids, name


def a_text_like_the_name_of_null(tool, folder):
    """pyarrow cannot tell them apart, DuckDB can: the first letter is escaped."""
    tool("convert", write(folder / "a.csv", f"id,city\n1,{HIVE_NULL}\n2,\n".encode()), f"{folder}/out/", "--partition-by", "city")
    assert files(folder / "out") == ["_manifest.json", f"city=%5F{HIVE_NULL[1:]}/a-00000.parquet", f"city={HIVE_NULL}/a-00000.parquet"], files(folder / "out")
    rows = duckdb.sql(f"select id, city from read_parquet('{folder}/out/**/*.parquet', hive_partitioning = true) order by id").fetchall()
    assert rows == [(1, HIVE_NULL), (2, None)], rows


def partitions_of_every_type(tool, folder):
    text = b"id,flag,code,ratio,amount,at\n1,true,7,1.5,1.10,2024-01-01T00:00:00Z\n2,false,-7,1e300,2.25,2024-01-01T12:30:00.25Z\n3,,,,,\n4,true,7,1.5,1.10,2024-01-01T00:00:00Z\n"
    source = write(folder / "a.csv", text)
    for column, want in {
        "flag": ["flag=false", "flag=true"],
        "code": ["code=-7", "code=7"],
        "ratio": ["ratio=1.5", "ratio=1e+300"],
        "amount": ["amount=1.1", "amount=2.25"],
        "at": ["at=2024-01-01T00%3A00%3A00Z", "at=2024-01-01T12%3A30%3A00.250000Z"],
    }.items():
        tool("convert", source, f"{folder}/{column}/", "--partition-by", column)
        got = sorted(p.name for p in (folder / column).iterdir() if p.is_dir())
        assert got == sorted([*want, f"{column}={HIVE_NULL}"]), got


def files_of_a_size(tool, folder):
    want, text = table(rows=100000, cities=["a", "b"])
    source = write(folder / "a.csv", text)
    for kind, size, ending in ("csv", 500_000, "csv"), ("parquet", 200_000, "parquet"), ("avro", 200_000, "avro"):
        tool("convert", source, f"{folder}/{kind}/", "--to", kind, "--max-file-bytes", size)
        names = [f for f in files(folder / kind) if f.endswith(ending)]
        assert names == [f"a-{n:05}.{ending}" for n in range(len(names))] and len(names) > 2, names
        sizes = [(folder / kind / name).stat().st_size for name in names]
        assert max(sizes) <= size and min(sizes[:-1]) > size / 3, sizes
    ids = [i for name in sorted((folder / "parquet").glob("*.parquet")) for i in pyarrow.parquet.read_table(name)["id"].to_pylist()]
    assert ids == [row["id"] for row in want], "rows are not in order over the files"
    ids = [i for name in sorted((folder / "csv").glob("*.csv")) for i in pyarrow.csv.read_csv(name)["id"].to_pylist()]
    assert ids == [row["id"] for row in want], "rows are not in order over the files"


def files_of_a_size_are_numbered(tool, folder):
    source = write(folder / "a.csv", SMALL)
    tool("convert", source, folder / "x.parquet", "--max-file-bytes", "1GB")
    tool("convert", source, folder / "y.pq", "--max-file-bytes", "1GB")
    tool("convert", source, folder / "z.csv.gz", "--max-file-bytes", "1GB")
    tool("convert", write(folder / "none.csv", b"a,b\n"), f"{folder}/out/", "--max-file-bytes", "1GB")
    tool("convert", folder / "none.csv", f"{folder}/empty/", "--partition-by", "a")
    assert files(folder) == ["a.csv", "empty/_manifest.json", "none.csv", "out/_manifest.json", "out/none-00000.parquet", "x-00000.parquet", "y-00000.pq", "z-00000.csv.gz"], files(folder)
    assert pyarrow.parquet.read_table(folder / "out/none-00000.parquet").num_rows == 0


def partitions_of_a_size(tool, folder):
    want, text = table(rows=60000, cities=["a", "b"])
    tool("convert", write(folder / "a.csv", text), f"{folder}/out/", "--partition-by", "city,day", "--max-file-bytes", "20000")
    same_rows(pyarrow_rows(folder / "out"), want)
    sizes = [(folder / "out" / f).stat().st_size for f in files(folder / "out") if f.endswith(".parquet")]
    assert len(sizes) > 20 and max(sizes) <= 20000, sorted(sizes)


def a_small_memory(tool, folder):
    """Many partitions whose rows do not fit in memory: they are put aside, and each partition gets one file."""
    rng = random.Random(7)
    rows = [(n, f"key {rng.randrange(1500)}", rng.randrange(10**9)) for n in range(200_000)]
    text = "id,key,value\n" + "".join(f"{n},{key},{value}\n" for n, key, value in rows)
    source = write(folder / "a.csv", text.encode())
    tool("convert", source, f"{folder}/out/", "--partition-by", "key", "--memory", "16MiB")
    made = len(files(folder / "out")) - 1
    assert made == len({key for _, key, _ in rows}), f"{made} files"
    query = f"select id, key, value from read_parquet('{folder}/out/**/*.parquet', hive_partitioning = true) order by id"
    assert duckdb.sql(query).fetchall() == rows


def packed_sources(tool, folder):
    want, text = table(rows=50000)
    tool("convert", write(folder / "in/x/a.csv.gz", gzip.compress(text)), f"{folder}/out/", "--partition-by", "city,day", "--threads", "4")
    tool("convert", f"{folder}/in/", f"{folder}/flat/", "--partition-by", "city,day")
    same_rows(pyarrow_rows(folder / "out"), want)
    same_rows(pyarrow_rows(folder / "flat"), want)
    assert any(f.endswith("/x-a-00000.parquet") for f in files(folder / "flat")), files(folder / "flat")


def a_type_that_widens(tool, folder):
    """The last value makes the partition column another one: everything is made again."""
    text = "id,key\n" + "".join(f"{n},{n % 3}\n" for n in range(300_000)) + "300000,x\n"
    tool("convert", write(folder / "a.csv", text.encode()), f"{folder}/out/", "--partition-by", "key", "--json")
    got = {p.name: sum(pyarrow.parquet.read_metadata(f).num_rows for f in p.iterdir()) for p in (folder / "out").iterdir() if p.is_dir()}
    assert got == {"key=0": 100_000, "key=1": 100_000, "key=2": 100_000, "key=x": 1}, got
    assert not [f for f in files(folder / "out") if ".hawser" in f]


def rejects_stand_apart(tool, folder):
    source = write(folder / "a.csv", b"id,key\n1,a\n2\n3,b\n4,a,x\n5,a\n")
    tool("convert", source, f"{folder}/out/", "--partition-by", "key", "--bad-rows", "reject")
    assert files(folder / "out") == ["_manifest.json", "a.rejects.jsonl", "key=a/a-00000.parquet", "key=b/a-00000.parquet"], files(folder / "out")
    assert pyarrow.parquet.ParquetFile(folder / "out/key=a/a-00000.parquet").read()["id"].to_pylist() == [1, 5]


def runs_at_once(tool, folder):
    """Each keeps what the others have written down."""
    for i in range(RUNS):
        write(folder / f"{i}.csv", b"id,key\n1,a\n2,b\n")
    runs = [tool.start("convert", folder / f"{i}.csv", f"{folder}/out/", "--partition-by", "key") for i in range(RUNS)]
    for run in runs:
        errors = run.communicate(timeout=WAIT_SECONDS)[1]
        assert run.returncode == 0, errors
    paths = [e["path"] for e in json.loads((folder / "out/_manifest.json").read_text())["objects"]]
    assert sorted(paths) == [f for f in files(folder / "out") if f != "_manifest.json"] and len(paths) == 2 * RUNS, paths


def stale_files_go(tool, folder):
    source = write(folder / "a.csv", b"id,key\n1,a\n2,b\n3,c\n")
    other = write(folder / "b.csv", b"id,key\n4,a\n")

    def outcome(*arguments):
        lines = tool("convert", source, other, f"{folder}/out/", "--json", *arguments).stdout.splitlines()
        return sorted(json.loads(line)["outcome"] for line in lines[:-1])

    def found():
        return [f for f in files(folder / "out") if f != "_manifest.json"]

    assert outcome("--partition-by", "key") == ["converted", "converted"]
    assert outcome("--partition-by", "key") == ["skipped", "skipped"]
    (folder / "out/key=b/a-00000.parquet").unlink()
    assert outcome("--partition-by", "key") == ["converted", "skipped"], "a missing file went unseen"
    write(source, b"id,key\n1,a\n2,d\n5,d\n")
    assert outcome("--partition-by", "key") == ["converted", "skipped"]
    assert found() == ["key=a/a-00000.parquet", "key=a/b-00000.parquet", "key=d/a-00000.parquet"], found()
    assert not (folder / "out/key=b").exists(), "an empty folder stayed"
    paths = [e["path"] for e in json.loads((folder / "out/_manifest.json").read_text())["objects"]]
    assert sorted(paths) == found(), paths
    assert outcome("--max-file-bytes", "1GB") == ["converted", "converted"]
    assert found() == ["a-00000.parquet", "b-00000.parquet"], found()
    assert outcome() == ["converted", "converted"]
    assert found() == ["a.parquet", "b.parquet"], found()


def a_manifest_that_leads_outside(tool, folder):
    """What a manifest says is to be taken away stays where that is not below the folder, or is a source."""
    source = write(folder / "a.csv", b"id,key\n1,a\n2,b\n")
    tool("convert", source, f"{folder}/out/", "--partition-by", "key")
    manifest = folder / "out/_manifest.json"
    told = json.loads(manifest.read_text())
    told["objects"] += [{**told["objects"][0], "path": path} for path in ("../precious", "/etc/precious", "key=a/../../precious", "./x")]
    manifest.write_text(json.dumps(told))
    write(folder / "precious", b"x")
    tool("convert", source, f"{folder}/out/", "--partition-by", "key", "--compression", "snappy")
    assert (folder / "precious").exists()


def what_is_there_already(tool, folder):
    source = write(folder / "a.csv", b"id,key\n1,a\n2,b\n")
    stranger = write(folder / "out/key=b/a-00000.parquet", b"mine")
    for rule in "fail", "skip":
        tool("convert", source, f"{folder}/out/", "--partition-by", "key", "--overwrite", rule, want=6, says=["key=b/a-00000.parquet"])
        assert files(folder / "out") == ["key=b/a-00000.parquet"] and stranger.read_bytes() == b"mine", files(folder / "out")
    tool("convert", source, f"{folder}/out/", "--partition-by", "key")
    assert stranger.read_bytes()[:4] == b"PAR1"
    before = {f: (folder / "out" / f).stat().st_mtime_ns for f in files(folder / "out")}
    write(source, b"id,key\n1,a\n2,b\n3,c\n")
    tool("convert", source, f"{folder}/out/", "--partition-by", "key", "--overwrite", "skip")
    assert before == {f: (folder / "out" / f).stat().st_mtime_ns for f in files(folder / "out")}, "--overwrite skip wrote something"


def sources_are_no_outputs(tool, folder):
    write(folder / "a.csv", b"id,key\n1,a\n")
    tool("convert", f"{folder}/", f"{folder}/", "--to", "csv", "--max-file-bytes", "1MB", want=2, says=["among the sources"])
    write(folder / "in/a.csv", b"id,key\n1,a\n")
    write(folder / "in/key=a/a-00000.csv", b"id,key\n1,a\n")
    tool("convert", folder / "in/a.csv", folder / "in/key=a/a-00000.csv", f"{folder}/in/", "--to", "csv", "--partition-by", "key", want=3, says=["the same object"])
    assert (folder / "in/key=a/a-00000.csv").read_bytes() == b"id,key\n1,a\n"


def one_name_for_two(tool, folder):
    write(folder / "in/a/b.csv", SMALL)
    write(folder / "in/a-b.csv", SMALL)
    tool("convert", f"{folder}/in/", f"{folder}/out/", "--partition-by", "name", want=2, says=["would be one output"])


def a_value_too_long(tool, folder):
    source = write(folder / "a.csv", b"id,key\n1,a\n2," + b"x" * 252 + b"\n")
    tool("convert", source, f"{folder}/out/", "--partition-by", "key", want=4, says=['column "key"', "xxxx", "255"])
    assert files(folder) == ["a.csv"], files(folder)
    tool("convert", write(source, b"id,key\n1,a\n2," + b"x" * 251 + b"\n"), f"{folder}/out/", "--partition-by", "key")


def wrong_usage(tool, folder):
    source = write(folder / "a.csv", SMALL)
    tool("convert", source, f"{folder}/out/", "--partition-by", "nmae", want=4, says=['"nmae"', '"name"'])
    tool("convert", source, f"{folder}/out/", "--partition-by", "id,name,price,day", want=4, says=["none is left"])
    tool("convert", source, f"{folder}/out/", "--partition-by", "id,id", want=2, says=["twice"])
    tool("convert", source, folder / "b.parquet", "--partition-by", "id", want=2, says=["folder"])
    tool("convert", source, "-", "--to", "parquet", "--max-file-bytes", "1MB", want=2, says=['"-"'])
    tool("convert", source, f"{folder}/out/", "--max-file-bytes", "0", want=2, says=["0"])
    assert files(folder) == ["a.csv"], files(folder)


def in_a_bucket(tool, server, folder):
    want, text = table(rows=30000)
    server.s3.create_bucket(Bucket="parts")
    source = write(folder / "a.csv", text)
    tool("convert", source, "s3://parts/out/", "--partition-by", "city,day", "--to", "parquet,csv")
    tool("convert", source, f"{folder}/local/", "--partition-by", "city,day", "--to", "parquet,csv")
    keys = [k[len("out/") :] for k in server.keys("parts", "out/")]
    assert sorted(keys) == files(folder / "local"), set(keys) ^ set(files(folder / "local"))
    for key in keys:
        if key != "_manifest.json":
            write(folder / "got" / key, server.s3.get_object(Bucket="parts", Key=f"out/{key}")["Body"].read())
    same_rows(pyarrow_rows(folder / "got"), want)
    tool("convert", source, "s3://parts/sized/x.parquet", "--max-file-bytes", "100000")
    assert server.keys("parts", "sized/")[:2] == ["sized/x-00000.parquet", "sized/x-00001.parquet"], server.keys("parts", "sized/")
    tool("convert", write(source, b"id,city,day,price,note\n1,a,,,\n"), "s3://parts/out/", "--partition-by", "city,day", "--to", "parquet,csv")
    keys = server.keys("parts", "out/")
    assert keys == ["out/_manifest.json", f"out/city=a/day={HIVE_NULL}/a-00000.csv", f"out/city=a/day={HIVE_NULL}/a-00000.parquet"], keys
    assert not server.s3.list_multipart_uploads(Bucket="parts").get("Uploads"), "an upload was left behind"


CASES = {
    "folders as Hive reads them": folders_as_hive_reads_them,
    "a text like the name of null": a_text_like_the_name_of_null,
    "partitions of every type": partitions_of_every_type,
    "files of a size": files_of_a_size,
    "files of a size are numbered": files_of_a_size_are_numbered,
    "partitions of a size": partitions_of_a_size,
    "partitions in a small memory": a_small_memory,
    "partitions of packed sources": packed_sources,
    "a partition's type that widens": a_type_that_widens,
    "rejects beside partitions": rejects_stand_apart,
    "stale files go": stale_files_go,
    "runs at once": runs_at_once,
    "a manifest that leads outside": a_manifest_that_leads_outside,
    "files that are there already": what_is_there_already,
    "sources are no numbered outputs": sources_are_no_outputs,
    "one flat name for two sources": one_name_for_two,
    "a partition's name too long": a_value_too_long,
    "wrong usage of many files": wrong_usage,
}
S3_CASES = {"partitions in a bucket": in_a_bucket}
