/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/scratch.h"

#include "core/alloc.h"

enum { KEEP_BYTES_MAX = 4 << 20 };

static void trim(struct hw_buf *buf);

enum hw_status hw_scratch_init(struct hw_scratch *scratch, const struct hw_parquet_options *options,
                               struct hw_error *err) {
    *scratch = (struct hw_scratch){.codec = options->codec};
    if (options->codec == HW_CODEC_NONE) {
        return HW_OK;
    }
    scratch->steps = hw_codec_levels(options->codec, options->level, options->effort);
    return hw_compressor_new(scratch->codec, scratch->steps.levels[0], &scratch->compressors[0], err);
}

void hw_scratch_release(struct hw_scratch *scratch) {
    for (size_t i = 0; i < scratch->steps.count; i++) {
        hw_compressor_free(scratch->compressors[i]);
    }
    hw_buf_release(&scratch->page);
    hw_buf_release(&scratch->packed);
    hw_buf_release(&scratch->header);
    hw_buf_release(&scratch->indices);
    hw_values_release(&scratch->sample);
    hw_buf_release(&scratch->sample_indices);
    hw_buf_release(&scratch->trial);
    hw_shredder_release(&scratch->shredder);
    hw_buf_release(&scratch->levels);
    while (scratch->spare) {
        struct hw_dictionary *dictionary = scratch->spare;
        scratch->spare = dictionary->next;
        hw_dictionary_release(dictionary);
        hw_free(dictionary);
    }
    *scratch = (struct hw_scratch){0};
}

void hw_scratch_trim(struct hw_scratch *scratch) {
    trim(&scratch->page);
    trim(&scratch->packed);
    trim(&scratch->indices);
    trim(&scratch->sample.data);
    trim(&scratch->trial);
    trim(&scratch->shredder.entries);
    trim(&scratch->shredder.other);
    trim(&scratch->levels);
}

size_t hw_scratch_held(const struct hw_scratch *scratch) {
    size_t held = scratch->page.capacity + scratch->packed.capacity + scratch->header.capacity +
                  scratch->indices.capacity + hw_values_held(&scratch->sample) + scratch->sample_indices.capacity +
                  scratch->trial.capacity + hw_shredder_held(&scratch->shredder) + scratch->levels.capacity;

    for (const struct hw_dictionary *at = scratch->spare; at; at = at->next) {
        held += hw_dictionary_held(at);
    }
    for (size_t i = 0; i < scratch->steps.count; i++) {
        held += scratch->compressors[i] ? hw_compressor_held(scratch->compressors[i]) : 0;
    }
    return held;
}

struct hw_scratch_levels hw_scratch_levels_for(const struct hw_scratch *scratch, const struct hw_leaf *leaf,
                                               enum hw_encoding encoding) {
    const struct hw_codec_levels *steps = &scratch->steps;
    if (steps->numbers != 0 && encoding == HW_ENCODING_PLAIN && leaf->lane == HW_LANE_WORD8) {
        return (struct hw_scratch_levels){(size_t)__builtin_ctz(steps->numbers), steps->others};
    }
    return (struct hw_scratch_levels){0, steps->numbers};
}

enum hw_status hw_scratch_pack(struct hw_scratch *scratch, hw_view data, size_t step, struct hw_error *err) {
    return hw_scratch_pack_sample(scratch, data, 0, step, err);
}

enum hw_status hw_scratch_pack_sample(struct hw_scratch *scratch, hw_view sample, size_t whole_bytes, size_t step,
                                      struct hw_error *err) {
    assert(step < scratch->steps.count);
    struct hw_compressor **compressor = &scratch->compressors[step];
    size_t packed;

    if (!*compressor) {
        HW_TRY(hw_compressor_new(scratch->codec, scratch->steps.levels[step], compressor, err));
    }
    hw_buf_clear(&scratch->packed);
    HW_TRY(hw_buf_reserve(&scratch->packed, hw_compressor_bound(*compressor, sample.size), err));
    if (whole_bytes > 0) {
        hw_compressor_set_whole(*compressor, whole_bytes);
    }
    enum hw_status status = hw_compressor_run(*compressor, sample.data, sample.size, scratch->packed.data,
                                              scratch->packed.capacity, &packed, err);
    if (whole_bytes > 0) {
        hw_compressor_set_whole(*compressor, 0);
    }
    HW_TRY(status);
    scratch->packed.size = packed;
    return HW_OK;
}

struct hw_dictionary *hw_scratch_take_dictionary(struct hw_scratch *scratch) {
    struct hw_dictionary *dictionary = scratch->spare;

    if (!dictionary) {
        return hw_alloc_zero(1, sizeof(*dictionary));
    }
    scratch->spare = dictionary->next;
    hw_dictionary_clear(dictionary);
    return dictionary;
}

void hw_scratch_give_dictionary(struct hw_scratch *scratch, struct hw_dictionary *dictionary) {
    if (dictionary) {
        dictionary->next = scratch->spare;
        scratch->spare = dictionary;
    }
}

static void trim(struct hw_buf *buf) {
    if (buf->capacity > KEEP_BYTES_MAX) {
        hw_buf_release(buf);
    }
}
