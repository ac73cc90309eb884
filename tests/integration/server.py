# SPDX-License-Identifier: Apache-2.0
"""S3 servers over a local folder, for the length of a test run: versitygw, and MinIO."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.request

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEY_ID, SECRET = "AKIDHAWSERTEST", "hawser-test-secret-key-000000000000000"
START_SECONDS, START_TRIES = 20, 3



@dataclasses.dataclass(frozen=True)
class Kind:
    """A server program: its command line, where it says that it is up, and the variables of its account."""

    arguments: tuple  # with {port}, {data} and {empty}, a folder that has nothing
    health: str
    account: tuple


KINDS = {
    "versitygw": Kind(("--port", "127.0.0.1:{port}", "--keep-alive", "--quiet", "--health", "/healthz", "posix", "{data}"), "/healthz", ("ROOT_ACCESS_KEY", "ROOT_SECRET_KEY")),
    "minio": Kind(("server", "--quiet", "--certs-dir", "{empty}", "--address", "127.0.0.1:{port}", "{data}"), "/minio/health/ready", ("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD")),
}
# MinIO calls nobody and shows no pages.
SETTINGS = {"MINIO_BROWSER": "off", "MINIO_UPDATE": "off"}


def find(kind="versitygw"):
    """The program: $HAWSER_VERSITYGW (or _MINIO), .peers/bin, or PATH. None where it is nowhere."""
    places = [os.environ.get(f"HAWSER_{kind.upper()}"), ROOT / ".peers/bin" / kind, shutil.which(kind)]
    return next((str(p) for p in places if p and pathlib.Path(p).is_file()), None)


class Server:
    """A running server: its URL, the environment for programs that use it, a boto3 client, and its folder of buckets."""

    def __init__(self, port, data, kind):
        self.kind = kind
        self.url = f"http://127.0.0.1:{port}"
        self.data = data
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        config = botocore.config.Config(max_pool_connections=32, s3={"addressing_style": "path"})
        self.s3 = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, region_name="us-east-1", config=config
        )

    def signed(self, bucket, key):
        """An address of an object that is good for some minutes, as Signature Version 4 makes it."""
        config = botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "path"})
        client = boto3.client("s3", endpoint_url=self.url, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, region_name="us-east-1", config=config)
        return client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=600)

    def keys(self, bucket, prefix=""):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def uploads(self, bucket):
        return self.s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])


@contextlib.contextmanager
def running(folder, kind="versitygw"):
    """Starts the server over `folder` on a free port of the loopback; stops it at the end."""
    data = folder / "data"
    data.mkdir(parents=True)
    process, port = start(kind, data, folder / "log")
    try:
        yield Server(port, data, kind)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(kind, data, log):
    """The process and its port. Another program may take a port that was free: then the next one is tried."""
    how = KINDS[kind]
    environment = {**os.environ, **SETTINGS, how.account[0]: KEY_ID, how.account[1]: SECRET}
    empty = log.with_name("empty")
    empty.mkdir(exist_ok=True)
    for tries_left in reversed(range(START_TRIES)):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [find(kind), *(word.format(port=port, data=data, empty=empty) for word in how.arguments)]
        with open(log, "wb") as out:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            wait_until_up(f"http://127.0.0.1:{port}{how.health}", process, log)
            return process, port
        except RuntimeError:
            process.kill()
            process.wait()
            if not tries_left:
                raise
    raise AssertionError("START_TRIES is at least 1")


def wait_until_up(url, process, log):
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{process.args[0]} did not start: {log.read_text()[-500:]}") from None
            time.sleep(0.05)
