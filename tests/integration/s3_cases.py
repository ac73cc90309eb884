# SPDX-License-Identifier: Apache-2.0
"""What the tool does against an S3 server. A case takes the tool, the server and an empty folder; it fails by assert."""

import concurrent.futures
import contextlib
import gzip
import json
import os
import resource
import signal
import time

import pyarrow.parquet

from support import SMALL, WAIT_SECONDS, Tool, big_csv, digest, files, free_megabytes, stop, wait_for, write

SMALL_OBJECTS = 2100  # more than two pages of a listing
SYNC_BYTES = 16
RUNS = 6  # at once


def buckets(server, *names):
    for name in names:
        server.s3.create_bucket(Bucket=name)


def put_all(server, bucket, bodies):
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda item: server.s3.put_object(Bucket=bucket, Key=item[0], Body=item[1]), bodies.items()))


def contents(path):
    """The bytes of an output; of an Avro file without its sync marker, which comes from source and place too."""
    data = path.read_bytes()
    return data.replace(data[-SYNC_BYTES:], b"") if path.suffix == ".avro" else data


def compare_with_local(server, bucket, prefix, local):
    """Every output in the bucket, byte by byte, with those of a conversion in a local folder."""
    want = [f for f in files(local) if f != "_manifest.json"]
    got = [k[len(prefix) :] for k in server.keys(bucket, prefix) if not k.endswith("_manifest.json")]
    assert sorted(got) == want, f"{len(got)} outputs, want {len(want)}; {sorted(set(want) ^ set(got))[:5]}"
    different = [k for k in want if contents(server.data / bucket / prefix / k) != contents(local / k)]
    assert not different, f"differ from the local conversion: {different[:5]}"


def many_small_objects(tool, server, folder):
    buckets(server, "small-in", "small-out")
    bodies = {f"raw/{i % 50}/{i}.csv": b"id,name,at\n" + b"%d,n%d,2024-01-01T00:00:00Z\n" % (i, i * 7) * (1 + i % 9) for i in range(SMALL_OBJECTS)}
    put_all(server, "small-in", bodies)
    for key, body in bodies.items():
        write(folder / key, body)
    tool("convert", f"{folder}/raw/", f"{folder}/out/", "--to", "parquet,avro")
    tool("convert", "s3://small-in/raw/", "s3://small-out/clean/", "--to", "parquet,avro")
    compare_with_local(server, "small-out", "clean/", folder / "out")
    manifest = json.loads((server.data / "small-out/clean/_manifest.json").read_text())
    assert len(manifest["objects"]) == 2 * SMALL_OBJECTS
    lines = tool("convert", "s3://small-in/raw/", "s3://small-out/clean/", "--to", "parquet,avro", "--json").stdout.splitlines()
    assert json.loads(lines[-1])["skipped"] == SMALL_OBJECTS, lines[-1]


def one_large_object(tool, server, folder):
    buckets(server, "big")
    megabytes = int(os.environ.get("HAWSER_TEST_BIG", "400"))
    if free_megabytes(folder) < 4 * megabytes:
        megabytes = 200
    source = big_csv(folder / "big.csv", megabytes)
    # The server's buckets are folders: an object is put there without a copy. It keeps the ETag in an attribute.
    (server.data / "big/in").mkdir()
    os.link(source, server.data / "big/in/big.csv")
    os.setxattr(source, "user.etag", b'"0123456789abcdef0123456789abcdef"')
    tool("convert", source, f"{folder}/out/", "--to", "parquet,avro")
    tool("convert", "s3://big/in/big.csv", "s3://big/out/", "--to", "parquet,avro")
    compare_with_local(server, "big", "out/", folder / "out")
    assert server.uploads("big") == [], "an upload was left open"


def stopped_in_the_middle(tool, server, folder):
    # One thread and an output that needs many parts, so that there is a middle.
    buckets(server, "stop")
    source = big_csv(folder / "a.csv", 400)
    process = tool.start("convert", source, "s3://stop/out/", "--to", "avro", "--avro-codec", "none", "--threads", "1")
    wait_for(lambda: server.uploads("stop"), process)
    stop(process, signal.SIGTERM, 143)
    assert server.uploads("stop") == [], "an upload was left open"
    assert server.keys("stop") == [], server.keys("stop")


