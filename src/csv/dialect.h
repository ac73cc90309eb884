/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in which one CSV text is written. csv/dialect_detect.h finds it; everything that reads
 * the text is told it.
 */
#ifndef HW_CSV_DIALECT_H
#define HW_CSV_DIALECT_H

#include <hawser/csv.h>

#include "core/view.h"

/* The most bytes of a delimiter, and of a prefix that begins comments. */
enum { HW_CSV_MARK_BYTES_MAX = 8 };

/* The bytes of such a mark behind its first one. Mostly there are none. */
struct hw_csv_tail {
    uint8_t count;
    char bytes[HW_CSV_MARK_BYTES_MAX - 1];
};

struct hw_csv_dialect {
    char delimiter; /* its first byte */
    /* '\0' where nothing quotes. */
    char quote;
    /* Inside quotes it takes the next byte as it is. '\0' where nothing does. */
    char escape;
    /* Records that begin with this byte, and its tail, are left out. '\0' where there are none. */
    char comment;
    /* '\n', then a '\r' right before it belongs to the record end too; or '\r'. */
    char end;
    bool double_cr;          /* two '\r' before a '\n' belong to the record end */
    bool escape_everywhere;  /* the escape counts outside quotes too */
    bool quotes_lenient;     /* a quote that closes nothing is a byte of its field */
    bool trailing_delimiter; /* a delimiter at the end of a record begins no field */
    bool trim;               /* blanks around quotes are no part of a field */
    bool blanks;             /* runs of blanks delimit; then `delimiter` is ' ', and `trim` holds */
    enum hw_csv_escapes escapes;
    struct hw_csv_tail delimiter_tail;
    struct hw_csv_tail comment_tail;
    size_t prefix;         /* bytes before the first record: byte order mark and skipped lines */
    uint64_t prefix_lines; /* physical lines in the prefix */
};

/* Returns whether the `left` bytes at `at` begin with the tail. */
static inline bool hw_csv_tail_follows(const struct hw_csv_tail *tail, const char *at, size_t left) {
    return tail->count == 0 || (tail->count <= left && memcmp(at, tail->bytes, tail->count) == 0);
}

/* Blanks are spaces and tabs. */
static inline bool hw_csv_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* Returns whether a byte is a blank that may be no part of a field, and ends none. */
static inline bool hw_csv_pads(const struct hw_csv_dialect *dialect, char byte) {
    return dialect->trim && hw_csv_blank(byte) && (dialect->blanks || byte != dialect->delimiter);
}

/* Returns whether a record, which is `text`, is a blank line. */
static inline bool hw_csv_is_blank(const struct hw_csv_dialect *dialect, hw_view text) {
    while (dialect->blanks && text.size > 0 && hw_csv_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text.size == 0;
}

/* Returns whether a record, which is `text`, is a comment. */
static inline bool hw_csv_is_comment(const struct hw_csv_dialect *dialect, hw_view text) {
    return dialect->comment != '\0' && text.size > 0 && text.data[0] == dialect->comment &&
           hw_csv_tail_follows(&dialect->comment_tail, text.data + 1, text.size - 1);
}

/*
 * Returns the end of a record's last field: the record begins at `start` and ends with the record
 * end, or the text, at `end`. A CR there belongs to the record end, unless it is escaped.
 */
static inline size_t hw_csv_without_cr(const struct hw_csv_dialect *dialect, const char *data, size_t start,
                                       size_t end) {
    for (size_t cr = dialect->end == '\n' ? 1 + dialect->double_cr : 0; cr > 0; cr--) {
        size_t escapes = 0;
        if (end == start || data[end - 1] != '\r') {
            break;
        }
        while (dialect->escape_everywhere && end - 1 - escapes > start && data[end - 2 - escapes] == dialect->escape) {
            escapes++;
        }
        if (escapes % 2 != 0) {
            break;
        }
        end--;
    }
    return end;
}

#endif
