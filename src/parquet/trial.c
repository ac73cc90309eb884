/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/trial.h"

#include <math.h>

#include "parquet/indices.h"
#include "parquet/pack.h"

enum {
    /* The sample is some runs of the page, so that neighbours stay neighbours. */
    RUN_VALUES = 1024,
    RUNS_MAX = 4,
    /* The same of a page of few values that are all of the chunk. */
    FEW_RUN_VALUES = 256,
    FEW_RUNS = 2,
    SAMPLE_BYTES_MAX = 128 << 10,
    DICTIONARY_SAMPLE_BYTES = 64 << 10,
    /* The pages that a chunk is taken to have if more than one come. */
    CHUNK_PAGES = 32,
};
static const unsigned dictionary_bit = 1u << HW_ENCODING_RLE_DICTIONARY;
/* A dictionary of a larger part of the values saves nothing. */
static const double distinct_share_max = 0.8;
/* A dictionary that takes at most this part of the plain bytes wins without a trial. */
static const double clear_dictionary = 0.25;
/* Plain values do not win against deltas of at most this part of their bytes. */
static const double clear_delta = 0.5;
/* The dictionary's part of the indices' bytes from which on its own compression counts. */
static const double keys_share_min = 0.125;
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
    [HW_ENCODING_DELTA_BYTE_ARRAY] = 1.02,
    [HW_ENCODING_RLE_DICTIONARY] = 0.96,
    [HW_ENCODING_BYTE_STREAM_SPLIT] = 1.02,
};

/* The dictionary that the chunk is projected to have, and the values that share it. */
struct keys {
    double rows;
    double distinct;
    double plain_bytes;
};

static enum hw_status sample_take(const struct hw_trial *trial, struct hw_scratch *scratch, struct hw_error *err);
static struct keys keys_project(const struct hw_trial *trial);
static double project_distinct(const struct hw_trial *trial, double rows);
static enum hw_status candidates_thin(const struct hw_trial *trial, const struct keys *keys, struct hw_scratch *scratch,
                                      unsigned *candidates, struct hw_error *err);
static enum hw_status choose_only(const struct hw_trial *trial, const struct keys *keys, struct hw_scratch *scratch,
                                  unsigned candidates, struct hw_choice *out_choice, struct hw_error *err);
static enum hw_status choose_smallest(const struct hw_trial *trial, struct hw_scratch *scratch, unsigned candidates,
                                      struct hw_choice *out_choice, struct hw_error *err);
static enum hw_status other_rate(const struct hw_trial *trial, struct hw_scratch *scratch, enum hw_encoding encoding,
                                 struct rate *out_rate, struct hw_error *err);
static enum hw_status streams_rate(const struct hw_trial *trial, struct hw_scratch *scratch, struct rate *out_rate,
                                   struct hw_error *err);
static enum hw_status rate_of(struct hw_scratch *scratch, size_t values, size_t step, struct rate *out_rate,
                              struct hw_error *err);
static bool packs(const struct hw_trial *trial, struct rate rate);
static enum hw_packing packing_of(const struct hw_trial *trial, bool packs);
static enum hw_status keys_rate(const struct hw_trial *trial, struct hw_scratch *scratch, struct rate *out_rate,
                                struct hw_error *err);
static enum hw_status dictionary_compare(const struct hw_trial *trial, const struct keys *keys,
                                         struct hw_scratch *scratch, struct hw_choice *choice, struct hw_error *err);
static enum hw_status indices_rate(const struct keys *keys, struct hw_scratch *scratch, struct rate *out_rate,
                                   struct hw_error *err);

enum hw_status hw_trial_run(const struct hw_trial *trial, struct hw_scratch *scratch, struct hw_choice *out_choice,
                            struct hw_error *err) {
    unsigned candidates = hw_encodings_of(trial->leaf, trial->allowed);
    struct keys keys = {0};
    struct hw_choice choice;
    bool alone = false;

    if (trial->dictionary) {
        keys = keys_project(trial);
    }
    if (!trial->dictionary || keys.plain_bytes > (double)trial->dictionary_bytes) {
        candidates &= ~dictionary_bit;
    }
    HW_TRY(sample_take(trial, scratch, err));
    if (trial->values->count <= HW_TRIAL_FEW_VALUES) {
        HW_TRY(candidates_thin(trial, &keys, scratch, &candidates, err));
        alone = (candidates & (candidates - 1)) == 0;
    }
    if (alone) {
        return choose_only(trial, &keys, scratch, candidates, out_choice, err);
    }
    HW_TRY(choose_smallest(trial, scratch, candidates, &choice, err));
    if ((candidates & dictionary_bit) != 0) {
        HW_TRY(dictionary_compare(trial, &keys, scratch, &choice, err));
    }
    *out_choice = choice;
    return HW_OK;
}