def both_ways(tool, server, folder):
    buckets(server, "ways")
    source = write(folder / "a.csv", SMALL)
    tool("convert", source, folder / "want.parquet")
    tool("convert", source, "s3://ways/a.parquet")
    server.s3.put_object(Bucket="ways", Key="a.csv", Body=SMALL)
    tool("convert", "s3://ways/a.csv", folder / "got.parquet")
    piped = tool("convert", "s3://ways/a.csv", "-", "--to", "parquet", text=False, errors=None).stdout
    want = (folder / "want.parquet").read_bytes()
    assert (server.data / "ways/a.parquet").read_bytes() == want and (folder / "got.parquet").read_bytes() == want and piped == want


def a_schema_in_the_bucket(tool, server, folder):
    buckets(server, "schemas")
    server.s3.put_object(Bucket="schemas", Key="a.csv", Body=SMALL)
    printed = tool("infer", "s3://schemas/a.csv").stdout
    tool("infer", "s3://schemas/a.csv", "--output", "s3://schemas/of/a.json")
    assert (server.data / "schemas/of/a.json").read_text() == printed
    tool("convert", "s3://schemas/a.csv", folder / "a.parquet")
    tool("convert", "s3://schemas/a.csv", folder / "b.parquet", "--schema", "s3://schemas/of/a.json")
    assert (folder / "a.parquet").read_bytes() == (folder / "b.parquet").read_bytes()


def the_first_rows(tool, server, folder):
    """Of each format, also by a name that says nothing, and with few requests for a file of several MiB."""
    buckets(server, "rows")
    source = write(folder / "a.csv", b"id,t\n" + b"".join(b"%d,%d\n" % (i, i * 7919 % 1000003) for i in range(200000)))
    tool("convert", source, f"{folder}/out/", "--to", "parquet,avro")
    files = {"a.csv": source, "parquet": folder / "out/a.parquet", "avro": folder / "out/a.avro"}
    put_all(server, "rows", {key: path.read_bytes() for key, path in files.items()})
    for key in files:
        done = tool("head", f"s3://rows/{key}", "-n", "2", "--skip", "3", "--columns", "t,id", "--log", "debug")
        assert done.stdout == '{"t":23757,"id":3}\n{"t":31676,"id":4}\n', done.stdout
        requests = done.stderr.count(" request.done ")
        assert requests <= (4 if key != "a.csv" else 12), done.stderr


def keys_that_need_escapes(tool, server, folder):
    buckets(server, "keys")
    keys = ["in/a b.csv", "in/ü+%41&=.csv", "in/d'ir/(x)!*~.csv", "in/日本.csv"]
    put_all(server, "keys", {k: SMALL for k in keys})
    tool("convert", "s3://keys/in/", "s3://keys/out/")
    want = sorted(k.replace("in/", "out/").replace(".csv", ".parquet") for k in keys)
    got = sorted(k for k in server.keys("keys", "out/") if not k.endswith("_manifest.json"))
    assert got == want, got


def globs(tool, server, folder):
    buckets(server, "globs")
    put_all(server, "globs", {k: SMALL for k in ("in/a1.csv", "in/a2.csv", "in/b.csv")})
    tool("convert", "s3://globs/in/a*.csv", f"{folder}/out/")
    assert [f for f in files(folder / "out") if f.endswith(".parquet")] == ["a1.parquet", "a2.parquet"], files(folder / "out")


def globs_through_folders(tool, server, folder):
    keys = ["in/a.csv", "in/b.tsv", "in/x/c.csv", "in/x/y/d.csv", "in/[x]/e.csv", "in/x/f.txt", "in/_g.csv"]
    buckets(server, "deep")
    put_all(server, "deep", {k: SMALL for k in keys})

    def outputs(source, *arguments):
        out = folder / f"out{len(list(folder.iterdir()))}"
        done = tool("convert", source, f"{out}/", *arguments)
        return [f.removesuffix(".parquet") for f in files(out) if f.endswith(".parquet")], done.stderr

    for source, arguments, want in (
        ("s3://deep/in/**/*.csv", [], ["[x]/e", "_g", "a", "x/c", "x/y/d"]),
        ("s3://deep/in/{a,b}.*", [], ["a", "b"]),
        ("s3://deep/in/[x]/*", [], ["x/c", "x/f"]),
        ("s3://deep/in/[x]/", [], ["e"]),
        ("s3://deep/in/", ["--include", "*.txt", "--include", "b.*"], ["b", "x/f"]),
        ("s3://deep/in/", ["--exclude", "x/"], ["[x]/e", "a", "b"]),
    ):
        got, _ = outputs(source, *arguments)
        assert got == want, (source, got)
    got, told = outputs("s3://deep/in/")
    assert got == ["[x]/e", "a", "b", "x/c", "x/y/d"] and "1 .txt file was left out" in told and "1 hidden or temporary" in told, (got, told)
    got, _ = outputs("s3://deep/in/", "--files-from", write(folder / "list", b"x/c.csv\nx/f.txt\n"))
    assert got == ["x/c", "x/f"], got
    write(folder / "list", b"s3://deep/in/a.csv\ns3://deep/in/x/c.csv\n")
    tool("convert", "--files-from", folder / "list", f"{folder}/listed/")
    assert [f for f in files(folder / "listed") if f.endswith(".parquet")] == ["a.parquet", "c.parquet"], files(folder / "listed")


