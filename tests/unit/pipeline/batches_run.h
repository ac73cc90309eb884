/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of hw_convert_batches into a folder of their own, and the files that come of them. */
#ifndef HW_TESTS_BATCHES_RUN_H
#define HW_TESTS_BATCHES_RUN_H

#include <hawser/convert.h>

#include "support/corpus.h"
#include "support/made_stream.h"
#include "support/rows.h"
#include "support/scratch.h"

struct batches_run {
    struct made_stream made;
    struct hw_convert_options options;
    const char *name;        /* NULL: "rows" */
    const char *destination; /* in the scratch folder; NULL: "out/" */
    enum hw_status status;
    struct hw_error err;
    struct hw_convert_result result;
};

/* Runs it, and checks what holds for all runs: who calls the stream, and that all is let go of. */
static inline void batches_run(const char *row, struct batches_run *run, const struct scratch *scratch) {
    made_stream_init(&run->made);
    run->err = (struct hw_error)HW_ERROR_INIT;
    run->status = hw_convert_batches(&run->made.base, run->name ? run->name : "rows",
                                     scratch_path(scratch, run->destination ? run->destination : "out/"), &run->options,
                                     &run->result, &run->err);
    assert_row_int(row, run->made.freed, 1);
    assert_row_int(row, atomic_load(&run->made.alive), 0);
    assert_row_int(row, run->made.misused, false);
    if (run->status != HW_OK) {
        assert_row_int(row, run->err.status, run->status);
    }
}

static inline void batches_run_ok(const char *row, struct batches_run *run, const struct scratch *scratch) {
    batches_run(row, run, scratch);
    if (run->status != HW_OK) {
        char line[1024];
        hw_error_format(&run->err, line, sizeof(line));
        fail_msg("%s: %s", row, line);
    }
}

#endif
