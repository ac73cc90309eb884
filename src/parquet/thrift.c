/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/thrift.h"

#include "parquet/varint.h"

enum { SHORT_DELTA_MAX = 15 };

static void put_field(struct hw_thrift *thrift, int id, int type);
static void put_byte(struct hw_thrift *thrift, uint8_t byte);
static void put_varint(struct hw_thrift *thrift, uint64_t value);
static void open_struct(struct hw_thrift *thrift);

void hw_thrift_init(struct hw_thrift *thrift, struct hw_buf *out, struct hw_error *err) {
    *thrift = (struct hw_thrift){.out = out, .err = err, .status = HW_OK};
}

void hw_thrift_bool(struct hw_thrift *thrift, int id, bool value) {
    put_field(thrift, id, value ? HW_THRIFT_TRUE : HW_THRIFT_FALSE);
}

void hw_thrift_i8(struct hw_thrift *thrift, int id, int8_t value) {
    put_field(thrift, id, HW_THRIFT_I8);
    put_byte(thrift, (uint8_t)value);
}

void hw_thrift_i16(struct hw_thrift *thrift, int id, int16_t value) {
    put_field(thrift, id, HW_THRIFT_I16);
    put_varint(thrift, hw_zigzag(value));
}

void hw_thrift_i32(struct hw_thrift *thrift, int id, int32_t value) {
    put_field(thrift, id, HW_THRIFT_I32);
    put_varint(thrift, hw_zigzag(value));
}

void hw_thrift_i64(struct hw_thrift *thrift, int id, int64_t value) {
    put_field(thrift, id, HW_THRIFT_I64);
    put_varint(thrift, hw_zigzag(value));
}

void hw_thrift_binary(struct hw_thrift *thrift, int id, const void *data, size_t bytes) {
    put_field(thrift, id, HW_THRIFT_BINARY);
    hw_thrift_put_binary(thrift, data, bytes);
}

void hw_thrift_text(struct hw_thrift *thrift, int id, const char *text) {
    hw_thrift_binary(thrift, id, text, strlen(text));
}

void hw_thrift_begin(struct hw_thrift *thrift, int id) {
    put_field(thrift, id, HW_THRIFT_STRUCT);
    open_struct(thrift);
}

void hw_thrift_end(struct hw_thrift *thrift) {
    put_byte(thrift, 0);
    if (thrift->depth > 0) {
        thrift->depth--;
    }
}

void hw_thrift_list(struct hw_thrift *thrift, int id, enum hw_thrift_type type, size_t count) {
    put_field(thrift, id, HW_THRIFT_LIST);
    if (count <= HW_THRIFT_SHORT_LIST_MAX) {
        put_byte(thrift, (uint8_t)(count << 4 | (unsigned)type));
        return;
    }
    put_byte(thrift, (uint8_t)(0xf0 | (unsigned)type));
    put_varint(thrift, count);
}

void hw_thrift_put_bool(struct hw_thrift *thrift, bool value) {
    put_byte(thrift, value ? HW_THRIFT_TRUE : HW_THRIFT_FALSE);
}

void hw_thrift_put_i32(struct hw_thrift *thrift, int32_t value) {
    put_varint(thrift, hw_zigzag(value));
}

void hw_thrift_put_i64(struct hw_thrift *thrift, int64_t value) {
    put_varint(thrift, hw_zigzag(value));
}

void hw_thrift_put_binary(struct hw_thrift *thrift, const void *data, size_t bytes) {
    put_varint(thrift, bytes);
    hw_thrift_put_raw(thrift, data, bytes);
}

void hw_thrift_put_begin(struct hw_thrift *thrift) {
    open_struct(thrift);
}

void hw_thrift_put_raw(struct hw_thrift *thrift, const void *data, size_t bytes) {
    if (thrift->status == HW_OK) {
        thrift->status = hw_buf_append(thrift->out, data, bytes, thrift->err);
    }
}

void hw_thrift_raw_field(struct hw_thrift *thrift, int id, uint8_t type) {
    put_field(thrift, id, type);
}

static void put_field(struct hw_thrift *thrift, int id, int type) {
    int *last_id = &thrift->last_id[thrift->depth];
    int delta = id - *last_id;

    assert(delta > 0);
    if (delta <= SHORT_DELTA_MAX) {
        put_byte(thrift, (uint8_t)(delta << 4 | type));
    } else {
        put_byte(thrift, (uint8_t)type);
        put_varint(thrift, hw_zigzag(id));
    }
    *last_id = id;
}

static void open_struct(struct hw_thrift *thrift) {
    assert(thrift->depth + 1 < HW_THRIFT_DEPTH_MAX);
    thrift->depth++;
    thrift->last_id[thrift->depth] = 0;
}

static void put_varint(struct hw_thrift *thrift, uint64_t value) {
    uint8_t bytes[HW_VARINT_BYTES_MAX];
    hw_thrift_put_raw(thrift, bytes, (size_t)(hw_varint_put(bytes, value) - bytes));
}

static void put_byte(struct hw_thrift *thrift, uint8_t byte) {
    hw_thrift_put_raw(thrift, &byte, 1);
}
