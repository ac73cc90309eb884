/* SPDX-License-Identifier: Apache-2.0 */
/* The table of decompressors, and what is the same for all of them. */
#include "codec/decompression.h"

#include "codec/decompress_brotli.h"
#include "codec/decompress_deflate.h"
#include "codec/decompress_lz4.h"
#include "codec/decompress_snappy.h"
#include "codec/decompress_zstd.h"
#include "core/alloc.h"

enum {
    /* Rows are those of enum hw_codec, and one more. */
    LZ4_FRAMED = HW_CODEC_COUNT,
    ROW_COUNT,
    /* How much larger a block of unknown size is taken to be at first. */
    RATIO_GUESS = 4,
};

static enum hw_status none_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                               struct hw_error *err);

static const struct hw_decompress_ops none_ops = {NULL, NULL, none_run};

static const struct hw_decompress_ops *const rows[ROW_COUNT] = {
    [HW_CODEC_NONE] = &none_ops,
    [HW_CODEC_SNAPPY] = &hw_decompress_snappy_ops,
    [HW_CODEC_ZSTD] = &hw_decompress_zstd_ops,
    [HW_CODEC_GZIP] = &hw_decompress_gzip_ops,
    [HW_CODEC_DEFLATE] = &hw_decompress_deflate_ops,
    [HW_CODEC_LZ4_RAW] = &hw_decompress_lz4_ops,
    [HW_CODEC_BROTLI] = &hw_decompress_brotli_ops,
    [LZ4_FRAMED] = &hw_decompress_lz4_framed_ops,
};

struct hw_decompressor {
    /* Made when they are first needed. */
    void *states[ROW_COUNT];
};

static enum hw_status sized_run(struct hw_decompressor *decompressor, unsigned row, hw_view block, void *out,
                                size_t out_bytes, struct hw_error *err);
static enum hw_status block_run(struct hw_decompressor *decompressor, unsigned row, hw_view block, void *out,
                                size_t capacity, size_t *out_bytes, struct hw_error *err);
static const char *row_name(unsigned row);

enum hw_status hw_decompressor_new(struct hw_decompressor **out_decompressor, struct hw_error *err) {
    struct hw_decompressor *decompressor = hw_alloc_zero(1, sizeof(*decompressor));
    if (!decompressor) {
        return hw_fail_nomem(err, sizeof(*decompressor));
    }
    *out_decompressor = decompressor;
    return HW_OK;
}

void hw_decompressor_free(struct hw_decompressor *decompressor) {
    if (!decompressor) {
        return;
    }
    for (size_t i = HW_CODEC_NONE; i < ROW_COUNT; i++) {
        if (decompressor->states[i]) {
            rows[i]->close(decompressor->states[i]);
        }
    }
    hw_free(decompressor);
}

enum hw_status hw_decompressor_run(struct hw_decompressor *decompressor, enum hw_codec codec, hw_view block, void *out,
                                   size_t out_bytes, struct hw_error *err) {
    assert(codec > HW_CODEC_DEFAULT && codec < HW_CODEC_COUNT);
    return sized_run(decompressor, (unsigned)codec, block, out, out_bytes, err);
}

enum hw_status hw_decompressor_run_lz4_hadoop(struct hw_decompressor *decompressor, hw_view block, void *out,
                                              size_t out_bytes, struct hw_error *err) {
    return sized_run(decompressor, LZ4_FRAMED, block, out, out_bytes, err);
}

enum hw_status hw_decompressor_run_unsized(struct hw_decompressor *decompressor, enum hw_codec codec, hw_view block,
                                           struct hw_buf *out, struct hw_error *err) {
    const size_t limit = out->limit > 0 ? out->limit : (size_t)HW_BUF_LIMIT;
    enum hw_status status = HW_ELIMIT;
    size_t made = 0;
    size_t room = 0;

    assert(codec > HW_CODEC_DEFAULT && codec < HW_CODEC_COUNT);
    hw_buf_clear(out);
    if (codec == HW_CODEC_LZ4_RAW) {
        return hw_fail(err, HW_EUNSUPPORTED, "lz4_raw: its blocks can only be read where their size is known");
    }
    for (size_t next = hw_max_size(out->capacity, block.size * RATIO_GUESS); status == HW_ELIMIT && room < limit;
         next = room * 2) {
        room = hw_min_size(next, limit);
        HW_TRY(hw_buf_reserve(out, room, err));
        status = block_run(decompressor, (unsigned)codec, block, out->data, room, &made, err);
    }
    if (status == HW_ELIMIT) {
        return hw_fail(err, HW_ELIMIT, "%s: it makes more than the %zu bytes that are allowed", row_name(codec), limit);
    }
    HW_TRY(status);
    out->size = made;
    return HW_OK;
}

static enum hw_status sized_run(struct hw_decompressor *decompressor, unsigned row, hw_view block, void *out,
                                size_t out_bytes, struct hw_error *err) {
    size_t made = 0;
    enum hw_status status = block_run(decompressor, row, block, out, out_bytes, &made, err);
    if (status == HW_ELIMIT) {
        return hw_fail(err, HW_EDATA, "%s: it makes more than the %zu bytes that are due", row_name(row), out_bytes);
    }
    HW_TRY(status);
    if (made != out_bytes) {
        return hw_fail(err, HW_EDATA, "%s: it makes %zu bytes, but %zu are due", row_name(row), made, out_bytes);
    }
    return HW_OK;
}

/* Decompresses to up to `capacity` bytes; HW_ELIMIT where there are more. */
static enum hw_status block_run(struct hw_decompressor *decompressor, unsigned row, hw_view block, void *out,
                                size_t capacity, size_t *out_bytes, struct hw_error *err) {
    const struct hw_decompress_ops *ops = rows[row];
    void **state = &decompressor->states[row];

    if (block.size == 0 && row != HW_CODEC_NONE) {
        return hw_fail(err, HW_EDATA, "%s: there are no bytes", row_name(row));
    }
    if (ops->open && !*state) {
        HW_TRY(ops->open(state, err));
    }
    return ops->run(*state, block, out, capacity, out_bytes, err);
}

static enum hw_status none_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                               struct hw_error *err) {
    (void)state;
    if (block.size > capacity) {
        return hw_fail(err, HW_ELIMIT, "it has %zu bytes", block.size);
    }
    if (block.size > 0) {
        memcpy(out, block.data, block.size);
    }
    *out_bytes = block.size;
    return HW_OK;
}

static const char *row_name(unsigned row) {
    return row == LZ4_FRAMED ? "lz4" : hw_codec_name((enum hw_codec)row);
}