def a_destination_that_is_a_source(tool, server, folder):
    buckets(server, "place")
    put_all(server, "place", {"a.csv": SMALL, "b.csv": b"keep\n1\n"})
    tool("convert", "s3://place/a.csv", "s3://place/b.csv", want=6, says=["s3://place/b.csv: this DST is there already"])
    assert (server.data / "place/b.csv").read_bytes() == b"keep\n1\n"
    tool("convert", "s3://place/a.csv", "s3://place/b.json", want=2, says=["is the name of nothing that is written"])
    tool("convert", "s3://place/a.csv", "s3://place/b.csv", "--to", "csv")
    assert server.keys("place") == ["a.csv", "b.csv"], server.keys("place")


def packed_beside_its_sources(tool, server, folder):
    buckets(server, "nightly")
    put_all(server, "nightly", {"rs/a.csv": SMALL, "rs/x/b.csv": SMALL})
    want = ["rs/_manifest.json", "rs/a.csv", "rs/a.csv.gz", "rs/x/b.csv", "rs/x/b.csv.gz"]
    for skipped in 0, 2, 2:
        done = tool("convert", "s3://nightly/rs/", "s3://nightly/rs/", "--to", "csv", "--csv-codec", "gzip", "--json")
        summary = json.loads(done.stdout.splitlines()[-1])
        assert (summary["objects_total"], summary["skipped"]) == (2, skipped), summary
        assert sorted(server.keys("nightly")) == want, server.keys("nightly")
    server.s3.put_object(Bucket="nightly", Key="rs/a.csv.gz", Body=gzip.compress(SMALL + b"3,c,1,2024-01-03\n"))
    tool("convert", "s3://nightly/rs/", "s3://nightly/rs/", "--to", "csv", "--csv-codec", "gzip", want=2, says=["are the same object"])


def a_wrong_secret(tool, server, folder):
    buckets(server, "wrong")
    server.s3.put_object(Bucket="wrong", Key="a.csv", Body=SMALL)
    wrong = Tool(tool.path, {**tool.environment, "AWS_SECRET_ACCESS_KEY": "not-the-secret"})
    done = wrong("convert", "s3://wrong/a.csv", folder / "b.parquet", want=5, says=["SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"])
    assert "not-the-secret" not in done.stderr, "the message holds a secret"
    wrong("convert", "s3://wrong/*.csv", f"{folder}/out/", want=5, says=["SignatureDoesNotMatch"])
    wrong("convert", write(folder / "a.csv", SMALL), "s3://wrong/b.parquet", want=5, says=["SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"])
    assert server.keys("wrong") == ["a.csv"] and files(folder) == ["a.csv"]


def a_report_that_cannot_be_written(tool, server, folder):
    """It is found before anything is read, and leaves nothing; so is the schema file of infer."""
    buckets(server, "reports")
    source = write(folder / "a.csv", SMALL)
    tool("convert", source, folder / "b.parquet", "--report", "s3://no-such-bucket/r.json", want=6, says=["s3://no-such-bucket/r.json", "NoSuchBucket"])
    tool("infer", "s3://reports/missing.csv", "--output", "s3://no-such-bucket/s.json", want=6, says=["missing.csv"])
    tool("infer", source, "--output", "s3://no-such-bucket/s.json", want=6, says=["NoSuchBucket"])
    assert files(folder) == ["a.csv"], files(folder)
    tool("convert", source, folder / "b.parquet", "--report", "s3://reports/r.json")
    tool("convert", folder / "missing.csv", folder / "c.parquet", "--report", "s3://reports/failed.json", want=6)
    assert server.keys("reports") == ["failed.json", "r.json"] and server.uploads("reports") == []


def no_credentials(tool, server, folder):
    buckets(server, "nosign")
    server.s3.put_object(Bucket="nosign", Key="a.csv", Body=SMALL)
    tool("convert", "s3://nosign/a.csv", folder / "b.parquet", "--no-sign-request", want=5)


