/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the keys under a prefix, page by page. The next page, or several of a long listing, are
 * under way while one is handed out.
 */
#ifndef HW_S3_LIST_H
#define HW_S3_LIST_H

#include "s3/list_page.h"

/* {0} lists every key of the bucket. The texts may be NULL, and are borrowed for the call. */
struct hw_s3_list_options {
    const char *prefix;
    /*
     * Keys that go on with it behind the prefix are handed out as one common prefix, which ends
     * with it. A service that ignores it hands out the keys themselves.
     */
    const char *delimiter;
    /* Only what comes behind this key is handed out. */
    const char *start_after;
    /* The most entries of a page; 0 leaves it to the service. */
    unsigned keys_max;
    /*
     * The most pages of a long listing that are asked for at once, by ranges of its keys
     * (s3/list_ranges.h); 0 and 1 mean one page after the other. Common prefixes and directory
     * buckets are listed so in any case.
     */
    unsigned ranges_max;
};

/*
 * Calls `each` for every entry, in the order of their bytes. A listing is whole or it fails:
 * HW_EPROTOCOL means that a key does not begin with the prefix, that keys repeat or go backwards,
 * or that the pages do not come to an end. A directory bucket has no order: there all pages come
 * before the first call.
 */
HW_NODISCARD enum hw_status hw_s3_list(struct hw_s3_client *client, const struct hw_s3_list_options *options,
                                       hw_s3_entry_fn *each, void *ctx, struct hw_error *err);

#endif
