/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed files that hold their bytes as they are, written by hand from RFC 1952, RFC 8878 and
 * APPNOTE 6.3.9.
 */
#ifndef HW_TESTS_CSV_PACKED_H
#define HW_TESTS_CSV_PACKED_H

#include "core/buf.h"
#include "support/rows.h"

enum { PACKED_CRC32 = 0xedb88320u, PACKED_CRC32C = 0x82f63b78u }; /* reflected polynomials */

/* The definition of a CRC of 32 bits, bit by bit. */
static inline uint32_t packed_crc(uint32_t polynomial, hw_view bytes) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < bytes.size; i++) {
        crc ^= (uint8_t)bytes.data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
        }
    }
    return ~crc;
}

static inline void packed_put(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(out, data, bytes, &err), err);
}

static inline void packed_put_le(struct hw_buf *out, uint64_t value, size_t bytes) {
    packed_put(out, &value, bytes);
}

/* One member of stored blocks. */
static inline void packed_gzip(hw_view text, struct hw_buf *out) {
    packed_put(out, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    size_t at = 0;
    do {
        const size_t bytes = hw_min_size(text.size - at, UINT16_MAX);
        packed_put_le(out, at + bytes == text.size, 1);
        packed_put_le(out, bytes, 2);
        packed_put_le(out, ~bytes, 2);
        packed_put(out, text.data + at, bytes);
        at += bytes;
    } while (at < text.size);
    packed_put_le(out, packed_crc(PACKED_CRC32, text), 4);
    packed_put_le(out, text.size, 4);
}

/* A frame of raw blocks with a window of 2 ^ window_log bytes, 10 at least. */
static inline void packed_zstd(hw_view text, unsigned window_log, struct hw_buf *out) {
    size_t at = 0;
    packed_put(out, "\x28\xb5\x2f\xfd\0", 5);
    packed_put_le(out, (window_log - 10) << 3, 1);
    do {
        const size_t bytes = hw_min_size(text.size - at, 1 << 10);
        packed_put_le(out, (at + bytes == text.size) | bytes << 3, 3);
        packed_put(out, text.data + at, bytes);
        at += bytes;
    } while (at < text.size);
}

struct packed_member {
    const char *name;
    hw_view text;
    bool encrypted;
};

static inline void packed_zip_common(struct hw_buf *out, const struct packed_member *member) {
    packed_put_le(out, 20, 2);
    packed_put_le(out, member->encrypted, 2);
    packed_put_le(out, 0, 2); /* stored */
    packed_put_le(out, 0x5a21a000, 4);
    packed_put_le(out, packed_crc(PACKED_CRC32, member->text), 4);
    packed_put_le(out, member->text.size, 4);
    packed_put_le(out, member->text.size, 4);
    packed_put_le(out, strlen(member->name), 2);
    packed_put_le(out, 0, 2);
}

static inline void packed_zip(const struct packed_member *members, size_t count, struct hw_buf *out) {
    HW_AUTO(hw_buf) directory = {0};
    for (size_t i = 0; i < count; i++) {
        const struct packed_member *member = &members[i];
        const size_t at = out->size;
        packed_put(out, "PK\3\4", 4);
        packed_zip_common(out, member);
        packed_put(out, member->name, strlen(member->name));
        packed_put(out, member->text.data, member->text.size);
        packed_put(&directory, "PK\1\2\x14\0", 6);
        packed_zip_common(&directory, member);
        packed_put_le(&directory, 0, 8); /* comment, disk, attributes */
        packed_put_le(&directory, 0, 2);
        packed_put_le(&directory, at, 4);
        packed_put(&directory, member->name, strlen(member->name));
    }
    const size_t at = out->size;
    packed_put(out, directory.data, directory.size);
    packed_put(out, "PK\5\6\0\0\0\0", 8);
    packed_put_le(out, count, 2);
    packed_put_le(out, count, 2);
    packed_put_le(out, directory.size, 4);
    packed_put_le(out, at, 4);
    packed_put_le(out, 0, 2);
}

#endif
