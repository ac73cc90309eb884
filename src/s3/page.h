/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of a listing in XML: the texts that it holds, whether more pages follow, and the way from
 * one page to the next. The kinds of listings are in s3/list.h, s3/versions.h, s3/uploads.h and
 * s3/bucket.h.
 */
#ifndef HW_S3_PAGE_H
#define HW_S3_PAGE_H

#include "core/arena.h"
#include "s3/client.h"

/* The struct that reads a kind of page begins with it, so that the handlers below can be shared. */
struct hw_s3_page {
    /* The texts of the page. */
    struct hw_arena texts;
    /* True if the service says that more pages follow. */
    bool truncated;
    /* True if the service says that it has percent-encoded the keys. */
    bool encoded;
};
/* Releases the texts, and empties the page. */
void hw_s3_page_release(struct hw_s3_page *page);

/* Copies a text of the page. A NUL byte in it is HW_EPROTOCOL. */
HW_NODISCARD enum hw_status hw_s3_page_text(struct hw_s3_page *page, hw_view text, const char **out,
                                            struct hw_error *err);
/*
 * Undoes the percent-encoding of `*text`, where the page is encoded. A '+' is a space there. It
 * waits until the page is whole, because EncodingType may come last.
 */
HW_NODISCARD enum hw_status hw_s3_page_plain(struct hw_s3_page *page, const char **text, struct hw_error *err);
/*
 * Reads a decimal number that is the whole text; an empty text is UINT64_MAX. `what` names it in
 * errors, which are HW_EPROTOCOL.
 */
HW_NODISCARD enum hw_status hw_s3_page_number(hw_view text, const char *what, uint64_t *out, struct hw_error *err);

/* Handlers of the elements EncodingType and IsTruncated (net/xml.h). */
enum hw_status hw_s3_page_encoding(void *ctx, hw_view text, struct hw_error *err);
enum hw_status hw_s3_page_truncated(void *ctx, hw_view text, struct hw_error *err);

/* Returns the length of the folder that a prefix is in, or is: what a directory bucket can list. */
size_t hw_s3_folder_bytes(const char *prefix);

/*
 * Makes room for one more item of a page in a list that grows. `capacity` is in items. HW_ELIMIT
 * from HW_LIST_PAGE_OBJECTS_MAX items on.
 */
HW_NODISCARD enum hw_status hw_s3_page_room(void **items, size_t count, size_t *capacity, size_t item_bytes,
                                            struct hw_error *err);

/* The place between two pages of a listing: a key, and the id of its version or upload. */
struct hw_s3_marker {
    /* NULL before the first page. Owned. */
    char *key;
    char *id;
    /* True if the keys of the listing come in no order, as those of a directory bucket. */
    bool unordered;
};
/*
 * Checks the place that a page says the next one begins at. It must have a key, and be behind
 * `marker`, where this page began; where there is no order, it must be another place. HW_EPROTOCOL
 * otherwise, because the listing might not end. `operation` is for the message. `id` may be NULL.
 */
HW_NODISCARD enum hw_status hw_s3_marker_check(const struct hw_s3_marker *marker, const char *key, const char *id,
                                               const char *operation, struct hw_error *err);
/* Moves the marker to another place, whose texts are copied. */
HW_NODISCARD enum hw_status hw_s3_marker_set(struct hw_s3_marker *marker, const char *key, const char *id,
                                             struct hw_error *err);
void hw_s3_marker_release(struct hw_s3_marker *marker);

/* A listing of which one page is asked for after the other. */
struct hw_s3_pages {
    /* Builds the request for the next page. */
    enum hw_status (*build)(void *ctx, struct hw_s3_request *request, struct hw_error *err);
    /*
     * Reads and checks the page. It runs on a network thread, and again if the page is asked for
     * again.
     */
    hw_s3_check_fn *read;
    /*
     * Hands out what the page holds, and tells whether another page follows. Any status but HW_OK
     * ends the listing.
     */
    enum hw_status (*hand_out)(void *ctx, bool *out_more, struct hw_error *err);
};
/* Goes through all pages. Each function is called with `ctx`. */
HW_NODISCARD enum hw_status hw_s3_pages_run(struct hw_s3_client *client, const struct hw_s3_pages *pages, void *ctx,
                                            struct hw_error *err);

#endif
