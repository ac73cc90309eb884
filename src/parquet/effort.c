/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/effort.h"

enum {
    /*
     * So much shows what a level saves, with the parameters of the whole page. Larger pages have
     * larger samples, as larger tables show their worth only when they are filled.
     */
    SAMPLE_BYTES_MIN = 128 << 10,
    SAMPLE_BYTES_MAX = 512 << 10,
    SAMPLE_PART = 7,
    /* Pages of fewer bytes are not worth the higher level's tables, which are cleared each time. */
    PAGE_BYTES_MIN = 16 << 10,
    /* The same of HW_LEVEL_ENTROPY, whose tables are small. */
    ENTROPY_BYTES_MIN = 2 << 10,
    /* What half a page misses says little if it has nothing but the beginning of a table. */
    LENGTHEN_BYTES_MIN = 32 << 10,
    LENGTHEN_BYTES_MAX = 1 << 20,
};
/* A page that saves less than this against its two halves would save nothing by being longer. */
static const double lengthen_worth = 0.99;

/* The most of a sample's bytes that a higher level may leave. */
static const double step_worth[HW_CODEC_EFFORT_COUNT] = {
    [HW_CODEC_NORMAL] = 0.96,
    [HW_CODEC_FAST] = 0.95,
    [HW_CODEC_BEST] = 0.99,
};

static size_t steps_worth(const struct hw_effort_trial *trial, const struct hw_codec_levels *steps, size_t bytes);
static bool left_out(const struct hw_effort_trial *trial, size_t step);
static enum hw_status step_choose(const struct hw_effort_trial *trial, struct hw_scratch *scratch, size_t sample_bytes,
                                  size_t *out_step, struct hw_error *err);
static enum hw_status sample_pack(const struct hw_effort_trial *trial, struct hw_scratch *scratch, size_t sample_bytes,
                                  size_t step, size_t *out_bytes, struct hw_error *err);
static enum hw_status longer_try(const struct hw_effort_trial *trial, struct hw_scratch *scratch, size_t step,
                                 bool *out_longer, struct hw_error *err);

enum hw_status hw_effort_pack(const struct hw_effort_trial *trial, struct hw_scratch *scratch,
                              struct hw_effort *out_effort, struct hw_error *err) {
    const size_t part = hw_min_size(hw_max_size(trial->page.size / SAMPLE_PART, SAMPLE_BYTES_MIN), SAMPLE_BYTES_MAX);
    const size_t sample_bytes = hw_min_size(trial->page.size, part);
    struct hw_effort effort = {.step = trial->levels.first};
    bool packed = false;

    if (steps_worth(trial, &scratch->steps, sample_bytes) > 1) {
        HW_TRY(step_choose(trial, scratch, sample_bytes, &effort.step, err));
        /* The last trial was of the first level. */
        packed = effort.step == trial->levels.first && sample_bytes == trial->page.size && trial->streams <= 1;
    }
    if (trial->longer_times > 1 && trial->page.size >= LENGTHEN_BYTES_MIN) {
        HW_TRY(longer_try(trial, scratch, effort.step, &effort.longer, err));
        packed = false;
    }
    if (!packed) {
        HW_TRY(hw_scratch_pack(scratch, trial->page, effort.step, err));
    }
    *out_effort = effort;
    return HW_OK;
}

/* Returns how many of the first steps are tried with a sample of so many bytes. */
static size_t steps_worth(const struct hw_effort_trial *trial, const struct hw_codec_levels *steps, size_t bytes) {
    if (trial->effort == HW_CODEC_BEST || bytes >= PAGE_BYTES_MIN) {
        return steps->count;
    }
    return bytes >= ENTROPY_BYTES_MIN ? steps->entropy + 1 : 1;
}

static bool left_out(const struct hw_effort_trial *trial, size_t step) {
    return (trial->levels.left_out >> step & 1) != 0;
}

static enum hw_status step_choose(const struct hw_effort_trial *trial, struct hw_scratch *scratch, size_t sample_bytes,
                                  size_t *out_step, struct hw_error *err) {
    size_t packed[HW_CODEC_LEVELS_MAX];
    const struct hw_codec_levels *steps = &scratch->steps;
    const size_t count = steps_worth(trial, steps, sample_bytes);
    const size_t first = trial->levels.first;
    size_t chosen = first;

    for (size_t step = count; step-- > first;) {
        if (!left_out(trial, step)) {
            HW_TRY(sample_pack(trial, scratch, sample_bytes, step, &packed[step], err));
        }
    }
    for (size_t step = first + 1; step < count; step++) {
        /* What is quicker than the first level needs not save anything. */
        const double worth = step == steps->entropy ? 1 : step_worth[trial->effort];
        if (!left_out(trial, step) && (double)packed[step] <= worth * (double)packed[chosen]) {
            chosen = step;
        }
    }
    *out_step = chosen;
    return HW_OK;
}

/*
 * Compresses the middle of the page, or of each of its streams on its own. The beginning is not
 * taken: a page of texts begins with their lengths.
 */
static enum hw_status sample_pack(const struct hw_effort_trial *trial, struct hw_scratch *scratch, size_t sample_bytes,
                                  size_t step, size_t *out_bytes, struct hw_error *err) {
    const size_t streams = hw_max_size(trial->streams, 1);
    const size_t stream_bytes = trial->page.size / streams;
    const size_t part_bytes = sample_bytes / streams;
    size_t packed = 0;

    for (size_t i = 0; i < streams; i++) {
        const hw_view part = {trial->page.data + i * stream_bytes + (stream_bytes - part_bytes) / 2, part_bytes};
        HW_TRY(hw_scratch_pack_sample(scratch, part, trial->page.size, step, err));
        packed += scratch->packed.size;
    }
    *out_bytes = packed;
    return HW_OK;
}

/*
 * Finds out whether a page is smaller than its halves, each on its own. The halves have the step
 * and the parameters that pages have now, the whole has those of longer ones and whichever step is
 * best: it is chosen anew for them.
 */
static enum hw_status longer_try(const struct hw_effort_trial *trial, struct hw_scratch *scratch, size_t step,
                                 bool *out_longer, struct hw_error *err) {
    const hw_view whole = {trial->page.data, hw_min_size(trial->page.size, LENGTHEN_BYTES_MAX)};
    const size_t half = whole.size / 2;
    const hw_view halves[] = {{whole.data, half}, {whole.data + half, whole.size - half}};
    const size_t steps = hw_max_size(steps_worth(trial, &scratch->steps, whole.size), trial->levels.first + 1);
    size_t apart = 0;
    size_t together = SIZE_MAX;

    for (size_t i = 0; i < COUNT_OF(halves); i++) {
        HW_TRY(hw_scratch_pack_sample(scratch, halves[i], trial->page.size, step, err));
        apart += scratch->packed.size;
    }
    for (size_t i = 0; i < steps; i++) {
        if (!left_out(trial, i)) {
            HW_TRY(hw_scratch_pack_sample(scratch, whole, trial->page.size * trial->longer_times, i, err));
            together = hw_min_size(together, scratch->packed.size);
        }
    }
    *out_longer = (double)together < lengthen_worth * (double)apart;
    return HW_OK;
}
