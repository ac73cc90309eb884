# SPDX-License-Identifier: Apache-2.0
"""Files that a run may not destroy, limits of the system, and signals at moments when nobody
expects them.
"""

import fcntl
import os
import resource
import signal
import subprocess
import threading
import time

import harness
import outputs
import s3_server
from s3_cases import LARGE, prepare  # noqa: F401  (what is prepared there is uploaded here)
from support import SMALL, wait_for, write

SECONDS = 60  # a run that takes longer hangs, however busy the machine is
STOP_SECONDS = 5
TORN = SMALL + b"3\n"  # one record is bad


def convert(context, folder, *arguments, want, command="convert", says=(), env=None, **options):
    done = harness.call([context.tool, command, *arguments], SECONDS, env or harness.environment(HOME=str(folder)), cwd=folder, **options)
    harness.ended(done, set(want), SECONDS)
    assert (done.code != 0) == ("hawser: error:" in done.err), f"exit {done.code}: {done.err.strip()[-300:]}"
    for words in says:
        assert words in done.err, f"stderr does not say {words!r}: {done.err.strip()[-300:]}"
    return done


# ------ sources, and outputs, that something else would take the place of


def kept(files, *arguments, want=(2,), links=(), command="convert"):
    """What is named by `files` is there afterwards, with its bytes; the run is refused."""

    def case(context, folder):
        for name, body in files.items():
            write(folder / name, body)
        for name, target in links:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.symlink(target, folder / name)
        done = convert(context, folder, *arguments, want=range(256), command=command)
        lost = [name for name, body in files.items() if not (folder / name).is_file() or (folder / name).read_bytes() != body]
        assert not lost, f"exit {done.code}, destroyed: {lost}"
        harness.ended(done, set(want), SECONDS)
        assert not outputs.temporaries(folder, notes=True)

    return case


def report_over_an_output(context, folder):
    """The report is not to take the place of what was just written."""
    write(folder / "in.csv", SMALL)
    for arguments in (("in.csv", "o.parquet", "--report", "o.parquet"), ("in.csv", "out/", "--report", "out/in.parquet"), ("in.csv", "out/", "--report", "out/_manifest.json"),
                      ("in.csv", "o.parquet", "--report", "./x/../o.parquet")):
        (folder / "x").mkdir(exist_ok=True)
        done = convert(context, folder, *arguments, want=range(256))
        assert done.code == 2, f"{arguments}: exit {done.code}, want 2"


def report_over_the_rejects(context, folder):
    write(folder / "in.csv", TORN)
    done = convert(context, folder, "in.csv", "out/", "--bad-rows", "reject", "--report", "out/in.rejects.jsonl", want=range(256))
    assert done.code == 2, f"exit {done.code}, want 2"


def remote(objects, *arguments, want=(2,)):
    """The same in buckets."""

    def case(context, folder):
        store = s3_server.Store()
        for key, body in objects.items():
            store.put("bucket", key, body)
        with s3_server.Server(store) as server:
            done = convert(context, folder, *arguments, want=range(256), env=_remote_environment(server, folder))
        lost = [key for key, body in objects.items() if key not in store.buckets["bucket"] or store.buckets["bucket"][key].body != body]
        assert not lost, f"exit {done.code}, destroyed: {lost}"
        harness.ended(done, set(want), SECONDS)

    return case


def _remote_environment(server, folder):
    return harness.environment(
        HOME=str(folder), AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY="secret", AWS_REGION="us-east-1", AWS_ENDPOINT_URL_S3=server.url,
    )


# ------ limits of the system


def file_size_limit(*arguments, to_file=False):
    """ulimit -f: a write beyond it fails, the signal that comes with it does not kill. What was
    there stays.
    """

    def case(context, folder):
        write(folder / "in.csv", b"id,name\n" + b"".join(b"%d,name %d\n" % (i, i * 7919 % 1000003) for i in range(100_000)))
        for name in "o.csv", "out/in.csv", "out/in.parquet":
            write(folder / name, b"old")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        if to_file:
            with open(folder / "stdout", "wb") as out:
                command = [context.tool, "convert", *arguments]
                process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, preexec_fn=limit, env=harness.environment())
                error = process.communicate(timeout=SECONDS)[1].decode()
                assert process.returncode == 7 and "hawser: error:" in error, f"exit {process.returncode}: {error}"
        else:
            convert(context, folder, *arguments, want=(3, 7), preexec_fn=limit)
        assert not outputs.temporaries(folder, notes=True), f"left behind: {outputs.temporaries(folder, notes=True)}"
        for name in "o.csv", "out/in.csv", "out/in.parquet":
            assert (folder / name).read_bytes() == b"old", f"{name} was touched"

    return case


