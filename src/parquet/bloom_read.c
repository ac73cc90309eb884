/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bloom_read.h"

#include "core/limits.h"
#include "parquet/bloom_block.h"
#include "parquet/thrift_read.h"

static const struct hw_thrift_needs head_needs = {
    .name = "BloomFilterHeader",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3) | HW_THRIFT_ID(4),
    .names = (const char *const[]){[1] = "numBytes", "algorithm", "hash", "compression"},
};

static bool choice_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field);
static void size_check(struct hw_thrift_reader *in, int32_t bytes);

enum hw_status hw_bloom_head_read(hw_view bytes, uint64_t at, struct hw_bloom_head *out_head, struct hw_error *err) {
    struct hw_thrift_reader in;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    int32_t filter_bytes = 0;
    hw_thrift_reader_init(&in, bytes, at, err);
    while (hw_thrift_field(&in, &field)) {
        bool read = false;
        if (field.id == 1) {
            read = hw_thrift_read_i32(&in, &field, &filter_bytes);
        } else if (field.id >= 2 && field.id <= 4) {
            read = choice_read(&in, &field);
        } else {
            hw_thrift_skip(&in, &field);
        }
        seen |= hw_thrift_seen(&field, read);
    }
    hw_thrift_need(&in, &head_needs, seen);
    size_check(&in, filter_bytes);
    if (in.status) {
        hw_error_prefix(err, "bloom filter");
        return in.status;
    }
    *out_head = (struct hw_bloom_head){.header_bytes = hw_thrift_reader_used(&in), .bytes = (uint32_t)filter_bytes};
    return HW_OK;
}

/* Reads a union, of which one choice is known: BLOCK, XXHASH, UNCOMPRESSED. Each is field 1. */
static bool choice_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field) {
    struct hw_thrift_field choice;
    bool known = false;
    if (!hw_thrift_read_struct(in, field)) {
        return false;
    }
    while (hw_thrift_field(in, &choice)) {
        known |= choice.id == 1;
        hw_thrift_skip(in, &choice);
    }
    if (!known) {
        hw_thrift_reader_fail(in, HW_EUNSUPPORTED, "its %s is not known", head_needs.names[field->id]);
    }
    return known;
}

static void size_check(struct hw_thrift_reader *in, int32_t bytes) {
    if (bytes <= 0 || bytes % HW_BLOOM_BLOCK_BYTES != 0) {
        hw_thrift_reader_fail(in, HW_EDATA, "%" PRId32 " bytes are no number of whole blocks of %d", bytes,
                              HW_BLOOM_BLOCK_BYTES);
    } else if ((uint32_t)bytes > HW_PARQUET_BLOOM_BYTES_MAX) {
        hw_thrift_reader_fail(in, HW_ELIMIT, "it has %" PRId32 " bytes, %" PRIu64 " are the limit", bytes,
                              (uint64_t)HW_PARQUET_BLOOM_BYTES_MAX);
    }
}

bool hw_bloom_may_have(hw_view filter, const void *value, size_t value_bytes) {
    const uint64_t hash = hw_bloom_hash(value, value_bytes);
    const size_t number = hw_bloom_block(hash, filter.size / HW_BLOOM_BLOCK_BYTES);
    const char *block = filter.data + number * HW_BLOOM_BLOCK_BYTES;
    for (size_t i = 0; i < HW_BLOOM_WORDS; i++) {
        if ((hw_load_le32(block + 4 * i) & hw_bloom_bit(hash, i)) == 0) {
            return false;
        }
    }
    return true;
}
