/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/trial.h"

#include <math.h>

#include "parquet/pack.h"
#include "parquet/rle.h"

enum {
    /* The sample is some runs of the page, so that neighbours stay neighbours. */
    RUN_VALUES = 1024,
    RUNS_MAX = 4,
    SAMPLE_BYTES_MAX = 128 << 10,
    DICTIONARY_SAMPLE_BYTES = 64 << 10,
    /* The pages that a chunk is taken to have if more than one come. */
    CHUNK_PAGES = 32,
};
/* Compression that saves less than this is left away. */
static const double pack_worth = 0.98;
/* The encoded bytes of a value, and the same as they would be stored. */
struct rate {
    double raw;
    double stored;
};

/*
 * The preferences among nearly equal encodings: sizes are multiplied by these before they are
 * compared.
 */
static const double handicaps[HW_ENCODING_COUNT] = {
    [HW_ENCODING_PLAIN] = 1.0,
    [HW_ENCODING_RLE] = 1.0,
    [HW_ENCODING_DELTA_BINARY_PACKED] = 1.0,
    [HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY] = 1.0,
    [HW_ENCODING_RLE_DICTIONARY] = 0.96,
    [HW_ENCODING_BYTE_STREAM_SPLIT] = 1.02,
};

static enum hw_status sample_take(const struct hw_trial *trial, struct hw_scratch *scratch, struct hw_error *err);
static enum hw_status rate_of(struct hw_scratch *scratch, size_t values, struct rate *out_rate, struct hw_error *err);
static bool packs(const struct hw_trial *trial, struct rate rate);
static enum hw_status dictionary_compare(const struct hw_trial *trial, struct hw_scratch *scratch,
                                         struct hw_choice *choice, double best_score, struct hw_error *err);
static double project_distinct(const struct hw_trial *trial, double rows);

enum hw_status hw_trial_run(const struct hw_trial *trial, struct hw_scratch *scratch, struct hw_choice *out_choice,
                            struct hw_error *err) {
    unsigned candidates = hw_encodings_of(trial->leaf, trial->compat);
    struct hw_choice choice = {0};
    double best_score = INFINITY;

    HW_TRY(sample_take(trial, scratch, err));
    for (unsigned encoding = 0; encoding < HW_ENCODING_COUNT; encoding++) {
        if ((candidates >> encoding & 1) == 0 || encoding == HW_ENCODING_RLE_DICTIONARY) {
            continue;
        }
        struct rate rate;
        hw_buf_clear(&scratch->trial);
        HW_TRY(hw_encode((enum hw_encoding)encoding, trial->leaf, &scratch->sample, &scratch->trial, err));
        HW_TRY(rate_of(scratch, scratch->sample.count, &rate, err));
        double bytes = packs(trial, rate) ? rate.stored : rate.raw;
        if (bytes * handicaps[encoding] < best_score) {
            best_score = bytes * handicaps[encoding];
            choice = (struct hw_choice){
                .encoding = (enum hw_encoding)encoding,
                .other = (enum hw_encoding)encoding,
                .pack = packs(trial, rate),
                .other_rate = bytes,
            };
        }
    }
    if (trial->dictionary) {
        HW_TRY(dictionary_compare(trial, scratch, &choice, best_score, err));
    }
    *out_choice = choice;
    return HW_OK;
}

/* Fills the sample, and the indices of its values if there is a dictionary. */
static enum hw_status sample_take(const struct hw_trial *trial, struct hw_scratch *scratch, struct hw_error *err) {
    const struct hw_values *values = trial->values;
    const size_t count = values->count;
    size_t bytes = hw_max_size(hw_values_plain_bytes(values, trial->leaf), 1);
    size_t runs = count <= RUN_VALUES ? 1 : hw_min_size(RUNS_MAX, (count / 4 + RUN_VALUES - 1) / RUN_VALUES);
    size_t run = hw_min_size(count, RUN_VALUES);
    size_t at = 0;

