/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of a folder, as it is kept there. Several runs may write it at once: it is read
 * again before it is written, and only our changes are made to it. One thread at a time, but once
 * it is read any number may look entries up.
 */
#ifndef HW_PIPELINE_MANIFEST_FILE_H
#define HW_PIPELINE_MANIFEST_FILE_H

#include "manifest/packed.h"
#include "store/store.h"

/* Start it zeroed but for the first part, which is borrowed; release it. */
struct hw_manifest_file {
    struct hw_store *store;
    const char *prefix;                   /* the folder's key, which ends with '/' or is empty */
    const struct hw_write_options *write; /* how it is kept; NULL: {0} */
    bool amends_only;                     /* One that is gone meanwhile is not made anew. */

    struct hw_manifest before; /* sealed, as it was read last; empty where there is none */
    char etag[HW_ETAG_BYTES];  /* "" where there is none, or the store has no ETags */
    bool unread;               /* one is there that could not be read: it is replaced */
    struct hw_manifest_sorter changes;
    struct hw_manifest_ref written;  /* the file with the entries of the manifest that we wrote */
    struct hw_manifest_ref replaced; /* the one of the manifest before */
    bool packed;                     /* There is one of them. */
    bool missing;                    /* There was none when it was looked last. */
};

/*
 * Reads what is there. HW_ENOTFOUND where there is nothing; HW_EDATA where it is no manifest. On
 * failure `before` is to be released before it is used, which hw_manifest_file_release does.
 */
HW_NODISCARD enum hw_status hw_manifest_file_read(struct hw_manifest_file *file, struct hw_error *err);

/*
 * Writes what is there, with the changes of others since it was read, and with ours. It is safe
 * against runs that do the same at once: files know a lock, other stores a condition, and a service
 * that knows neither gets what was read a moment before. Files with entries that no manifest names
 * any more are removed.
 */
HW_NODISCARD enum hw_status hw_manifest_file_save(struct hw_manifest_file *file, struct hw_error *err);
void hw_manifest_file_release(struct hw_manifest_file *file);

#endif
