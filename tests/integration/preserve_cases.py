# SPDX-License-Identifier: Apache-2.0
"""--preserve: what becomes of times and permissions of files, as boto3 and rclone see it. The server is hawser-fault-server."""

import os
import pathlib
import shutil
import subprocess

import fault_servers
from fault_servers import lines

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIME_NS = 1_700_000_000_123_456_789
BIG = bytes(range(256)) * (40 << 10)  # more than one part


def file_make(path, body=b"x", ns=TIME_NS, mode=0o640):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    path.chmod(mode)
    os.utime(path, ns=(ns, ns))
    return path


def facts(path):
    found = path.stat()
    return oct(found.st_mode & 0o7777), found.st_mtime_ns


def metadata(s3, key):
    return s3.head_object(Bucket="b", Key=key)["Metadata"]


def files_keep_time_and_mode(tool, server, s3, folder):
    file_make(folder / "in/small")
    file_make(folder / "in/big", BIG, 1_600_000_000_500_000_000, 0o4755)
    tool("cp", folder / "in/", "s3://b/p/", "--preserve", "--metadata", "a=1")
    assert metadata(s3, "p/small") == {"a": "1", "mtime": "1700000000.123456789", "mode": "100640"}
    assert metadata(s3, "p/big") == {"a": "1", "mtime": "1600000000.5", "mode": "100755"}
    # On the server, by other metadata too, and through this machine.
    tool("cp", "s3://b/p/", "s3://b/q/", "--preserve", "--metadata", "a=2", "--mode", "direct")
    tool("cp", "s3://b/q/", "s3://b/r/", "--preserve", "--mode", "traditional")
    for key in ("q/small", "r/small"):
        assert metadata(s3, key) == {"a": "2", "mtime": "1700000000.123456789", "mode": "100640"}, key
    tool("cp", "s3://b/r/", folder / "out/", "--preserve", "--part-size", "1MiB")
    assert facts(folder / "out/small") == ("0o640", TIME_NS)
    assert facts(folder / "out/big") == ("0o755", 1_600_000_000_500_000_000)
    assert (folder / "out/big").read_bytes() == BIG
    tool("cp", folder / "out/small", folder / "copy", "--preserve")
    assert facts(folder / "copy") == ("0o640", TIME_NS)
    # Without the option a file is like any other that is made.
    tool("cp", "s3://b/r/small", folder / "plain")
    assert facts(folder / "plain")[0] == oct(0o666 & ~umask()) and facts(folder / "plain")[1] > TIME_NS


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def odd_metadata_is_left(tool, server, s3, folder):
    for key, given in {"setuid": {"mode": "104777"}, "s3fs": {"mode": "33261", "mtime": "1700000000"}, "folder": {"mode": "040755"}, "words": {"mtime": "yesterday", "mode": "rw"}, "old": {"mtime": "-1.5"}}.items():
        s3.put_object(Bucket="b", Key=f"odd/{key}", Body=b"x", Metadata=given)
    tool("cp", "s3://b/odd/", folder / "odd/", "--preserve")
    plain = oct(0o666 & ~umask())
    assert facts(folder / "odd/setuid")[0] == "0o777"
    assert facts(folder / "odd/s3fs") == (plain, 1_700_000_000_000_000_000)
    assert facts(folder / "odd/folder")[0] == plain and facts(folder / "odd/words")[0] == plain
    assert facts(folder / "odd/old")[1] == -1_500_000_000


def copies_through_this_machine_keep_the_description(tool, server, s3, folder):
    s3.put_object(Bucket="b", Key="d", Body=BIG, ContentType="text/x-odd", Metadata={"k": "v"}, CacheControl="no-cache", Tagging="t=1")
    tool("cp", "s3://b/d", "s3://b/e.csv", "--mode", "traditional")
    got = s3.get_object(Bucket="b", Key="e.csv")
    assert (got["ContentType"], got["Metadata"], got["CacheControl"]) == ("text/x-odd", {"k": "v"}, "no-cache"), got
    assert s3.get_object_tagging(Bucket="b", Key="e.csv")["TagSet"] == [{"Key": "t", "Value": "1"}]


def sync_compares_the_times_that_are_kept(tool, server, s3, folder):
    file_make(folder / "in/a", b"1")
    file_make(folder / "in/b", b"2")
    tool("sync", folder / "in/", "s3://b/s/", "--preserve")
    tool("sync", "s3://b/s/", folder / "out/", "--preserve")
    assert facts(folder / "out/a") == ("0o640", TIME_NS)
    for words in ((folder / "in/", "s3://b/s/"), ("s3://b/s/", folder / "out/")):
        assert [e["status"] for e in lines(tool("sync", *words, "--preserve", "--json"))] == ["skipped"] * 2, words
    # It is newer than the copy, but older than the time of the upload.
    file_make(folder / "in/a", b"9", TIME_NS + 1000)
    done = {pathlib.Path(e["path"]).name: e["status"] for e in lines(tool("sync", folder / "in/", "s3://b/s/", "--preserve", "--json"))}
    assert done == {"a": "ok", "b": "skipped"}, done
    assert s3.get_object(Bucket="b", Key="s/a")["Body"].read() == b"9"


def rclone_reads_and_writes_the_same(tool, server, s3, folder):
    program = shutil.which("rclone") or ROOT / ".peers/bin/rclone"
    if not pathlib.Path(program).is_file():
        print("SKIPPED rclone is not here")
        return
    file_make(folder / "in/a")
    remote = f":s3,provider=Other,env_auth=true,endpoint='{server.url}':b"
    environment = {**server.environment(), "RCLONE_CONFIG": str(folder / "none.conf")}
    subprocess.run([program, "copy", "--metadata", folder / "in", f"{remote}/theirs"], env=environment, check=True, stderr=subprocess.DEVNULL)
    tool("cp", folder / "in/a", "s3://b/ours/a", "--preserve")
    theirs, ours = metadata(s3, "theirs/a"), metadata(s3, "ours/a")
    assert {k: theirs[k] for k in ("mtime", "mode")} == ours, (theirs, ours)
    tool("cp", "s3://b/theirs/a", folder / "a", "--preserve")
    subprocess.run([program, "copy", "--metadata", f"{remote}/ours", folder / "rclone"], env=environment, check=True, stderr=subprocess.DEVNULL)
    assert facts(folder / "a") == facts(folder / "rclone/a") == ("0o640", TIME_NS)


CASES = fault_servers.cases(
    (files_keep_time_and_mode, odd_metadata_is_left, copies_through_this_machine_keep_the_description, sync_compares_the_times_that_are_kept, rclone_reads_and_writes_the_same),
    "--bucket",
    "b",
    "--allow-unsigned-payload",
)
