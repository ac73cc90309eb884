# SPDX-License-Identifier: Apache-2.0
"""How fast simple loops are on this machine: limits.py CSV PAGES OUTPUT FREE, or limits.py FILE for the CRC alone.

Prints JSON: by stage, GB a CPU second of the best of three turns, and what was done. FREE is a path that may be written.
"""

import ctypes
import ctypes.util
import hashlib
import json
import sys
import time

from backports import zstd

BLOCK = 1 << 20
BYTES_MAX = 256 << 20


def speed(work, size):
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return round(size / best / 1e9, 2)


def blocks_of(data):
    view = memoryview(data)
    return [view[at:at + BLOCK] for at in range(0, len(view), BLOCK)]


def beginning(path):
    with open(path, "rb") as file:
        return file.read(BYTES_MAX)


def read_all(path):
    block = bytearray(BLOCK)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(block):
            pass


def write_all(path, blocks):
    with open(path, "wb", buffering=0) as file:
        for block in blocks:
            file.write(block)


def compress_all(blocks):
    compressor = zstd.ZstdCompressor(level=1)
    for block in blocks:
        compressor.compress(block, zstd.ZstdCompressor.FLUSH_FRAME)


def crc_all(data):
    """CRC-32 by the library that Hawser takes for it."""
    library = ctypes.CDLL(ctypes.util.find_library("isal"))
    library.crc32_gzip_refl.argtypes = (ctypes.c_uint32, ctypes.c_char_p, ctypes.c_uint64)
    library.crc32_gzip_refl(0, data, len(data))


def crc(path):
    data = beginning(path)
    return {"crc": (speed(lambda: crc_all(data), len(data)), f"CRC-32 of {len(data) >> 20} MiB by ISA-L")}


def stages(csv, pages, output, free):
    text, page_bytes, out_bytes = (beginning(path) for path in (csv, pages, output))
    text_bytes = len(text)
    with open(csv, "rb") as file:
        csv_bytes = file.seek(0, 2)
    copy = memoryview(bytearray(text_bytes))

    def copy_all():
        copy[:] = text

    return {
        "read": (speed(lambda: read_all(csv), csv_bytes), "read(2) of 1 MiB"),
        "index": (speed(lambda: text.find(b"\0"), text_bytes), "memchr"),
        "compress": (speed(lambda: compress_all(blocks_of(page_bytes)), len(page_bytes)), f"zstd {zstd.zstd_version} -1, blocks of 1 MiB"),
        "checksum": (speed(lambda: hashlib.sha256(out_bytes), len(out_bytes)), "SHA-256"),
        "write": (speed(lambda: write_all(free, blocks_of(out_bytes)), len(out_bytes)), "write(2) of 1 MiB"),
        "copy": (speed(copy_all, text_bytes), f"memcpy of {text_bytes >> 20} MiB"),
    }


def main():
    paths = sys.argv[1:]
    print(json.dumps(crc(*paths) if len(paths) == 1 else stages(*paths)))


main()
