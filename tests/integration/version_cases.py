# SPDX-License-Identifier: Apache-2.0
"""Buckets that keep versions: what boto3 has written, the tool copies, reads and removes by version. The server is hawser-fault-server."""

import urllib.request

import fault_servers
from fault_servers import lines

BIG = bytes(range(256)) * (40 << 10)  # more than one part


def versions(s3, key=""):
    """(key, id, is a marker) of all versions that begin with a key, the newest first."""
    listed = s3.list_object_versions(Bucket="v", Prefix=key)
    found = [(e["Key"], e["VersionId"], False, e["LastModified"], e["IsLatest"]) for e in listed.get("Versions", [])]
    found += [(e["Key"], e["VersionId"], True, e["LastModified"], e["IsLatest"]) for e in listed.get("DeleteMarkers", [])]
    return {(key, version, marker) for key, version, marker, _, _ in found}


def a_version_is_copied(tool, server, s3, folder):
    old = s3.put_object(Bucket="v", Key="k", Body=BIG, ContentType="text/csv", Metadata={"a": "1"})["VersionId"]
    s3.put_object(Bucket="v", Key="k", Body=b"new")
    tool("cp", "s3://v/k", folder / "k", "--version-id", old, "--part-size", "1MiB")
    assert (folder / "k").read_bytes() == BIG
    assert tool("cp", "s3://v/k", "-", "--version-id", old, text=False, errors=None).stdout == BIG
    assert tool("cat", "s3://v/k", "--version-id", old, text=False, errors=None).stdout == BIG
    tool("cp", "s3://v/k", "s3://v/through", "--version-id", old, "--mode", "traditional")
    tool("cp", "s3://v/k", "s3://v/server", "--version-id", old, "--mode", "direct")
    for key in ("through", "server"):
        got = s3.get_object(Bucket="v", Key=key)
        assert got["Body"].read() == BIG, key
    assert (got["ContentType"], got["Metadata"]) == ("text/csv", {"a": "1"}), got
    # The earlier version becomes the newest again.
    tool("cp", "s3://v/k", "s3://v/k", "--version-id", old)
    assert s3.get_object(Bucket="v", Key="k")["Body"].read() == BIG
    tool("cp", "s3://v/k", folder / "none", "--version-id", "none", want=6)
    assert not (folder / "none").exists()


def a_version_is_looked_at(tool, server, s3, folder):
    old = s3.put_object(Bucket="v", Key="k", Body=b"old one")["VersionId"]
    s3.put_object(Bucket="v", Key="k", Body=b"new")
    s3.delete_object(Bucket="v", Key="k")
    (facts,) = lines(tool("stat", "s3://v/k", "--version-id", old, "--json"))
    assert (facts["size"], facts["version_id"]) == (7, old), facts
    url = tool("presign", "s3://v/k", "--version-id", old).stdout.strip()
    assert urllib.request.urlopen(url).read() == b"old one"
    tool("stat", "s3://v/k", want=6)


def versions_are_removed(tool, server, s3, folder):
    ids = [s3.put_object(Bucket="v", Key=key, Body=b"x" * n)["VersionId"] for n, key in enumerate(("p/a", "p/a", "p/a", "p/ab", "p/b"), 1)]
    marker = s3.delete_object(Bucket="v", Key="p/a")["VersionId"]
    tool("rm", "s3://v/p/a", "--version-id", marker)
    assert s3.get_object(Bucket="v", Key="p/a")["Body"].read() == b"xxx"
    (gone,) = lines(tool("rm", "s3://v/p/a", "--version-id", ids[1], "--json"))
    assert (gone["path"], gone["version_id"], gone["size"], gone["status"]) == ("s3://v/p/a", ids[1], 2, "ok"), gone
    assert versions(s3) == {("p/a", ids[0], False), ("p/a", ids[2], False), ("p/ab", ids[3], False), ("p/b", ids[4], False)}
    tool("rm", "s3://v/p/a", "--version-id", ids[1], want=6)
    s3.delete_object(Bucket="v", Key="p/a")
    would = lines(tool("rm", "s3://v/p/a", "--all-versions", "--dry-run", "--json"))
    assert len(would) == 3 and {e["status"] for e in would} == {"would"}, would
    tool("rm", "s3://v/p/a", "--all-versions")
    assert versions(s3) == {("p/ab", ids[3], False), ("p/b", ids[4], False)}
    tool("rm", "s3://v/p/", "--all-versions", "--exclude", "b")
    assert versions(s3) == {("p/b", ids[4], False)}
    tool("rm", "s3://v/p/a", "--all-versions", want=6)
    many = [f"m/{i % 700}" for i in range(1400)]
    for key in many:
        server.put("v", key, b"x")
    tool("rm", "s3://v/m/*", "--all-versions", "--quiet")
    assert versions(s3) == {("p/b", ids[4], False)}


CASES = fault_servers.cases((a_version_is_copied, a_version_is_looked_at, versions_are_removed), "--bucket", "v?versions=1")
