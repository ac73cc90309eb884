# SPDX-License-Identifier: Apache-2.0
"""Long listings, which are asked for by several ranges of keys at once. The server is hawser-fault-server, whose pages come late."""

import random
import time

import fault_servers
from fault_servers import lines

KEYS = 60_000  # so many has the bucket that nobody stored


def listed(tool, path, *options):
    return [e["path"].split("/", 3)[3] for e in lines(tool("ls", path, "--json", *options))]


def ranges_make_the_same_listing(tool, server, s3, folder):
    server.faults("ListObjectsV2 1- * delay ms=30\n")
    begun = time.monotonic()
    alone = lines(tool("du", "s3://many", "--json", "--connections", "1"))
    middle = time.monotonic()
    together = lines(tool("du", "s3://many", "--json", "--connections", "32"))
    ended = time.monotonic()
    assert alone == together and alone[0]["objects"] == KEYS, (alone, together)
    assert ended - middle < (middle - begun) * 0.8, (middle - begun, ended - middle)


def odd_keys_come_in_order(tool, server, s3, folder):
    chosen = random.Random(7)
    names = {"".join(chosen.choice("abc019-/_.é日~ %+&") for _ in range(chosen.randint(1, 9))) for _ in range(9000)}
    names |= {f"n/{i:06d}" for i in range(0, 12_000, 3)} | {f"u/{chosen.getrandbits(64):016x}" for _ in range(3000)}
    names = {n for n in names if not n.startswith("/") and "//" not in n and not n.endswith("/")}
    for name in names:
        server.put("b", name, b"")
    want = sorted(names, key=str.encode)
    assert listed(tool, "s3://b/*", "--connections", "16") == want
    assert lines(tool("du", "s3://b/n/", "--json", "--connections", "16"))[0]["objects"] == 4000


def lies_are_caught(tool, server, s3, folder):
    for fault in ("keys-falling", "keys-twice", "token-missing"):
        server.faults(f"ListObjectsV2 7- * {fault}\n")
        tool("du", "s3://many", "--connections", "16", "--retries", "1", want=1)
    server.faults("ListObjectsV2 9-12 * slow-down\nListObjectsV2 14 * rst\n")
    assert lines(tool("du", "s3://many", "--json", "--connections", "16"))[0]["objects"] == KEYS


CASES = fault_servers.cases((ranges_make_the_same_listing, odd_keys_come_in_order, lies_are_caught), "--bucket", "b", "--bucket", f"many?keys={KEYS}&bytes=100")
