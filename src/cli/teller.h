/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A teller says what a run does, for every command that works on objects: errors, warnings and
 * notes on standard error around the line of progress, and lines of JSON on standard output. It
 * knows what all that means for the exit code. One thread starts and finishes a teller; any thread
 * may call the other functions in between.
 */
#ifndef HW_CLI_TELLER_H
#define HW_CLI_TELLER_H

#include <pthread.h>

#include <hawser/log.h>

#include "cli/progress.h"
#include "core/json_write.h"

struct hw_teller {
    /* These are set once, then constant. */
    const struct hw_cmd_call *call;
    const struct hw_run_args *args;
    /* These are under the lock: progress comes while objects end. */
    struct {
        pthread_mutex_t lock;
        struct hw_progress progress;
        /* The time at which a note said that the run waits; 0: never. */
        int64_t waits_told_us;
        /* The first error that was told of an object; HW_OK: none. */
        struct hw_error told;
        /* The failure of the first line that standard output did not take. */
        enum hw_status output_status;
        struct hw_error output_error;
    } synced;
};

/* Begins to tell; hw_teller_finish ends that. Borrows the call and the options. */
void hw_teller_start(struct hw_teller *teller, const struct hw_cmd_call *call, const struct hw_run_args *args);

/* Tells an object's error. A stop is not told here but once, for the run. */
void hw_teller_error(struct hw_teller *teller, const char *object, const struct hw_error *error);
/* Tells a warning, also with --quiet. */
void hw_teller_warning(struct hw_teller *teller, const struct hw_error *warning);
/* Tells a line for people, unless --quiet. */
void hw_teller_note(struct hw_teller *teller, const char *format, ...) HW_PRINTF(2, 3);
/* Does the same with --verbose only. */
void hw_teller_detail(struct hw_teller *teller, const char *format, ...) HW_PRINTF(2, 3);
/* Returns true where hw_teller_detail tells anything. */
bool hw_teller_details(const struct hw_teller *teller);
/*
 * Tells a line of the log that --log asks for; the `write` of a struct hw_log whose `ctx` is the
 * teller. Where a request fails for the third time, a note says that the run waits for the service,
 * once a minute at most, unless --quiet. So it wants the level HW_LOG_WARN at least.
 */
void hw_teller_log(void *teller, const struct hw_log_record *record);
/* Shows how far the run is. */
void hw_teller_progress(struct hw_teller *teller, const struct hw_progress_state *state);

/* A function that writes one JSON value. */
typedef void hw_teller_json_fn(struct hw_json_writer *json, const void *what);
/*
 * Prints a line of JSON with --json, however long it is. After the first line that could not be
 * written no other is tried: lines must not go missing in the middle.
 */
void hw_teller_json(struct hw_teller *teller, hw_teller_json_fn *write, const void *what);

/*
 * Prints text to standard output that is data itself, as it is. After the first failure nothing
 * more is printed.
 */
void hw_teller_data(struct hw_teller *teller, hw_view text);
/* Returns how printing has gone so far: the failure that has ended it, or HW_OK. */
HW_NODISCARD enum hw_status hw_teller_output(struct hw_teller *teller, struct hw_error *err);
/* Writes whole lines to standard error as they are. */
void hw_teller_lines(struct hw_teller *teller, hw_view lines);

/*
 * Returns the status of the whole run, given the library's: HW_EPARTIAL instead of HW_OK where an
 * error was told, so that no summary says success beside an error.
 */
enum hw_status hw_teller_status(struct hw_teller *teller, enum hw_status status);
/* Returns true where nobody reads the output any more, a pipe: then nothing is to be told. */
bool hw_teller_unread(struct hw_teller *teller);
/*
 * Ends the telling and returns how the command ends: `status`, or why standard output took no more.
 * `err` is emptied where it is the error of an object, which has been told.
 */
HW_NODISCARD enum hw_status hw_teller_finish(struct hw_teller *teller, enum hw_status status, struct hw_error *err);

#endif
