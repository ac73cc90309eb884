# SPDX-License-Identifier: Apache-2.0
"""Uploads over an older version of an object with --delta: the server copies the parts that are as ours."""

from boto3.s3.transfer import TransferConfig
from support import write
from transfer_cases import PART, PARTS, body, bucket, got, lines

OTHER_PART = 6 << 20  # another size than ours
OLD = body("older", 4 * PART)
# Another byte in the second of our parts, and a fifth part that is new.
NEW = OLD[: PART + 77] + bytes([OLD[PART + 77] ^ 1]) + OLD[PART + 78 :] + b"more"
SENT, COPIED = PART + 4, 3 * PART
# Of parts that it copies MinIO tells no checksum, and versitygw that of the whole source where that has one of the kind.
WARNING = "the service does not tell the checksums of parts that it copies: they are compared by their MD5"


def older_put(tool, server, folder, how, name, key):
    """Makes the older version: by ours, or by boto3 in a way of its own."""
    path = write(folder / "older", OLD)
    if how == "ours":
        tool("cp", path, f"s3://{name}/{key}", *PARTS)
    elif how == "single":
        server.s3.put_object(Bucket=name, Key=key, Body=OLD)
    else:
        config = TransferConfig(multipart_threshold=OTHER_PART, multipart_chunksize=OTHER_PART)
        server.s3.upload_file(str(path), name, key, ExtraArgs={"ChecksumAlgorithm": how}, Config=config)


def equal_parts_are_copied(tool, server, folder):
    """Whatever the older version was made by, in one piece, in parts of another size, with checksums of parts."""
    bucket(server, "delta")
    path = write(folder / "new.bin", NEW)
    for how in ("ours", "single", "SHA256", "CRC32"):
        older_put(tool, server, folder, how, "delta", how)
        done = tool("cp", "--delta", path, f"s3://delta/{how}", "--json", "--metadata", "of=new", *PARTS)
        (line,) = lines(done)
        assert (line["bytes_sent"], line["bytes_copied"]) == (SENT, COPIED), (how, line, done.stderr)
        assert done.stderr.count(WARNING) == (server.kind == "minio" or how == "ours"), (how, done.stderr)
        assert got(server, "delta", how) == NEW, how
        assert server.s3.head_object(Bucket="delta", Key=how)["Metadata"] == {"of": "new"}, how
    assert not server.uploads("delta")


def named_checksums_are_kept(tool, server, folder):
    """A server that tells no checksums of copied parts gets all of them."""
    bucket(server, "delta-named")
    older_put(tool, server, folder, "ours", "delta-named", "k")
    path = write(folder / "new.bin", NEW)
    words = ("cp", "--delta", "--checksum-algorithm", "CRC64NVME", path, "s3://delta-named/k", "--json", *PARTS)
    (line,) = lines(tool(*words, says=("so all is sent: it tells no checksums of them, and the object has to get some",)))
    assert (line["bytes_sent"], line["bytes_copied"]) == (len(NEW), 0), line
    assert got(server, "delta-named", "k") == NEW
    assert "ChecksumCRC64NVME" in server.s3.head_object(Bucket="delta-named", Key="k", ChecksumMode="ENABLED")
    assert not server.uploads("delta-named")


def folders_are_synced(tool, server, folder):
    """What is new, small, or the same as it was goes as it does without the option."""
    bucket(server, "delta-sync")
    for name, data in {"large": OLD, "small": b"old", "same": OLD}.items():
        write(folder / "in" / name, data)
    tool("sync", "--delta", f"{folder}/in/", "s3://delta-sync/", *PARTS)
    for name, data in {"large": NEW, "small": b"newer", "new": NEW}.items():
        write(folder / "in" / name, data)
    told = lines(tool("sync", "--delta", f"{folder}/in/", "s3://delta-sync/", "--json", *PARTS))
    found = {line["source"].rpartition("/")[2]: (line["status"], line.get("bytes_sent"), line.get("bytes_copied")) for line in told}
    assert found == {"large": ("ok", SENT, COPIED), "small": ("ok", None, None), "new": ("ok", None, None), "same": ("skipped", None, None)}, found
    for name, data in {"large": NEW, "small": b"newer", "new": NEW, "same": OLD}.items():
        assert got(server, "delta-sync", name) == data, name
    assert not server.uploads("delta-sync")


CASES = {
    "delta: equal parts are copied": equal_parts_are_copied,
    "delta: named checksums are kept": named_checksums_are_kept,
    "delta: folders are synced": folders_are_synced,
}
