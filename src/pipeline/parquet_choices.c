/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/parquet_choices.h"

static const enum hw_parquet_encodings encodings_of[] = {[HW_ENCODINGS_COMPACT] = HW_PARQUET_COMPACT,
                                                         [HW_ENCODINGS_COMPAT] = HW_PARQUET_COMPAT,
                                                         [HW_ENCODINGS_MAX] = HW_PARQUET_MAX};
static const enum hw_codec_effort efforts_of[] = {
    [HW_EFFORT_NORMAL] = HW_CODEC_NORMAL, [HW_EFFORT_FAST] = HW_CODEC_FAST, [HW_EFFORT_BEST] = HW_CODEC_BEST};

enum hw_status hw_parquet_encodings_choose(enum hw_encodings encodings, struct hw_parquet_options *parquet,
                                           struct hw_error *err) {
    if ((unsigned)encodings >= COUNT_OF(encodings_of)) {
        return hw_fail(err, HW_EUSAGE, "there are no encodings %u", (unsigned)encodings);
    }
    parquet->encodings = encodings_of[encodings];
    return HW_OK;
}

enum hw_status hw_parquet_effort_choose(enum hw_effort effort, struct hw_parquet_options *parquet,
                                        struct hw_error *err) {
    if ((unsigned)effort >= COUNT_OF(efforts_of)) {
        return hw_fail(err, HW_EUSAGE, "there is no effort %u", (unsigned)effort);
    }
    parquet->effort = efforts_of[effort];
    return HW_OK;
}
