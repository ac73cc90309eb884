/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/metadata.h"

#include "avro/varint.h"
#include "core/intern.h"
#include "core/utf8.h"

bool hw_avro_key_own(hw_view key) {
    return hw_view_starts(key, HW_VIEW("avro."));
}

enum hw_status hw_avro_bytes_write(hw_view bytes, struct hw_buf *out, struct hw_error *err) {
    uint8_t size[HW_AVRO_LONG_BYTES_MAX];
    HW_TRY(hw_buf_append(out, size, hw_avro_long_put(size, (int64_t)bytes.size), err));
    return hw_buf_append(out, bytes.data, bytes.size, err);
}

/* A NUL is no text to programs in C, ours included. */
static bool key_is_text(hw_view key) {
    return !memchr(key.data, 0, key.size) && hw_utf8_all(key.data, key.size);
}

static enum hw_status pair_write(const struct hw_file_pair *pair, struct hw_intern *keys, struct hw_buf *out,
                                 struct hw_error *err) {
    const size_t before = keys->count;
    uint32_t number;
    HW_TRY(hw_intern_number(keys, pair->key, UINT32_MAX, &number, err));
    if (number < before) {
        return HW_OK;
    }
    HW_TRY(hw_avro_bytes_write(pair->key, out, err));
    return hw_avro_bytes_write(pair->value, out, err);
}

enum hw_status hw_avro_pairs_write(const struct hw_file_pairs *pairs, struct hw_buf *out, size_t *out_count,
                                   struct hw_error *err) {
    HW_AUTO(hw_intern) keys = {0};
    for (size_t i = 0; i < pairs->count; i++) {
        const hw_view key = pairs->items[i].key;
        if (hw_file_pairs_hold(pairs, i) && !hw_avro_key_own(key) && key_is_text(key)) {
            HW_TRY(pair_write(&pairs->items[i], &keys, out, err));
        }
    }
    *out_count = keys.count;
    return HW_OK;
}
