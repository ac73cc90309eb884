/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/effort.h"

enum {
    /*
     * So much shows what a level saves, with the parameters of the whole page. Larger pages have
     * larger samples, as larger tables show their worth only when they are filled.
     */
    SAMPLE_BYTES_MIN = 64 << 10,
    SAMPLE_BYTES_MAX = 128 << 10,
    SAMPLE_PART = 7,
    /* Pages of fewer bytes are not worth the higher level's tables, which are cleared each time. */
    PAGE_BYTES_MIN = 16 << 10,
    /* What half a page misses says little if it has nothing but the beginning of a table. */
    LENGTHEN_BYTES_MIN = 32 << 10,
    LENGTHEN_BYTES_MAX = 1 << 20,
};
/* A page that saves less than this against its two halves would save nothing by being longer. */
static const double lengthen_worth = 0.99;

/* The most of a sample's bytes that a higher level may leave. */
static const double step_worth[HW_CODEC_EFFORT_COUNT] = {
    [HW_CODEC_NORMAL] = 0.95,
    [HW_CODEC_FAST] = 0.95,
    [HW_CODEC_BEST] = 0.99,
};

static enum hw_status step_choose(const struct hw_effort_trial *trial, struct hw_scratch *scratch, hw_view sample,
                                  size_t *out_step, struct hw_error *err);
static enum hw_status longer_try(hw_view page, struct hw_scratch *scratch, size_t step, bool *out_longer,
                                 struct hw_error *err);

enum hw_status hw_effort_pack(const struct hw_effort_trial *trial, struct hw_scratch *scratch,
                              struct hw_effort *out_effort, struct hw_error *err) {
    const size_t part = hw_min_size(hw_max_size(trial->page.size / SAMPLE_PART, SAMPLE_BYTES_MIN), SAMPLE_BYTES_MAX);
    const size_t sample_bytes = hw_min_size(trial->page.size, part);
    /* A page of texts begins with their lengths, so it is its middle. */
    const hw_view sample = {trial->page.data + (trial->page.size - sample_bytes) / 2, sample_bytes};
    bool tried = scratch->steps.count > 1 && (trial->effort == HW_CODEC_BEST || sample.size >= PAGE_BYTES_MIN);
    struct hw_effort effort = {0};
    bool packed = false;

    if (tried) {
        HW_TRY(step_choose(trial, scratch, sample, &effort.step, err));
        /* The last trial was of the first level. */
        packed = effort.step == 0 && sample.size == trial->page.size;
    }
    if (trial->lengthen && trial->page.size >= LENGTHEN_BYTES_MIN) {
        HW_TRY(longer_try(trial->page, scratch, effort.step, &effort.longer, err));
        /* The last trial was of both halves. */
        packed = trial->page.size <= LENGTHEN_BYTES_MAX;
    }
    if (!packed) {
        HW_TRY(hw_scratch_pack(scratch, trial->page, effort.step, err));
    }
    *out_effort = effort;
    return HW_OK;
}

static enum hw_status step_choose(const struct hw_effort_trial *trial, struct hw_scratch *scratch, hw_view sample,
                                  size_t *out_step, struct hw_error *err) {
    size_t packed[HW_CODEC_LEVELS_MAX];
    size_t chosen = 0;

    for (size_t step = scratch->steps.count; step-- > 0;) {
        HW_TRY(hw_scratch_pack_sample(scratch, sample, trial->page.size, step, err));
        packed[step] = scratch->packed.size;
    }
    for (size_t step = 1; step < scratch->steps.count; step++) {
        if ((double)packed[step] <= step_worth[trial->effort] * (double)packed[chosen]) {
            chosen = step;
        }
    }
    *out_step = chosen;
    return HW_OK;
}

/* Finds out whether a page is smaller than its halves, each on its own. */
static enum hw_status longer_try(hw_view page, struct hw_scratch *scratch, size_t step, bool *out_longer,
                                 struct hw_error *err) {
    const size_t whole = hw_min_size(page.size, LENGTHEN_BYTES_MAX);
    const size_t half = whole / 2;
    const hw_view parts[] = {{page.data, half}, {page.data + half, whole - half}, {page.data, whole}};
    size_t packed[COUNT_OF(parts)];

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        /* Smaller blocks would have other parameters. */
        HW_TRY(parts[i].size < whole ? hw_scratch_pack_sample(scratch, parts[i], whole, step, err)
                                     : hw_scratch_pack(scratch, parts[i], step, err));
        packed[i] = scratch->packed.size;
    }
    *out_longer = (double)packed[2] < lengthen_worth * (double)(packed[0] + packed[1]);
    return HW_OK;
}
