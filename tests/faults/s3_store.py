# SPDX-License-Identifier: Apache-2.0
"""Buckets for the rows that measure: versitygw in a process of its own, its buckets are folders below build/faults."""

import contextlib
import os
import pathlib
import shutil
import tempfile

import harness
import inputs

ETAG = b'"0123456789abcdef0123456789abcdef"'


class Buckets:
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
        """Puts a file, or the files of a folder, into a bucket without a copy; returns where they are."""
        bucket = self.bucket("in")
        folder = self._server.data / bucket / "raw"
        paths = [p for p in source.rglob("*") if p.is_file()] if source.is_dir() else [source]
        for path in paths:
            to = folder / (path.relative_to(source) if source.is_dir() else path.name)
            to.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, to)
            os.setxattr(to, "user.etag", ETAG)
        return f"s3://{bucket}/raw/" + ("" if source.is_dir() else source.name)


@contextlib.contextmanager
def running():
    try:
        import server
    except ImportError as missing:
        raise harness.Skipped(f"there is no Python module {missing.name} here (scripts/setup gets it)") from None
    if not server.find():
        raise harness.Skipped("versitygw is not here (scripts/setup gets it)")
    inputs.FOLDER.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="s3-", dir=inputs.FOLDER.parent))
    try:
        with server.running(folder) as started:
            yield Buckets(started)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
