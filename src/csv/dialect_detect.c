/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/dialect_detect.h"

#include "core/object_name.h"
#include "csv/blanks_detect.h"
#include "csv/delimiter_detect.h"
#include "csv/record_end_detect.h"

static enum hw_status options_check(const struct hw_csv_dialect *dialect, struct hw_error *err);
static struct hw_csv_end_found record_end_find(hw_view sample, char quote, const struct hw_csv_options *options);
static void prefix_skip(hw_view sample, const struct hw_csv_options *options, struct hw_csv_dialect *dialect);
static hw_view separator_line(hw_view sample, struct hw_csv_dialect *dialect);
static bool character_is(const char *text, size_t bytes);
static void delimiter_find(const struct hw_csv_head *head, struct hw_csv_dialect *dialect, char *out_rival);
static enum hw_status tail_set(const char *name, const char *text, struct hw_csv_tail *out_tail, struct hw_error *err);

enum hw_status hw_csv_dialect_detect(const struct hw_csv_head *head, const struct hw_csv_options *options,
                                     struct hw_csv_dialect *out_dialect, char *out_rival, struct hw_error *err) {
    const hw_view sample = head->bytes;
    const char quote = options->no_quotes ? '\0' : options->quote ? options->quote : '"';
    const struct hw_csv_end_found end = record_end_find(sample, quote, options);
    struct hw_csv_dialect dialect = {
        .delimiter = options->delimiter_blanks ? ' ' : options->delimiter,
        .quote = quote,
        /* A quote that escapes itself is an ordinary doubled one. */
        .escape = options->escape == quote ? '\0' : options->escape,
        .comment = options->comment,
        .end = end.end,
        .double_cr = end.double_cr,
        .escape_everywhere = options->no_quotes || options->escapes != HW_CSV_ESCAPES_SAFE,
        .escapes = options->escapes,
        .quotes_lenient = options->quotes_lenient,
        .trailing_delimiter = options->trailing_delimiter,
        .trim = options->trim || options->delimiter_blanks,
        .blanks = options->delimiter_blanks,
    };
    char rival = '\0';
    dialect.escape_everywhere &= dialect.escape != '\0';
    HW_TRY(tail_set("delimiter", dialect.blanks ? NULL : options->delimiter_tail, &dialect.delimiter_tail, err));
    HW_TRY(tail_set("comment", options->comment_tail, &dialect.comment_tail, err));
    HW_TRY(options_check(&dialect, err));
    prefix_skip(sample, options, &dialect);
    const hw_view named = separator_line(sample, &dialect);
    if (dialect.delimiter == '\0' && named.size > 0) {
        dialect.delimiter = named.data[0];
        dialect.delimiter_tail.count = (uint8_t)(named.size - 1);
        memcpy(dialect.delimiter_tail.bytes, named.data + 1, named.size - 1);
        HW_TRY(options_check(&dialect, err));
    }
    if (dialect.delimiter == '\0') {
        delimiter_find(head, &dialect, &rival);
    }
    *out_dialect = dialect;
    *out_rival = rival;
    return HW_OK;
}

/* Finds the delimiter of what follows the prefix. Blanks are it where nothing else splits that. */
static void delimiter_find(const struct hw_csv_head *head, struct hw_csv_dialect *dialect, char *out_rival) {
    const hw_view text = {head->bytes.data + dialect->prefix, head->bytes.size - dialect->prefix};
    const char hint = hw_name_look(head->name).delimiter;
    const struct hw_csv_delimiter found =
        hw_csv_delimiter_detect(text, head->whole, dialect, hint == ',' ? '\0' : hint);
    const enum hw_csv_blanks blanks =
        found.splits ? HW_CSV_BLANKS_NONE : hw_csv_blanks_detect(text, head->whole, dialect);
    dialect->blanks = blanks == HW_CSV_BLANKS_DELIMIT;
    dialect->trim |= dialect->blanks;
    dialect->delimiter = dialect->blanks ? ' ' : found.byte;
    *out_rival = blanks == HW_CSV_BLANKS_DOUBTFUL ? ' ' : found.rival;
}

