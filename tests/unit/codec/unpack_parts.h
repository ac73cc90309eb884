/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packed file of several parts (members of gzip, frames of zstd), and what must hold of any such
 * file.
 */
#ifndef HW_TESTS_UNPACK_PARTS_H
#define HW_TESTS_UNPACK_PARTS_H

#include <stdio.h>

#include "support/rows.h"
#include "unpack_read.h"

enum { PARTS_MAX = 8 };

struct parts_file {
    enum hw_packing packing;
    struct hw_buf packed;
    struct hw_buf plain;
    size_t packed_ends[PARTS_MAX]; /* where each part ends; what follows the last is padding */
    size_t plain_ends[PARTS_MAX];
    size_t count;
};

static inline void put(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(out, data, bytes, &err), err);
}

/* What has been put since the last part is one. */
static inline void parts_end(struct parts_file *file) {
    assert_true(file->count < PARTS_MAX);
    file->packed_ends[file->count] = file->packed.size;
    file->plain_ends[file->count++] = file->plain.size;
}

static inline void parts_release(struct parts_file *file) {
    hw_buf_release(&file->packed);
    hw_buf_release(&file->plain);
}

/* Blocks of every size put a border on each byte of headers, bodies, trailers and padding. */
static inline void parts_come_whole(const struct parts_file *file) {
    static const size_t reads[] = {1, 7, 300, 100000};
    for (size_t block = 1; block <= file->packed.size + 1; block++) {
        for (size_t i = 0; i < COUNT_OF(reads); i++) {
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct unpack_way way = {block, reads[i], 0};
            assert_ok(unpack_all(hw_buf_view(&file->packed), file->packing, way, &got, &err), err);
            assert_row_bytes("plain", got.data, got.size, file->plain.data, file->plain.size);
        }
    }
}

/*
 * The plain bytes of the first `size` packed ones: a file may end after a part or inside the
 * padding. SIZE_MAX: nowhere else.
 */
static inline size_t parts_plain(const struct parts_file *file, size_t size) {
    for (size_t i = 0; i < file->count; i++) {
        if (size == file->packed_ends[i]) {
            return file->plain_ends[i];
        }
    }
    return size == 0 || size < file->packed_ends[file->count - 1] ? SIZE_MAX : file->plain.size;
}

/* A cut file never seems whole. */
static inline void parts_are_missed(const struct parts_file *file, const char *says) {
    for (size_t size = 0; size <= file->packed.size; size++) {
        size_t plain = parts_plain(file, size);
        for (size_t block = 0; block <= 16; block += 8) {
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            char name[32];
            hw_view cut = {(const char *)file->packed.data, size};
            snprintf(name, sizeof(name), "%zu bytes, blocks of %zu", size, block);
            enum hw_status status = unpack_all(cut, file->packing, (struct unpack_way){block, 64, 0}, &got, &err);
            if (plain != SIZE_MAX) {
                assert_row_int(name, status, HW_OK);
                assert_row_bytes(name, got.data, got.size, file->plain.data, plain);
                continue;
            }
            assert_row_int(name, status, HW_EDATA);
            assert_row_says(name, err.message, says);
            assert_row_int(name, err.offset, size);
            assert_row_text(name, err.object, "memory");
        }
    }
}

/*
 * Any single wrong bit is found, or is one that says nothing about the bytes. Returns how many of
 * these there are.
 */
static inline size_t parts_with_wrong_bits(const struct parts_file *file, bool limits, const char *says) {
    size_t harmless = 0;
    for (size_t bit = 0; bit < 8 * file->packed.size; bit++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        char name[32];
        snprintf(name, sizeof(name), "byte %zu bit %zu", bit / 8, bit % 8);
        file->packed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct unpack_way way = {bit % 3 ? 0 : 11, 64, 0};
        enum hw_status status = unpack_all(hw_buf_view(&file->packed), file->packing, way, &got, &err);
        file->packed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (status == HW_OK) {
            assert_row_bytes(name, got.data, got.size, file->plain.data, file->plain.size);
            harmless++;
            continue;
        }
        assert_row_int(name, status == HW_EDATA || (limits && status == HW_ELIMIT), true);
        assert_row_says(name, err.message, says);
        assert_row_int(name, err.offset >= 0 && err.offset <= (int64_t)file->packed.size, true);
    }
    assert_true(8 * file->packed.size - harmless > harmless);
    return harmless;
}

#endif