bool hw_trial_packs(double raw_bytes, double stored_bytes) {
    return stored_bytes < pack_worth * raw_bytes;
}

/* Fills the sample, and the indices of its values if there is a dictionary. */
static enum hw_status sample_take(const struct hw_trial *trial, struct hw_scratch *scratch, struct hw_error *err) {
    const struct hw_values *values = trial->values;
    const size_t count = values->count;
    size_t bytes = hw_max_size(hw_values_plain_bytes(values, trial->leaf), 1);
    const bool few = !trial->more && count <= HW_TRIAL_FEW_VALUES;
    const size_t run_values = few ? FEW_RUN_VALUES : RUN_VALUES;
    const size_t runs_wanted = few ? count / run_values : (count / 4 + run_values - 1) / run_values;
    size_t runs = hw_clamp(runs_wanted, 1, few ? FEW_RUNS : RUNS_MAX);
    size_t run = few && runs == 1 ? count : hw_min_size(count, run_values);
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

static struct keys keys_project(const struct hw_trial *trial) {
    const double seen = (double)trial->dictionary->count;
    struct keys keys = {.rows = (double)trial->values->count * (trial->more ? CHUNK_PAGES : 1)};

    keys.distinct = trial->more ? project_distinct(trial, keys.rows) : seen;
    keys.plain_bytes = (double)hw_dictionary_bytes(trial->dictionary, trial->leaf) / seen * keys.distinct;
    return keys;
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

/* Returns how many bits an index takes. */
static unsigned index_width(const struct keys *keys) {
    return hw_bit_width((uint64_t)(keys->distinct - 1));
}

/*
 * Takes away encodings that cannot win, or leaves the only one that can, by the bytes of a value
 * before compression.
 */
static enum hw_status candidates_thin(const struct hw_trial *trial, const struct keys *keys, struct hw_scratch *scratch,
                                      unsigned *candidates, struct hw_error *err) {
    const unsigned delta_bit = 1u << HW_ENCODING_DELTA_BINARY_PACKED;
    const double plain = (double)hw_values_plain_bytes(trial->values, trial->leaf) / (double)trial->values->count;
    double delta = INFINITY;
    unsigned left = *candidates;

    if ((left & delta_bit) != 0) {
        hw_buf_clear(&scratch->trial);
        HW_TRY(hw_encode(HW_ENCODING_DELTA_BINARY_PACKED, trial->leaf, &scratch->sample, &scratch->trial, err));
        delta = (double)scratch->trial.size / (double)scratch->sample.count;
    }
    if ((left & dictionary_bit) != 0) {
        const double indexed = keys->plain_bytes / keys->rows + index_width(keys) / 8.0;
        if (indexed <= clear_dictionary * plain && indexed <= delta) {
            *candidates = dictionary_bit;
            return HW_OK;
        }
        if (keys->distinct >= distinct_share_max * keys->rows) {
            left &= ~dictionary_bit;
        }
    }
    if (delta <= clear_delta * plain) {
        left &= ~(1u << HW_ENCODING_PLAIN);
    }
    *candidates = left;
    return HW_OK;
}

/* Returns the encoding for values that find no place in the dictionary, without a trial. */
static enum hw_encoding other_of(const struct hw_trial *trial, unsigned candidates) {
    static const enum hw_encoding packed[] = {HW_ENCODING_DELTA_BINARY_PACKED, HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY};
    const unsigned allowed = hw_encodings_of(trial->leaf, trial->allowed);

