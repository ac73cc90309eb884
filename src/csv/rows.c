/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/rows.h"

#include "core/count.h"
#include "core/limits.h"
#include "csv/scan.h"
#include "core/utf8_valid.h"

static const char *const reason_names[] = {
    [HW_CSV_TOO_FEW_FIELDS] = "too_few_fields",
    [HW_CSV_TOO_MANY_FIELDS] = "too_many_fields",
    [HW_CSV_NOT_UTF8] = "not_utf8",
    [HW_CSV_AFTER_QUOTE] = "bytes_after_quote",
    [HW_CSV_OPEN_QUOTE] = "open_quote",
    [HW_CSV_FIELD_TOO_LONG] = "field_too_long",
    [HW_CSV_WRONG_TYPE] = "wrong_type",
    [HW_CSV_NULL_REQUIRED] = "null_in_required_column",
    [HW_CSV_UNCLEAR_ESCAPE] = "unclear_escape",
    [HW_CSV_BELOW_MIN] = "below_min",
    [HW_CSV_ABOVE_MAX] = "above_max",
    [HW_CSV_NOT_IN_ENUM] = "not_in_enum",
    [HW_CSV_PATTERN] = "pattern",
    [HW_CSV_DUPLICATE] = "duplicate",
};
static_assert(COUNT_OF(reason_names) == HW_CSV_REASON_COUNT, "one name a reason");

const char *hw_csv_reason_name(enum hw_csv_reason reason) {
    return reason_names[reason];
}

void hw_csv_rows_release(struct hw_csv_rows *rows) {
    hw_buf_release(&rows->own_ends);
    hw_buf_release(&rows->own_starts);
    hw_buf_release(&rows->own_records);
    hw_buf_release(&rows->own_bad);
    *rows = (struct hw_csv_rows){0};
}

/* The input of hw_csv_rows_make. */
struct rows_input {
    const struct hw_csv_index *index;
    const struct hw_csv_dialect *dialect;
    const char *data;
    bool pad;
    bool utf8; /* the whole block is known to be UTF-8 */
};

static bool all_regular(const struct hw_csv_index *index, size_t columns);
static enum hw_status record_add(struct hw_csv_rows *rows, const struct rows_input *in, size_t record,
                                 struct hw_error *err);
static bool record_bad(const struct hw_csv_rows *rows, const struct rows_input *in, size_t record,
                       struct hw_csv_bad *out_bad);
static enum hw_status row_add(struct hw_csv_rows *rows, const struct rows_input *in, size_t record, size_t fields,
                              struct hw_error *err);

enum hw_status hw_csv_rows_make(struct hw_csv_rows *rows, const struct hw_csv_index *index,
                                const struct hw_csv_dialect *dialect, const char *data, size_t columns, bool pad,
                                struct hw_error *err) {
    struct rows_input in = {index, dialect, data, pad, true};
    size_t bytes = index->records > 0 ? index->record_starts[index->records] : 0;
    in.utf8 = index->ascii || hw_utf8_valid((hw_view){data, bytes}, NULL);

    rows->columns = columns;
    rows->tail_bytes = dialect->delimiter_tail.count;
    rows->bad_count = 0;
    hw_buf_clear(&rows->own_bad);
    const bool long_fields = bytes > HW_CSV_FIELD_BYTES_MAX;
    const bool plain = dialect->comment == '\0' && !dialect->trailing_delimiter;
    if (in.utf8 && !index->malformed && !long_fields && plain && all_regular(index, columns)) {
        rows->ends = index->ends;
        rows->starts = index->record_starts;
        rows->records = NULL;
        rows->count = index->records;
        return HW_OK;
    }
    rows->count = 0;
    hw_buf_clear(&rows->own_ends);
    hw_buf_clear(&rows->own_starts);
    hw_buf_clear(&rows->own_records);
    for (size_t record = 0; record < index->records; record++) {
        HW_TRY(record_add(rows, &in, record, err));
    }
    rows->ends = (const uint32_t *)(const void *)rows->own_ends.data;
    rows->starts = (const uint32_t *)(const void *)rows->own_starts.data;
    rows->records = (const uint32_t *)(const void *)rows->own_records.data;
    rows->bad = (struct hw_csv_bad *)(void *)rows->own_bad.data;
    return HW_OK;
}

