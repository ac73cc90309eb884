/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books of a run: the manifest of its folder as it was and what has changed, the journals of
 * runs that did not end, and the report. The manifest is shared with other runs: it is read again
 * before it is written, and only our changes are made to it.
 */
#ifndef HW_PIPELINE_LEDGER_H
#define HW_PIPELINE_LEDGER_H

#include "pipeline/journal.h"
#include "pipeline/manifest_file.h"
#include "pipeline/output_plan.h"
#include "pipeline/patience.h"
#include "report/report.h"

struct hw_ledger {
    struct hw_plan *plan;
    const struct hw_convert_options *options;
    const struct hw_warn *warn;
    struct hw_manifest_file manifest; /* not read where the target is no folder */
    bool missing;                     /* There was none when the run began. */
    struct hw_name_set made;          /* paths of files, where no manifest told of earlier ones */
    bool converted;                   /* something, be it to no file at all: a manifest is due */
    struct hw_journals journals;
    struct hw_report *report; /* NULL where none is wanted */
    struct hw_store *report_store;
    enum hw_status report_status;
    enum hw_status status; /* the first fault in keeping the books */
    struct hw_error error;
    struct hw_patience patience;
};

/*
 * Reads what is there and begins the report, before any work is done. A manifest that cannot be
 * read, or is none, is an error: what it lists would be forgotten. With --overwrite replace it is a
 * warning, and the manifest is made anew. Borrows all. To be released on failure too.
 */
HW_NODISCARD enum hw_status hw_ledger_open(struct hw_ledger *ledger, struct hw_plan *plan,
                                           const struct hw_convert_options *options, const struct hw_warn *warn,
                                           int64_t started_us, struct hw_error *err);
/*
 * Keeps an outcome. `files` is NULL where nothing was made. One call at a time; faults are told by
 * hw_ledger_close.
 */
void hw_ledger_add(struct hw_ledger *ledger, const struct hw_convert_object *object,
                   const struct hw_output_files *files);
/* Keeps a warning for the report. One call at a time, with hw_ledger_add. */
void hw_ledger_warn(struct hw_ledger *ledger, const struct hw_error *warning);
/*
 * Writes the manifest where anything has changed, then the report, which says that the run has come
 * to `status`. A stop of the run stops this
 * only after some seconds: what has been published is to be known.
 */
HW_NODISCARD enum hw_status hw_ledger_close(struct hw_ledger *ledger, const struct hw_convert_result *result,
                                            enum hw_status status, struct hw_error *err);
void hw_ledger_release(struct hw_ledger *ledger);

#endif
