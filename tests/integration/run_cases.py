# SPDX-License-Identifier: Apache-2.0
"""What run, pipe and doctor do against an S3 server, and an archive with checksums as Binance has it.

A case takes the tool, the server and an empty folder; it fails by assert.
"""

import hashlib
import io
import json
import os
import pathlib
import resource
import signal
import subprocess
import time
import zipfile

import pyarrow.parquet

import server as s3_server
from support import WAIT_SECONDS, Tool, files, stop, wait_for, write

LINES = 3000
# A line has a thread of its own and one for its object; a few more are those of the network.
THREADS_MAX = 2 * 32 + 64
PEAK_MB = 64
OPEN_FILES = 200
BIG_BYTES = 20_000_000
KLINE_COLUMNS = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore"
DAY_MS = 86_400_000


def bucket(server, name):
    server.s3.create_bucket(Bucket=name)
    return name


def body(server, name, key):
    return server.s3.get_object(Bucket=name, Key=key)["Body"].read()


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def lines_of_s5cmd(tool, server, folder):
    name = bucket(server, "run-lines")
    write(folder / "a.txt", b"first")
    write(folder / "with 'quote.txt", b"second")
    commands = folder / "commands.txt"
    commands.write_text(
        "# copied by s5cmd before\n\n"
        f"cp -n --sp --concurrency 5 '{folder}/a.txt' s3://{name}/in/a.txt\n"
        f"""cp --part-size 50 "{folder}/with 'quote.txt" 's3://{name}/in/b c.txt'\n"""
        f"cp '{folder}/missing.txt' s3://{name}/in/missing.txt\n"
        "select json s3://x/y\n"
        f"mb s3://{name}-made\n"
    )
    done = tool("run", commands, "--json", want=3, says=[f"{commands}:5: ", f"{commands}:6: s5cmd's select is not here"])
    assert body(server, name, "in/a.txt") == b"first" and body(server, name, "in/b c.txt") == b"second"
    told = sorted((line["line"], line["op"], line["status"]) for line in json_lines(done.stdout))
    assert told == [(3, "cp", "ok"), (4, "cp", "ok"), (5, "cp", "failed"), (7, "mb", "ok")], told
    server.s3.head_bucket(Bucket=f"{name}-made")
    # The options of the run hold for all lines; the second time nothing is to be done.
    again = folder / "again.txt"
    again.write_text(
        "".join(f"cp --if-size-differ --source-region us-east-1 --part-size 50 's3://{name}/in/{k}' 's3://{name}/out/{k}'\n" for k in ("a.txt", "b c.txt"))
    )
    tool("run", again, "--storage-class", "STANDARD")
    assert body(server, name, "out/b c.txt") == b"second"
    lines = json_lines(tool("run", again, "--json").stdout)
    assert [(line["status"], line["reason"]) for line in lines] == [("skipped", "same-size")] * 2, lines
    before = server.keys(name)
    tool("run", "-", "--dry-run", stdin=None, input=f"rm s3://{name}/in/\nrb s3://{name}-made\n")
    assert server.keys(name) == before
    server.s3.head_bucket(Bucket=f"{name}-made")


def what_lines_print_stands_together(tool, server, folder):
    name = bucket(server, "run-cat")
    bodies = [bytes([65 + i]) * 400_000 for i in range(6)]
    for i, data in enumerate(bodies):
        server.s3.put_object(Bucket=name, Key=str(i), Body=data)
    out = tool("run", "-", stdin=None, input="".join(f"cat s3://{name}/{i}\n" for i in range(6))).stdout.encode()
    pieces = sorted(out[at : at + 400_000] for at in range(0, len(out), 400_000))
    assert pieces == bodies, [len(out), [piece[:1] for piece in pieces]]