static bool all_regular(const struct hw_csv_index *index, size_t columns) {
    uint32_t differs = 0;
    uint32_t expected = 0;
    for (size_t i = 0; i < index->records; i++) {
        expected += (uint32_t)columns;
        differs |= index->record_fields[i] ^ expected;
    }
    return differs == 0;
}

hw_view hw_csv_record_text(const struct hw_csv_index *index, const char *data, size_t record) {
    const size_t start = index->record_starts[record];
    const size_t end = index->ends[index->record_fields[record] - 1];
    return (hw_view){data + start, end - start};
}

size_t hw_csv_record_fields(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, size_t record) {
    const size_t first = record > 0 ? index->record_fields[record - 1] : 0;
    const size_t fields = index->record_fields[record] - first;
    if (!dialect->trailing_delimiter || fields < 2) {
        return fields;
    }
    const uint32_t *last = &index->ends[first + fields - 1];
    return fields - (last[0] == last[-1] + 1 + dialect->delimiter_tail.count);
}

static enum hw_status bad_add(struct hw_csv_rows *rows, const struct hw_csv_bad *bad, struct hw_error *err) {
    HW_TRY(hw_buf_append(&rows->own_bad, bad, sizeof(*bad), err));
    rows->bad = (struct hw_csv_bad *)(void *)rows->own_bad.data;
    rows->bad_count++;
    return HW_OK;
}

static enum hw_status record_add(struct hw_csv_rows *rows, const struct rows_input *in, size_t record,
                                 struct hw_error *err) {
    hw_view text = hw_csv_record_text(in->index, in->data, record);
    struct hw_csv_bad bad;

    bool blank = rows->columns > 1 && hw_csv_is_blank(in->dialect, text);
    if (blank || hw_csv_is_comment(in->dialect, text)) {
        return HW_OK;
    }
    if (record_bad(rows, in, record, &bad)) {
        return bad_add(rows, &bad, err);
    }
    return row_add(rows, in, record, hw_csv_record_fields(in->index, in->dialect, record), err);
}

/*
 * Returns the first field of the record that is longer than HW_CSV_FIELD_BYTES_MAX; the number of
 * fields where none is.
 */
static size_t field_too_long(const struct rows_input *in, size_t record, size_t fields) {
    const size_t first = record > 0 ? in->index->record_fields[record - 1] : 0;
    uint32_t start = in->index->record_starts[record];
    for (size_t i = 0; i < fields; i++) {
        if (in->index->ends[first + i] - start > HW_CSV_FIELD_BYTES_MAX) {
            return i;
        }
        start = in->index->ends[first + i] + 1 + in->dialect->delimiter_tail.count;
    }
    return fields;
}

static bool record_bad(const struct hw_csv_rows *rows, const struct rows_input *in, size_t record,
                       struct hw_csv_bad *out_bad) {
    const struct hw_csv_index *index = in->index;
    hw_view text = hw_csv_record_text(index, in->data, record);
    size_t fields = hw_csv_record_fields(index, in->dialect, record);
    size_t at = 0;
    struct hw_csv_bad bad = {
        .record = (uint32_t)record,
        .offset = index->record_starts[record],
        .bytes = (uint32_t)text.size,
        .column = UINT32_MAX,
        .found = (uint32_t)fields,
        .reason = HW_CSV_REASON_COUNT,
    };
    if (index->malformed && hw_csv_record_malformed(in->dialect, text, &at)) {
        bad.reason = HW_CSV_AFTER_QUOTE;
    } else if (!in->utf8 && !hw_utf8_valid(text, &at)) {
        bad.reason = HW_CSV_NOT_UTF8;
    } else if (fields > rows->columns || (fields < rows->columns && !in->pad)) {
        bad.reason = fields > rows->columns ? HW_CSV_TOO_MANY_FIELDS : HW_CSV_TOO_FEW_FIELDS;
    } else if (text.size > HW_CSV_FIELD_BYTES_MAX) {
        size_t column = field_too_long(in, record, fields);
        bad.column = (uint32_t)column;
        bad.reason = column < fields ? HW_CSV_FIELD_TOO_LONG : HW_CSV_REASON_COUNT;
    }
    bad.at = bad.offset + (uint32_t)at;
    *out_bad = bad;
    return bad.reason != HW_CSV_REASON_COUNT;
}