def what_is_not_there(tool, server, folder):
    buckets(server, "there")
    server.s3.put_object(Bucket="there", Key="a.csv", Body=SMALL)
    tool("convert", "s3://not-there/a.csv", folder / "b.parquet", want=6, says=["not-there", "NoSuchBucket", "there is no bucket of this name"])
    tool("convert", "s3://there/b.csv", folder / "b.parquet", want=6, says=["b.csv", "NoSuchKey", "no object has this name"])
    tool("convert", write(folder / "a.csv", SMALL), "s3://not-there/b.parquet", want=6)
    tool("convert", f"{folder}/", "s3://not-there/out/", want=6, says=["s3://not-there/", "there is no bucket of this name"])
    tool("convert", "s3://there/a.csv", "s3://there/b.csv", f"{folder}/out/", want=3, says=["b.csv"])
    assert "a.parquet" in files(folder / "out")


def a_folder_without_its_slash(tool, server, folder):
    buckets(server, "slash")
    server.s3.put_object(Bucket="slash", Key="raw/a.csv", Body=SMALL)
    for command in (["convert", "s3://slash/raw", f"{folder}/out/"], ["infer", "s3://slash/raw"]):
        tool(*command, want=6, says=["there are objects below it"])


def a_wrong_key_id(tool, server, folder):
    buckets(server, "keyid")
    server.s3.put_object(Bucket="keyid", Key="a.csv", Body=SMALL)
    wrong = Tool(tool.path, {**tool.environment, "AWS_ACCESS_KEY_ID": "NOBODY"})
    wrong("convert", "s3://keyid/a.csv", folder / "b.parquet", want=5, says=["does not know the access key id"])


def a_signed_address(tool, server, folder):
    """A presigned address of the bucket, as a source over http: read by ranges, known again, and its query told nowhere."""
    buckets(server, "signed")
    body = b"id,name\n" + b"".join(b"%d,name %d\n" % (i, i) for i in range(700_000))
    server.s3.put_object(Bucket="signed", Key="raw/a b.csv", Body=body)
    address = server.signed("signed", "raw/a b.csv")
    report = folder / "report.json"
    for skipped in (0, 1):
        done = tool("convert", address, f"{folder}/out/", "--to", "csv", "--memory", "64MiB", "--report", report, "--json", "--log", "debug")
        assert json.loads(done.stdout.splitlines()[-1])["skipped"] == skipped, done.stdout
        for text in (done.stdout, done.stderr, report.read_text(), (folder / "out/_manifest.json").read_text()):
            assert "Signature" not in text and "a%20b.csv?..." in text, text[-300:]
    assert (folder / "out/a b.csv").read_bytes() == body
    tool("convert", address.replace("Signature=", "Signature=0"), f"{folder}/more/", want=5, says=["may have expired"])
    assert files(folder) == ["out/_manifest.json", "out/a b.csv", "report.json"], files(folder)


def many_buckets(tool, server, folder):
    """A store for each has no connections and threads of its own: the limits would not do for that."""
    count, threads_max, files_max = 60, 60, 128
    for n in range(count):
        buckets(server, f"many-{n:03}")
        server.s3.put_object(Bucket=f"many-{n:03}", Key="a.csv", Body=SMALL)
    listed = write(folder / "list", "".join(f"s3://many-{n:03}/a.csv\n" for n in range(count)).encode())
    arguments = ("convert", "--files-from", listed, "--merge", f"{folder}/all.parquet")
    run = tool.start(*arguments, limit=(resource.RLIMIT_NOFILE, files_max))
    threads = 0
    while run.poll() is None:
        with contextlib.suppress(OSError):
            threads = max(threads, len(os.listdir(f"/proc/{run.pid}/task")))
        time.sleep(0.01)
    assert run.returncode == 0, run.communicate()[1]
    assert threads <= threads_max, f"{threads} threads"
    assert pyarrow.parquet.read_metadata(folder / "all.parquet").num_rows == 2 * count


