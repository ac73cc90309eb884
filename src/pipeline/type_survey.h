/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A survey: sources are read for what their values are, and nothing is made. Where sources with the
 * same columns get one set of types, it comes before they are converted, and keeps the values of
 * each set of columns, and which sources have failed, as these are not converted. Where a schema is
 * inferred, it is all of the run, and tells of the one table that it is of. Safe from several
 * threads.
 */
#ifndef HW_PIPELINE_TYPE_SURVEY_H
#define HW_PIPELINE_TYPE_SURVEY_H

#include "csv/type_groups.h"
#include "pipeline/name_set.h"
#include "table/reader.h"

struct hw_type_survey {
    bool begun;   /* It is to be released. */
    bool running; /* Sources are read for their values. It does not change while workers run. */
    /*
     * A table with more bytes is not read: its samples say what its values are. 0: so it is for
     * all tables.
     */
    uint64_t bytes_max;
    /*
     * Tells of a table that was read, or of which samples were taken. NULL: `groups` has the values
     * of all. Any thread.
     */
    enum hw_status (*told)(void *ctx, struct hw_table_reader *reader, bool whole, struct hw_error *err);
    void *ctx;
    struct hw_csv_type_groups groups;
    struct {
        pthread_mutex_t lock;
        struct hw_name_set failed; /* sources, and members of ZIPs, by their names */
    } synced;
};

/* Begins the survey of all values of all tables. To be released. */
void hw_type_survey_begin(struct hw_type_survey *survey);
/* Accepts a zeroed one. */
void hw_type_survey_release(struct hw_type_survey *survey);

/* Returns true while sources are read for their values. `survey` may be NULL. */
static inline bool hw_type_survey_runs(const struct hw_type_survey *survey) {
    return survey && survey->running;
}

/*
 * Notes that a source has failed in the survey, and was told of. Does nothing where none runs.
 * Without memory for it, the source fails once more.
 */
void hw_type_survey_fail(struct hw_type_survey *survey, const char *name);
/* Returns true where the source has failed in the survey, which is over. `survey` may be NULL. */
bool hw_type_survey_failed(struct hw_type_survey *survey, const char *name);

#endif
