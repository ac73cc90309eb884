/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the Thrift compact protocol, which the metadata of Parquet are in. After a failure all
 * further calls do nothing, so that it is enough to look at `status` once, at the end. The fields
 * of a struct must be written in the rising order of their ids.
 */
#ifndef HW_PARQUET_THRIFT_H
#define HW_PARQUET_THRIFT_H

#include "core/buf.h"
#include "parquet/thrift_type.h"

enum { HW_THRIFT_DEPTH_MAX = 8 };

struct hw_thrift {
    struct hw_buf *out;
    struct hw_error *err;
    enum hw_status status;
    unsigned depth;
    /* The id of the last field of each open struct. */
    int last_id[HW_THRIFT_DEPTH_MAX];
};

/* Starts a struct, which is appended to `out`. Both pointers are borrowed. */
void hw_thrift_init(struct hw_thrift *thrift, struct hw_buf *out, struct hw_error *err);

/* Each of these writes a field. */
void hw_thrift_bool(struct hw_thrift *thrift, int id, bool value);
void hw_thrift_i8(struct hw_thrift *thrift, int id, int8_t value);
void hw_thrift_i16(struct hw_thrift *thrift, int id, int16_t value);
void hw_thrift_i32(struct hw_thrift *thrift, int id, int32_t value);
void hw_thrift_i64(struct hw_thrift *thrift, int id, int64_t value);
void hw_thrift_binary(struct hw_thrift *thrift, int id, const void *data, size_t bytes);
void hw_thrift_text(struct hw_thrift *thrift, int id, const char *text);

/* Starts a field that is a struct, which hw_thrift_end ends. */
void hw_thrift_begin(struct hw_thrift *thrift, int id);
/* Ends the innermost struct, which may be the one that hw_thrift_init started. */
void hw_thrift_end(struct hw_thrift *thrift);

/* Starts a field that is a list. `count` elements must follow. */
void hw_thrift_list(struct hw_thrift *thrift, int id, enum hw_thrift_type type, size_t count);
/* Each of these writes an element. */
void hw_thrift_put_bool(struct hw_thrift *thrift, bool value);
void hw_thrift_put_i32(struct hw_thrift *thrift, int32_t value);
void hw_thrift_put_i64(struct hw_thrift *thrift, int64_t value);
void hw_thrift_put_binary(struct hw_thrift *thrift, const void *data, size_t bytes);
/* Starts an element that is a struct, which hw_thrift_end ends. */
void hw_thrift_put_begin(struct hw_thrift *thrift);
/*
 * Writes bytes that are in the compact protocol already: a whole element, or the value of a field
 * that hw_thrift_raw_field has started.
 */
void hw_thrift_put_raw(struct hw_thrift *thrift, const void *data, size_t bytes);
/*
 * Starts a field, whose value hw_thrift_put_raw must write: all of a list, or of a struct with its
 * end. `type` is the protocol's code; a boolean is all in that.
 */
void hw_thrift_raw_field(struct hw_thrift *thrift, int id, uint8_t type);

#endif
