# SPDX-License-Identifier: Apache-2.0
"""What the tool does with files, folders, pipes and signals. A case takes the tool and an empty folder; it fails by assert."""

import gzip
import http.server
import io
import json
import resource
import signal
import subprocess
import threading
import zipfile

import pyarrow.parquet

from support import SMALL, big_csv, digest, files, stop, wait_for, write

STOP_MEGABYTES = 400  # enough that a run can be stopped in its middle


def one_file(tool, folder):
    done = tool("convert", write(folder / "a.csv", SMALL), folder / "b.parquet")
    assert done.stdout == "", f"stdout: {done.stdout!r}"
    assert pyarrow.parquet.read_table(folder / "b.parquet").num_rows == 2
    assert files(folder) == ["a.csv", "b.parquet"], files(folder)


def a_folder_keeps_its_paths(tool, folder):
    write(folder / "raw/x/a.csv", SMALL)
    write(folder / "raw/b.csv.gz", gzip.compress(SMALL))
    tool("convert", f"{folder}/raw/", f"{folder}/out/", "--to", "parquet,avro")
    assert files(folder / "out") == ["_manifest.json", "b.avro", "b.parquet", "x/a.avro", "x/a.parquet"], files(folder / "out")


def the_manifest_tells_the_truth(tool, folder):
    tool("convert", write(folder / "a.csv", SMALL), f"{folder}/out/", "--to", "parquet,avro")
    entries = json.loads((folder / "out/_manifest.json").read_text())["objects"]
    assert [e["path"] for e in entries] == ["a.parquet", "a.avro"]
    for entry in entries:
        path = folder / "out" / entry["path"]
        assert entry["sha256"] == digest(path) and entry["size"] == path.stat().st_size and entry["rows"] == 2, entry


def json_lines(tool, folder):
    done = tool("convert", write(folder / "a.csv", SMALL), f"{folder}/out/", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["type"] for line in lines] == ["object", "summary"], lines
    assert lines[0]["rows_in"] == lines[0]["rows_out"] == 2 and len(lines[0]["columns"]) == 4, lines


def a_report_counts(tool, folder):
    write(folder / "a.csv", SMALL + b"3\n")
    tool("convert", folder / "a.csv", f"{folder}/out/", "--bad-rows", "reject", "--report", folder / "report.json")
    report = json.loads((folder / "report.json").read_text())
    assert (report["rows_in"], report["rows_out"], report["rejected"]) == (3, 2, 1), report


def pipes(tool, folder):
    write(folder / "a.csv", SMALL)
    tool("convert", folder / "a.csv", folder / "a.parquet")
    with open(folder / "a.csv", "rb") as source:
        done = tool("convert", "-", "-", "--to", "parquet", stdin=source, text=False, errors=None)
    assert done.stdout == (folder / "a.parquet").read_bytes(), "what comes out of the pipe is not what is in the file"


def a_pipe_without_data_stays_empty(tool, folder):
    done = tool("convert", write(folder / "a.csv", b"a,b\n1\n"), "-", "--to", "parquet", want=4)
    assert done.stdout == "", "a failed run wrote to stdout"


def a_missing_source(tool, folder):
    tool("convert", folder / "none.csv", folder / "b.parquet", want=6, says=["none.csv"])
    assert files(folder) == [], files(folder)


def a_missing_source_beside_a_good_one(tool, folder):
    write(folder / "a.csv", SMALL)
    tool("convert", folder / "a.csv", folder / "none.csv", f"{folder}/out/", want=3, says=["none.csv"])
    assert "a.parquet" in files(folder / "out")


