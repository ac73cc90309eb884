/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rejects file: one JSON object a line and rejected record. It is made when the first record is
 * rejected.
 */
#ifndef HW_PIPELINE_REJECTS_H
#define HW_PIPELINE_REJECTS_H

#include "store/store.h"
#include "table/reader.h"

/* One thread at a time. Everything but the sink is borrowed. */
struct hw_rejects {
    struct hw_store *store;
    const char *key;
    const struct hw_table_reader *reader;
    bool several;         /* The table has several inputs: each line names its own. */
    struct hw_sink *sink; /* NULL until something is rejected */
};

/* Writes rejects. In the order of the table's parts, when all parts before theirs were accepted. */
HW_NODISCARD enum hw_status hw_rejects_write(struct hw_rejects *rejects, const struct hw_reject_list *list,
                                             struct hw_error *err);
/* Drops the file, unless it was published. */
void hw_rejects_release(struct hw_rejects *rejects);

#endif
