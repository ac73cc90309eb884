/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source object while texts are read from it. It is open only as long as somebody reads: thousands of them do not take thousands of descriptors. Opened again, it must
 * be the version that the plan found, else HW_ECHANGED. Safe from several threads.
 */
#ifndef HW_PIPELINE_ORIGIN_H
#define HW_PIPELINE_ORIGIN_H

#include <pthread.h>

#include "pipeline/input.h"
#include "pipeline/plan.h"

struct hw_origin {
    const struct hw_plan_object *object;
    uint64_t bytes; /* once it was opened; 0 before */
    size_t members; /* of a ZIP, else 1; once it was opened */
    bool kept;      /* one of the uses to come is that of whoever looked at it */
    struct {
        pthread_mutex_t lock; /* one opens, who else wants it waits */
        struct hw_source *source;
        enum hw_packing packing;
        uint64_t window_bytes; /* that unpacking it takes */
        struct hw_zip **zips;  /* free ones: each is for one user at a time */
        size_t zips_count;
        size_t zips_capacity;
        unsigned users;
        int64_t uses; /* still to come, while it stays open; below 0 where something is read again */
    } shared;
};

void hw_origin_init(struct hw_origin *origin, const struct hw_plan_object *object);
/* Closes it, whoever used it. */
void hw_origin_release(struct hw_origin *origin);

/*
 * Opens it where it is not. Until it is given back, the caller has an input of its first text; another one's has another `member`. `pinned`: it must be what the plan found. Standard input
 * stays open once it is: it comes only once.
 */
HW_NODISCARD enum hw_status hw_origin_take(struct hw_origin *origin, const struct hw_convert_options *options,
                                           bool pinned, struct hw_input *out_input, struct hw_error *err);
void hw_origin_give(struct hw_origin *origin, const struct hw_input *input);
/* One more use is to come, or one has come to its end. */
void hw_origin_expect(struct hw_origin *origin, int64_t uses);

/* True where the options ask for this text of the input's origin. */
bool hw_origin_wants(const struct hw_input *input, size_t member, const struct hw_csv_options *csv);
/* Counts the texts that the options ask for: at least one, else HW_EDATA. */
HW_NODISCARD enum hw_status hw_origin_wanted(const struct hw_input *input, const struct hw_csv_options *csv,
                                             size_t *out_count, struct hw_error *err);

#endif
