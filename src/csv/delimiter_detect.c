/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/delimiter_detect.h"

#include <math.h>

#include "csv/cell.h"
#include "csv/scan_exact.h"

/*
 * The number of records by which a delimiter is judged, and the most fields of a record that are
 * told apart.
 */
enum { JUDGED_RECORDS = 200, COUNTED_FIELDS = 1024 };

/* In the order in which they win where several fit equally. */
static const char candidates[] = {'\t', '|', ';', ','};

/* Two candidates fit equally where their fits differ by less than this share. */
static const double tie_share = 0.02;

/* What a first record with another number of fields than the others leaves of a fit. */
static const double first_differs_factor = 0.6;

/*
 * How much a field by its look speaks for the delimiters around it: values that nobody could
 * mistake do it most, and an empty field says little.
 */
static const double cell_worth[] = {
    [HW_CSV_CELL_EMPTY] = 0.8, [HW_CSV_CELL_NUMBER] = 1, [HW_CSV_CELL_TIME] = 1,
    [HW_CSV_CELL_BOOLEAN] = 1, [HW_CSV_CELL_JSON] = 1,   [HW_CSV_CELL_WORDS] = 0.9,
};
static const double quoted_worth = 1;
static const double malformed_worth = 0;
/* Words with a comma and a blank in them are prose, whatever delimits them. */
static const double prose_worth = 0.8;
/* Words that hold another candidate once, and those that hold it more often. */
static const double other_once_worth = 0.3;
static const double others_worth = 0.1;

/* What one candidate makes of the records. */
struct fit {
    size_t records;
    size_t cells;
    double worth;                    /* the worth of all cells */
    uint32_t counts[COUNTED_FIELDS]; /* the number of records by their number of fields */
    size_t first_fields;             /* of the first record, which mostly is the header */
};

static double delimiter_fit(hw_view text, bool whole, const struct hw_csv_dialect *dialect);

struct hw_csv_delimiter hw_csv_delimiter_detect(hw_view text, bool whole, const struct hw_csv_dialect *dialect,
                                                char hint) {
    struct hw_csv_delimiter best = {.byte = ','};
    double best_fit = 0;
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        struct hw_csv_dialect tried = *dialect;
        tried.delimiter = candidates[i];
        if (tried.delimiter == tried.quote || tried.delimiter == tried.escape || tried.delimiter == tried.comment) {
            continue;
        }
        const double fit = delimiter_fit(text, whole, &tried);
        const bool equal = best_fit > 0 && fabs(fit - best_fit) <= tie_share * fmax(fit, best_fit);
        if (equal) {
            const bool taken = tried.delimiter == hint;
            best.rival = best.byte == hint || taken ? '\0' : tried.delimiter;
            best.byte = taken ? tried.delimiter : best.byte;
            best_fit = fmax(fit, best_fit);
        } else if (fit > best_fit) {
            best = (struct hw_csv_delimiter){.byte = tried.delimiter, .splits = true};
            best_fit = fit;
        }
    }
    return best;
}

/* Adds a record of so many fields. */
static void fit_add(struct fit *fit, size_t fields, double worth) {
    fit->first_fields = fit->records == 0 ? fields : fit->first_fields;
    fit->counts[hw_min_size(fields, COUNTED_FIELDS - 1)]++;
    fit->records++;
    fit->cells += fields;
    fit->worth += worth;
}

static bool record_counts(hw_view record, const struct hw_csv_dialect *dialect);
static double cell_judge(hw_view cell, const struct hw_csv_dialect *dialect);
static double fit_sum_up(const struct fit *fit);

static hw_view without_cr(hw_view text) {
    while (text.size > 0 && text.data[text.size - 1] == '\r') {
        text.size--;
    }
    return text;
}

