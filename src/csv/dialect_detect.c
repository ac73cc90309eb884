/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/dialect_detect.h"

#include "csv/scan_exact.h"

/*
 * The number of records by which a delimiter is judged, and the most fields of a record that are
 * told apart.
 */
enum { JUDGED_RECORDS = 200, COUNTED_FIELDS = 1024 };

static const char candidates[] = {',', ';', '\t', '|'};

static enum hw_status options_check(const struct hw_csv_dialect *dialect, struct hw_error *err);
static size_t prefix_find(hw_view sample, const struct hw_csv_options *options, char end, uint64_t *out_lines);
static char record_end_find(hw_view sample, const struct hw_csv_options *options);
static char delimiter_find(hw_view text, bool whole, struct hw_csv_dialect dialect);

enum hw_status hw_csv_dialect_detect(hw_view sample, bool whole, const struct hw_csv_options *options,
                                     struct hw_csv_dialect *out_dialect, struct hw_error *err) {
    const char quote = options->no_quotes ? '\0' : options->quote ? options->quote : '"';
    struct hw_csv_dialect dialect = {
        .delimiter = options->delimiter,
        .quote = quote,
        /* A quote that escapes itself is an ordinary doubled one. */
        .escape = options->escape == quote ? '\0' : options->escape,
        .comment = options->comment,
        .end = record_end_find(sample, options),
    };
    HW_TRY(options_check(&dialect, err));
    dialect.prefix = prefix_find(sample, options, dialect.end, &dialect.prefix_lines);
    if (dialect.delimiter == '\0') {
        hw_view text = {sample.data + dialect.prefix, sample.size - dialect.prefix};
        dialect.delimiter = delimiter_find(text, whole, dialect);
    }
    *out_dialect = dialect;
    return HW_OK;
}

static enum hw_status options_check(const struct hw_csv_dialect *dialect, struct hw_error *err) {
    const char bytes[] = {dialect->delimiter, dialect->quote, dialect->escape, dialect->comment, '\n', '\r'};
    static const char *const names[] = {"delimiter", "quote", "escape", "comment", "line feed", "carriage return"};
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        for (size_t k = i + 1; bytes[i] != '\0' && k < COUNT_OF(bytes); k++) {
            if (bytes[i] == bytes[k]) {
                return hw_fail(err, HW_EUSAGE, "%s and %s cannot be the same byte", names[i], names[k]);
            }
        }
    }
    return HW_OK;
}

static char record_end_find(hw_view sample, const struct hw_csv_options *options) {
    if (options->record_end != HW_CSV_RECORD_END_AUTO) {
        return options->record_end == HW_CSV_RECORD_END_CR ? '\r' : '\n';
    }
    bool lf = sample.size > 0 && memchr(sample.data, '\n', sample.size);
    bool cr = sample.size > 0 && memchr(sample.data, '\r', sample.size);
    return !lf && cr ? '\r' : '\n';
}

static size_t prefix_find(hw_view sample, const struct hw_csv_options *options, char end, uint64_t *out_lines) {
    size_t prefix = hw_view_starts(sample, HW_VIEW("\xef\xbb\xbf")) ? 3 : 0;
    uint64_t lines = 0;
    while (lines < options->skip_lines && prefix < sample.size) {
        const char *at = memchr(sample.data + prefix, end, sample.size - prefix);
        prefix = at ? (size_t)(at - sample.data) + 1 : sample.size;
        lines++;
    }
    *out_lines = lines;
    return prefix;
}

/*
 * The fit of a delimiter: the number of fields that most records have with it, and how many have
 * it.
 */
struct fit {
    size_t records;
    size_t agreeing;
    size_t fields;
    /* The first record, mostly the header, has that number of fields too. */
    bool first_agrees;
    /* Quotes in the middle of a field, or before other bytes than the end of one. */
    uint64_t odd_quotes;
};

static struct fit delimiter_fit(hw_view text, bool whole, const struct hw_csv_dialect *dialect) {
    uint32_t counts[COUNTED_FIELDS] = {0}; /* the number of records by their number of fields */
    struct hw_csv_exact exact = hw_csv_exact_start(dialect);
    struct fit fit = {0};
    size_t fields = 0;
    size_t first = 0;
    size_t start = 0;

    for (size_t i = 0; i <= text.size && fit.records < JUDGED_RECORDS; i++) {
        bool last = i == text.size;
        if (last && (!whole || start == i)) {
            break;
        }
        enum hw_csv_event event = last ? HW_CSV_EVENT_RECORD_END : hw_csv_exact_step(&exact, text.data[i]);
        fields += event != HW_CSV_EVENT_NONE;
        if (event != HW_CSV_EVENT_RECORD_END) {
            continue;
        }
        bool blank = i - start == 0 || (i - start == 1 && text.data[start] == '\r');
        bool comment = dialect->comment != '\0' && text.data[start] == dialect->comment;
        if (!blank && !comment) {
            fit.odd_quotes = exact.odd_quotes;
            first = fit.records == 0 ? fields : first;
            fit.records++;
            counts[hw_min_size(fields, COUNTED_FIELDS - 1)]++;
        }
        fields = 0;
        start = i + 1;
    }
    for (size_t n = 1; n < COUNTED_FIELDS; n++) {
        if (counts[n] > 0 && counts[n] >= fit.agreeing) {
            fit.agreeing = counts[n];
            fit.fields = n;
        }
    }
    fit.first_agrees = hw_min_size(first, COUNTED_FIELDS - 1) == fit.fields;
    return fit;
}

/*
 * Returns whether `a` fits better. Splitting records at all counts most, then having no odd quotes,
 * then a header like the rest, then the share of records that agree, then more fields.
 */
static bool fit_better(const struct fit *a, const struct fit *b) {
    const uint64_t a_rank[] = {a->fields > 1, UINT64_MAX - a->odd_quotes, a->first_agrees,
                               a->agreeing * 1000 / hw_max_size(a->records, 1), a->fields};
    const uint64_t b_rank[] = {b->fields > 1, UINT64_MAX - b->odd_quotes, b->first_agrees,
                               b->agreeing * 1000 / hw_max_size(b->records, 1), b->fields};
    for (size_t i = 0; i < COUNT_OF(a_rank); i++) {
        if (a_rank[i] != b_rank[i]) {
            return a_rank[i] > b_rank[i];
        }
    }
    return false;
}

static char delimiter_find(hw_view text, bool whole, struct hw_csv_dialect dialect) {
    char best = candidates[0];
    struct fit best_fit = {0};
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        if (candidates[i] == dialect.quote || candidates[i] == dialect.escape || candidates[i] == dialect.comment) {
            continue;
        }
        dialect.delimiter = candidates[i];
        struct fit fit = delimiter_fit(text, whole, &dialect);
        if (i == 0 || fit_better(&fit, &best_fit)) {
            best = candidates[i];
            best_fit = fit;
        }
    }
    return best;
}