    if (candidates != dictionary_bit) {
        return (enum hw_encoding)__builtin_ctz(candidates);
    }
    for (size_t i = 0; i < COUNT_OF(packed); i++) {
        if ((allowed >> packed[i] & 1) != 0) {
            return packed[i];
        }
    }
    return HW_ENCODING_PLAIN;
}

/* Takes the only encoding that is left. Whether it is compressed is seen at the page itself. */
static enum hw_status choose_only(const struct hw_trial *trial, const struct keys *keys, struct hw_scratch *scratch,
                                  unsigned candidates, struct hw_choice *out_choice, struct hw_error *err) {
    struct hw_choice choice = {
        .encoding = (enum hw_encoding)__builtin_ctz(candidates),
        .other = other_of(trial, candidates),
        .packing = trial->must_pack ? HW_PACKING_ON : HW_PACKING_OPEN,
        .dictionary_rate = 1,
    };
    struct rate rate;

    if (candidates != dictionary_bit) {
        *out_choice = choice;
        return HW_OK;
    }
    hw_buf_clear(&scratch->trial);
    HW_TRY(hw_encode(choice.other, trial->leaf, &scratch->sample, &scratch->trial, err));
    choice.other_rate = (double)scratch->trial.size / (double)scratch->sample.count;
    if (keys->plain_bytes >= keys->rows * index_width(keys) / 8 * keys_share_min) {
        HW_TRY(keys_rate(trial, scratch, &rate, err));
        choice.dictionary_rate = rate.stored;
    }
    *out_choice = choice;
    return HW_OK;
}

/* Encodes and compresses the sample in all ways but the dictionary. */
static enum hw_status choose_smallest(const struct hw_trial *trial, struct hw_scratch *scratch, unsigned candidates,
                                      struct hw_choice *out_choice, struct hw_error *err) {
    struct hw_choice choice = {0};
    double best_score = INFINITY;

    for (unsigned encoding = 0; encoding < HW_ENCODING_COUNT; encoding++) {
        if ((candidates >> encoding & 1) == 0 || encoding == HW_ENCODING_RLE_DICTIONARY) {
            continue;
        }
        struct rate rate;
        HW_TRY(other_rate(trial, scratch, (enum hw_encoding)encoding, &rate, err));
        double bytes = packs(trial, rate) ? rate.stored : rate.raw;
        if (bytes * handicaps[encoding] < best_score) {
            best_score = bytes * handicaps[encoding];
            choice = (struct hw_choice){
                .encoding = (enum hw_encoding)encoding,
                .other = (enum hw_encoding)encoding,
                .packing = packing_of(trial, packs(trial, rate)),
                .other_rate = bytes,
            };
        }
    }
    *out_choice = choice;
    return HW_OK;
}

static enum hw_status other_rate(const struct hw_trial *trial, struct hw_scratch *scratch, enum hw_encoding encoding,
                                 struct rate *out_rate, struct hw_error *err) {
    if (encoding == HW_ENCODING_BYTE_STREAM_SPLIT && trial->long_splits && scratch->steps.count > 0) {
        return streams_rate(trial, scratch, out_rate, err);
    }
    hw_buf_clear(&scratch->trial);
    HW_TRY(hw_encode(encoding, trial->leaf, &scratch->sample, &scratch->trial, err));
    const size_t step = hw_scratch_levels_for(scratch, trial->leaf, encoding).first;
    return rate_of(scratch, scratch->sample.count, step, out_rate, err);
}

/*
 * Finds the rate of BYTE_STREAM_SPLIT in long pages. The streams of the page are compressed one by
 * one: those of a short sample would share a block, and what tells of it would count too much.
 */
static enum hw_status streams_rate(const struct hw_trial *trial, struct hw_scratch *scratch, struct rate *out_rate,
                                   struct hw_error *err) {
    const size_t count = trial->values->count;
    size_t stored = 0;

    hw_buf_clear(&scratch->trial);
    HW_TRY(hw_encode(HW_ENCODING_BYTE_STREAM_SPLIT, trial->leaf, trial->values, &scratch->trial, err));
    for (size_t at = 0; at < scratch->trial.size; at += count) {
        const hw_view stream = {(const char *)scratch->trial.data + at, count};
        HW_TRY(hw_scratch_pack(scratch, stream, scratch->steps.entropy, err));
        stored += hw_min_size(scratch->packed.size, count);
    }
    *out_rate = (struct rate){(double)trial->leaf->width, (double)stored / (double)count};
    return HW_OK;
}

/* Finds the rate of the bytes in `scratch->trial`, with level number `step`. */
static enum hw_status rate_of(struct hw_scratch *scratch, size_t values, size_t step, struct rate *out_rate,
                              struct hw_error *err) {
    struct rate rate = {.raw = (double)scratch->trial.size / (double)values};

