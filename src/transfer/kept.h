/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds out what a copy keeps of its source beside the bytes: between buckets all that describes
 * the object, and with --preserve the time and the permissions of a file, which a bucket keeps as
 * metadata.
 */
#ifndef HW_TRANSFER_KEPT_H
#define HW_TRANSFER_KEPT_H

#include <hawser/transfer.h>

#include "transfer/described.h"
#include "transfer/file_facts.h"
#include "transfer/source.h"

/* Start it zeroed. It owns what it hands out. */
struct hw_kept {
    struct hw_described described;
    struct hw_file_facts facts;
    /* The options of the target with the entries of the file, and the texts of these. */
    struct hw_write_options write;
    struct hw_metadata *metadata;
    char mtime[HW_FILE_FACT_BYTES];
    char mode[HW_FILE_FACT_BYTES];
};

/*
 * Finds out what an object that is open keeps in the target's store, and puts that into `sink`,
 * whose texts are then borrowed from `kept`. `given` has what the caller says of all copies. It may
 * take requests. HW_ECHANGED where the source was replaced meanwhile.
 */
HW_NODISCARD enum hw_status hw_kept_load(struct hw_kept *kept, const struct hw_transfer_source *source,
                                         struct hw_store *target, const struct hw_transfer_options *given,
                                         struct hw_sink_options *sink, struct hw_error *err);
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
