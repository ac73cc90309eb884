/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/hint.h"

#include "csv/scan_exact.h"

/* Says whether a record that is bad has a certain look. */
typedef bool look_fn(const struct hw_csv_fault *fault);

static look_fn any, escaped_quote, escaped_delimiter, escaped_end, blanks_after_quote, lenient_closes, trailing_empty,
    trailing_name, one_column, many_more, comment_like, lone_null, quotes_beside, blank_before_quote;

static const char reject_hint[] = "--bad-rows reject sets bad records aside and converts the others";
static const char pad_hint[] =
    "--bad-rows pad fills short records with nulls, --bad-rows reject sets bad records aside and converts the others";
static const char escape_hint[] = "--escape '\\' takes quotes behind a backslash for characters";
static const char quotes_hint[] =
    "--quotes lenient takes a quote within quotes for a character, --no-quotes takes all quotes for characters";
static const char no_quotes_hint[] =
    "--no-quotes takes quotes for characters; it helps where a quote stands alone, as in 5\" disks";
static const char skip_hint[] =
    "--skip-lines N leaves out lines before the header, and --delimiter says what separates "
    "fields, should either be the fault";
/* By the number of lines; where they are more, or it is not known how many, the one above. */
#define SKIP_HINT(lines) "--skip-lines " #lines " leaves out the lines before the header"
static const char *const skip_hints[] = {
    NULL,          "--skip-lines 1 leaves out the line before the header",
    SKIP_HINT(2),  SKIP_HINT(3),
    SKIP_HINT(4),  SKIP_HINT(5),
    SKIP_HINT(6),  SKIP_HINT(7),
    SKIP_HINT(8),  SKIP_HINT(9),
    SKIP_HINT(10), SKIP_HINT(11),
    SKIP_HINT(12), SKIP_HINT(13),
    SKIP_HINT(14), SKIP_HINT(15),
    SKIP_HINT(16), SKIP_HINT(17),
    SKIP_HINT(18), SKIP_HINT(19),
    SKIP_HINT(20), SKIP_HINT(21),
    SKIP_HINT(22), SKIP_HINT(23),
    SKIP_HINT(24), SKIP_HINT(25),
    SKIP_HINT(26), SKIP_HINT(27),
    SKIP_HINT(28), SKIP_HINT(29),
    SKIP_HINT(30), SKIP_HINT(31),
    SKIP_HINT(32),
};
#undef SKIP_HINT
static const char trailing_hint[] =
    "--trailing-delimiter takes a delimiter at the end of a record for no more than that";
static const char everywhere_hint[] = "--no-quotes --escape '\\' takes what stands behind a backslash as it is";
static const char comment_hint[] = "--comment '#' leaves out records that begin with #, and --comment // those with //";
static const char blanks_hint[] = "--delimiter blanks takes runs of spaces and tabs for the delimiter";
static const char trim_hint[] = "--trim takes blanks around quotes for no part of a field";
static const char null_hint[] = "--null-values '\\N' takes \\N for null";

/* The first row of the reason whose look is that of the record counts. */
static const struct {
    enum hw_csv_reason reason;
    look_fn *look;
    const char *hint; /* NULL: none */
} rows[] = {
    {HW_CSV_TOO_FEW_FIELDS, escaped_end, everywhere_hint},
    {HW_CSV_TOO_FEW_FIELDS, comment_like, comment_hint},
    {HW_CSV_TOO_FEW_FIELDS, trailing_name, trailing_hint},
    {HW_CSV_TOO_FEW_FIELDS, any, pad_hint},
    {HW_CSV_TOO_MANY_FIELDS, escaped_delimiter, everywhere_hint},
    {HW_CSV_TOO_MANY_FIELDS, escaped_quote, escape_hint},
    {HW_CSV_TOO_MANY_FIELDS, trailing_empty, trailing_hint},
    {HW_CSV_TOO_MANY_FIELDS, blank_before_quote, trim_hint},
    {HW_CSV_TOO_MANY_FIELDS, one_column, skip_hint},
    {HW_CSV_TOO_MANY_FIELDS, many_more, skip_hint},
    {HW_CSV_TOO_MANY_FIELDS, any, reject_hint},
    {HW_CSV_AFTER_QUOTE, escaped_quote, escape_hint},
    {HW_CSV_AFTER_QUOTE, blanks_after_quote, trim_hint},
    {HW_CSV_AFTER_QUOTE, quotes_beside, blanks_hint},
    {HW_CSV_AFTER_QUOTE, lenient_closes, quotes_hint},
    {HW_CSV_AFTER_QUOTE, any, no_quotes_hint},
    {HW_CSV_OPEN_QUOTE, escaped_quote, escape_hint},
    {HW_CSV_OPEN_QUOTE, any, no_quotes_hint},
    /* Their messages name the option that helps. */
    {HW_CSV_NOT_UTF8, any, NULL},
    {HW_CSV_UNCLEAR_ESCAPE, lone_null, null_hint},
    {HW_CSV_UNCLEAR_ESCAPE, any, NULL},
    {HW_CSV_FIELD_TOO_LONG, any, reject_hint},
    {HW_CSV_WRONG_TYPE, any, reject_hint},
    {HW_CSV_NULL_REQUIRED, any, reject_hint},
    {HW_CSV_BELOW_MIN, any, reject_hint},
    {HW_CSV_ABOVE_MAX, any, reject_hint},
    {HW_CSV_NOT_IN_ENUM, any, reject_hint},
    {HW_CSV_PATTERN, any, reject_hint},
    {HW_CSV_DUPLICATE, any, reject_hint},
};

