/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of parquet.thrift. A file may hold others than these, from later versions of the
 * format: whoever reads one checks it before it becomes an enum.
 */
#ifndef HW_PARQUET_FORMAT_H
#define HW_PARQUET_FORMAT_H

#include <stdint.h>

/* Type */
enum hw_physical {
    HW_PHYSICAL_BOOLEAN = 0,
    HW_PHYSICAL_INT32 = 1,
    HW_PHYSICAL_INT64 = 2,
    HW_PHYSICAL_INT96 = 3,
    HW_PHYSICAL_FLOAT = 4,
    HW_PHYSICAL_DOUBLE = 5,
    HW_PHYSICAL_BYTE_ARRAY = 6,
    /* This is FIXED_LEN_BYTE_ARRAY. */
    HW_PHYSICAL_FIXED = 7,
    HW_PHYSICAL_COUNT
};

/* Encoding */
enum hw_encoding {
    HW_ENCODING_PLAIN = 0,
    /* Number 1 was never used. */
    HW_ENCODING_PLAIN_DICTIONARY = 2,
    HW_ENCODING_RLE = 3,
    HW_ENCODING_BIT_PACKED = 4,
    HW_ENCODING_DELTA_BINARY_PACKED = 5,
    HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY = 6,
    HW_ENCODING_DELTA_BYTE_ARRAY = 7,
    HW_ENCODING_RLE_DICTIONARY = 8,
    HW_ENCODING_BYTE_STREAM_SPLIT = 9,
    HW_ENCODING_COUNT
};

/* CompressionCodec */
enum hw_page_codec {
    HW_PAGE_CODEC_NONE = 0,
    HW_PAGE_CODEC_SNAPPY = 1,
    HW_PAGE_CODEC_GZIP = 2,
    HW_PAGE_CODEC_LZO = 3,
    HW_PAGE_CODEC_BROTLI = 4,
    /* LZ4 blocks, in frames of Hadoop's or without. */
    HW_PAGE_CODEC_LZ4 = 5,
    HW_PAGE_CODEC_ZSTD = 6,
    HW_PAGE_CODEC_LZ4_RAW = 7,
    HW_PAGE_CODEC_COUNT
};

/* PageType */
enum hw_page_type {
    HW_PAGE_DATA = 0,
    HW_PAGE_INDEX = 1,
    HW_PAGE_DICTIONARY = 2,
    HW_PAGE_DATA_V2 = 3,
    HW_PAGE_TYPE_COUNT
};

/* FieldRepetitionType */
enum hw_repetition {
    HW_REPETITION_REQUIRED = 0,
    HW_REPETITION_OPTIONAL = 1,
    HW_REPETITION_REPEATED = 2,
    HW_REPETITION_COUNT
};

/* ConvertedType */
enum hw_converted {
    HW_CONVERTED_NONE = -1,
    HW_CONVERTED_UTF8 = 0,
    HW_CONVERTED_MAP = 1,
    HW_CONVERTED_MAP_KEY_VALUE = 2,
    HW_CONVERTED_LIST = 3,
    HW_CONVERTED_ENUM = 4,
    HW_CONVERTED_DECIMAL = 5,
    HW_CONVERTED_DATE = 6,
    HW_CONVERTED_TIME_MILLIS = 7,
    HW_CONVERTED_TIME_MICROS = 8,
    HW_CONVERTED_TIMESTAMP_MILLIS = 9,
    HW_CONVERTED_TIMESTAMP_MICROS = 10,
    HW_CONVERTED_UINT_8 = 11,
    HW_CONVERTED_UINT_16 = 12,
    HW_CONVERTED_UINT_32 = 13,
    HW_CONVERTED_UINT_64 = 14,
    HW_CONVERTED_INT_8 = 15,
    HW_CONVERTED_INT_16 = 16,
    HW_CONVERTED_INT_32 = 17,
    HW_CONVERTED_INT_64 = 18,
    HW_CONVERTED_JSON = 19,
    HW_CONVERTED_BSON = 20,
    HW_CONVERTED_INTERVAL = 21,
    HW_CONVERTED_COUNT
};

/* The fields of the union LogicalType. */
enum hw_logical_kind {
    HW_LOGICAL_NONE = 0,
    HW_LOGICAL_STRING = 1,
    HW_LOGICAL_MAP = 2,
    HW_LOGICAL_LIST = 3,
    HW_LOGICAL_ENUM = 4,
    HW_LOGICAL_DECIMAL = 5,
    HW_LOGICAL_DATE = 6,
    HW_LOGICAL_TIME = 7,
    HW_LOGICAL_TIMESTAMP = 8,
    /* Number 9 is kept for an interval. */
    HW_LOGICAL_INTEGER = 10,
    HW_LOGICAL_UNKNOWN = 11,
    HW_LOGICAL_JSON = 12,
    HW_LOGICAL_BSON = 13,
    HW_LOGICAL_UUID = 14,
    HW_LOGICAL_FLOAT16 = 15,
    HW_LOGICAL_VARIANT = 16,
    HW_LOGICAL_GEOMETRY = 17,
    HW_LOGICAL_GEOGRAPHY = 18,
    HW_LOGICAL_FILE = 19,
    HW_LOGICAL_COUNT
};

/* Returns the name that parquet.thrift gives to a type. */
const char *hw_physical_name(enum hw_physical physical);
/* The same for an encoding; NULL for a number that is none. */
const char *hw_encoding_name(int32_t encoding);

#endif