def many_lines(tool, server, folder):
    """Threads, files and memory do not grow with the number of lines."""
    name = bucket(server, "run-many")
    write(folder / "a.txt", b"small")
    commands = folder / "commands.txt"
    commands.write_text("".join(f"cp {folder}/a.txt s3://{name}/{i}\n" for i in range(LINES)))
    run = tool.start("run", commands, limit=(resource.RLIMIT_NOFILE, OPEN_FILES))
    threads = peak = 0
    while run.poll() is None:
        try:
            facts = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{run.pid}/status").read_text().splitlines())
            threads = max(threads, int(facts["Threads"]))
            peak = max(peak, int(facts.get("VmHWM", "0 kB").split()[0]) // 1000)
        except (OSError, KeyError):
            pass
        time.sleep(0.02)
    errors = run.communicate()[1]
    assert run.returncode == 0, errors
    assert len(server.keys(name)) == LINES
    assert threads <= THREADS_MAX and peak <= PEAK_MB, f"{threads} threads, {peak} MB"


def a_run_is_stopped(tool, server, folder):
    name = bucket(server, "run-stop")
    source = write(folder / "big.bin", os.urandom(BIG_BYTES))
    commands = folder / "commands.txt"
    commands.write_text("".join(f"cp {source} s3://{name}/{i}\n" for i in range(50)))
    run = tool.start("run", commands, "--limit-rate", "2MB", "--part-size", "5MiB")
    wait_for(lambda: server.uploads(name), run)
    stop(run, signal.SIGTERM, 143)
    assert server.uploads(name) == [], "an upload was left open"


def secrets_of_lines_are_not_told(tool, server, folder):
    name = bucket(server, "run-secrets")
    done = tool("run", "-", "--log", "debug", stdin=None, input=f"presign s3://{name}/a\ncp {folder}/none s3://{name}/a\n", want=3)
    assert "X-Amz-Signature=" in done.stdout
    assert s3_server.SECRET not in done.stdout + done.stderr and "X-Amz-Signature" not in done.stderr


def through_a_pipe(tool, server, folder):
    name = bucket(server, "piped")
    for data in (b"", b"x", os.urandom(BIG_BYTES)):
        tool("pipe", f"s3://{name}/in", "--content-type", "text/x-test", stdin=None, input=data, text=False, errors=None)
        reply = server.s3.get_object(Bucket=name, Key="in")
        assert reply["Body"].read() == data and reply["ContentType"] == "text/x-test"
    # Standard input that cannot be read leaves what was there.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    command = [tool.path, "pipe", f"s3://{name}/in"]
    done = subprocess.run(command, env=tool.environment, stdin=descriptor, capture_output=True, check=False, timeout=WAIT_SECONDS)
    os.close(descriptor)
    assert done.returncode == 7, done
    assert len(body(server, name, "in")) == BIG_BYTES and server.uploads(name) == []
    tool("pipe", f"s3://{name}/", stdin=None, input="x", want=2, says=["standard input becomes one object"])


def doctor(tool, server, folder):
    name = bucket(server, "doctor")
    done = tool("doctor", f"s3://{name}/p/", "--write", "--json")
    checks = {line["check"]: line["status"] for line in json_lines(done.stdout)}
    for check in ("credentials", "connection", "signature", "bucket", "list", "put", "checksum", "get", "conditional-writes", "multipart", "delete"):
        assert checks.get(check) == "ok", (check, checks)
    assert server.keys(name) == [] and server.uploads(name) == []
    assert s3_server.SECRET not in done.stdout + done.stderr and s3_server.KEY_ID not in done.stdout
    tool("doctor", "s3://no-such-bucket-here", want=6, says=["NoSuchBucket"])
    wrong = Tool(tool.path, {**tool.environment, "AWS_SECRET_ACCESS_KEY": "wrong-secret-key"})
    assert "wrong-secret-key" not in wrong("doctor", f"s3://{name}", want=5, says=["SignatureDoesNotMatch"]).stdout
    without = {k: v for k, v in tool.environment.items() if not k.startswith("AWS_ACCESS") and not k.startswith("AWS_SECRET")}
    Tool(tool.path, {**without, "HOME": str(folder)})("doctor", want=5)
    tool("doctor", "--endpoint-url", "http://127.0.0.1:1", want=1, says=["does not answer"])
    tool("doctor", "--profile", "nobody", want=2)


def kline(start, step):
    row = "42283.58000000,44184.10000000,42180.77000000,44179.55000000,27174.29903000"
    return f"{start},{row},{start + step - 1},1169995682.06240560,1108977,13809.91070000,594824384.72250000,0\n"


def archive_put(server, name, symbol, month, start, unit):
    """A ZIP of one CSV, and the object with its SHA-256 beside it."""
    step = DAY_MS * unit
    key = f"data/spot/monthly/klines/{symbol}/1d/{symbol}-1d-{month}.zip"
    text = "".join(kline(start * unit + i * step, step) for i in range(28))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(pathlib.PurePath(key).name.replace(".zip", ".csv"), text)
    data = packed.getvalue()
    server.s3.put_object(Bucket=name, Key=key, Body=data)
    server.s3.put_object(Bucket=name, Key=f"{key}.CHECKSUM", Body=f"{hashlib.sha256(data).hexdigest()}  {pathlib.PurePath(key).name}\n".encode())
    return key, data


def an_archive_with_checksums(tool, server, folder):
    name = bucket(server, "binance.public.data")
    bucket(server, "lake-of-ours")
    put = dict(
        [
            archive_put(server, name, "BTCUSDT", "2024-02", 1706745600000, 1),
            archive_put(server, name, "BTCUSDT", "2025-02", 1738368000000, 1000),
            archive_put(server, name, "ETHUSDT", "2024-02", 1706745600000, 1),
        ]
    )
    lines = json_lines(tool("cp", f"s3://{name}/data/", "s3://lake-of-ours/copy/", "--sidecar", "sha256", "--json").stdout)
    proved = {line["source"]: line["proved_by"] for line in lines if line["source"].endswith(".zip")}
    assert len(lines) == 6 and set(proved.values()) == {"sha256"}, lines
    for key, data in put.items():
        assert body(server, "lake-of-ours", key.replace("data/", "copy/", 1)) == data
    # One was changed, and another one has no checksum: the others are copied.
    first, second, third = put
    server.s3.put_object(Bucket=name, Key=first, Body=b"other bytes")
    server.s3.delete_object(Bucket=name, Key=f"{second}.CHECKSUM")
    says = [f"s3://{name}/{first}: compared with its sidecar", f"s3://{name}/{second}: no sidecar is beside it"]
    tool("cp", f"s3://{name}/data/", f"{folder}/copy/", "--sidecar", "sha256", want=3, says=says)
    assert [f for f in files(folder / "copy") if f.endswith(".zip")] == [third.replace("data/", "", 1)]
    # Large objects are compared part by part.
    big = os.urandom(BIG_BYTES)
    server.s3.put_object(Bucket=name, Key="big/a.bin", Body=big)
    server.s3.put_object(Bucket=name, Key="big/a.bin.sha256", Body=hashlib.sha256(big).hexdigest().encode())
    tool("cp", f"s3://{name}/big/a.bin", "s3://lake-of-ours/a.bin", "--sidecar", "sha256", "--part-size", "5MiB")
    assert body(server, "lake-of-ours", "a.bin") == big
    server.s3.put_object(Bucket=name, Key="big/a.bin", Body=big[:-1] + bytes([big[-1] ^ 1]))
    tool("cp", f"s3://{name}/big/a.bin", "s3://lake-of-ours/b.bin", "--sidecar", "sha256", "--part-size", "5MiB", want=1)
    assert "b.bin" not in server.keys("lake-of-ours") and server.uploads("lake-of-ours") == []
    # From the ZIPs to Parquet.
    server.s3.put_object(Bucket=name, Key=first, Body=put[first])
    tool("convert", f"s3://{name}/data/spot/monthly/klines/", "s3://lake-of-ours/parquet/", "--names", KLINE_COLUMNS, "--drop", "ignore", "--header", "no")
    keys = [k for k in server.keys("lake-of-ours", "parquet/") if k.endswith(".parquet")]
    assert len(keys) == 3, keys
    table = pyarrow.parquet.read_table(io.BytesIO(body(server, "lake-of-ours", "parquet/BTCUSDT/1d/BTCUSDT-1d-2025-02.parquet")))
    assert table.num_rows == 28 and table.column_names == KLINE_COLUMNS.split(",")[:-1]
    assert table["open_time"][1].as_py() == (1738368000000 + DAY_MS) * 1000 and table["open"][0].as_py() == 42283.58


S3_CASES = {
    "lines of s5cmd": lines_of_s5cmd,
    "what lines print stands together": what_lines_print_stands_together,
    "many lines": many_lines,
    "a run is stopped": a_run_is_stopped,
    "secrets of lines are not told": secrets_of_lines_are_not_told,
    "through a pipe": through_a_pipe,
    "doctor": doctor,
    "an archive with checksums": an_archive_with_checksums,
}