static enum hw_status row_add(struct hw_csv_rows *rows, const struct rows_input *in, size_t record, size_t fields,
                              struct hw_error *err) {
    const size_t first = record > 0 ? in->index->record_fields[record - 1] : 0;
    uint32_t number = (uint32_t)record;
    HW_TRY(hw_buf_append(&rows->own_starts, &in->index->record_starts[record], sizeof(uint32_t), err));
    HW_TRY(hw_buf_append(&rows->own_records, &number, sizeof(number), err));
    HW_TRY(hw_buf_append(&rows->own_ends, &in->index->ends[first], fields * sizeof(uint32_t), err));
    /* A field that the record lacks ends before it starts. */
    uint32_t last = in->index->ends[first + fields - 1];
    for (size_t i = fields; i < rows->columns; i++) {
        HW_TRY(hw_buf_append(&rows->own_ends, &last, sizeof(last), err));
    }
    rows->count++;
    return HW_OK;
}

void hw_csv_rows_shorten(struct hw_csv_rows *rows, size_t count, size_t record) {
    rows->count = count;
    while (rows->bad_count > 0 && rows->bad[rows->bad_count - 1].record >= record) {
        rows->bad_count--;
    }
    rows->own_bad.size = rows->bad_count * sizeof(*rows->bad);
}

/* Copies the arrays of the index where the rows still use them: only our own may be changed. */
static enum hw_status rows_own(struct hw_csv_rows *rows, struct hw_error *err) {
    if (rows->records) {
        return HW_OK;
    }
    hw_buf_clear(&rows->own_ends);
    hw_buf_clear(&rows->own_starts);
    hw_buf_clear(&rows->own_records);
    HW_TRY(hw_buf_append(&rows->own_ends, rows->ends, rows->count * rows->columns * sizeof(uint32_t), err));
    HW_TRY(hw_buf_append(&rows->own_starts, rows->starts, rows->count * sizeof(uint32_t), err));
    for (uint32_t i = 0; i < rows->count; i++) {
        HW_TRY(hw_buf_append(&rows->own_records, &i, sizeof(i), err));
    }
    rows->ends = (const uint32_t *)(const void *)rows->own_ends.data;
    rows->starts = (const uint32_t *)(const void *)rows->own_starts.data;
    rows->records = (const uint32_t *)(const void *)rows->own_records.data;
    return HW_OK;
}

/* Adds bad records to those found before, in order of the records. */
static enum hw_status bad_merge(struct hw_csv_rows *rows, const struct hw_csv_bad *bad, size_t count,
                                struct hw_error *err) {
    HW_TRY(hw_buf_append(&rows->own_bad, bad, count * sizeof(*bad), err));
    rows->bad = (struct hw_csv_bad *)(void *)rows->own_bad.data;
    size_t before = rows->bad_count;
    rows->bad_count += count;
    /* From the last to the first, so that nothing is overwritten that is still to move. */
    for (size_t at = rows->bad_count; count > 0; at--) {
        bool moves = before > 0 && rows->bad[before - 1].record > bad[count - 1].record;
        rows->bad[at - 1] = moves ? rows->bad[--before] : bad[--count];
    }
    return HW_OK;
}

enum hw_status hw_csv_rows_drop(struct hw_csv_rows *rows, const struct hw_csv_bad *bad, size_t count,
                                struct hw_error *err) {
    HW_TRY(rows_own(rows, err));
    HW_TRY(bad_merge(rows, bad, count, err));
    uint32_t *ends = (uint32_t *)(void *)rows->own_ends.data;
    uint32_t *starts = (uint32_t *)(void *)rows->own_starts.data;
    uint32_t *records = (uint32_t *)(void *)rows->own_records.data;
    size_t kept = 0;
    size_t dropped = 0;
    for (size_t row = 0; row < rows->count; row++) {
        if (dropped < count && bad[dropped].record == records[row]) {
            dropped++;
            continue;
        }
        memmove(ends + kept * rows->columns, ends + row * rows->columns, rows->columns * sizeof(*ends));
        starts[kept] = starts[row];
        records[kept++] = records[row];
    }
    rows->count = kept;
    return dropped == count ? HW_OK
                            : hw_fail(err, HW_EFAILED, "%s %s bad, %zu taken out", HW_COUNT(count, "record"),
                                      hw_plural(count, "was", "were"), dropped);
}
