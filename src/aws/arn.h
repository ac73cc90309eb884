/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ARNs, the names of AWS's resources: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. In one that
 * stands in the place of a bucket, the resource has several names, with ':' or '/' between them.
 * Pure functions.
 */
#ifndef HW_AWS_ARN_H
#define HW_AWS_ARN_H

#include "core/view.h"

/* The most names that a resource of S3 has. One more is kept, so that too many are seen. */
enum { HW_ARN_NAMES_MAX = 5 };

/* An ARN taken apart. Its parts are views of the text. */
struct hw_arn {
    hw_view partition, service, region, account;
    /* The names of the resource. The last one holds all that follows if there are more. */
    hw_view names[HW_ARN_NAMES_MAX];
    size_t names_count;
};

/* Returns whether a text is meant as an ARN: it begins with "arn:". */
bool hw_arn_like(hw_view text);
/*
 * Takes an ARN apart. Returns false where there are fewer than six parts, or where partition,
 * service or resource are empty; `out_arn` is then untouched. Nothing else is checked.
 */
bool hw_arn_parse(hw_view text, struct hw_arn *out_arn);

/*
 * Returns the length of the ARN that `text` begins with when a key may follow: the ARN ends where
 * the last name of its resource does. That is the second name, and the fourth of an Outposts
 * access point. Returns 0 if there is no ARN, or one of its names is empty or missing.
 */
size_t hw_arn_span(hw_view text);

#endif