    rate.stored = rate.raw;
    if (scratch->steps.count > 0 && scratch->trial.size > 0) {
        HW_TRY(hw_scratch_pack(scratch, hw_buf_view(&scratch->trial), step, err));
        rate.stored = (double)scratch->packed.size / (double)values;
    }
    *out_rate = rate;
    return HW_OK;
}

static bool packs(const struct hw_trial *trial, struct rate rate) {
    return trial->must_pack || hw_trial_packs(rate.raw, rate.stored);
}

static enum hw_packing packing_of(const struct hw_trial *trial, bool packs) {
    const enum hw_packing otherwise = trial->has_levels ? HW_PACKING_OPEN : HW_PACKING_OFF;
    return packs ? HW_PACKING_ON : otherwise;
}

/* Finds the rate of a byte of the dictionary. */
static enum hw_status keys_rate(const struct hw_trial *trial, struct hw_scratch *scratch, struct rate *out_rate,
                                struct hw_error *err) {
    hw_buf_clear(&scratch->trial);
    HW_TRY(hw_dictionary_encode(trial->dictionary, trial->leaf, &scratch->trial, err));
    scratch->trial.size = hw_min_size(scratch->trial.size, DICTIONARY_SAMPLE_BYTES);
    const size_t step = hw_scratch_levels_for(scratch, trial->leaf, HW_ENCODING_PLAIN).first;
    return rate_of(scratch, hw_max_size(scratch->trial.size, 1), step, out_rate, err);
}

/*
 * Chooses the dictionary if it and the indices are projected to be smaller than what was chosen of
 * the others.
 */
static enum hw_status dictionary_compare(const struct hw_trial *trial, const struct keys *keys,
                                         struct hw_scratch *scratch, struct hw_choice *choice, struct hw_error *err) {
    const double best_score = choice->other_rate * handicaps[choice->other];
    const double key_share = keys->plain_bytes / keys->rows;
    struct rate rate;
    struct rate indices;

    HW_TRY(keys_rate(trial, scratch, &rate, err));
    if (rate.stored * key_share * handicaps[HW_ENCODING_RLE_DICTIONARY] >= best_score) {
        return HW_OK;
    }
    HW_TRY(indices_rate(keys, scratch, &indices, err));
    struct rate both = {
        .raw = indices.raw + rate.raw * key_share,
        .stored = indices.stored + rate.stored * key_share,
    };
    const bool pack = packs(trial, both);
    if ((pack ? both.stored : both.raw) * handicaps[HW_ENCODING_RLE_DICTIONARY] < best_score) {
        choice->encoding = HW_ENCODING_RLE_DICTIONARY;
        choice->packing = packing_of(trial, pack);
        choice->dictionary_rate = choice->packing == HW_PACKING_OFF ? rate.raw : rate.stored;
    }
    return HW_OK;
}

/* Finds the rate of the sample's indices, narrow or as whole bytes. */
static enum hw_status indices_rate(const struct keys *keys, struct hw_scratch *scratch, struct rate *out_rate,
                                   struct hw_error *err) {
    const struct hw_indices indices = {
        .values = (const uint32_t *)(const void *)scratch->sample_indices.data,
        .count = scratch->sample.count,
        .keys = (size_t)keys->distinct,
    };
    struct rate rates[2];

    for (unsigned whole = 0; whole < 2; whole++) {
        hw_buf_clear(&scratch->trial);
        HW_TRY(hw_indices_encode(&indices, whole != 0, &scratch->trial, err));
        HW_TRY(rate_of(scratch, indices.count, 0, &rates[whole], err));
    }
    if (scratch->steps.entropy > 0) {
        HW_TRY(hw_scratch_pack(scratch, hw_buf_view(&scratch->trial), scratch->steps.entropy, err));
        rates[1].stored = fmin(rates[1].stored, (double)scratch->packed.size / (double)indices.count);
    }
    const bool whole_pays = hw_indices_whole_pays(rates[1].stored, fmin(rates[0].raw, rates[0].stored));
    *out_rate = rates[whole_pays];
    return HW_OK;
}
