/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the rest of a long listing by several ranges of its keys at once. Where keys lie is not
 * known: ranges are guessed (s3/list_cut.h), and one that goes on after a page is cut again, the
 * first ones first. Entries come in order, and pages that wait for theirs are bounded.
 */
#ifndef HW_S3_LIST_RANGES_H
#define HW_S3_LIST_RANGES_H

#include "s3/list_cut.h"
#include "s3/list_step.h"

/* The most pages that are under way at once. */
enum { HW_S3_LIST_RANGES_MAX = 32 };

struct hw_s3_list_ranges {
    /* The listing so far, which goes on from here. Its order is that of bytes. */
    struct hw_s3_list_step *step;
    const struct hw_s3_list_alphabet *alphabet;
    /* The first key of the listing, and the number of its pages so far. */
    const char *first_key;
    unsigned pages;
    /* The most pages under way at once; no more than HW_S3_LIST_RANGES_MAX are. */
    unsigned at_once_max;
};

/*
 * Calls `each` for all entries that follow, in the order of their bytes. A service that does not
 * heed where a range is to begin is asked for one page after the other. The errors are those of
 * hw_s3_list_step_wait.
 */
HW_NODISCARD enum hw_status hw_s3_list_ranges_run(struct hw_s3_client *client, const struct hw_s3_list_ranges *ranges,
                                                  hw_s3_entry_fn *each, void *ctx, struct hw_error *err);

#endif
