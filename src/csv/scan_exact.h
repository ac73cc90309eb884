/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exact state machine of CSV, a byte at a time. Every faster way must agree with it.
 *
 * Its rules beyond RFC 4180: a quote inside a field that does not begin with one is an ordinary
 * byte; bytes between a closing quote and the next delimiter make the record malformed, or where
 * quotes are lenient, that quote has closed nothing and is an ordinary byte; inside quotes, and
 * outside too where the dialect says so, the byte after an escape is an ordinary one; a record that
 * begins as comments do is one field up to the record end. Where the dialect trims, blanks may
 * stand before an opening quote and behind a closing one. Where blanks delimit, those at both ends
 * of a record do not, and a field begins with all but the first of the blanks before it.
 */
#ifndef HW_CSV_SCAN_EXACT_H
#define HW_CSV_SCAN_EXACT_H

#include <limits.h>

#include "csv/dialect.h"

/* The thing that ends with a byte. */
enum hw_csv_event { HW_CSV_EVENT_NONE, HW_CSV_EVENT_FIELD_END, HW_CSV_EVENT_RECORD_END };

/* The place in a record at which the machine stands. */
enum hw_csv_state {
    HW_CSV_AT_RECORD, /* at the first byte of a record */
    HW_CSV_AT_FIELD,  /* at the first byte of a later field */
    HW_CSV_UNQUOTED,
    HW_CSV_QUOTED,
    HW_CSV_QUOTE_SEEN,   /* a quote inside quotes: it closes, or the next one doubles it */
    HW_CSV_ESCAPED,      /* the byte after an escape inside quotes */
    HW_CSV_ESCAPED_BARE, /* the byte after an escape outside quotes */
    HW_CSV_AFTER_CR,     /* a CR after a closing quote: only the rest of a record end may follow */
    HW_CSV_TRAILING,     /* bytes after a closing quote */
    HW_CSV_COMMENT,      /* in a record that is a comment */
    HW_CSV_PADDED,       /* in blanks that only the end of the field or the record may follow */
    HW_CSV_IN_DELIMITER, /* in the tail of a delimiter */
};

struct hw_csv_exact {
    const struct hw_csv_dialect *dialect;
    enum hw_csv_state state;
    /* the current record, or the one that just ended, has bytes after a closing quote */
    bool malformed;
    uint8_t tail;        /* bytes of a delimiter that are still to come */
    uint64_t lines;      /* record-end bytes so far, quoted ones too */
    uint64_t odd_quotes; /* quotes where RFC 4180 has none */
};

/* Returns a machine at the first byte of a record. The dialect must outlive it. */
static inline struct hw_csv_exact hw_csv_exact_start(const struct hw_csv_dialect *dialect) {
    return (struct hw_csv_exact){.dialect = dialect, .state = HW_CSV_AT_RECORD};
}

/* Puts the machine before the first byte of a field that is not the first of its record. */
static inline void hw_csv_exact_begin_field(struct hw_csv_exact *exact) {
    exact->state = HW_CSV_AT_FIELD;
}

/* Puts the machine into the middle of a field without quotes. */
static inline void hw_csv_exact_enter_field(struct hw_csv_exact *exact) {
    exact->state = HW_CSV_UNQUOTED;
}

/* Puts the machine into the middle of a quoted field. */
static inline void hw_csv_exact_enter_quotes(struct hw_csv_exact *exact) {
    exact->state = HW_CSV_QUOTED;
}

static inline bool hw_csv_exact_in_quotes(const struct hw_csv_exact *exact) {
    return exact->state == HW_CSV_QUOTED || exact->state == HW_CSV_ESCAPED;
}

/* The bytes that change a machine in the midst of a field. */
struct hw_csv_meanings {
    bool of[UCHAR_MAX + 1];
};

static inline struct hw_csv_meanings hw_csv_meanings_of(const struct hw_csv_dialect *dialect) {
    struct hw_csv_meanings meanings = {{false}};
    meanings.of[(uint8_t)dialect->delimiter] = true;
    meanings.of[(uint8_t)dialect->quote] = true;
    meanings.of[(uint8_t)dialect->escape] = true;
    meanings.of[(uint8_t)dialect->end] = true;
    meanings.of['\t'] |= dialect->blanks;
    return meanings;
}

