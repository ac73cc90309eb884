/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/blanks_detect.h"

#include "csv/cell.h"
#include "csv/scan_exact.h"

/*
 * The number of records by which blanks are judged, the most fields of which columns are told
 * apart, and the fewest records below the first that say anything.
 */
enum { JUDGED_RECORDS = 200, COLUMNS_MAX = 256, RECORDS_MIN = 2 };

/* A table of few columns may have them by chance, unless the columns are aligned. */
enum { PLAIN_COLUMNS_MIN = 3 };

/* Most records are at least this share of them: others may stand before the table. */
static const double most = 0.6;

/* What blanks make of one record. */
struct record {
    size_t fields;
    bool aligned; /* several blanks, or a tab, stand between two of its fields */
    bool value;   /* the record as a whole looks like one value */
    /* For each field, whether it looks like a value, and whether it has a point. */
    bool values[COLUMNS_MAX];
    bool points[COLUMNS_MAX];
};

/* What the records below the first have together. */
struct body {
    size_t records;
    size_t fields;              /* as many as most of them have */
    size_t agreeing;            /* the number of records that have as many */
    size_t aligned;             /* the number of those that are aligned */
    size_t whole_values;        /* the number of those that look like one value */
    size_t values[COLUMNS_MAX]; /* for each column, the number of records with a value there */
    size_t points[COLUMNS_MAX];
};

static bool record_read(hw_view *text, bool whole, const struct hw_csv_dialect *dialect, struct record *out_record);
static size_t fields_common(hw_view text, bool whole, const struct hw_csv_dialect *dialect);
static void body_add(struct body *body, const struct record *record);
static enum hw_csv_blanks judge(const struct record *first, const struct body *body);

enum hw_csv_blanks hw_csv_blanks_detect(hw_view text, bool whole, const struct hw_csv_dialect *dialect) {
    struct hw_csv_dialect tried = *dialect;
    struct record first;
    struct record record;
    struct body body = {0};
    tried.delimiter = ' ';
    tried.delimiter_tail.count = 0;
    tried.blanks = tried.trim = true;
    if (tried.quote == ' ' || tried.escape == ' ' || tried.comment == ' ' ||
        !record_read(&text, whole, &tried, &first)) {
        return HW_CSV_BLANKS_NONE;
    }
    body.fields = fields_common(text, whole, &tried);
    while (body.records < JUDGED_RECORDS && record_read(&text, whole, &tried, &record)) {
        body_add(&body, &record);
    }
    return judge(&first, &body);
}

static void field_add(struct record *record, hw_view field);

/*
 * Takes the next record that is neither blank nor a comment off the text. Returns false where none
 * ends in it.
 */
static bool record_read(hw_view *text, bool whole, const struct hw_csv_dialect *dialect, struct record *out_record) {
    struct hw_csv_exact exact = hw_csv_exact_start(dialect);
    const char *end = text->data + text->size;
    const char *field = text->data;
    struct record record = {0};
    for (const char *at = text->data; at < end || (at == end && whole && field < end); at++) {
        const enum hw_csv_event event = at == end ? HW_CSV_EVENT_RECORD_END : hw_csv_exact_step(&exact, at, end);
        if (event == HW_CSV_EVENT_NONE) {
            continue;
        }
        field_add(&record, (hw_view){field, (size_t)(at - field)});
        field = at + 1;
        if (event == HW_CSV_EVENT_FIELD_END) {
            continue;
        }
        const size_t bytes = hw_csv_without_cr(dialect, text->data, 0, (size_t)(at - text->data));
        const hw_view line = {text->data, bytes};
        *text = at == end ? (hw_view){end, 0} : (hw_view){at + 1, (size_t)(end - at) - 1};
        if (!hw_csv_is_blank(dialect, line) && !hw_csv_is_comment(dialect, line)) {
            const enum hw_csv_cell look = hw_csv_cell_of(line);
            record.value = look != HW_CSV_CELL_WORDS;
            *out_record = record;
            return true;
        }
        record = (struct record){0};
        field = text->data;
        at = field - 1;
    }
    return false;
}

static void field_add(struct record *record, hw_view field) {
    const size_t number = record->fields++;
    if (number > 0 && field.size > 0) {
        /* The first blank of a run is no part of a field, the others are; it may be a tab. */
        record->aligned |= hw_csv_blank(field.data[0]) || field.data[-1] == '\t';
    }
    if (number < COLUMNS_MAX) {
        const enum hw_csv_cell look = hw_csv_cell_of(field);
        record->values[number] = look == HW_CSV_CELL_NUMBER || look == HW_CSV_CELL_TIME || look == HW_CSV_CELL_BOOLEAN;
        record->points[number] = look == HW_CSV_CELL_NUMBER && memchr(field.data, '.', field.size);
    }
}

/* Returns the number of fields that most records have, or 0 where these are too many. */
static size_t fields_common(hw_view text, bool whole, const struct hw_csv_dialect *dialect) {
    size_t counts[COLUMNS_MAX + 1] = {0};
    struct record record;
    size_t common = 0;
    for (size_t i = 0; i < JUDGED_RECORDS && record_read(&text, whole, dialect, &record); i++) {
        const size_t fields = record.fields <= COLUMNS_MAX ? record.fields : 0;
        counts[fields]++;
        common = counts[fields] > counts[common] ? fields : common;
    }
    return common;
}

static void body_add(struct body *body, const struct record *record) {
    body->records++;
    if (record->fields != body->fields) {
        return;
    }
    body->agreeing++;
    body->aligned += record->aligned;
    body->whole_values += record->value;
    for (size_t i = 0; i < record->fields; i++) {
        body->values[i] += record->values[i];
        body->points[i] += record->points[i];
    }
}

/* The columns that hold nothing but values, or values with a point, or mostly values. */
struct columns {
    size_t mostly;
    size_t values;
    size_t points;
};

static bool certain(const struct record *first, const struct body *body, struct columns columns);

static enum hw_csv_blanks judge(const struct record *first, const struct body *body) {
    struct columns columns = {0};
    if (body->records < RECORDS_MIN || body->fields < 2 || body->whole_values == body->agreeing ||
        (double)body->agreeing < most * (double)body->records) {
        return HW_CSV_BLANKS_NONE;
    }
    for (size_t i = 0; i < body->fields; i++) {
        columns.mostly += (double)body->values[i] >= most * (double)body->agreeing;
        columns.values += body->values[i] == body->agreeing;
        columns.points += body->points[i] == body->agreeing;
    }
    if (body->agreeing == body->records && body->fields == first->fields && certain(first, body, columns)) {
        return HW_CSV_BLANKS_DELIMIT;
    }
    const bool aligned = (double)body->aligned >= most * (double)body->agreeing;
    return aligned || (columns.mostly > 0 && body->fields >= PLAIN_COLUMNS_MIN) ? HW_CSV_BLANKS_DOUBTFUL
                                                                                : HW_CSV_BLANKS_NONE;
}

/* Judges records of which all have as many fields, as the first has. */
static bool certain(const struct record *first, const struct body *body, struct columns columns) {
    const bool aligned = first->aligned && (double)body->aligned >= most * (double)body->agreeing;
    size_t named = 0;
    for (size_t i = 0; i < body->fields; i++) {
        named += !first->values[i];
    }
    if (named == body->fields) {
        return columns.values == body->fields || (aligned && columns.values * 2 >= body->fields);
    }
    /* There is no header. */
    return named == 0 && columns.values == body->fields &&
           (aligned || (columns.points > 0 && body->fields >= PLAIN_COLUMNS_MIN));
}
