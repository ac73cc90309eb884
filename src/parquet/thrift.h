/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the Thrift compact protocol, as Parquet's metadata uses it. The first failure sticks:
 * later calls do nothing, and `status` is looked at once, at the end. Fields must be written in
 * rising order of their ids.
 */
#ifndef HW_PARQUET_THRIFT_H
#define HW_PARQUET_THRIFT_H

#include "core/buf.h"

enum { HW_THRIFT_DEPTH_MAX = 8 };

/* Type codes of list elements. */
enum hw_thrift_type {
    HW_THRIFT_BOOL = 1,
    HW_THRIFT_I32 = 5,
    HW_THRIFT_I64 = 6,
    HW_THRIFT_BINARY = 8,
    HW_THRIFT_STRUCT = 12,
};

struct hw_thrift {
    struct hw_buf *out;
    struct hw_error *err;
    enum hw_status status;
    unsigned depth;
    int last_id[HW_THRIFT_DEPTH_MAX]; /* of the field before, in each open struct */
};

/* Starts a struct that is appended to `out`; both pointers are borrowed. */
void hw_thrift_init(struct hw_thrift *thrift, struct hw_buf *out, struct hw_error *err);

void hw_thrift_bool(struct hw_thrift *thrift, int id, bool value);
void hw_thrift_i8(struct hw_thrift *thrift, int id, int8_t value);
void hw_thrift_i16(struct hw_thrift *thrift, int id, int16_t value);
void hw_thrift_i32(struct hw_thrift *thrift, int id, int32_t value);
void hw_thrift_i64(struct hw_thrift *thrift, int id, int64_t value);
void hw_thrift_binary(struct hw_thrift *thrift, int id, const void *data, size_t bytes);
void hw_thrift_text(struct hw_thrift *thrift, int id, const char *text);

/* A struct as a field; every begin needs its end. */
void hw_thrift_begin(struct hw_thrift *thrift, int id);
/* Ends the innermost struct; the one that hw_thrift_init started ends so too. */
void hw_thrift_end(struct hw_thrift *thrift);

/* Starts a list as a field: `count` elements must follow. */
void hw_thrift_list(struct hw_thrift *thrift, int id, enum hw_thrift_type type, size_t count);
void hw_thrift_put_bool(struct hw_thrift *thrift, bool value);
void hw_thrift_put_i32(struct hw_thrift *thrift, int32_t value);
void hw_thrift_put_i64(struct hw_thrift *thrift, int64_t value);
void hw_thrift_put_binary(struct hw_thrift *thrift, const void *data, size_t bytes);
/* A struct as an element; ends with hw_thrift_end. */
void hw_thrift_put_begin(struct hw_thrift *thrift);
/*
 * Bytes that are compact protocol already, a whole element or the value of the field begun by
 * hw_thrift_raw_field.
 */
void hw_thrift_put_raw(struct hw_thrift *thrift, const void *data, size_t bytes);
/* Starts a field whose struct follows by hw_thrift_put_raw, its end included. */
void hw_thrift_raw_field(struct hw_thrift *thrift, int id);

#endif
