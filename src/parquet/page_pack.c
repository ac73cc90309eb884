/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_pack.h"

enum {
    /* The values of a first page from which on it is asked whether longer pages gain. */
    LENGTHEN_VALUES_MIN = 64,
    /*
     * A page of more than so many quarters of the sample's bytes is a sample once more: its
     * parameters may differ, or its indices have one more byte.
     */
    AGAIN_QUARTERS = 6,
    QUARTERS = 4,
};

static enum hw_status pack(struct hw_page_packer *packer, const struct hw_page_pack_job *job,
                           struct hw_scratch *scratch, struct hw_error *err);
static bool asks_for_longer(const struct hw_page_pack_job *job);
static void packing_settle(const struct hw_page_pack_job *job, struct hw_choice *choice,
                           const struct hw_scratch *scratch);

bool hw_page_packs(const struct hw_choice *choice, const struct hw_scratch *scratch) {
    return scratch->steps.count > 0 && choice->packing != HW_PACKING_OFF;
}

enum hw_status hw_page_pack(struct hw_page_packer *packer, const struct hw_page_pack_job *job, struct hw_choice *choice,
                            struct hw_scratch *scratch, struct hw_error *err) {
    if (hw_page_packs(choice, scratch)) {
        HW_TRY(pack(packer, job, scratch, err));
        packing_settle(job, choice, scratch);
    }
    return HW_OK;
}

static enum hw_status pack(struct hw_page_packer *packer, const struct hw_page_pack_job *job,
                           struct hw_scratch *scratch, struct hw_error *err) {
    const hw_view page = hw_buf_view(&scratch->page);
    const bool known = !job->dictionary && packer->chosen && job->encoding == packer->encoding;

    if (known && page.size / AGAIN_QUARTERS <= packer->page_bytes / QUARTERS) {
        return hw_scratch_pack(scratch, page, packer->effort.step, err);
    }
    const struct hw_effort_trial trial = {
        .page = page,
        .effort = job->options->effort,
        .streams = job->encoding == HW_ENCODING_BYTE_STREAM_SPLIT && !job->dictionary ? job->leaf->width : 0,
        .levels = hw_scratch_levels_for(scratch, job->leaf, job->encoding),
        .longer_times = !known && asks_for_longer(job) ? job->options->long_page_bytes / job->options->page_bytes : 0,
    };
    struct hw_effort effort;
    HW_TRY(hw_effort_pack(&trial, scratch, &effort, err));
    if (!job->dictionary && job->values > 0) {
        effort.longer = effort.longer || (known && packer->effort.longer);
        *packer = (struct hw_page_packer){true, job->encoding, page.size, effort};
    }
    return HW_OK;
}

/* Texts, and plain values, may gain by what was far before them. */
static bool asks_for_longer(const struct hw_page_pack_job *job) {
    const bool able = job->leaf->lane == HW_LANE_TEXT || job->encoding == HW_ENCODING_PLAIN;
    return able && job->encoding != HW_ENCODING_RLE_DICTIONARY && !job->dictionary &&
           job->values >= LENGTHEN_VALUES_MIN;
}

/*
 * Decides by the first page with values whether the chunk is compressed, where the trial has left
 * that open. The page stands in `scratch`, before and after compression.
 */
static void packing_settle(const struct hw_page_pack_job *job, struct hw_choice *choice,
                           const struct hw_scratch *scratch) {
    if (job->values == 0 || choice->packing != HW_PACKING_OPEN) {
        return;
    }
    const double keys = (double)job->keys_bytes;
    const double raw = keys + (double)scratch->page.size;
    const double stored = keys * choice->dictionary_rate + (double)scratch->packed.size;
    choice->packing = hw_trial_packs(raw, stored) ? HW_PACKING_ON : HW_PACKING_OFF;
    if (choice->packing == HW_PACKING_OFF) {
        choice->dictionary_rate = 1;
    }
}
