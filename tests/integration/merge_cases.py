# SPDX-License-Identifier: Apache-2.0
"""Many sources merged to one output, compared with the values that they were written from."""

import concurrent.futures
import csv
import datetime
import gzip
import io
import json
import random
import resource
import signal
import subprocess
import zipfile

import duckdb
import pyarrow
import pyarrow.parquet

from support import SMALL, big_csv, files, stop, wait_for, write

SMALL_FILES = 3000
COLUMNS = {
    "id": lambda r: r.randrange(-(2**40), 2**40),
    "price": lambda r: r.choice([r.randrange(100), r.random() * 1e6]),
    "note": lambda r: r.choice(["plain", 'a "quoted", one', "two\nlines; here", "x\ty|z", " spaces ", "ä €"]) + str(r.randrange(99)),
    "flag": lambda r: r.random() < 0.5,
    "day": lambda r: datetime.date(2000, 1, 1) + datetime.timedelta(days=r.randrange(9000)),
    "at": lambda r: datetime.datetime(2020, 1, 1) + datetime.timedelta(seconds=r.randrange(10**8)),
    "Ünï, name": lambda r: r.randrange(1000),
}


def text_of(value):
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def csv_bytes(r, names, rows):
    """Rows in a dialect of chance. The quoted empty text never comes: every empty field is a null."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=r.choice(",;\t|"), lineterminator=r.choice(["\n", "\r\n"]), quoting=csv.QUOTE_MINIMAL)
    writer.writerow(names)
    writer.writerows([text_of(row[name]) for name in names] for row in rows)
    return (b"\xef\xbb\xbf" if r.random() < 0.2 else b"") + out.getvalue().encode()


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return packed.getvalue()


def sources_make(count, rows_max, seed):
    """Bodies of files by name, in order, and the rows of them all."""
    r = random.Random(seed)
    bodies, table = {}, []

    def text():
        names = r.sample(list(COLUMNS), r.randrange(2, len(COLUMNS) + 1))
        rows = [{n: None if r.random() < 0.1 else COLUMNS[n](r) for n in names} for _ in range(r.randrange(rows_max + 1))]
        table.extend(rows)
        return csv_bytes(r, names, rows)

    for i in range(count):
        packing = r.choice(["", "", ".gz", ".zip"])
        if packing == ".zip":
            bodies[f"f{i:06}.zip"] = zipped({f"m{k}.csv": text() for k in range(r.randrange(1, 4))})
        else:
            body = text()
            bodies[f"f{i:06}.csv{packing}"] = gzip.compress(body) if packing else body
    return bodies, table


def assert_rows(path, table):
    got = pyarrow.parquet.read_table(path).to_pylist()
    assert len(got) == len(table), f"{len(got)} rows, want {len(table)}"
    for i, (row, want) in enumerate(zip(got, table)):
        wanted = {name: want.get(name) for name in row}
        assert set(want) <= set(row) and row == wanted, f"row {i}: {row}, want {wanted}"


def folder_of(folder, bodies):
    for name, body in bodies.items():
        write(folder / name, body)
    return f"{folder}/"


def mixed_files_become_one(tool, folder):
    for seed in range(8):
        bodies, table = sources_make(40, 60, seed)
        source = folder_of(folder / f"raw{seed}", bodies)
        for threads in "1", "2", "4":
            for size in "1KiB", "100KiB", "64MiB":
                out = folder / "out.parquet"
                tool("convert", source, out, "--merge", "--threads", threads, "--row-group-bytes", size, "--overwrite", "replace")
                assert_rows(out, table)


def small_files_make_full_row_groups(tool, folder):
    bodies = {f"{i:05}.csv": b"id,name\n" + b"".join(b"%d,n%d\n" % (i * 100 + k, k) for k in range(100)) for i in range(SMALL_FILES)}
    source = folder_of(folder / "raw", bodies)
    done = tool("convert", source, f"{folder}/out/", "--merge", "--to", "parquet,avro", "--threads", "2", "--json")
    assert files(folder / "out") == ["_manifest.json", "raw.avro", "raw.parquet"], files(folder / "out")
    told = json.loads(done.stdout.splitlines()[0])
    assert told["rows_out"] == 100 * SMALL_FILES and told["sources_count"] == SMALL_FILES and not told["restarted"], told
    metadata = pyarrow.parquet.read_metadata(folder / "out/raw.parquet")
    assert metadata.num_row_groups <= 2, f"{metadata.num_row_groups} row groups"
    ids = pyarrow.parquet.read_table(folder / "out/raw.parquet")["id"]
    assert ids.equals(pyarrow.chunked_array([range(100 * SMALL_FILES)], pyarrow.int64())), "rows are not in the order of the sources"


def as_duckdb_reads_them(tool, folder):
    r = random.Random(7)
    bodies = {}
    for i in range(200):
        names = ["id", "price", "note", "day"][: r.randrange(1, 5)]
        r.shuffle(names)
        rows = "".join(",".join({"id": str(i * 50 + k), "price": f"{k}.25", "note": f"t{k}", "day": "2024-02-29"}[n] for n in names) + "\n" for k in range(50))
        bodies[f"{i:04}.csv"] = f"{','.join(names)}\n{rows}".encode()
    source = folder_of(folder / "raw", bodies)
    tool("convert", source, folder / "out.parquet", "--merge")
    columns = "id, price, note, day"
    ours = f"SELECT {columns} FROM '{folder}/out.parquet'"
    theirs = f"SELECT {columns} FROM read_csv('{folder}/raw/*.csv', union_by_name=true)"
    for one, other in ((ours, theirs), (theirs, ours)):
        different = duckdb.sql(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchall()[0][0]
        assert different == 0, f"{different} rows are only in one of both"


def arguments_keep_their_order(tool, folder):
    a, b = write(folder / "a.csv", b"x\n1\n"), write(folder / "b.csv", b"x\n2\n")
    done = subprocess.run([tool.path, "convert", b, "-", a, folder / "o.parquet", "--merge"], input=b"y,x\n7,3\n", capture_output=True, check=False)
    assert done.returncode == 0, done
    assert pyarrow.parquet.read_table(folder / "o.parquet").to_pydict() == {"x": [2, 3, 1], "y": [None, 7, None]}


def a_merge_is_known_again(tool, folder):
    source = folder_of(folder / "raw", {"a.csv": SMALL, "b.csv": SMALL})

    def outcome(*arguments):
        return json.loads(tool("convert", source, f"{folder}/out/", "--merge", "--json", *arguments).stdout.splitlines()[0])["outcome"]

    assert outcome() == "converted" and outcome() == "skipped"
    assert outcome("--compression", "snappy") == "converted", "other options did not count"
    assert outcome("--compression", "snappy") == "skipped"
    write(folder / "raw/b.csv", SMALL + b"3,d,1,2024-01-03\n")
    assert outcome("--compression", "snappy") == "converted", "a source that changed did not count"
    write(folder / "raw/c.csv", SMALL)
    assert outcome("--compression", "snappy") == "converted", "a source more did not count"
    assert pyarrow.parquet.read_metadata(folder / "out/raw.parquet").num_rows == 7
    tool("convert", source, f"{folder}/out/", "--compression", "snappy")
    assert outcome("--compression", "snappy") == "skipped", "what single sources became has pushed it out"


def a_report_lists_the_sources(tool, folder):
    bodies = {"a.csv": b"v,w\n1,1\n2,2\n", "b.zip": zipped({"x.csv": b"v\n3\n", "y.csv": b"v\n"}), "c.csv": b"v,w\n4\n5,5\n"}
    source = folder_of(folder / "raw", bodies)
    tool("convert", source, folder / "o.parquet", "--merge", "--bad-rows", "reject", "--report", folder / "report.json")
    report = json.loads((folder / "report.json").read_text())
    told = report["objects"][0]
    assert len(report["objects"]) == 1 and (told["rows_in"], told["rows_out"], told["rejected"]) == (5, 4, 1), told
    assert told["sources_count"] == 4
    assert [(s["name"][len(source) :], s["bytes"], s["rows"]) for s in told["sources"]] == [
        ("a.csv", 12, 2),
        ("b.zip#x.csv", len(bodies["b.zip"]), 1),
        ("b.zip#y.csv", len(bodies["b.zip"]), 0),
        ("c.csv", 10, 1),
    ], told["sources"]
    assert told["source_bytes"] == report["bytes_in"] == sum(map(len, bodies.values()))
    assert [c["nulls"] for c in told["columns"]] == [0, 1]
    rejects = [json.loads(line) for line in (folder / "o.rejects.jsonl").read_text().splitlines()]
    assert [(x["source"][len(source) :], x["line"], x["offset"], x["raw"]) for x in rejects] == [("c.csv", 2, 4, "4")], rejects


def what_is_wrong_leaves_nothing(tool, folder):
    source = folder_of(folder / "raw", {"a.csv": SMALL, "b.csv": SMALL + b"3\n", "c.csv.gz": gzip.compress(SMALL)[:-9]})
    out = folder / "o.parquet"
    tool("convert", folder / "raw/a.csv", folder / "raw/b.csv", out, "--merge", want=4, says=["b.csv", "line 5"])
    tool("convert", source, out, "--merge", want=4, says=["c.csv.gz"])
    tool("convert", folder / "raw/a.csv", folder / "raw/c.csv.gz", out, "--merge", want=4, says=["c.csv.gz"])
    tool("convert", folder / "raw/a.csv", folder / "none.csv", out, "--merge", want=6, says=["none.csv"])
    tool("convert", folder / "raw/a.csv", write(folder / "raw/d.csv", b""), out, "--merge", want=4, says=["d.csv"])
    tool("convert", source, out, "--merge", "--to", "parquet,avro", want=2, says=["folder"])
    tool("convert", f"{folder}/none/", out, "--merge", want=6, says=["none"])
    assert files(folder) == ["raw/a.csv", "raw/b.csv", "raw/c.csv.gz", "raw/d.csv"], files(folder)


def a_merge_is_not_its_own_source(tool, folder):
    source = folder_of(folder / "raw", {"a.csv": SMALL, "b.csv": SMALL})
    tool("convert", source, folder / "raw/b.csv", "--merge", "--to", "csv", want=2, says=["source and output are the same object"])
    assert (folder / "raw/b.csv").read_bytes() == SMALL
    tool("convert", source, source, "--merge", "--to", "csv")
    assert files(folder / "raw") == ["_manifest.json", "a.csv", "b.csv", "raw.csv"], files(folder / "raw")
    merged = (folder / "raw/raw.csv").read_bytes()
    done = tool("convert", source, source, "--merge", "--to", "csv", "--json")
    assert json.loads(done.stdout.splitlines()[-1])["skipped"] == 1 and (folder / "raw/raw.csv").read_bytes() == merged, done.stdout
    write(folder / "raw/raw.csv", SMALL)  # it is somebody else's from now on
    tool("convert", source, source, "--merge", "--to", "csv", want=2, says=["source and output are the same object"])


def few_descriptors_are_enough(tool, folder):
    source = folder_of(folder / "raw", {f"{i}.csv": b"a\n%d\n" % i for i in range(500)})
    tool("convert", source, folder / "o.parquet", "--merge", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
    assert pyarrow.parquet.read_metadata(folder / "o.parquet").num_rows == 500


def parts_of_a_whole(tool, folder):
    """Large files, cut within, of which one widens a column late: the same table as from one file."""
    whole = big_csv(folder / "whole.csv", 24).read_bytes()
    header, _, body = whole.partition(b"\n")
    last = b"77,x,1.5,end,2024-01-01,true\n"
    cuts = [0]
    for i in 1, 2, 3:
        cuts.append(body.index(b"\n0,0,", len(body) * i // 4) + 1)  # the first record of a block
    for i, (start, end) in enumerate(zip(cuts, [*cuts[1:], len(body)])):
        write(folder / f"raw/{i}.csv", header + b"\n" + body[start:end] + (last if i == 2 else b""))
    write(folder / "whole.csv", header + b"\n" + body[: cuts[3]] + last + body[cuts[3] :])
    tool("convert", folder / "whole.csv", folder / "want.parquet")
    want = pyarrow.parquet.read_table(folder / "want.parquet")
    for threads in "1", "2", "4":
        out = folder / f"{threads}.parquet"
        tool("convert", f"{folder}/raw/", out, "--merge", "--threads", threads, "--row-group-bytes", "3MiB")
        assert pyarrow.parquet.read_table(out).equals(want), f"{threads} threads: the values differ"


def merged_and_partitioned(tool, folder):
    bodies, table = sources_make(60, 80, 5)
    source = folder_of(folder / "raw", bodies)
    tool("convert", source, f"{folder}/out/", "--merge", "--partition-by", "flag", "--row-group-bytes", "8KiB")
    for value in True, False, None:
        name = "__HIVE_DEFAULT_PARTITION__" if value is None else str(value).lower()
        want = [{k: v for k, v in row.items() if k != "flag"} for row in table if row.get("flag") is value]
        assert_rows(folder / f"out/flag={name}/raw-00000.parquet", want)
    tool("convert", source, f"{folder}/cut/", "--merge", "--max-file-bytes", "16KiB", "--row-group-bytes", "8KiB")
    cut = sorted((folder / "cut").glob("raw-*.parquet"))
    assert len(cut) > 2, cut
    whole = pyarrow.concat_tables([pyarrow.parquet.read_table(path) for path in cut])
    pyarrow.parquet.write_table(whole, folder / "whole.parquet")
    assert_rows(folder / "whole.parquet", table)


def stopped(tool, folder):
    source = folder / "raw"
    source.mkdir()
    big_csv(source / "a.csv", 200)
    (source / "b.csv").hardlink_to(source / "a.csv")
    process = tool.start("convert", f"{source}/", f"{folder}/out/", "--merge")
    wait_for(lambda: (folder / "out").exists(), process)
    stop(process, signal.SIGINT, 130)
    assert not (folder / "out").exists() or files(folder / "out") == [], files(folder / "out")


def merged_on_s3(tool, server, folder):
    server.s3.create_bucket(Bucket="merge-in")
    server.s3.create_bucket(Bucket="merge-out")
    bodies, table = sources_make(300, 40, 99)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda item: server.s3.put_object(Bucket="merge-in", Key="raw/" + item[0], Body=item[1]), bodies.items()))
    lines = tool("convert", "s3://merge-in/raw/", "s3://merge-out/x/", "--merge", "--to", "parquet,csv", "--json").stdout.splitlines()
    assert json.loads(lines[0])["outcome"] == "converted", lines
    assert server.keys("merge-out") == ["x/_manifest.json", "x/raw.csv", "x/raw.parquet"], server.keys("merge-out")
    assert_rows(server.data / "merge-out/x/raw.parquet", table)
    lines = tool("convert", "s3://merge-in/raw/", "s3://merge-out/x/", "--merge", "--to", "parquet,csv", "--json").stdout.splitlines()
    assert json.loads(lines[0])["outcome"] == "skipped", lines
    tool("convert", "s3://merge-in/raw/", folder / "local.parquet", "--merge", "--threads", "1", "--memory", "16MiB")
    assert_rows(folder / "local.parquet", table)
    tool("convert", "s3://merge-in/raw/", "s3://merge-in/none.csv", "s3://merge-out/z.parquet", "--merge", want=6, says=["none.csv"])
    assert "z.parquet" not in server.keys("merge-out") and server.uploads("merge-out") == []


LOCAL_CASES = {
    "mixed files become one": mixed_files_become_one,
    "small files make full row groups": small_files_make_full_row_groups,
    "merged as DuckDB reads them": as_duckdb_reads_them,
    "arguments keep their order": arguments_keep_their_order,
    "a merge is known again": a_merge_is_known_again,
    "a report lists the sources": a_report_lists_the_sources,
    "what is wrong in a merge leaves nothing": what_is_wrong_leaves_nothing,
    "a merge is not its own source": a_merge_is_not_its_own_source,
    "few descriptors are enough for a merge": few_descriptors_are_enough,
    "parts of a whole": parts_of_a_whole,
    "merged and partitioned": merged_and_partitioned,
    "a merge is stopped": stopped,
}
S3_CASES = {"merged on S3": merged_on_s3}