    while (run > 1 && (double)bytes / (double)count * (double)run * (double)runs > SAMPLE_BYTES_MAX) {
        run = (run + 1) / 2;
    }
    hw_values_clear(&scratch->sample);
    hw_buf_clear(&scratch->sample_indices);
    struct hw_values_run part = {.of = values, .count = run};
    for (size_t i = 0; i < runs; i++) {
        part.from = count / runs * i;
        for (; trial->leaf->lane == HW_LANE_TEXT && at < part.from; at++) {
            part.text_at += hw_values_lengths(values)[at];
        }
        HW_TRY(hw_values_copy(&scratch->sample, trial->leaf, &part, err));
        if (trial->dictionary) {
            HW_TRY(hw_buf_append(&scratch->sample_indices, trial->indices + part.from, run * sizeof(uint32_t), err));
        }
    }
    return HW_OK;
}

/* Finds the rate of the bytes in `scratch->trial`. */
static enum hw_status rate_of(struct hw_scratch *scratch, size_t values, struct rate *out_rate, struct hw_error *err) {
    struct rate rate = {.raw = (double)scratch->trial.size / (double)values};

    rate.stored = rate.raw;
    if (scratch->steps.count > 0 && scratch->trial.size > 0) {
        HW_TRY(hw_scratch_pack(scratch, hw_buf_view(&scratch->trial), 0, err));
        rate.stored = (double)scratch->packed.size / (double)values;
    }
    *out_rate = rate;
    return HW_OK;
}

static bool packs(const struct hw_trial *trial, struct rate rate) {
    return trial->must_pack || rate.stored < pack_worth * rate.raw;
}

/*
 * Chooses the dictionary if it and the indices are projected to be smaller than the best of the
 * others.
 */
static enum hw_status dictionary_compare(const struct hw_trial *trial, struct hw_scratch *scratch,
                                         struct hw_choice *choice, double best_score, struct hw_error *err) {
    const double rows = (double)trial->values->count * (trial->more ? CHUNK_PAGES : 1);
    const double seen = (double)trial->dictionary->count;
    const double distinct = trial->more ? project_distinct(trial, rows) : seen;
    const double plain_bytes = (double)hw_dictionary_bytes(trial->dictionary, trial->leaf) / seen * distinct;
    struct rate keys;
    struct rate indices;

    if (plain_bytes > (double)trial->dictionary_bytes) {
        return HW_OK;
    }
    hw_buf_clear(&scratch->trial);
    HW_TRY(hw_dictionary_encode(trial->dictionary, trial->leaf, &scratch->trial, err));
    scratch->trial.size = hw_min_size(scratch->trial.size, DICTIONARY_SAMPLE_BYTES);
    HW_TRY(rate_of(scratch, hw_max_size(scratch->trial.size, 1), &keys, err));

    unsigned width = hw_bit_width((uint64_t)(distinct - 1));
    hw_buf_clear(&scratch->trial);
    HW_TRY(hw_rle_encode((const uint32_t *)(const void *)scratch->sample_indices.data, scratch->sample.count, width,
                         &scratch->trial, err));
    HW_TRY(rate_of(scratch, scratch->sample.count, &indices, err));

    struct rate both = {
        .raw = indices.raw + keys.raw * plain_bytes / rows,
        .stored = indices.stored + keys.stored * plain_bytes / rows,
    };
    double bytes = packs(trial, both) ? both.stored : both.raw;
    if (bytes * handicaps[HW_ENCODING_RLE_DICTIONARY] < best_score) {
        choice->encoding = HW_ENCODING_RLE_DICTIONARY;
        choice->pack = packs(trial, both);
        choice->dictionary_rate = choice->pack ? keys.stored : keys.raw;
    }
    return HW_OK;
}

/*
 * Returns the number of distinct values that `rows` rows are projected to have. Values drawn evenly
 * from N show N (1 - e^(-n/N)) after n rows, so N is found from those of the page. If the second
 * half of the page brought more new ones than that explains, as with sorted or clustered values,
 * they are taken to keep coming at that rate.
 */
static double project_distinct(const struct hw_trial *trial, double rows) {
    const double n = (double)trial->values->count;
    const double seen = (double)trial->dictionary->count;
    const double half_seen = (double)trial->half_count;
    double low = seen;
    double high = n * n;

    if (seen >= n) {
        return rows;
    }
    for (int step = 0; step < 60; step++) {
        double middle = (low + high) / 2;
        if (middle * -expm1(-n / middle) < seen) {
            low = middle;
        } else {
            high = middle;
        }
    }
    double even_half = low * -expm1(-n / 2 / low);
    if (half_seen < 0.9 * even_half) {
        return seen + (seen - half_seen) * 2 / n * (rows - n);
    }
    return low * -expm1(-rows / low);
}