# ------ standard output that does not take what it is given


def large(folder):
    return write(folder / "in.csv", b"id,name\n" + b"".join(b"%d,name %d\n" % (i, i * 7919 % 1000003) for i in range(60_000)))


def stopped_at_a_full_pipe(number, code):
    """One signal is enough, though nobody reads the pipe."""

    def case(context, folder):
        large(folder)
        command = [context.tool, "convert", "in.csv", "-", "--to", "csv"]
        with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=harness.environment()) as process:
            try:
                wait_for(lambda: _pipe_is_full(process.stdout), process)
                time.sleep(0.1)
                start = time.monotonic()
                process.send_signal(number)
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    raise AssertionError(f"one {signal.Signals(number).name} was not heeded for {STOP_SECONDS} s") from None
                seconds = time.monotonic() - start
            finally:
                process.kill()
                process.stdout.close()
                process.stderr.close()
        assert process.returncode == code, f"exit {process.returncode}, want {code}"
        assert not outputs.temporaries(folder, notes=True), f"left behind: {outputs.temporaries(folder, notes=True)}"
        return f"{seconds:.1f} s"

    return case


def _pipe_is_full(pipe):
    waiting = bytearray(4)
    fcntl.ioctl(pipe, 0x541B, waiting)  # FIONREAD
    return int.from_bytes(waiting, "little") >= fcntl.fcntl(pipe, 1032) - 4096  # F_GETPIPE_SZ


def a_slow_reader(blocking):
    """All bytes come, in order, whether the pipe blocks or not."""

    def case(context, folder):
        source = large(folder)
        reading, writing = os.pipe()
        os.set_blocking(writing, blocking)
        with subprocess.Popen([context.tool, "convert", "in.csv", "-", "--to", "csv"], cwd=folder, stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE, env=harness.environment()) as process:
            os.close(writing)
            time.sleep(0.2)
            found = bytearray()
            while (part := os.read(reading, 50_000)):
                found += part
                time.sleep(0.01)
            os.close(reading)
            error = process.stderr.read().decode()
        assert process.returncode == 0, f"exit {process.returncode}: {error}"
        assert bytes(found) == source.read_bytes(), f"{len(found)} bytes of {source.stat().st_size}"

    return case


def a_reader_that_goes(context, folder):
    """A pipe that is closed ends the run with 141, as SIGPIPE would, and without a word."""
    large(folder)
    with subprocess.Popen([context.tool, "convert", "in.csv", "-", "--to", "csv"], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=harness.environment()) as process:
        process.stdout.read(10)
        process.stdout.close()
        error = process.stderr.read().decode()
        process.wait(SECONDS)
    assert process.returncode == 141 and not error, f"exit {process.returncode}: {error}"


# ------ signals while a service answers

CODES = {signal.SIGINT: {130}, signal.SIGTERM: {143}, signal.SIGHUP: {129, 130, 143}}


def stopped_while(operation, moment, number):
    """A signal comes when an operation is done but not told yet (after), or has just come in
    (before).
    """

    def case(context, folder):
        write(folder / "in.csv", LARGE)
        store, process, sent = s3_server.Store(), None, threading.Event()
        store.put("bucket", "o.csv", SMALL)

        def hook(when, request):
            if when == moment and request.operation == operation and not sent.is_set():
                sent.set()
                process.send_signal(number)
                time.sleep(0.4)

        with s3_server.Server(store, hook=hook) as server:
            command = [context.tool, "convert", "in.csv", "s3://bucket/o.csv", "--to", "csv", "--memory", "64MiB", "--threads", "2"]
            with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_remote_environment(server, folder)) as process:
                try:
                    _, error = process.communicate(timeout=SECONDS)
                except subprocess.TimeoutExpired:
                    raise AssertionError(f"hangs: killed after {SECONDS} s; requests: {server.log[-4:]}") from None
                finally:
                    process.kill()
        assert sent.is_set(), f"no {operation} was made"
        body = store.buckets["bucket"]["o.csv"].body
        done = process.returncode == 0 and body == LARGE and operation == "CompleteMultipartUpload"  # too late to stop
        assert done or process.returncode in CODES[number], f"exit {process.returncode}: {error.decode()[-300:]}"
        assert body in (SMALL, LARGE), f"{len(body)} bytes at the destination"
        assert not store.open_uploads(), "an upload is left open"

    return case


