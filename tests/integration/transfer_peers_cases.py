# SPDX-License-Identifier: Apache-2.0
"""What boto3 and the AWS CLI have written the transfer commands read, and the other way round."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

import boto3
import botocore.config
import server as servers
from boto3.s3.transfer import TransferConfig
from support import Missing, digest, write
from transfer_cases import PART, PARTS, body, bucket, lines, objects, only_skipped, same, tree

THEIR_PART = 6 << 20  # another size than ours
SIZES = {"empty": 0, "small": 3000, "parts": 2 * THEIR_PART + 700_000}
AWS_CONFIG = "[default]\nregion = us-east-1\ns3 =\n  multipart_threshold = 6MB\n  multipart_chunksize = 6MB\n  addressing_style = path\n"
CALL_SECONDS = 120


def clients(server, **config):
    return boto3.client(
        "s3", endpoint_url=server.url, aws_access_key_id=servers.KEY_ID, aws_secret_access_key=servers.SECRET, region_name="us-east-1",
        config=botocore.config.Config(s3={"addressing_style": "path"}, **config),
    )


def upload(client, name, key, path, **extra):
    config = TransferConfig(multipart_threshold=THEIR_PART, multipart_chunksize=THEIR_PART)
    client.upload_file(str(path), name, key, ExtraArgs=extra, Config=config)


def boto3_wrote(tool, server, folder):
    """Objects with the kinds of checksums that boto3 has by itself, and with none, whole and in parts."""
    kinds = {kind: {"ChecksumAlgorithm": kind} for kind in ("CRC32", "SHA1", "SHA256")}
    plain = clients(server, request_checksum_calculation="when_required")
    bucket(server, "by-boto3")
    want = {}
    for size in SIZES:
        path = write(folder / "in" / size, body(size, SIZES[size]))
        for kind, extra in {**kinds, "none": {}}.items():
            upload(plain if kind == "none" else server.s3, "by-boto3", f"{kind}/{size}", path, **extra)
            want[f"{kind}/{size}"] = path.read_bytes()
    told = {line["source"].removeprefix("s3://by-boto3/"): line for line in lines(tool("cp", "s3://by-boto3/", f"{folder}/out/", "--json", *PARTS))}
    same(tree(folder / "out"), want)
    for key, line in told.items():
        # What one checksum holds for as a whole, and the plain ETag, which is an MD5, prove an object of one piece.
        assert line["status"] == "ok" and (line["proved_by"] or key.endswith("/parts")), line
    tool("cp", "s3://by-boto3/", "s3://by-boto3/again/", "--exclude", "again/")
    same(objects(server, "by-boto3", "again/"), want)
    tool("cp", "s3://by-boto3/SHA256/", "s3://by-boto3/through/", "--mode", "traditional", *PARTS)
    same(objects(server, "by-boto3", "through/"), {size: want[f"SHA256/{size}"] for size in SIZES})
    statuses = [line["status"] for line in lines(tool("sync", "s3://by-boto3/CRC32/", f"{folder}/out/CRC32/", "--json"))]
    assert statuses == ["skipped"] * len(SIZES), statuses


def boto3_reads(tool, server, folder):
    bucket(server, "for-boto3")
    for algorithm in ("CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256"):
        for size in SIZES:
            path = write(folder / size, body(size, SIZES[size]))
            tool("cp", path, f"s3://for-boto3/{algorithm}/", "--checksum-algorithm", algorithm, *PARTS)
            head = server.s3.head_object(Bucket="for-boto3", Key=f"{algorithm}/{size}", ChecksumMode="ENABLED")
            assert f"Checksum{algorithm}" in head, (algorithm, size, sorted(head))
            server.s3.download_file("for-boto3", f"{algorithm}/{size}", str(folder / "back"))  # compares it
            assert digest(folder / "back") == digest(path), (algorithm, size)


@contextlib.contextmanager
def aws_cli(server, folder):
    """Runs the AWS CLI with a configuration of its own; what it printed comes back."""
    places = [os.environ.get("HAWSER_AWS"), pathlib.Path(sys.executable).with_name("aws"), shutil.which("aws")]
    program = next((str(p) for p in places if p and pathlib.Path(p).is_file()), None)
    if not program:
        raise Missing("the AWS CLI is not here (scripts/setup gets it)")
    config = write(folder / "config", AWS_CONFIG.encode())
    # The servers do not do well with a trailer in chunked transfer, nor with Expect before an empty body.
    settings = {"AWS_REQUEST_CHECKSUM_CALCULATION": "when_required", "BOTO_EXPERIMENTAL__NO_EMPTY_CONTINUE": "true"}
    environment = {**server.environment, **settings, "AWS_CONFIG_FILE": str(config), "HOME": str(folder)}

    def call(*words):
        done = subprocess.run([program, "s3", *map(str, words)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=CALL_SECONDS, check=False)
        assert done.returncode == 0, f"aws s3 {words}: {done.stderr.strip()[-300:]}"
        return done.stdout

    yield call


def aws_cli_and_we(tool, server, folder):
    bodies = {f"{name}.csv": body(name, size) for name, size in SIZES.items()}
    for name, data in bodies.items():
        os.utime(write(folder / "in" / name, data), (1_600_000_000, 1_600_000_000))
    bucket(server, "cli")
    with aws_cli(server, folder) as aws:
        aws("cp", "--recursive", f"{folder}/in/", "s3://cli/theirs/", "--metadata", "owner=me", "--cache-control", "max-age=5")
        tool("cp", "s3://cli/theirs/", f"{folder}/ours-of-theirs/", *PARTS)
        same(tree(folder / "ours-of-theirs"), bodies)
        tool("cp", f"{folder}/in/", "s3://cli/ours/", "--metadata", "owner=me", "--cache-control", "max-age=5", *PARTS)
        aws("cp", "--recursive", "s3://cli/ours/", f"{folder}/theirs-of-ours/")
        same(tree(folder / "theirs-of-ours"), bodies)
        for name in bodies:
            ours, theirs = (server.s3.head_object(Bucket="cli", Key=f"{who}/{name}") for who in ("ours", "theirs"))
            for field in ("ContentLength", "ContentType", "CacheControl", "Metadata"):
                assert ours.get(field) == theirs.get(field), (name, field, ours.get(field), theirs.get(field))
        # What one of them has made the same the other leaves alone.
        only_skipped(tool("sync", f"{folder}/in/", "s3://cli/theirs/", "--json"))
        assert aws("sync", "--no-progress", f"{folder}/in/", "s3://cli/ours/").strip() == ""
        # MinIO keeps no checksum of what came in parts without one: the MD5s of the parts prove that it is the same.
        only_skipped(tool("sync", "s3://cli/theirs/", f"{folder}/theirs-of-ours/", "--json", "--checksum"))


CASES = {
    "transfer: boto3 wrote": boto3_wrote,
    "transfer: boto3 reads": boto3_reads,
    "transfer: the AWS CLI and we": aws_cli_and_we,
}
