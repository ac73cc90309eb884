/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/preamble.h"

#include "csv/parser.h"
#include "csv/rows.h"

/* The number of records that are judged, and the most fields of one that are told apart. */
enum { JUDGED_RECORDS = 200, FIELDS_MAX = 4096 };

/* Records of the table are at least this share of those from the header on. */
static const double most = 0.8;

static size_t fields_of(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text,
                        size_t record);
static size_t fields_common(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text,
                            size_t records);

uint64_t hw_csv_preamble_lines(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text) {
    const size_t records = hw_min_size(index->records, JUDGED_RECORDS);
    const size_t common = fields_common(index, dialect, text, records);
    size_t header = records;
    size_t counted = 0;
    size_t agreeing = 0;
    for (size_t i = 0; i < records; i++) {
        const size_t fields = fields_of(index, dialect, text, i);
        header = header == records && fields == common ? i : header;
        counted += header < records && fields > 0;
        agreeing += header < records && fields == common;
    }
    const bool table = common >= 2 && agreeing >= 2 && (double)agreeing >= most * (double)counted;
    if (!table || index->record_starts[header] == 0) {
        return 0;
    }
    return dialect->prefix_lines + hw_csv_line_at(dialect, text.data, index->record_starts[header]) - 1;
}

/* Returns the number of a record's fields; 0 where it is a blank line or a comment. */
static size_t fields_of(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text,
                        size_t record) {
    const hw_view line = hw_csv_record_text(index, text.data, record);
    const bool counts = !hw_csv_is_blank(dialect, line) && !hw_csv_is_comment(dialect, line);
    return counts ? hw_min_size(hw_csv_record_fields(index, dialect, record), FIELDS_MAX) : 0;
}

/* Returns the number of fields that most records have; of several such numbers the largest. */
static size_t fields_common(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text,
                            size_t records) {
    uint16_t counts[FIELDS_MAX + 1] = {0};
    size_t common = 0;
    for (size_t i = 0; i < records; i++) {
        const size_t fields = fields_of(index, dialect, text, i);
        counts[fields] = (uint16_t)(counts[fields] + (fields > 0));
        const bool more = counts[fields] > counts[common];
        common = more || (counts[fields] == counts[common] && fields > common) ? fields : common;
    }
    return common;
}
