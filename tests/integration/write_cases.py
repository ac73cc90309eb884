# SPDX-License-Identifier: Apache-2.0
"""What the options that say how objects are kept come to, as boto3 reads it back."""

import base64
import hashlib
import zlib

from support import SMALL, write


def bucket(server):
    if "kept" not in [found["Name"] for found in server.s3.list_buckets()["Buckets"]]:
        server.s3.create_bucket(Bucket="kept")


def facts(server, key):
    return server.s3.head_object(Bucket="kept", Key=key, ChecksumMode="ENABLED")


def tags(server, key):
    return {tag["Key"]: tag["Value"] for tag in server.s3.get_object_tagging(Bucket="kept", Key=key)["TagSet"]}


def objects_are_kept_as_asked_for(tool, server, folder):
    bucket(server)
    source = write(folder / "a.csv", SMALL)
    options = (
        "--metadata=team=sales,north", "--metadata=note=a b", "--content-type=x/y", "--content-language=de", "--content-encoding=identity",
        "--content-disposition=inline", "--cache-control=max-age=60", "--expires=2050-11-06T08:49:37Z", "--tagging=year=2026&a b=c+d",
    )  # fmt: skip
    tool("convert", source, "s3://kept/out/", *options)
    got = facts(server, "out/a.parquet")
    assert got["Metadata"] == {"team": "sales,north", "note": "a b"}, got["Metadata"]
    want = {"ContentType": "x/y", "ContentLanguage": "de", "ContentEncoding": "identity", "ContentDisposition": "inline", "CacheControl": "max-age=60"}
    assert {name: got.get(name) for name in want} == want, got
    assert got["ExpiresString"] == "Sun, 06 Nov 2050 08:49:37 GMT", got["ExpiresString"]
    assert tags(server, "out/a.parquet") == {"year": "2026", "a b": "c+d"}
    beside = facts(server, "out/_manifest.json")
    assert beside["ContentType"] == "application/json" and not beside["Metadata"], beside
    assert not tags(server, "out/_manifest.json")


def checksums_are_of_the_kind_that_is_asked_for(tool, server, folder):
    bucket(server)
    source = write(folder / "a.csv", SMALL)
    kinds = {
        "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
        "SHA1": lambda body: hashlib.sha1(body).digest(),
        "SHA256": lambda body: hashlib.sha256(body).digest(),
        "CRC32C": None,
        "CRC64NVME": None,
    }
    for kind, function in kinds.items():
        tool("convert", source, f"s3://kept/{kind}/", "--checksum-algorithm", kind)
        got = server.s3.get_object(Bucket="kept", Key=f"{kind}/a.parquet", ChecksumMode="ENABLED")
        body = got["Body"].read()
        assert f"Checksum{kind}" in got, f"{kind}: {sorted(got)}"
        if function:
            assert base64.b64decode(got[f"Checksum{kind}"]) == function(body), kind
    tool("convert", source, "s3://kept/MD5/", "--checksum-algorithm", "MD5")
    # A source whose checksum no parts can make is read all the same, and compared where it came whole.
    server.s3.put_object(Bucket="kept", Key="sha.csv", Body=SMALL, ChecksumAlgorithm="SHA256")
    line = tool("convert", "s3://kept/sha.csv", f"{folder}/sha.parquet", "--json").stdout.splitlines()[0]
    assert '"source_checksum":"sha256"' in line, line


def wrong_options_write_nothing(tool, server, folder):
    bucket(server)
    source = write(folder / "a.csv", SMALL)
    key = write(folder / "key", bytes(32))
    for options, says in (
        (("--metadata", "a b=1"), 'the name "a b" of metadata'),
        (("--metadata", "a=caf\u00e9"), "is not ASCII"),
        (("--metadata", f"a={'v' * 2048}"), "more than the 2048 bytes"),
        (("--tagging", "a"), "has no '='"),
        (("--expires", "tomorrow"), "is no time"),
        (("--sse-kms-key-id", "k"), "needs encryption by aws:kms"),
        (("--sse", "AES256", "--sse-c", key), "--sse and --sse-c"),
        (("--sse-c", key), "is not sent over http"),
        (("--sse-c", folder / "none"), "--sse-c"),
    ):
        tool("convert", source, "s3://kept/wrong/", *options, want=6 if options[-1] == folder / "none" else 2, says=(says,))
    assert not server.keys("kept", "wrong/")
    tool("convert", source, f"{folder}/out/", "--acl", "private", want=2, says=("a local file has no ACL",))
    assert not (folder / "out").exists()


CASES = {
    "objects are kept as asked for": objects_are_kept_as_asked_for,
    "checksums are of the kind that is asked for": checksums_are_of_the_kind_that_is_asked_for,
    "wrong options write nothing": wrong_options_write_nothing,
}
