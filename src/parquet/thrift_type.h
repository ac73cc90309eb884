/* SPDX-License-Identifier: Apache-2.0 */
/* The type codes of the Thrift compact protocol, which its writer and its reader share. */
#ifndef HW_PARQUET_THRIFT_TYPE_H
#define HW_PARQUET_THRIFT_TYPE_H

enum hw_thrift_type {
    /* Ends a struct. */
    HW_THRIFT_STOP = 0,
    /* A field that is a bool has its value as its type. */
    HW_THRIFT_TRUE = 1,
    HW_THRIFT_FALSE = 2,
    /* Elements that are bools have a byte each. */
    HW_THRIFT_BOOL = 1,
    HW_THRIFT_I8 = 3,
    HW_THRIFT_I16 = 4,
    HW_THRIFT_I32 = 5,
    HW_THRIFT_I64 = 6,
    HW_THRIFT_DOUBLE = 7,
    HW_THRIFT_BINARY = 8,
    HW_THRIFT_LIST = 9,
    HW_THRIFT_SET = 10,
    HW_THRIFT_MAP = 11,
    HW_THRIFT_STRUCT = 12,
    HW_THRIFT_UUID = 13,
};

/* A list of up to so many elements has their number in its first byte. */
enum { HW_THRIFT_SHORT_LIST_MAX = 14 };

#endif
