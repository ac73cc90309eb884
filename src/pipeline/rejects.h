/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rejected records: what is told of them, how many there may be, and the rejects file. That has one
 * JSON object a line and rejected record, and is made when the first record is rejected.
 */
#ifndef HW_PIPELINE_REJECTS_H
#define HW_PIPELINE_REJECTS_H

#include <hawser/csv.h>

#include "store/store.h"
#include "table/reader.h"

/*
 * Describes the reject of `list` at byte `*at`, which is 0 first and is moved on to the next one.
 * Returns false at the end of the list. `*out_input` is the number of the input that the reject
 * stands in. All parts before those of the list must have been accepted. What is told is borrowed
 * from the reader and the list.
 */
bool hw_reject_next(const struct hw_table_reader *reader, const struct hw_reject_list *list, size_t *at,
                    struct hw_csv_reject *out_reject, uint32_t *out_input);

/*
 * Fails with HW_EDATA where more was rejected than the options allow: in number, and, once the
 * table has `ended`, as a share of its records.
 */
HW_NODISCARD enum hw_status hw_rejects_check(const struct hw_csv_options *csv, uint64_t records, uint64_t rejected,
                                             bool ended, struct hw_error *err);

/*
 * Fails with HW_EDATA where a table has ended, and all of its records were rejected: it was not
 * read as it is written, and an empty output would hide that.
 */
HW_NODISCARD enum hw_status hw_rejects_check_all(const struct hw_table_reader *reader, struct hw_error *err);

/* One thread at a time. Everything but the sink is borrowed. */
struct hw_rejects {
    struct hw_store *store;
    const char *key;
    const struct hw_write_options *write; /* how the file is kept; NULL: {0} */
    const struct hw_table_reader *reader;
    bool several;         /* The table has several inputs: each line names its own. */
    struct hw_sink *sink; /* NULL until something is rejected */
    bool published;
};

/* Writes rejects. In the order of the table's parts, when all parts before theirs were accepted. */
HW_NODISCARD enum hw_status hw_rejects_write(struct hw_rejects *rejects, const struct hw_reject_list *list,
                                             struct hw_error *err);
/* Publishes the file, which is settled, if there is one. */
HW_NODISCARD enum hw_status hw_rejects_publish(struct hw_rejects *rejects, struct hw_error *err);
/* Drops the file, unless it was published. */
void hw_rejects_release(struct hw_rejects *rejects);

#endif
