/* SPDX-License-Identifier: Apache-2.0 */
/* The summary is the last line of a run for people, of every command that works on objects. */
#ifndef HW_CLI_SUMMARY_H
#define HW_CLI_SUMMARY_H

#include "core/base.h"

enum { HW_SUMMARY_NOTES_MAX = 8, HW_SUMMARY_TEXT_BYTES = 256 };

/* A note is a number that is told where it is not 0: "skipped: 3". */
struct hw_summary_note {
    const char *name;
    uint64_t count;
};

struct hw_summary {
    uint64_t objects;
    /*
     * A dry run says what would be done with the objects, "converted"; nothing but the notes
     * follows. NULL: the objects were worked on.
     */
    const char *planned;
    /* Nothing came of the objects, as this says, "none converted". NULL: something did. */
    const char *none;
    /*
     * The word for what was done with the objects where no bytes have moved, "removed": their size
     * is told, and no speed. NULL: bytes have moved.
     */
    const char *done;
    /* A command that has no rows, or writes nothing, does not tell of them. */
    bool has_rows;
    bool has_output;
    uint64_t rows;
    uint64_t bytes_in;
    uint64_t bytes_out;
    /* Those of `bytes_in` that a service has copied, because it had them; told where not 0. */
    uint64_t bytes_copied;
    double seconds;
    struct hw_summary_note notes[HW_SUMMARY_NOTES_MAX];
};

/*
 * Returns the words for `none` of a run in which nothing came of any object, of which so many have
 * failed or were not tried.
 */
const char *hw_summary_none(uint64_t failures);

/*
 * Writes "2 objects, 30 rows, 1.2 MB -> 345 kB, 4.1 MB/s, 0.3 s (skipped: 1)", or of a dry run "2
 * objects would be converted (skipped: 1)", or "2 objects, none converted (failed: 2)", or "2
 * objects removed, 1.2 MB, 0.3 s", or "1 object, 9.1 MB (8.4 MB copied by the service), 2 s".
 * Returns `out`, which has room for HW_SUMMARY_TEXT_BYTES; what does not fit is cut off.
 */
char *hw_summary_text(const struct hw_summary *summary, char *out);

#endif