static enum hw_status options_check(const struct hw_csv_dialect *dialect, struct hw_error *err) {
    const char bytes[] = {dialect->delimiter,
                          dialect->blanks ? '\t' : '\0',
                          dialect->quote,
                          dialect->escape,
                          dialect->comment,
                          '\n',
                          '\r'};
    static const char *const names[] = {"delimiter", "delimiter", "quote",          "escape",
                                        "comment",   "line feed", "carriage return"};
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        for (size_t k = i + 1; bytes[i] != '\0' && k < COUNT_OF(bytes); k++) {
            if (bytes[i] == bytes[k]) {
                return hw_fail(err, HW_EUSAGE, "%s and %s cannot %s the same byte", names[i], names[k],
                               dialect->delimiter_tail.count + dialect->comment_tail.count > 0 ? "begin with" : "be");
            }
        }
    }
    return HW_OK;
}

/* Sets the bytes of a mark behind its first one. None of them ends a record. */
static enum hw_status tail_set(const char *name, const char *text, struct hw_csv_tail *out_tail, struct hw_error *err) {
    const size_t bytes = text ? strlen(text) : 0;
    if (bytes >= HW_CSV_MARK_BYTES_MAX) {
        return hw_fail(err, HW_EUSAGE, "a %s has at most %d bytes, this one has %zu", name, HW_CSV_MARK_BYTES_MAX,
                       bytes + 1);
    }
    if (text && strpbrk(text, "\r\n")) {
        return hw_fail(err, HW_EUSAGE, "a %s cannot hold the end of a record", name);
    }
    out_tail->count = (uint8_t)bytes;
    memcpy(out_tail->bytes, text ? text : "", bytes);
    return HW_OK;
}

static struct hw_csv_end_found record_end_find(hw_view sample, char quote, const struct hw_csv_options *options) {
    struct hw_csv_end_found end = hw_csv_record_end_detect(sample, quote);
    if (options->record_end != HW_CSV_RECORD_END_AUTO) {
        end.end = options->record_end == HW_CSV_RECORD_END_CR ? '\r' : '\n';
        end.double_cr &= end.end == '\n';
    }
    return end;
}

/* Skips a byte order mark, and the lines that the options leave out. */
static void prefix_skip(hw_view sample, const struct hw_csv_options *options, struct hw_csv_dialect *dialect) {
    size_t prefix = hw_view_starts(sample, HW_VIEW("\xef\xbb\xbf")) ? 3 : 0;
    uint64_t lines = 0;
    while (lines < options->skip_lines && prefix < sample.size) {
        const char *at = memchr(sample.data + prefix, dialect->end, sample.size - prefix);
        prefix = at ? (size_t)(at - sample.data) + 1 : sample.size;
        lines++;
    }
    dialect->prefix = prefix;
    dialect->prefix_lines = lines;
}

/*
 * Skips a first line such as "sep=;", with which Excel is told the delimiter: one character, which
 * may have several bytes. Returns that, or no bytes where there is no such line.
 */
static hw_view separator_line(hw_view sample, struct hw_csv_dialect *dialect) {
    const hw_view text = {sample.data + dialect->prefix, sample.size - dialect->prefix};
    const char *end = text.size > 0 ? memchr(text.data, dialect->end, text.size) : NULL;
    const hw_view start = HW_VIEW("sep=");
    const size_t bytes = end ? hw_csv_without_cr(dialect, text.data, 0, (size_t)(end - text.data)) : 0;
    if (bytes <= start.size || !hw_view_starts(text, start) ||
        !character_is(text.data + start.size, bytes - start.size)) {
        return (hw_view){0};
    }
    dialect->prefix += (size_t)(end - text.data) + 1;
    dialect->prefix_lines++;
    return (hw_view){text.data + start.size, bytes - start.size};
}

/* Returns whether so many bytes are one character of UTF-8. */
static bool character_is(const char *text, size_t bytes) {
    size_t characters = 0;
    for (size_t i = 0; i < bytes; i++) {
        characters += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return characters == 1 && ((unsigned char)text[0] & 0xc0) != 0x80 && bytes <= 4;
}