def a_limit_of_the_rate(tool, server, folder):
    """Over all connections together, both ways."""
    buckets(server, "slowly")
    body = b"id,text\n" + b"".join(b"%d,%s\n" % (n, os.urandom(30).hex().encode()) for n in range(8000))
    for n in range(3):
        server.s3.put_object(Bucket="slowly", Key=f"in/{n}.csv", Body=body)
    begin = time.monotonic()
    tool("convert", "s3://slowly/in/", "s3://slowly/out/", "--to", "csv", "--limit-rate", "2MB")
    seconds = time.monotonic() - begin
    # Six times a body at 2 MB a second; a buffer more may be on its way.
    least = 6 * len(body) / 2e6 - 0.3
    assert seconds > least, f"{seconds:.2f} s for 6 x {len(body)} bytes"
    for n in range(3):
        assert server.s3.get_object(Bucket="slowly", Key=f"out/{n}.csv")["Body"].read().count(b"\n") == 8001


def overwrite(tool, server, folder):
    buckets(server, "over")
    source, path = write(folder / "a.csv", SMALL), server.data / "over/b.parquet"
    server.s3.put_object(Bucket="over", Key="b.parquet", Body=b"old")
    tool("convert", source, "s3://over/b.parquet", "--overwrite", "fail", want=6)
    assert path.read_bytes() == b"old"
    tool("convert", source, "s3://over/b.parquet", "--overwrite", "skip")
    assert path.read_bytes() == b"old"
    tool("convert", source, "s3://over/b.parquet", "--overwrite", "replace")
    tool("convert", source, folder / "want.parquet")
    assert digest(path) == digest(folder / "want.parquet")


def a_source_is_no_output(tool, server, folder):
    buckets(server, "same")
    server.s3.put_object(Bucket="same", Key="raw/a.csv", Body=SMALL)
    for destination in "s3://same/raw/", "s3://same/raw/a.csv":
        tool("convert", "s3://same/raw/a.csv", destination, "--to", "csv", want=2, says=["source and output are the same object"])
    for _ in range(2):
        tool("convert", "s3://same/raw/", "s3://same/raw/clean/", "--to", "csv", "--csv-codec", "gzip")
        assert server.keys("same") == ["raw/a.csv", "raw/clean/_manifest.json", "raw/clean/a.csv.gz"], server.keys("same")
    assert server.s3.head_object(Bucket="same", Key="raw/clean/a.csv.gz")["ContentType"] == "application/gzip"


def bad_rows_leave_nothing(tool, server, folder):
    buckets(server, "bad")
    tool("convert", write(folder / "a.csv", SMALL + b"3\n"), "s3://bad/out/", "--to", "parquet,avro", want=4, says=["line"])
    assert server.keys("bad") == [] and server.uploads("bad") == []
    tool("convert", folder / "a.csv", "s3://bad/out/", "--bad-rows", "reject")
    assert server.keys("bad") == ["out/_manifest.json", "out/a.parquet", "out/a.rejects.jsonl"], server.keys("bad")


def runs_at_once(tool, server, folder):
    """Each keeps what the others have written down."""
    buckets(server, "shared")
    for i in range(RUNS):
        write(folder / f"{i}.csv", b"id,key\n1,a\n2,b\n")
    runs = [tool.start("convert", folder / f"{i}.csv", "s3://shared/out/", "--partition-by", "key") for i in range(RUNS)]
    for run in runs:
        errors = run.communicate(timeout=WAIT_SECONDS)[1]
        assert run.returncode == 0, errors
    manifest = json.loads(server.s3.get_object(Bucket="shared", Key="out/_manifest.json")["Body"].read())
    paths = sorted("out/" + e["path"] for e in manifest["objects"])
    assert paths == [k for k in server.keys("shared") if k != "out/_manifest.json"] and len(paths) == 2 * RUNS, paths


CASES = {
    "runs at once": runs_at_once,
    "many small objects": many_small_objects,
    "one large object": one_large_object,
    "stopped in the middle": stopped_in_the_middle,
    "both ways": both_ways,
    "a schema in the bucket": a_schema_in_the_bucket,
    "the first rows": the_first_rows,
    "keys that need escapes": keys_that_need_escapes,
    "globs": globs,
    "globs through folders": globs_through_folders,
    "a destination that is a source": a_destination_that_is_a_source,
    "packed beside its sources": packed_beside_its_sources,
    "a wrong secret": a_wrong_secret,
    "a wrong key id": a_wrong_key_id,
    "a folder without its slash": a_folder_without_its_slash,
    "a signed address": a_signed_address,
    "a report that cannot be written": a_report_that_cannot_be_written,
    "no credentials": no_credentials,
    "what is not there": what_is_not_there,
    "many buckets": many_buckets,
    "a limit of the rate": a_limit_of_the_rate,
    "overwrite": overwrite,
    "a source is no output": a_source_is_no_output,
    "bad rows leave nothing": bad_rows_leave_nothing,
}
