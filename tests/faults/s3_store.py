# SPDX-License-Identifier: Apache-2.0
"""Buckets for the rows that measure, in a process of its own: versitygw, or where it is not here
our own server.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import harness
import inputs

ETAG = b'"0123456789abcdef0123456789abcdef"'


class Versitygw:
    """Its buckets are folders below build/faults: sources are linked there, not copied."""

    def __init__(self, server):
        self.environment = server.environment
        self._server = server
        self._count = 0

    def bucket(self, name):
        """A bucket that nobody has used."""
        self._count += 1
        made = f"{name}-{self._count}"
        self._server.s3.create_bucket(Bucket=made)
        return made

    def put(self, source):
        """Makes a file, or the files of a folder, objects of a bucket; returns where they are."""
        bucket = self.bucket("in")
        folder = self._server.data / bucket / "raw"
        paths = [p for p in source.rglob("*") if p.is_file()] if source.is_dir() else [source]
        for path in paths:
            to = folder / (path.relative_to(source) if source.is_dir() else path.name)
            to.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, to)
            os.setxattr(to, "user.etag", ETAG)
        return f"s3://{bucket}/raw/" + ("" if source.is_dir() else source.name)


class Forgetful:
    """s3_server: it serves files as they are, and forgets what is put there. A process for each
    source.
    """

    def __init__(self, stack):
        self._stack = stack
        self.environment = None

    def bucket(self, name):
        return name

    def put(self, source):
        command = [sys.executable, str(harness.HERE / "s3_server.py"), f"source={source}"]
        process = self._stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        self.environment = harness.environment(
            AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY="secret", AWS_REGION="us-east-1",
            AWS_ENDPOINT_URL_S3=process.stdout.readline().strip(), AWS_EC2_METADATA_DISABLED="true",
        )
        return "s3://source/" + ("" if source.is_dir() else source.name)


@contextlib.contextmanager
def running():
    try:
        import server

        there = server.find()
    except ImportError:
        there = None
    if not there:
        with contextlib.ExitStack() as stack:
            yield Forgetful(stack)
        return
    inputs.FOLDER.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="s3-", dir=inputs.FOLDER.parent))
    try:
        with server.running(folder) as started:
            yield Versitygw(started)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
