/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guesses where the keys of a listing can be cut into ranges of about the same size, by the
 * characters that keys have had so far. Guesses that are wrong cost requests, and nothing else.
 * Pure functions.
 */
#ifndef HW_S3_LIST_CUT_H
#define HW_S3_LIST_CUT_H

#include "core/buf.h"
#include "s3/list_page.h"

enum { HW_S3_LIST_POSITIONS = 64, HW_S3_LIST_CHARACTERS = 128 };

/*
 * The ASCII characters that keys have at each place behind the prefix; the last one stands for all
 * that follow. Start it zeroed.
 */
struct hw_s3_list_alphabet {
    bool has[HW_S3_LIST_POSITIONS][HW_S3_LIST_CHARACTERS];
};
/* Adds the characters of the keys of a page. `prefix` may be NULL. */
void hw_s3_list_alphabet_add(struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_page *page,
                             const char *prefix);

/* Keys behind `after` and in front of `end`; an `end` of NULL is that of all that begin so. */
struct hw_s3_list_gap {
    const char *after;
    const char *end;
    /* The bytes that all keys of the listing begin with. */
    size_t prefix_bytes;
};
/*
 * Sets `out_cut` to a text in the gap, about `part` of `parts` of the way to its end, ended with
 * NUL. It is empty if none was found.
 */
HW_NODISCARD enum hw_status hw_s3_list_cut(const struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_gap *gap,
                                           unsigned part, unsigned parts, struct hw_buf *out_cut, struct hw_error *err);
/*
 * Estimates how many times as long the way from `last` to the end of the gap is as that from its
 * beginning to `last`, which lies in it. Returns 0 where that cannot be told.
 */
double hw_s3_list_left(const struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_gap *gap, const char *last);
/*
 * Sets `out_cut` to `after` with its byte at `at` raised by one, and nothing behind it: where all
 * keys end that begin with the same bytes up to there. It is empty where that is not in the gap.
 */
HW_NODISCARD enum hw_status hw_s3_list_carry(const struct hw_s3_list_gap *gap, size_t at, struct hw_buf *out_cut,
                                             struct hw_error *err);

#endif
