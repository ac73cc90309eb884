/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the compact protocol by paths: thrift_find(..., "4.0.1.2.3.5") is field 5 of field 3 of
 * element 2 of field 1 of element 0 of field 4. Independent of the writer; asserts on everything
 * that is not well-formed.
 */
#ifndef HW_TESTS_PARQUET_THRIFT_READ_H
#define HW_TESTS_PARQUET_THRIFT_READ_H

#include <stdlib.h>

#include "unit/parquet/decode.h"

struct thrift_value {
    int type;       /* of the compact protocol; 0: the path leads nowhere */
    int64_t number; /* integers, booleans; elements of a list */
    hw_view bytes;  /* binaries; what is left from a struct on */
};

static inline void thrift_skip(struct decoder *decoder, int type, bool element, struct thrift_value *out);

static inline void thrift_skip_struct(struct decoder *decoder) {
    uint8_t head;
    while ((head = decode_byte(decoder)) != 0) {
        struct thrift_value ignored;
        if (head >> 4 == 0) {
            decode_zigzag(decoder);
        }
        thrift_skip(decoder, head & 15, false, &ignored);
    }
}

static inline size_t thrift_list_head(struct decoder *decoder, int *out_type) {
    uint8_t head = decode_byte(decoder);
    *out_type = head & 15;
    return head >> 4 == 15 ? (size_t)decode_varint(decoder) : (size_t)(head >> 4);
}

/* Reads or passes over one value. */
static inline void thrift_skip(struct decoder *decoder, int type, bool element, struct thrift_value *out) {
    *out = (struct thrift_value){.type = type};
    if (type == 1 || type == 2) {
        out->number = element ? decode_byte(decoder) == 1 : type == 1;
    } else if (type == 3) {
        out->number = (int8_t)decode_byte(decoder);
    } else if (type >= 4 && type <= 6) {
        out->number = decode_zigzag(decoder);
    } else if (type == 8) {
        uint64_t size = decode_varint(decoder);
        assert_true(size <= (size_t)(decoder->end - decoder->at));
        out->bytes = (hw_view){(const char *)decoder->at, (size_t)size};
        decoder->at += size;
    } else if (type == 9) {
        int of;
        size_t count = thrift_list_head(decoder, &of);
        out->number = (int64_t)count;
        for (size_t i = 0; i < count; i++) {
            struct thrift_value ignored;
            thrift_skip(decoder, of, true, &ignored);
        }
    } else {
        assert_int_equal(type, 12);
        thrift_skip_struct(decoder);
    }
}

/* Steps to the field with this id; its type, or 0. */
static inline int thrift_field(struct decoder *decoder, int want) {
    int id = 0;
    uint8_t head;
    while ((head = decode_byte(decoder)) != 0) {
        struct thrift_value ignored;
        id = head >> 4 ? id + (head >> 4) : (int)decode_zigzag(decoder);
        if (id == want) {
            return head & 15;
        }
        thrift_skip(decoder, head & 15, false, &ignored);
    }
    return 0;
}

static inline struct thrift_value thrift_find(hw_view data, const char *path) {
    struct decoder decoder = {(const uint8_t *)data.data, (const uint8_t *)data.data + data.size};
    struct thrift_value value = {.type = 12};
    bool element = false;
    int type = 12;

    while (*path) {
        char *end;
        int step = (int)strtol(path, &end, 10);
        path = *end ? end + 1 : end;
        element = type == 9;
        if (type == 9) {
            size_t count = thrift_list_head(&decoder, &type);
            if ((size_t)step >= count) {
                return (struct thrift_value){0};
            }
            for (int i = 0; i < step; i++) {
                thrift_skip(&decoder, type, true, &value);
            }
        } else {
            assert_int_equal(type, 12);
            type = thrift_field(&decoder, step);
        }
        if (type == 0) {
            return (struct thrift_value){0};
        }
    }
    hw_view rest = {(const char *)decoder.at, (size_t)(decoder.end - decoder.at)};
    thrift_skip(&decoder, type, element, &value);
    if (type == 12) {
        value.bytes = (hw_view){rest.data, rest.size - (size_t)(decoder.end - decoder.at)};
    }
    return value;
}

#endif
