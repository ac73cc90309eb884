# SPDX-License-Identifier: Apache-2.0
"""versitygw, an S3 server over a local folder, for the length of a test run."""

import contextlib
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


def find():
    """The program: $HAWSER_VERSITYGW, .peers/bin, or PATH. None where it is nowhere."""
    places = [os.environ.get("HAWSER_VERSITYGW"), ROOT / ".peers/bin/versitygw", shutil.which("versitygw")]
    return next((str(p) for p in places if p and pathlib.Path(p).is_file()), None)


class Server:
    """A running server: its URL, the environment for programs that use it, a boto3 client, and its folder of buckets."""

    def __init__(self, port, data):
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
def running(folder):
    """Starts the server over `folder` on a free port of the loopback; stops it at the end."""
    data = folder / "data"
    data.mkdir(parents=True)
    process, port = start(data, folder / "log")
    try:
        yield Server(port, data)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(data, log):
    """The process and its port. Another program may take a port that was free: then the next one is tried."""
    environment = {**os.environ, "ROOT_ACCESS_KEY": KEY_ID, "ROOT_SECRET_KEY": SECRET}
    for tries_left in reversed(range(START_TRIES)):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [find(), "--port", f"127.0.0.1:{port}", "--keep-alive", "--quiet", "--health", "/healthz", "posix", str(data)]
        with open(log, "wb") as out:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            wait_until_up(f"http://127.0.0.1:{port}/healthz", process, log)
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
                raise RuntimeError(f"versitygw did not start: {log.read_text()[-500:]}") from None
            time.sleep(0.05)