/* Returns the number of the `bytes` bytes at `at` that need not be shown to the machine. */
static inline size_t hw_csv_exact_idle(const struct hw_csv_exact *exact, const struct hw_csv_meanings *meanings,
                                       const char *at, size_t bytes) {
    size_t idle = 0;
    if (exact->state != HW_CSV_UNQUOTED && exact->state != HW_CSV_QUOTED && exact->state != HW_CSV_COMMENT) {
        return 0;
    }
    while (idle < bytes && !meanings->of[(uint8_t)at[idle]]) {
        idle++;
    }
    return idle;
}

static inline bool hw_csv_delimits(const struct hw_csv_dialect *dialect, const char *at, const char *end) {
    return *at == dialect->delimiter && hw_csv_tail_follows(&dialect->delimiter_tail, at + 1, (size_t)(end - at) - 1);
}

/* Returns whether nothing but blanks, and then the end of the record or a delimiter, is at `at`. */
static inline bool hw_csv_exact_padded(const struct hw_csv_dialect *dialect, const char *at, const char *end) {
    while (at < end && hw_csv_pads(dialect, *at)) {
        at++;
    }
    if (at < end && !dialect->blanks && hw_csv_delimits(dialect, at, end)) {
        return true;
    }
    for (size_t cr = dialect->end == '\n' ? 1 + dialect->double_cr : 0; cr > 0 && at < end && *at == '\r'; cr--) {
        at++;
    }
    return at == end || *at == dialect->end;
}

/* Ends a field at a blank, where blanks delimit, unless the record ends behind it. */
static inline enum hw_csv_event hw_csv_exact_blank(struct hw_csv_exact *exact, const char *at, const char *end) {
    const bool last = hw_csv_exact_padded(exact->dialect, at, end);
    exact->state = last ? HW_CSV_PADDED : HW_CSV_AT_FIELD;
    return last ? HW_CSV_EVENT_NONE : HW_CSV_EVENT_FIELD_END;
}

/* Ends the field or the record where the byte at `at` does that; else returns HW_CSV_EVENT_NONE. */
static inline enum hw_csv_event hw_csv_exact_end(struct hw_csv_exact *exact, const char *at, const char *end) {
    const struct hw_csv_dialect *dialect = exact->dialect;
    if (*at == dialect->end) {
        exact->state = HW_CSV_AT_RECORD;
        return HW_CSV_EVENT_RECORD_END;
    }
    if (dialect->blanks && exact->state != HW_CSV_COMMENT) {
        return hw_csv_blank(*at) ? hw_csv_exact_blank(exact, at, end) : HW_CSV_EVENT_NONE;
    }
    if (exact->state != HW_CSV_COMMENT && hw_csv_delimits(dialect, at, end)) {
        exact->tail = dialect->delimiter_tail.count;
        exact->state = exact->tail > 0 ? HW_CSV_IN_DELIMITER : HW_CSV_AT_FIELD;
        return HW_CSV_EVENT_FIELD_END;
    }
    return HW_CSV_EVENT_NONE;
}

/* Takes a byte inside quotes. */
static inline void hw_csv_exact_step_quoted(struct hw_csv_exact *exact, char byte) {
    if (exact->dialect->escape != '\0' && byte == exact->dialect->escape) {
        exact->state = HW_CSV_ESCAPED;
    } else if (byte == exact->dialect->quote) {
        exact->state = HW_CSV_QUOTE_SEEN;
    }
}

/* Takes a byte after a quote that may have closed its field. */
static inline enum hw_csv_event hw_csv_exact_step_close(struct hw_csv_exact *exact, const char *at, const char *end) {
    const struct hw_csv_dialect *dialect = exact->dialect;
    if (exact->state == HW_CSV_QUOTE_SEEN && *at == dialect->quote) {
        exact->state = HW_CSV_QUOTED;
        return HW_CSV_EVENT_NONE;
    }
    if (exact->state == HW_CSV_QUOTE_SEEN && hw_csv_pads(dialect, *at) && !dialect->blanks &&
        hw_csv_exact_padded(dialect, at, end)) {
        exact->state = HW_CSV_PADDED;
        return HW_CSV_EVENT_NONE;
    }
    enum hw_csv_event event =
        exact->state == HW_CSV_AFTER_CR && *at != dialect->end ? HW_CSV_EVENT_NONE : hw_csv_exact_end(exact, at, end);
    if (event != HW_CSV_EVENT_NONE || exact->state == HW_CSV_PADDED) {
        return event;
    }
    const bool cr_more = exact->state == HW_CSV_AFTER_CR && dialect->double_cr;
    if ((exact->state == HW_CSV_QUOTE_SEEN || cr_more) && *at == '\r') {
        exact->state = HW_CSV_AFTER_CR;
        return HW_CSV_EVENT_NONE;
    }
    exact->odd_quotes++;
    if (dialect->quotes_lenient) {
        exact->state = HW_CSV_QUOTED;
        hw_csv_exact_step_quoted(exact, *at);
        return HW_CSV_EVENT_NONE;
    }
    exact->state = HW_CSV_TRAILING;
    exact->malformed = true;
    return hw_csv_exact_end(exact, at, end);
}

