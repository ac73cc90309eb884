# SPDX-License-Identifier: Apache-2.0
"""The library as Python sees it: tests/interop/arrow_bridge.c through ctypes."""

import ctypes
import pathlib

import pyarrow as pa

ROOT = pathlib.Path(__file__).resolve().parents[2]
MESSAGE_BYTES = 1024
SCHEMA_BYTES, ARRAY_BYTES, STREAM_BYTES = 72, 80, 40


class Refused(Exception):
    """What the library said, with its status."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Options(ctypes.Structure):
    """struct bridge_options"""

    _fields_ = [
        ("format", ctypes.c_char_p),
        ("group_batches", ctypes.c_size_t),
        ("page_bytes", ctypes.c_size_t),
        ("page_rows", ctypes.c_size_t),
        ("compat", ctypes.c_int),
        ("compressed", ctypes.c_int),
    ]


class Read(ctypes.Structure):
    """struct bridge_read"""

    _fields_ = [
        ("threads", ctypes.c_uint),
        ("memory_bytes", ctypes.c_uint64),
        ("page_bytes_max", ctypes.c_uint64),
        ("batch_rows", ctypes.c_size_t),
        ("skip_rows", ctypes.c_uint64),
        ("limit_rows", ctypes.c_uint64),
        ("int96", ctypes.c_int),
    ]


class Stats(ctypes.Structure):
    """struct bridge_stats"""

    _fields_ = [
        ("entries", ctypes.c_uint64),
        ("nulls", ctypes.c_int64),
        ("min_exact", ctypes.c_int),
        ("max_exact", ctypes.c_int),
        ("ordered", ctypes.c_int),
    ]


class Bridge:
    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))

    def _call(self, name, *arguments):
        message = ctypes.create_string_buffer(MESSAGE_BYTES)
        status = getattr(self.library, name)(*arguments, message)
        if status != 0:
            raise Refused(status, message.value.decode(errors="replace"))

    def batch(self, batch):
        """The batch, once through the library."""
        schema, array, out_schema, out_array = (ctypes.create_string_buffer(n) for n in (SCHEMA_BYTES, ARRAY_BYTES) * 2)
        batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
        try:
            self._call("bridge_batch", schema, array, out_schema, out_array)
        finally:
            pa.Schema._import_from_c(ctypes.addressof(schema))
        return pa.RecordBatch._import_from_c(ctypes.addressof(out_array), ctypes.addressof(out_schema))

    def stream(self, batches, schema):
        """A reader of the batches, once through the library."""
        stream, out = (ctypes.create_string_buffer(STREAM_BYTES) for _ in range(2))
        pa.RecordBatchReader.from_batches(schema, batches)._export_to_c(ctypes.addressof(stream))
        self._call("bridge_stream", stream, out)
        return pa.RecordBatchReader._import_from_c(ctypes.addressof(out))

    def write(self, batches, schema, path, **options):
        stream = ctypes.create_string_buffer(STREAM_BYTES)
        pa.RecordBatchReader.from_batches(schema, batches)._export_to_c(ctypes.addressof(stream))
        filled = Options(format=path.suffix[1:].encode(), **{"group_batches": 1, **options})
        self._call("bridge_write", stream, str(path).encode(), ctypes.byref(filled))

    def csv(self, path, null_value=None, batch_rows=0):
        """A reader of the batches of a CSV object."""
        out = ctypes.create_string_buffer(STREAM_BYTES)
        null = null_value.encode() if null_value is not None else None
        self._call("bridge_csv", str(path).encode(), null, ctypes.c_size_t(batch_rows), out)
        return pa.RecordBatchReader._import_from_c(ctypes.addressof(out))

    def parquet(self, path, **how):
        """A reader of the batches of a Parquet file."""
        out = ctypes.create_string_buffer(STREAM_BYTES)
        self._call("bridge_parquet", str(path).encode(), ctypes.byref(Read(**{"threads": 1, **how})), out)
        return pa.RecordBatchReader._import_from_c(ctypes.addressof(out))

    def statistics(self, path, group, leaf):
        """The numbers of a column chunk, and its bounds as an array of two."""
        stats = Stats()
        schema, array = ctypes.create_string_buffer(SCHEMA_BYTES), ctypes.create_string_buffer(ARRAY_BYTES)
        place = ctypes.c_size_t(group), ctypes.c_size_t(leaf)
        self._call("bridge_parquet_stats", str(path).encode(), *place, ctypes.byref(stats), schema, array)
        return stats, pa.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema)).column(0)

    def convert(self, batches, schema, name, folder, partition=None, row_group_bytes=0):
        """Writes folder/name.parquet and folder/name.avro with hw_convert_batches."""
        stream = ctypes.create_string_buffer(STREAM_BYTES)
        pa.RecordBatchReader.from_batches(schema, batches)._export_to_c(ctypes.addressof(stream))
        partition = partition.encode() if partition else None
        self._call("bridge_convert", stream, name.encode(), f"{folder}/".encode(), partition, ctypes.c_size_t(row_group_bytes))


def find(preset):
    """The bridge of a preset; None where it has not been built."""
    path = ROOT / "build" / preset / "tests/interop/arrow_bridge.so"
    return path if path.exists() else None
