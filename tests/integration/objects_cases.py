# SPDX-License-Identifier: Apache-2.0
"""The commands that look at objects and manage them, against an S3 server: what boto3 has written they see, and the other way round."""

import hashlib
import json
import subprocess
import time
import urllib.error
import urllib.request

# This server does not encode keys in listings, so that control characters but a new line break its XML.
ODD_KEYS = ["a b", "a+b%2B%", "a&b=c", "q?x#y", "\"q\"'q'", "-rf", "ü/日本 €", "new\nline", "deep/er/x", "deep-er", "star*", "what?", "ta\tb"]
BIG_BYTES = 40_000_000
MANY = 2300  # more than two pages of a listing


def put(server, bucket, bodies, **options):
    server.s3.create_bucket(Bucket=bucket)
    for key, body in bodies.items():
        server.s3.put_object(Bucket=bucket, Key=key, Body=body, **options)


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def listings_of_odd_keys(tool, server, folder):
    put(server, "odd", {key: key.encode() for key in ODD_KEYS})
    listed = lines(tool("ls", "s3://odd/*", "--json"))
    theirs = server.s3.list_objects_v2(Bucket="odd")["Contents"]
    want = [
        {
            "path": f"s3://odd/{e['Key']}",
            "type": "object",
            "size": e["Size"],
            "etag": e["ETag"].strip('"'),
            "last_modified": e["LastModified"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for e in theirs
    ]
    assert listed == want, (listed, want)
    assert {e["path"] for e in listed} == {f"s3://odd/{key}" for key in ODD_KEYS}
    for key in ODD_KEYS:
        path = f"s3://odd/{key}"
        (facts,) = lines(tool("stat", path, "--json", "--raw"))
        head = server.s3.head_object(Bucket="odd", Key=key)
        assert (facts["path"], facts["size"], facts["etag"]) == (path, head["ContentLength"], head["ETag"].strip('"')), facts
        assert tool("cat", path, "--raw", text=False, errors=None).stdout == key.encode()
        url = tool("presign", path, "--raw", "--expires", "60s").stdout.strip()
        assert urllib.request.urlopen(url).read() == key.encode(), url
        assert lines(tool("du", path, "--raw", "--json")) == [{"path": path, "objects": 1, "bytes": len(key.encode())}]


def one_level(tool, server, folder):
    put(server, "level", {"a": b"1", "p/x": b"22", "p/q/y": b"333", "p-other/z": b"4"})
    assert [(e["path"], e["type"]) for e in lines(tool("ls", "s3://level", "--json"))] == [
        ("s3://level/a", "object"),
        ("s3://level/p-other/", "prefix"),
        ("s3://level/p/", "prefix"),
    ]
    assert [e["path"] for e in lines(tool("ls", "s3://level/p/", "--json"))] == ["s3://level/p/q/", "s3://level/p/x"]
    plain = tool("ls", "s3://level/p/").stdout.splitlines()
    assert plain[0].split() == ["DIR", "q/"] and plain[1].split()[2:] == ["2", "x"], plain
    assert [e["path"] for e in lines(tool("ls", "s3://level/p*y", "--json"))] == ["s3://level/p/q/y"]
    assert lines(tool("du", "s3://level/p/", "--json")) == [{"path": "s3://level/p/", "objects": 2, "bytes": 5}]
    tool("ls", "s3://level/none/", want=6)
    tool("ls", "s3://level/none*", want=6)
    tool("du", "s3://level/p", want=6)


def many_pages(tool, server, folder):
    put(server, "pages", {f"d{i % 1150:04d}/{i}": b"x" for i in range(MANY)})
    level = lines(tool("ls", "s3://pages", "--json"))
    assert [e["path"] for e in level] == [f"s3://pages/d{i:04d}/" for i in range(1150)]
    assert lines(tool("du", "s3://pages", "--json")) == [{"path": "s3://pages", "objects": MANY, "bytes": MANY}]
    assert len(lines(tool("ls", "s3://pages/*", "--json"))) == MANY


def facts_and_metadata(tool, server, folder):
    put(server, "facts", {"k": b"123456789"}, ContentType="text/csv", Metadata={"owner": "me", "note": "a b"}, ChecksumCRC64NVME="rosUhgp5mIg=")
    (facts,) = lines(tool("stat", "s3://facts/k", "--json"))
    # The CRC-64/NVME of "123456789" stands in the catalogue of CRCs.
    assert (facts["content_type"], facts["metadata"], facts["checksum_crc64nvme"]) == ("text/csv", {"owner": "me", "note": "a b"}, "rosUhgp5mIg="), facts
    assert "metadata owner: me" in tool("stat", "s3://facts/k").stdout


def large_objects_come_in_order(tool, server, folder):
    block = bytes(range(251)) * 4001
    body = (block * (BIG_BYTES // len(block) + 1))[:BIG_BYTES]
    put(server, "large", {"k": body, "l": b"end"})
    got = tool("cat", "s3://large/k", "s3://large/l", text=False, errors=None).stdout
    assert hashlib.sha256(got).digest() == hashlib.sha256(body + b"end").digest(), len(got)
    process = subprocess.Popen([str(tool.path), "cat", "s3://large/k"], env=tool.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(1000)
    process.stdout.close()
    errors = process.stderr.read()
    assert process.wait(20) == 141 and errors == b"", (process.returncode, errors)
    tool("cat", "s3://large/none", want=6, says=("NoSuchKey",))


def addresses_end(tool, server, folder):
    put(server, "addresses", {"k": b"x"})
    url = tool("presign", "s3://addresses/k", "--expires", "1s").stdout.strip()
    assert urllib.request.urlopen(url).read() == b"x"
    time.sleep(2.5)
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        assert error.code == 403, error
    else:
        raise AssertionError("the address holds for ever")


def buckets(tool, server, folder):
    tool("mb", "s3://made")
    assert "made" in [b["Name"] for b in server.s3.list_buckets()["Buckets"]]
    assert "s3://made" in [e["path"] for e in lines(tool("ls", "--json"))]
    assert tool("ls", "s3://made").stdout == "" and "0 bytes in 0 objects" in tool("du", "s3://made").stdout
    tool("mb", "s3://made", want=6, says=("BucketAlreadyOwnedByYou",))
    server.s3.put_object(Bucket="made", Key="k", Body=b"")
    tool("rb", "s3://made", want=1, says=("BucketNotEmpty",))
    server.s3.delete_object(Bucket="made", Key="k")
    assert lines(tool("rb", "s3://made", "--json")) == [{"op": "rb", "path": "s3://made", "status": "ok"}]
    tool("rb", "s3://made", want=6, says=("NoSuchBucket",))
    tool("ls", "s3://made", want=6, says=("NoSuchBucket",))


def open_uploads(tool, server, folder):
    server.s3.create_bucket(Bucket="open")
    ids = {}
    for key in ("p/odd +%&", "p/plain", "other"):
        ids[key] = server.s3.create_multipart_upload(Bucket="open", Key=key)["UploadId"]
        for number in (1, 2):
            server.s3.upload_part(Bucket="open", Key=key, UploadId=ids[key], PartNumber=number, Body=b"x" * (5 << 20))
    listed = {e["path"]: e for e in lines(tool("uploads", "s3://open", "--json"))}
    assert {path: e["upload_id"] for path, e in listed.items()} == {f"s3://open/{key}": i for key, i in ids.items()}
    assert all(e["bytes"] == 10 << 20 and e["status"] == "open" and e["initiated"] for e in listed.values()), listed
    assert lines(tool("uploads", "s3://open", "--abort", "--older-than", "1h", "--json")) == []
    aborted = lines(tool("uploads", "s3://open/p/", "--abort", "--json"))
    assert [(e["path"], e["status"]) for e in aborted] == [("s3://open/p/odd +%&", "aborted"), ("s3://open/p/plain", "aborted")], aborted
    assert [u["Key"] for u in server.uploads("open")] == ["other"]
    tool("uploads", "s3://no-such-bucket", want=6)


def refusals(tool, server, folder):
    server.s3.create_bucket(Bucket="closed")
    stranger = type(tool)(tool.path, {**tool.environment, "AWS_SECRET_ACCESS_KEY": "wrong"})
    for words in (["ls"], ["ls", "s3://closed"], ["du", "s3://closed"], ["stat", "s3://closed/k"], ["cat", "s3://closed/k"], ["uploads", "s3://closed"], ["mb", "s3://x-closed"]):
        done = stranger(*words, want=5)
        assert done.stdout == "" and "wrong" not in done.stderr, done


CASES = {
    "objects: listings of odd keys": listings_of_odd_keys,
    "objects: one level": one_level,
    "objects: many pages": many_pages,
    "objects: facts and metadata": facts_and_metadata,
    "objects: large objects come in order": large_objects_come_in_order,
    "objects: addresses end": addresses_end,
    "objects: buckets": buckets,
    "objects: open uploads": open_uploads,
    "objects: refusals": refusals,
}