/* Takes a byte of a field without quotes. */
static inline enum hw_csv_event hw_csv_exact_step_bare(struct hw_csv_exact *exact, const char *at, const char *end) {
    const struct hw_csv_dialect *dialect = exact->dialect;
    if (dialect->escape_everywhere && *at == dialect->escape) {
        exact->state = HW_CSV_ESCAPED_BARE;
        return HW_CSV_EVENT_NONE;
    }
    const enum hw_csv_event event = hw_csv_exact_end(exact, at, end);
    if (event == HW_CSV_EVENT_NONE && exact->state != HW_CSV_PADDED) {
        exact->state = HW_CSV_UNQUOTED;
    }
    return event;
}

/* Takes the first byte of a field. */
static inline enum hw_csv_event hw_csv_exact_step_start(struct hw_csv_exact *exact, const char *at, const char *end) {
    const struct hw_csv_dialect *dialect = exact->dialect;
    if (exact->state == HW_CSV_AT_RECORD) {
        exact->malformed = false;
        if (hw_csv_is_comment(dialect, (hw_view){at, (size_t)(end - at)})) {
            exact->state = HW_CSV_COMMENT;
            return HW_CSV_EVENT_NONE;
        }
    }
    if (hw_csv_pads(dialect, *at)) {
        exact->state = HW_CSV_AT_FIELD;
        return HW_CSV_EVENT_NONE;
    }
    if (dialect->quote != '\0' && *at == dialect->quote) {
        exact->state = HW_CSV_QUOTED;
        return HW_CSV_EVENT_NONE;
    }
    return hw_csv_exact_step_bare(exact, at, end);
}

/*
 * Takes the byte at `at`, and returns whether it ends a field or a record. Bytes up to `end`, which
 * are all of the text that there is, are looked at where a mark has several. Its tail is taken too,
 * byte by byte, before the next field begins.
 */
static inline enum hw_csv_event hw_csv_exact_step(struct hw_csv_exact *exact, const char *at, const char *end) {
    exact->lines += *at == exact->dialect->end;
    switch (exact->state) {
    case HW_CSV_AT_RECORD:
    case HW_CSV_AT_FIELD:
        return hw_csv_exact_step_start(exact, at, end);
    case HW_CSV_QUOTED:
        hw_csv_exact_step_quoted(exact, *at);
        return HW_CSV_EVENT_NONE;
    case HW_CSV_ESCAPED:
        exact->state = HW_CSV_QUOTED;
        return HW_CSV_EVENT_NONE;
    case HW_CSV_ESCAPED_BARE:
        exact->state = HW_CSV_UNQUOTED;
        return HW_CSV_EVENT_NONE;
    case HW_CSV_QUOTE_SEEN:
    case HW_CSV_AFTER_CR:
        return hw_csv_exact_step_close(exact, at, end);
    case HW_CSV_PADDED:
        return hw_csv_pads(exact->dialect, *at) ? HW_CSV_EVENT_NONE : hw_csv_exact_end(exact, at, end);
    case HW_CSV_IN_DELIMITER:
        exact->state = --exact->tail > 0 ? HW_CSV_IN_DELIMITER : HW_CSV_AT_FIELD;
        return HW_CSV_EVENT_NONE;
    case HW_CSV_UNQUOTED:
        exact->odd_quotes += exact->dialect->quote != '\0' && *at == exact->dialect->quote;
        return hw_csv_exact_step_bare(exact, at, end);
    default:
        exact->odd_quotes += exact->dialect->quote != '\0' && *at == exact->dialect->quote;
        return hw_csv_exact_end(exact, at, end);
    }
}

#endif
