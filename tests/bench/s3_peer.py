# SPDX-License-Identifier: Apache-2.0
"""One transfer by boto3's way over the AWS Common Runtime, in a process of its own: s3_peer.py ENDPOINT put|get SOURCE... TARGET.

SOURCE is a file, or s3://bucket/key; TARGET is one of the other kind, or a folder or prefix that ends in /. Prints the
seconds and the CPU seconds of the transfer itself, without the start of Python and its imports.
"""

import json
import os
import pathlib
import resource
import sys
import time

import botocore.config
import botocore.session
from s3transfer.crt import BotocoreCRTCredentialsWrapper, BotocoreCRTRequestSerializer, CRTTransferManager, create_s3_crt_client


def manager(endpoint):
    session = botocore.session.get_session()
    wrapper = BotocoreCRTCredentialsWrapper(session.get_credentials())
    client = create_s3_crt_client(
        region=os.environ["AWS_REGION"], crt_credentials_provider=wrapper.to_crt_credentials_provider(),
        use_ssl=endpoint.startswith("https"), verify=os.environ.get("AWS_CA_BUNDLE"))
    config = botocore.config.Config(s3={"addressing_style": "path"})
    return CRTTransferManager(client, BotocoreCRTRequestSerializer(
        session, {"endpoint_url": endpoint, "region_name": os.environ["AWS_REGION"], "config": config}))


def pairs(verb, sources, target):
    """Local paths with buckets and keys."""
    for source in sources:
        name = target + source.rsplit("/", 1)[-1] if target.endswith("/") else target
        local, url = (source, name) if verb == "put" else (name, source)
        bucket, key = url.removeprefix("s3://").split("/", 1)
        yield local, bucket, key


def expanded(verb, sources):
    """The files of a folder, where a source is one."""
    for source in sources:
        if verb == "put" and pathlib.Path(source).is_dir():
            yield from sorted(str(path) for path in pathlib.Path(source).iterdir())
        else:
            yield source


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    endpoint, verb, *sources, target = sys.argv[1:]
    start, start_cpu = time.perf_counter(), cpu()
    with manager(endpoint) as transfers:
        futures = []
        for local, bucket, key in pairs(verb, expanded(verb, sources), target):
            futures.append(transfers.upload(local, bucket, key) if verb == "put" else transfers.download(bucket, key, local))
        for future in futures:
            future.result()
    print(json.dumps({"seconds": time.perf_counter() - start, "cpu": cpu() - start_cpu}))


main()