MARK = b"name,size\n_manifest,1\n"  # a table that is called like a file of ours
CASES = {
    "--report over the source": kept({"in.csv": SMALL}, "in.csv", "o.parquet", "--report", "in.csv"),
    "--report over the source, by another path": kept({"in.csv": SMALL, "x/b.csv": SMALL}, "in.csv", "o.parquet", "--report", "x/../in.csv"),
    "--report over the source, by a link": kept({"in.csv": SMALL}, "in.csv", "o.parquet", "--report", "link.json", links=[("link.json", "in.csv")], want=(0, 2)),
    "--report over the source, read by a link": kept({"in.csv": SMALL}, "link.csv", "o.parquet", "--report", "in.csv", links=[("link.csv", "in.csv")]),
    "--report over one of many sources": kept({"in/a.csv": SMALL, "in/b.csv": SMALL}, "in/", "out/", "--report", "in/b.csv"),
    "--report over one of the merged sources": kept({"in/a.csv": SMALL, "in/b.csv": SMALL}, "in/", "o.parquet", "--merge", "--report", "in/a.csv"),
    "--report over the schema": kept({"in.csv": SMALL, "s.json": b'{"columns": [{"name": "id", "type": "int64"}, {"name": "name", "type": "text"}, {"name": "price", "type": "text"}, {"name": "day", "type": "text"}]}'},
                                     "in.csv", "o.parquet", "--schema", "s.json", "--report", "s.json"),
    "--report over an output": report_over_an_output,
    "--report over the rejects": report_over_the_rejects,
    "a source named _manifest.json": kept({"out/_manifest.json": MARK}, "out/_manifest.json", "out/", "--overwrite", "replace"),
    "a source named _manifest.json, among others": kept({"in/a.csv": SMALL, "out/_manifest.json": MARK}, "in/a.csv", "out/_manifest.json", "out/", "--overwrite", "replace"),
    "a source named like the rejects": kept({"in.csv": TORN, "out/in.rejects.jsonl": SMALL}, "in.csv", "out/in.rejects.jsonl", "out/", "--bad-rows", "reject", want=(2, 3)),
    "a single source named like its rejects": kept({"o.rejects.jsonl": TORN}, "o.rejects.jsonl", "o.parquet", "--bad-rows", "reject", want=(2, 3)),
    "infer --output over the source": kept({"in.csv": SMALL}, "in.csv", "--output", "in.csv", command="infer"),
    "S3: --report over the source": remote({"raw/a.csv": SMALL}, "s3://bucket/raw/a.csv", "s3://bucket/o.parquet", "--report", "s3://bucket/raw/a.csv"),
    "S3: a source named _manifest.json": remote({"raw/_manifest.json": MARK}, "s3://bucket/raw/_manifest.json", "s3://bucket/raw/", "--overwrite", "replace"),
    "S3: a source named like the rejects": remote({"raw/a.csv": TORN, "out/a.rejects.jsonl": SMALL}, "s3://bucket/raw/a.csv", "s3://bucket/out/a.rejects.jsonl", "s3://bucket/out/", "--bad-rows", "reject", want=(2, 3)),
    "ulimit -f, one file": file_size_limit("in.csv", "o.csv", "--to", "csv"),
    "ulimit -f, three formats": file_size_limit("in.csv", "out/", "--to", "parquet,avro,csv", "--compression", "none"),
    "ulimit -f, standard output": file_size_limit("in.csv", "-", "--to", "csv", to_file=True),
    "SIGTERM at a full pipe": stopped_at_a_full_pipe(signal.SIGTERM, 143),
    "SIGINT at a full pipe": stopped_at_a_full_pipe(signal.SIGINT, 130),
    "a slow reader": a_slow_reader(True),
    "a slow reader of a pipe that does not block": a_slow_reader(False),
    "a reader that goes": a_reader_that_goes,
    **{
        f"{number.name} {moment} {operation}": stopped_while(operation, moment, number)
        for number in CODES
        for operation in ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")
        for moment in ("before", "after")
    },
}


def rows():
    return [harness.Row(name, case) for name, case in CASES.items()]