/* Returns the hint of a row, or the one that it stands for where more is known. */
static const char *hint_choose(const char *hint, const struct hw_csv_fault *fault) {
    if (hint == skip_hint && fault->preamble_lines > 0 && fault->preamble_lines < COUNT_OF(skip_hints)) {
        return skip_hints[fault->preamble_lines];
    }
    /* No other record is converted where the header is bad. */
    return fault->header && hint == reject_hint ? NULL : hint;
}

const char *hw_csv_hint(const struct hw_csv_fault *fault) {
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].reason == fault->reason && rows[i].look(fault)) {
            return hint_choose(rows[i].hint, fault);
        }
    }
    return NULL;
}

static bool any(const struct hw_csv_fault *fault) {
    (void)fault;
    return true;
}

/* Returns whether some backslash stands before `text`. */
static bool backslash_before(hw_view record, const char *text, size_t bytes) {
    for (size_t i = 0; i + bytes < record.size; i++) {
        if (record.data[i] == '\\' && memcmp(record.data + i + 1, text, bytes) == 0) {
            return true;
        }
    }
    return false;
}

static bool escaped_quote(const struct hw_csv_fault *fault) {
    return fault->dialect->escape == '\0' && fault->dialect->quote != '\0' &&
           backslash_before(fault->record, &fault->dialect->quote, 1);
}

static bool escaped_delimiter(const struct hw_csv_fault *fault) {
    return !fault->dialect->escape_everywhere && backslash_before(fault->record, &fault->dialect->delimiter, 1);
}

/* The record ends where a value goes on that has an escaped line end in it. */
static bool escaped_end(const struct hw_csv_fault *fault) {
    const hw_view record = fault->record;
    return !fault->dialect->escape_everywhere && record.size > 0 && record.data[record.size - 1] == '\\';
}

static bool blanks_after_quote(const struct hw_csv_fault *fault) {
    const char *at = fault->record.data + fault->at;
    const char *end = fault->record.data + fault->record.size;
    while (at < end && hw_csv_blank(*at) && *at != fault->dialect->delimiter) {
        at++;
    }
    return at == end || *at == fault->dialect->delimiter;
}

/* Blanks stand between the quotes of two fields, where another byte delimits. */
static bool quotes_beside(const struct hw_csv_fault *fault) {
    const char *at = fault->record.data + fault->at;
    const char *end = fault->record.data + fault->record.size;
    const char *from = at;
    while (at < end && hw_csv_blank(*at)) {
        at++;
    }
    return at > from && at < end && *at == fault->dialect->quote && !fault->dialect->blanks;
}

/* Blanks between a delimiter and a quote make it a character, and delimiters after it count. */
static bool blank_before_quote(const struct hw_csv_fault *fault) {
    const struct hw_csv_dialect *dialect = fault->dialect;
    bool begins = true;
    bool padded = false;
    for (size_t i = 0; !dialect->trim && dialect->quote != '\0' && i < fault->record.size; i++) {
        const char byte = fault->record.data[i];
        if (padded && byte == dialect->quote) {
            return true;
        }
        padded = begins && hw_csv_blank(byte) && byte != dialect->delimiter;
        begins = padded || byte == dialect->delimiter;
    }
    return false;
}

/* With lenient quotes the record would end where it does. */
static bool lenient_closes(const struct hw_csv_fault *fault) {
    struct hw_csv_dialect lenient = *fault->dialect;
    struct hw_csv_exact exact = hw_csv_exact_start(&lenient);
    const char *end = fault->record.data + fault->record.size;
    lenient.quotes_lenient = true;
    for (const char *at = fault->record.data; at < end; at++) {
        hw_csv_exact_step(&exact, at, end);
    }
    return !hw_csv_exact_in_quotes(&exact);
}

static bool trailing_empty(const struct hw_csv_fault *fault) {
    const struct hw_csv_dialect *dialect = fault->dialect;
    const hw_view tail = {dialect->delimiter_tail.bytes, dialect->delimiter_tail.count};
    const size_t before = fault->record.size - hw_min_size(fault->record.size, tail.size);
    return fault->found == fault->columns + 1 && !dialect->trailing_delimiter && hw_view_ends(fault->record, tail) &&
           before > 0 && fault->record.data[before - 1] == dialect->delimiter;
}

static bool trailing_name(const struct hw_csv_fault *fault) {
    return fault->last_unnamed && fault->found + 1 == fault->columns && !fault->dialect->trailing_delimiter;
}

static bool one_column(const struct hw_csv_fault *fault) {
    return fault->columns == 1;
}

/* Lines before the header may have a delimiter or two in them. */
static bool many_more(const struct hw_csv_fault *fault) {
    return fault->found >= 2 * fault->columns;
}

static bool comment_like(const struct hw_csv_fault *fault) {
    const bool begins = hw_view_starts(fault->record, HW_VIEW("#")) || hw_view_starts(fault->record, HW_VIEW("//"));
    return fault->dialect->comment == '\0' && begins;
}

/* The field at fault is \N and no more. */
static bool lone_null(const struct hw_csv_fault *fault) {
    const hw_view field = {fault->record.data + fault->at, fault->record.size - fault->at};
    const bool ends = field.size == 2 || (field.size > 2 && field.data[2] == fault->dialect->delimiter);
    return hw_view_starts(field, HW_VIEW("\\N")) && ends;
}