def a_folder_without_input(tool, folder):
    (folder / "raw").mkdir()
    done = subprocess.run([tool.path, "convert", f"{folder}/raw/", f"{folder}/out/"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "hawser: error:" in done.stderr, done


def wrong_usage(tool, folder):
    source = write(folder / "a.csv", SMALL)
    tool("convert", source, want=2)
    tool("convert", source, folder / "b", "--compresion", "zstd", want=2, says=["--compresion", "--compression"])
    tool("convert", source, folder / "b", "--compression", "zsdt", want=2, says=["zsdt", "zstd"])
    tool("convert", source, folder / "b", "--to", "parqet", want=2, says=["parqet", "parquet"])
    tool("convert", source, folder / "b", "--bad-rows", "rejct", want=2, says=["rejct", "reject"])
    tool("convert", source, folder / "b", "--overwrite", "yes", want=2, says=["yes"])
    tool("convrt", source, folder / "b", want=2, says=["convrt", "convert"])
    assert files(folder) == ["a.csv"], files(folder)


def several_sources_need_a_folder(tool, folder):
    a, b = write(folder / "a.csv", SMALL), write(folder / "b.csv", SMALL)
    tool("convert", a, b, folder / "c.parquet", want=2)
    assert files(folder) == ["a.csv", "b.csv"], files(folder)


def two_sources_with_one_output(tool, folder):
    a, b = write(folder / "x/a.csv", SMALL), write(folder / "y/a.csv", SMALL)
    done = subprocess.run([tool.path, "convert", a, b, f"{folder}/out/"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and not (folder / "out/a.parquet").exists(), done


def overwrite(tool, folder):
    source, out = write(folder / "a.csv", SMALL), folder / "b.parquet"
    write(out, b"old")
    tool("convert", source, out, "--overwrite", "fail", want=6)
    assert out.read_bytes() == b"old", "--overwrite fail touched the file"
    tool("convert", source, out, "--overwrite", "skip")
    assert out.read_bytes() == b"old", "--overwrite skip touched the file"
    tool("convert", write(folder / "bad.csv", b"a,b\n1\n"), out, "--overwrite", "replace", want=4)
    assert out.read_bytes() == b"old", "a failed run touched the file"
    tool("convert", source, out, "--overwrite", "replace")
    assert out.read_bytes()[:4] == b"PAR1"


def done_already(tool, folder):
    source = write(folder / "a.csv", SMALL)

    def outcome(*arguments):
        lines = tool("convert", source, f"{folder}/out/", "--json", *arguments).stdout.splitlines()
        return json.loads(lines[0])["outcome"]

    assert outcome() == "converted"
    assert outcome() == "skipped"
    assert outcome("--compression", "snappy") == "converted", "other options did not count"
    write(source, SMALL + b"3,d,1,2024-01-03\n")
    assert outcome("--compression", "snappy") == "converted", "another source did not count"
    assert pyarrow.parquet.read_table(folder / "out/a.parquet").num_rows == 3


def a_dry_run_writes_nothing(tool, folder):
    tool("convert", write(folder / "a.csv", SMALL), f"{folder}/out/", "--dry-run")
    assert files(folder) == ["a.csv"], files(folder)


def a_zip_of_several_members(tool, folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x/a.csv", SMALL)
        archive.writestr("b.csv", SMALL)
    write(folder / "in.zip", packed.getvalue())
    tool("convert", folder / "in.zip", f"{folder}/out/")
    assert files(folder / "out") == ["_manifest.json", "in/b.parquet", "in/x/a.parquet"], files(folder / "out")
    tool("convert", folder / "in.zip", f"{folder}/one/", "--zip-member", "b*")
    assert [f for f in files(folder / "one") if f.endswith(".parquet")] in (["in.parquet"], ["in/b.parquet"]), files(folder / "one")


def a_zip_that_points_outside(tool, folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil.csv", SMALL)
        archive.writestr("b.csv", SMALL)
    write(folder / "in/in.zip", packed.getvalue())
    subprocess.run([tool.path, "convert", folder / "in/in.zip", f"{folder}/deep/out/"], capture_output=True, check=False)
    outside = [f for f in files(folder) if "evil" in f and not f.startswith("deep/out/")]
    assert not outside, f"written outside of the destination: {outside}"


class EvilBucket(http.server.BaseHTTPRequestHandler):
    """An S3 server of one bucket, whose keys lead out of where they are put, or onto each other."""

    keys = ("in/../../evil.csv", "in/../evil.csv", "in/./a.csv", "in//a.csv", "in/a.csv", "in/x/../../evil.csv", "in/...csv")

    def do_GET(self):
        if "list-type" in self.path:
            found = "".join(f"<Contents><Key>{k}</Key><Size>{len(SMALL)}</Size></Contents>" for k in sorted(self.keys))
            self.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode())
        else:
            self.answer(200 if self.command == "HEAD" else 206, SMALL, ("Content-Range", f"bytes 0-{len(SMALL) - 1}/{len(SMALL)}"), ("ETag", '"e"'))

    do_HEAD = do_GET

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def keys_that_lead_outside(tool, folder):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), EvilBucket) as bucket:
        threading.Thread(target=bucket.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{bucket.server_port}"
        tool("convert", "s3://bucket/in/", f"{folder}/deep/er/out/", "--endpoint-url", url, "--region", "x", "--no-sign-request", "--all-files",
             want=3, says=["s3://bucket/in/../../evil.csv: the name leads out of the destination, or is not one that a local file can have"])
        bucket.shutdown()
    assert files(folder) == [f"deep/er/out/{f}" for f in ("...parquet", "_manifest.json", "a.parquet")], files(folder)


def the_same_bytes_however_it_runs(tool, folder):
    source = big_csv(folder / "a.csv", 20)
    wanted = set()
    for i, arguments in enumerate((["--threads", "1"], ["--threads", "2"], ["--threads", "4"], ["--threads", "2", "--memory", "128MiB"])):
        out = folder / f"{i}.parquet"
        tool("convert", source, out, "--row-group-bytes", "1MiB", *arguments)
        wanted.add(digest(out))
    assert len(wanted) == 1, "the bytes depend on the threads"


def a_schema_by_file(tool, folder):
    source = write(folder / "a.csv", SMALL)
    tool("infer", source, "--output", folder / "schema.json")
    tool("convert", source, folder / "a.parquet")
    tool("convert", source, folder / "b.parquet", "--schema", folder / "schema.json")
    assert (folder / "a.parquet").read_bytes() == (folder / "b.parquet").read_bytes()


def a_full_disk(tool, folder):
    source = big_csv(folder / "a.csv", 50)

    def small_files():
        # Beyond this size a write fails; the signal that comes with it is ignored, as on a full disk there is none.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    tool("convert", source, f"{folder}/out/", "--to", "parquet,avro", want=7, preexec_fn=small_files)
    left = files(folder / "out") if (folder / "out").exists() else []
    assert left == [], f"left behind: {left}"


def memory_is_kept(tool, folder):
    source = write(folder / "a.csv", b"id,body\n" + b"".join(b"%d,%s\n" % (i, b"x" * (1 << 20)) for i in range(300)))
    process = tool.start("convert", source, folder / "b.parquet", "--memory", "128MiB", "--threads", "2")
    process.communicate(timeout=120)
    assert process.returncode == 0, f"exit {process.returncode}"
    assert pyarrow.parquet.read_metadata(folder / "b.parquet").num_rows == 300


def csv_is_csv_again(tool, folder):
    source = big_csv(folder / "a.csv", 20)
    tool("convert", source, folder / "one.csv", "--threads", "1")
    tool("convert", source, folder / "two.csv", "--threads", "3", "--row-group-bytes", "1MiB")
    tool("convert", source, folder / "three.csv.gz", "--threads", "2")
    tool("convert", folder / "three.csv.gz", folder / "four.csv")
    wanted = (folder / "one.csv").read_bytes()
    assert (folder / "two.csv").read_bytes() == wanted, "other bytes with more threads"
    assert gzip.decompress((folder / "three.csv.gz").read_bytes()) == wanted, "other bytes in a gzip"
    assert (folder / "four.csv").read_bytes() == wanted, "other bytes from its own output"
    tool("convert", source, folder / "a.parquet")
    tool("convert", folder / "one.csv", folder / "b.parquet")
    assert pyarrow.parquet.read_table(folder / "a.parquet").equals(pyarrow.parquet.read_table(folder / "b.parquet"))


def csv_options_count(tool, folder):
    write(folder / "a.csv", b"a,b\n=1,2\n")
    for arguments, text in ([], b"a,b\n=1,2\n"), (["--formula-guard"], b"a,b\n'=1,2\n"), ([], b"a,b\n=1,2\n"):
        tool("convert", folder / "a.csv", f"{folder}/out/", "--to", "csv", *arguments)
        assert (folder / "out/a.csv").read_bytes() == text, arguments
    tool("convert", folder / "a.csv", f"{folder}/out/", "--to", "csv", "--csv-codec", "gzip")
    assert files(folder / "out") == ["_manifest.json", "a.csv", "a.csv.gz"], files(folder / "out")


def a_source_is_no_output(tool, folder):
    write(folder / "raw/a.csv", SMALL)
    write(folder / "raw/x/b.csv", SMALL)
    for destination in "raw/", "raw", "raw/../raw/x/../":
        tool("convert", f"{folder}/raw/", f"{folder}/{destination}", "--to", "csv,parquet", want=2, says=["source and output are the same object"])
    (folder / "link").symlink_to("raw")
    tool("convert", f"{folder}/raw/", f"{folder}/link/", "--to", "csv", want=2, says=["source and output are the same object"])
    tool("convert", folder / "raw/a.csv", folder / "raw/a.csv", "--to", "parquet", want=2, says=["the same object"])
    tool("convert", f"{folder}/raw/a.csv", f"{folder}/raw/x/b.csv", f"{folder}/raw/", "--to", "csv", want=2, says=["the same object"])
    (folder / "link").unlink()
    assert files(folder) == ["raw/a.csv", "raw/x/b.csv"], files(folder)
    for _ in range(2):
        tool("convert", f"{folder}/raw/", f"{folder}/raw/clean/", "--to", "csv")
        assert files(folder / "raw/clean") == ["_manifest.json", "a.csv", "x/b.csv"], files(folder / "raw/clean")


def stopped_by(number, want):
    def case(tool, folder):
        source = big_csv(folder / "a.csv", STOP_MEGABYTES)
        process = tool.start("convert", source, f"{folder}/out/", "--to", "parquet,avro", "--threads", "1")
        wait_for(lambda: (folder / "out").exists() and any((folder / "out").iterdir()), process)
        stop(process, number, want)
        left = files(folder / "out") if (folder / "out").exists() else []
        if number == signal.SIGKILL:
            assert all(f.startswith(".") for f in left), f"left behind: {left}"
            tool("convert", write(folder / "b.csv", SMALL), f"{folder}/out/", "--to", "parquet,avro")
        else:
            assert left == [], f"left behind: {left}"

    return case


CASES = {
    "one file": one_file,
    "a folder keeps its paths": a_folder_keeps_its_paths,
    "the manifest tells the truth": the_manifest_tells_the_truth,
    "JSON lines": json_lines,
    "a report counts": a_report_counts,
    "pipes": pipes,
    "a failed run leaves the pipe empty": a_pipe_without_data_stays_empty,
    "a missing source": a_missing_source,
    "a missing source beside a good one": a_missing_source_beside_a_good_one,
    "a folder without input": a_folder_without_input,
    "wrong usage": wrong_usage,
    "several sources need a folder": several_sources_need_a_folder,
    "two sources with one output": two_sources_with_one_output,
    "overwrite": overwrite,
    "done already": done_already,
    "a dry run writes nothing": a_dry_run_writes_nothing,
    "a ZIP of several members": a_zip_of_several_members,
    "a ZIP that points outside": a_zip_that_points_outside,
    "keys that lead outside": keys_that_lead_outside,
    "the same bytes however it runs": the_same_bytes_however_it_runs,
    "a schema by file": a_schema_by_file,
    "a full disk": a_full_disk,
    "memory is kept": memory_is_kept,
    "CSV is CSV again": csv_is_csv_again,
    "options of CSV count": csv_options_count,
    "a source is no output": a_source_is_no_output,
    "SIGTERM": stopped_by(signal.SIGTERM, 143),
    "SIGINT": stopped_by(signal.SIGINT, 130),
    "SIGKILL": stopped_by(signal.SIGKILL, -9),
}
