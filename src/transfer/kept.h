/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time and the permissions of a file, which a copy keeps with --preserve: a bucket has them as
 * metadata.
 */
#ifndef HW_TRANSFER_KEPT_H
#define HW_TRANSFER_KEPT_H

#include <hawser/transfer.h>

#include "s3/description.h"
#include "transfer/file_facts.h"
#include "transfer/source.h"

/* Start it zeroed. It owns what it hands out. */
struct hw_kept {
    struct hw_s3_description description;
    struct hw_file_facts facts;
    /* The options of the target with the entries of the file, and the texts of these. */
    struct hw_write_options write;
    struct hw_metadata *metadata;
    char mtime[HW_FILE_FACT_BYTES];
    char mode[HW_FILE_FACT_BYTES];
};

/*
 * Finds out the time and the permissions of an object that is open, if they are to be preserved,
 * and puts them into `sink`, which then borrows from `kept`. It may take a request. HW_ECHANGED
 * where the source was replaced meanwhile.
 */
HW_NODISCARD enum hw_status hw_kept_load(struct hw_kept *kept, const struct hw_transfer_source *source,
                                         struct hw_store *target, bool preserve, struct hw_sink_options *sink,
                                         struct hw_error *err);
/*
 * Adds the time and the permissions in `facts` to the metadata of `write`, which then borrows it,
 * but for an entry that has the name already.
 */
HW_NODISCARD enum hw_status hw_kept_facts_add(struct hw_kept *kept, const struct hw_file_facts *facts,
                                              struct hw_write_options *write, struct hw_error *err);
void hw_kept_release(struct hw_kept *kept);

/*
 * Tells the time of the last change of an object that is there, as hw_kept_load would keep it: that
 * of the file that it was made of, where its metadata has it, and else `known_us`. One request
 * where the store is a bucket.
 */
HW_NODISCARD enum hw_status hw_kept_mtime_us(struct hw_store *store, const char *key, int64_t known_us, int64_t *out_us,
                                             struct hw_error *err);

#endif
