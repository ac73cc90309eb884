# SPDX-License-Identifier: Apache-2.0
"""hawser-fault-server for cases that need what versitygw does not have: versions, checksums of parts, pages that come late."""

import json
import pathlib
import sys

import boto3
import botocore.config

from support import Tool

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/fault_server"))
import fault_server  # noqa: E402  (the path comes first)


def client(server):
    config = botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return boto3.client("s3", endpoint_url=server.url, aws_access_key_id=fault_server.KEY_ID, aws_secret_access_key=fault_server.SECRET, region_name="us-east-1", config=config)


def lines(done):
    """What --json has printed."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def cases(functions, *options):
    """Cases that take the tool, a server with these options, its boto3 client, and a folder."""

    def with_server(case):
        def run(tool, folder):
            with fault_server.running(*options) as server:
                case(Tool(tool.path, server.environment()), server, client(server), folder)

        return run

    return {case.__name__: with_server(case) for case in functions}


def find():
    """The program of the server; None where it was not built."""
    return fault_server.find()
