/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of RFC 4180, delimiter comma, that knows nothing of ours: byte by byte, field by field.
 */
#ifndef HW_TESTS_CSV_PLAIN_READER_H
#define HW_TESTS_CSV_PLAIN_READER_H

#include "core/base.h"
#include "support/rows.h"

struct plain_reader {
    const char *at;
    const char *end;
    char field[4096];
    size_t size;
    bool quoted;
    bool last; /* of its record */
};

/* Takes the next field. The text ends in LF. */
static inline void plain_reader_next(struct plain_reader *reader) {
    reader->size = 0;
    reader->quoted = reader->at < reader->end && *reader->at == '"';
    reader->at += reader->quoted;
    for (bool open = reader->quoted;; reader->at++) {
        assert_true(reader->at < reader->end && reader->size < sizeof(reader->field));
        if (open && *reader->at == '"' && reader->at[1] == '"') {
            reader->at++;
        } else if (open && *reader->at == '"') {
            open = false;
            continue;
        } else if (!open && (*reader->at == ',' || *reader->at == '\n')) {
            break;
        } else {
            assert_true(open || !reader->quoted); /* nothing behind a closing quote */
        }
        reader->field[reader->size++] = *reader->at;
    }
    reader->last = *reader->at++ == '\n';
}

#endif
