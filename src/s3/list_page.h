/* SPDX-License-Identifier: Apache-2.0 */
/* A page of ListObjectsV2 or ListObjectVersions: its entries, and where the next page begins. */
#ifndef HW_S3_LIST_PAGE_H
#define HW_S3_LIST_PAGE_H

#include "s3/page.h"

enum hw_s3_entry_kind {
    HW_S3_ENTRY_OBJECT,
    /* The keys that go on behind a delimiter, all as one entry. */
    HW_S3_ENTRY_PREFIX,
    /* The version that says that an object was deleted. */
    HW_S3_ENTRY_DELETED,
};

/* An entry of a listing. Its texts are there for the call of hw_s3_entry_fn only. */
struct hw_s3_entry {
    enum hw_s3_entry_kind kind;
    /* The key, or the common prefix, with its percent-encoding undone. */
    const char *key;
    uint64_t size;
    /* Microseconds since 1970; 0 if the service does not tell. */
    int64_t mtime_us;
    /* The ETag as the service gave it; "" if there is none. */
    const char *etag;
    /* The version; "" in a listing without versions. */
    const char *version_id;
    /* True if the version is the one that a read of the key gets. */
    bool latest;
};

/* Takes an entry. A status other than HW_OK ends the listing, which returns it. */
typedef enum hw_status hw_s3_entry_fn(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err);

struct hw_s3_list_page {
    struct hw_s3_page page;
    struct hw_s3_entry *entries;
    size_t entries_count;
    size_t entries_capacity;
    /* The number of entries that are common prefixes. */
    size_t prefixes_count;
    /*
     * The token of the next page, or its marker: a key and perhaps a version. NULL if none was
     * given.
     */
    const char *token;
    const char *version_marker;
    /*
     * The number of entries that the service tells; UINT64_MAX if it does not. S3 counts common
     * prefixes too, and others do not.
     */
    uint64_t told_count;
};
void hw_s3_list_page_release(struct hw_s3_list_page *page);

/*
 * Reads a page into an empty one. The entries of ListObjectsV2 are then in the order of their bytes
 * as far as the service has them so: objects and common prefixes, which come apart, are put
 * together. Those of ListObjectVersions stand as they came. HW_EPROTOCOL means that it is no such
 * page.
 */
HW_NODISCARD enum hw_status hw_s3_list_page_read(hw_view xml, struct hw_s3_list_page *page, struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_versions_page_read(hw_view xml, struct hw_s3_list_page *page, struct hw_error *err);

#endif
