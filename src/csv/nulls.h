/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts that are null where they stand without quotes, or on request in quotes too, besides the
 * empty one without quotes. They do not change once they are made, so all threads may use them.
 */
#ifndef HW_CSV_NULLS_H
#define HW_CSV_NULLS_H

#include "core/buf.h"
#include "core/view.h"

/* Start it zeroed: then no text is null. */
struct hw_csv_nulls {
    struct hw_buf texts; /* a hw_view for each */
    uint64_t sizes;      /* bit n: some text has n bytes; bit 63: or more */
    /* NaN is null in every column but those of texts. */
    bool nan;
    bool quoted; /* they are null in quotes too; the caller sets it after init */
};

/* Says what a field is. */
enum hw_csv_null { HW_CSV_NULL_NOT, HW_CSV_NULL_ALWAYS, HW_CSV_NULL_BUT_IN_TEXTS };

/*
 * Makes the set of `count` texts, which are borrowed. The word "common" among them stands for the
 * texts that programs write for a null: NA, N/A, n/a, NULL, null, None, nil, -, . and \N, and NaN
 * where it does not stand in a column of texts. After a failure the set must be released too.
 */
HW_NODISCARD enum hw_status hw_csv_nulls_init(struct hw_csv_nulls *nulls, const char *const *texts, size_t count,
                                              struct hw_error *err);

/* Returns whether a text is one of those that the word "common" stands for. */
bool hw_csv_nulls_common(hw_view text);

/* Frees the set and leaves it zeroed. */
void hw_csv_nulls_release(struct hw_csv_nulls *nulls);

/* Does hw_csv_nulls_find for a text whose size some text of the set has. */
enum hw_csv_null hw_csv_nulls_search(const struct hw_csv_nulls *nulls, hw_view text);

/* Says whether a text is one of them. */
static inline enum hw_csv_null hw_csv_nulls_find(const struct hw_csv_nulls *nulls, hw_view text) {
    const size_t size = text.size < 63 ? text.size : 63;
    return nulls->sizes >> size & 1 ? hw_csv_nulls_search(nulls, text) : HW_CSV_NULL_NOT;
}

#endif