/* Returns how well a delimiter fits; 0 where it splits nothing. */
static double delimiter_fit(hw_view text, bool whole, const struct hw_csv_dialect *dialect) {
    struct hw_csv_exact exact = hw_csv_exact_start(dialect);
    const struct hw_csv_meanings meanings = hw_csv_meanings_of(dialect);
    struct fit fit = {0};
    size_t record = 0; /* offsets of the record and of the field */
    size_t field = 0;
    size_t fields = 0;
    double worth = 0; /* of the fields of the record */
    /* Most texts have one or two of the candidates: the others are not worth a look. */
    if (text.size == 0 || !memchr(text.data, dialect->delimiter, text.size)) {
        return 0;
    }
    for (size_t i = 0; i <= text.size && fit.records < JUDGED_RECORDS; i++) {
        i += hw_csv_exact_idle(&exact, &meanings, text.data + i, text.size - i);
        const bool last = i == text.size;
        if (last && (!whole || record == i)) {
            break;
        }
        const enum hw_csv_event event =
            last ? HW_CSV_EVENT_RECORD_END : hw_csv_exact_step(&exact, text.data + i, text.data + text.size);
        if (event == HW_CSV_EVENT_NONE) {
            continue;
        }
        const hw_view cell = {text.data + field, i - field};
        worth += cell_judge(event == HW_CSV_EVENT_RECORD_END ? without_cr(cell) : cell, dialect);
        fields++;
        field = i + 1;
        if (event != HW_CSV_EVENT_RECORD_END) {
            continue;
        }
        if (record_counts((hw_view){text.data + record, i - record}, dialect)) {
            fit_add(&fit, fields, worth);
        }
        record = i + 1;
        fields = 0;
        worth = 0;
    }
    return fit_sum_up(&fit);
}

/* Blank lines and comments do not count. */
static bool record_counts(hw_view record, const struct hw_csv_dialect *dialect) {
    return without_cr(record).size > 0 && !hw_csv_is_comment(dialect, record);
}

static double words_judge(hw_view words, char delimiter);

static double cell_judge(hw_view cell, const struct hw_csv_dialect *dialect) {
    if (cell.size > 0 && dialect->quote != '\0' && cell.data[0] == dialect->quote) {
        struct hw_csv_exact exact = hw_csv_exact_start(dialect);
        for (size_t i = 0; i < cell.size; i++) {
            hw_csv_exact_step(&exact, cell.data + i, cell.data + cell.size);
        }
        return exact.malformed || hw_csv_exact_in_quotes(&exact) ? malformed_worth : quoted_worth;
    }
    const enum hw_csv_cell look = hw_csv_cell_of(cell);
    return look == HW_CSV_CELL_WORDS ? words_judge(cell, dialect->delimiter) : cell_worth[look];
}

/* Judges words by the other candidates that they hold. */
static double words_judge(hw_view words, char delimiter) {
    size_t others = 0;
    size_t prose = 0;
    for (size_t i = 0; i < words.size; i++) {
        const char byte = words.data[i];
        if (byte != delimiter && memchr(candidates, byte, sizeof(candidates))) {
            const bool blank = i + 1 < words.size && words.data[i + 1] == ' ';
            prose += blank && byte != '\t';
            others += !(blank && byte != '\t');
        }
    }
    if (others == 0) {
        return prose > 0 ? prose_worth : cell_worth[HW_CSV_CELL_WORDS];
    }
    return others == 1 ? other_once_worth : others_worth;
}

static double fit_sum_up(const struct fit *fit) {
    size_t fields = 0;
    uint32_t agreeing = 0;
    for (size_t n = 1; n < COUNTED_FIELDS; n++) {
        if (fit->counts[n] > 0 && fit->counts[n] >= agreeing) {
            agreeing = fit->counts[n];
            fields = n;
        }
    }
    if (fields < 2) {
        return 0;
    }
    const double agreement = sqrt((double)agreeing / (double)fit->records);
    const double worth = fit->worth / (double)fit->cells;
    /* More fields are better, but much less so than the rest. */
    const double splits = 1 - 1 / (double)((fields + 1) * (fields + 1));
    const bool first_agrees = hw_min_size(fit->first_fields, COUNTED_FIELDS - 1) == fields;
    return worth * agreement * splits * (first_agrees ? 1 : first_differs_factor);
}
