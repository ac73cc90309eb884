/* SPDX-License-Identifier: Apache-2.0 */
/* A place for texts as decoders put them, and what is in it as one line. */
#ifndef HW_TESTS_PARQUET_TEXTS_H
#define HW_TESTS_PARQUET_TEXTS_H

#include "unit/parquet/padded.h"

enum { TEXTS_MAX = 4000 };

struct texts {
    struct hw_buf data;
    struct hw_buf line;
    int32_t ends[TEXTS_MAX];
};

static inline void texts_release(struct texts *texts) {
    hw_buf_release(&texts->data);
    hw_buf_release(&texts->line);
}

/* An empty place; full with `data_bytes_max` bytes, 0: not before 2^31 - 1. */
static inline struct hw_decoded texts_out(struct texts *texts, size_t data_bytes_max) {
    hw_buf_clear(&texts->data);
    return (struct hw_decoded){
        .data = &texts->data, .ends = texts->ends, .data_bytes_max = data_bytes_max == 0 ? INT32_MAX : data_bytes_max};
}

/* Returns the texts with a bar behind each. */
static inline const char *texts_line(struct texts *texts, size_t count) {
    int32_t at = 0;
    hw_buf_clear(&texts->line);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hw_buf_append(&texts->line, texts->data.data + at, (size_t)(texts->ends[i] - at), NULL), 0);
        assert_int_equal(hw_buf_append_byte(&texts->line, '|', NULL), 0);
        at = texts->ends[i];
    }
    assert_int_equal(texts->data.size, at);
    assert_int_equal(hw_buf_end_text(&texts->line, NULL), 0);
    return (const char *)texts->line.data;
}

#endif
