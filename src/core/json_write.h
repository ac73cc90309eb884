/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON as it comes: into a buffer, or through one into a sink, so that a long text takes
 * little memory. The first failure stays with the writer, which then writes nothing more;
 * hw_json_end_text() tells it.
 */
#ifndef HW_CORE_JSON_WRITE_H
#define HW_CORE_JSON_WRITE_H

#include <hawser/io.h>

#include "core/buf.h"

enum { HW_JSON_DEPTH_MAX = 31 };

enum hw_json_style {
    HW_JSON_LINES_1, /* one line for each value, indented by one space for each level */
    HW_JSON_LINES_2, /* the same, indented by two spaces */
    HW_JSON_COMPACT  /* all in one line */
};

/* Start it with `out` and `style`, all else zeroed. */
struct hw_json_writer {
    struct hw_buf *out; /* borrowed */
    enum hw_json_style style;
    /* Borrowed. It gets what `out` holds whenever that is long. NULL: all stays in `out`. */
    struct hw_sink *sink;
    unsigned depth;
    uint32_t filled;       /* one bit a level: its object or list is not empty any more */
    enum hw_status status; /* the first failure */
    struct hw_error error;
};

/*
 * `key` names the value in an object; it is NULL in a list and at the top, and plain ASCII that
 * needs no escape. Bytes of texts that are not UTF-8 become "\xff": what is written can always be
 * read, and the eye sees which bytes those were.
 */
void hw_json_object_begin(struct hw_json_writer *writer, const char *key);
void hw_json_object_end(struct hw_json_writer *writer);
void hw_json_list_begin(struct hw_json_writer *writer, const char *key);
void hw_json_list_end(struct hw_json_writer *writer);
/* Writes a text; NULL is written as null. */
void hw_json_text(struct hw_json_writer *writer, const char *key, const char *text);
void hw_json_view(struct hw_json_writer *writer, const char *key, hw_view text);
/* Writes two texts as one. */
void hw_json_joined(struct hw_json_writer *writer, const char *key, const char *first, const char *second);
void hw_json_number(struct hw_json_writer *writer, const char *key, int64_t number);
/* Writes a number of up to INT64_MAX: JSON readers do not take more for an integer. */
void hw_json_count(struct hw_json_writer *writer, const char *key, uint64_t count);
/* Writes a number; nan and infinity are written as null. */
void hw_json_real(struct hw_json_writer *writer, const char *key, double real);
void hw_json_bool(struct hw_json_writer *writer, const char *key, bool value);
void hw_json_null(struct hw_json_writer *writer, const char *key);
/* Writes a value that is JSON already, as a number of more digits than a double has. */
void hw_json_raw(struct hw_json_writer *writer, const char *key, hw_view json);

/*
 * Ends the text with a newline, and hands the rest to the sink. Fails with the first failure of all
 * calls before.
 */
HW_NODISCARD enum hw_status hw_json_end_text(struct hw_json_writer *writer, struct hw_error *err);

#endif
