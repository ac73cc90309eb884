/* SPDX-License-Identifier: Apache-2.0 */
/* Compares files that are verified with what the manifest of their folder tells of them. */
#ifndef HW_PIPELINE_VERIFY_MANIFEST_H
#define HW_PIPELINE_VERIFY_MANIFEST_H

#include "core/hash_set.h"
#include "manifest/manifest.h"
#include "pipeline/verify_file.h"

/* Start it zeroed. One thread at a time. */
struct hw_verify_manifest {
    struct hw_arena arena;
    /* NULL: there is no manifest. */
    struct hw_store *store;
    /* The key of the folder, which ends with '/' or is empty. */
    const char *folder;
    struct hw_manifest manifest;
    /* The paths of entries whose files were verified, as hashes. */
    struct hw_hash_set seen;
};

/* Reads the manifest at a path, which may be NULL. Released on failure too. */
HW_NODISCARD enum hw_status hw_verify_manifest_open(struct hw_verify_manifest *manifest, const char *path,
                                                    const struct hw_store_options *options, struct hw_error *err);
void hw_verify_manifest_release(struct hw_verify_manifest *manifest);
/*
 * Adds what a file is not by its entry, as manifest.size, manifest.rows and manifest.checksum, and
 * a file of the folder without an entry as the warning manifest.extra. Of a file that could not be
 * opened, whose format is not known, nothing is compared.
 */
HW_NODISCARD enum hw_status hw_verify_manifest_check(struct hw_verify_manifest *manifest, struct hw_verify_file *file,
                                                     struct hw_error *err);
/* Takes the path of a file that an entry tells of, and that is not there. */
typedef enum hw_status hw_manifest_missing_fn(void *ctx, const char *path, struct hw_error *err);
/* Looks for the files of all entries that were not verified. */
HW_NODISCARD enum hw_status hw_verify_manifest_end(struct hw_verify_manifest *manifest, hw_manifest_missing_fn *missing,
                                                   void *ctx, struct hw_error *err);

#endif
