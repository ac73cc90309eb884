/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/rows.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/csv/text.h"

static const struct hw_csv_dialect trailing = {.delimiter = ',', .quote = '"', .end = '\n', .trailing_delimiter = true};
static const struct hw_csv_dialect everywhere = {
    .delimiter = ',', .escape = '\\', .end = '\n', .escape_everywhere = true};
static const struct hw_csv_dialect colons = {
    .delimiter = ':', .comment = '/', .end = '\n', .delimiter_tail = {1, ":"}, .comment_tail = {1, "/"}};
static const struct hw_csv_dialect trailing_colons = {
    .delimiter = ':', .end = '\n', .delimiter_tail = {1, ":"}, .trailing_delimiter = true};
static const struct hw_csv_dialect with_comment = {.delimiter = ',', .quote = '"', .comment = '#', .end = '\n'};

/*
 * Rows as 0:[a][b] behind their record's number, - for a field that is lacking; bad ones as
 * !number:reason@at+bytes.
 */
static const char *rows_text(const struct hw_csv_rows *rows, const char *data, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(out);
    for (size_t row = 0; row < rows->count; row++) {
        uint32_t start = rows->starts[row];
        assert_ok(hw_buf_printf(out, &err, "%u:", rows->records ? rows->records[row] : (unsigned)row), err);
        for (size_t column = 0; column < rows->columns; column++) {
            uint32_t end = rows->ends[row * rows->columns + column];
            int32_t size = (int32_t)(end - start);
            assert_ok(size < 0 ? hw_buf_append_text(out, "-", &err)
                               : hw_buf_printf(out, &err, "[%.*s]", size, data + start),
                      err);
            start = end + 1 + rows->tail_bytes;
        }
        assert_ok(hw_buf_append_byte(out, ' ', &err), err);
    }
    for (size_t i = 0; i < rows->bad_count; i++) {
        const struct hw_csv_bad *bad = &rows->bad[i];
        assert_ok(hw_buf_printf(out, &err, "!%u:%s@%u+%u", bad->record, hw_csv_reason_name(bad->reason), bad->offset,
                                bad->bytes),
                  err);
        if (bad->at != bad->offset) {
            assert_ok(hw_buf_printf(out, &err, "/%u", bad->at), err);
        }
        if (bad->found != rows->columns) {
            assert_ok(hw_buf_printf(out, &err, " found %u", bad->found), err);
        }
        assert_ok(hw_buf_append_byte(out, ' ', &err), err);
    }
    assert_ok(hw_buf_end_text(out, &err), err);
    return (const char *)out->data;
}

static void rows_by_rows(void **state) {
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        hw_view text;
        size_t columns;
        bool pad;
        const char *want;
    } rows[] = {
        {"nothing", &text_rfc4180, HW_VIEW_INIT(""), 2, false, ""},
        {"regular", &text_rfc4180, HW_VIEW_INIT("a,b\nc,d\n"), 2, false, "0:[a][b] 1:[c][d] "},
        {"blank lines", &text_rfc4180, HW_VIEW_INIT("\na,b\n\r\nc,d\n"), 2, false, "1:[a][b] 3:[c][d] "},
        {"blank lines of one column", &text_rfc4180, HW_VIEW_INIT("a\n\nb\n"), 1, false, "0:[a] 1:[] 2:[b] "},
        {"nothing but blank lines", &text_rfc4180, HW_VIEW_INIT("\n\n"), 2, false, ""},
        {"delimiters at the end", &trailing, HW_VIEW_INIT("a,b,\nc,,\r\nd,e\nf,\"\",\n"), 2, false,
         "0:[a][b] 1:[c][] 2:[d][e] 3:[f][\"\"] "},
        {"one that leaves too few", &trailing, HW_VIEW_INIT("a,\n"), 2, false, "!0:too_few_fields@0+2 found 1 "},
        {"two of them", &trailing, HW_VIEW_INIT("a,b,,\n"), 2, false, "!0:too_many_fields@0+5 found 3 "},
        {"one of one column", &trailing, HW_VIEW_INIT("a,\n,\n\nb\n"), 1, false, "0:[a] 1:[] 2:[] 3:[b] "},
        {"one that leaves one to pad", &trailing, HW_VIEW_INIT("a,\n"), 2, true, "0:[a]- "},
        {"an escaped record end at the end", &everywhere, HW_VIEW_INIT("a,b\nc\\\n"), 2, false,
         "0:[a][b] !1:too_few_fields@4+3 found 1 "},
        {"two bytes between", &colons, HW_VIEW_INIT("a::b\n//c\n/::d\n"), 2, false, "0:[a][b] 2:[/][d] "},
        {"two bytes, padded", &colons, HW_VIEW_INIT("a\n"), 3, true, "0:[a]-- "},
        {"two bytes at the end", &trailing_colons, HW_VIEW_INIT("a::b::\nc::d:\n"), 2, false, "0:[a][b] 1:[c][d:] "},
        {"too few", &text_rfc4180, HW_VIEW_INIT("a,b\nc\nd,e\n"), 2, false,
         "0:[a][b] 2:[d][e] !1:too_few_fields@4+1 found 1 "},
        {"too few, padded", &text_rfc4180, HW_VIEW_INIT("a,b,c\nd\r\n"), 3, true, "0:[a][b][c] 1:[d]-- "},
        {"blank lines are not padded", &text_rfc4180, HW_VIEW_INIT("\na,b\n"), 2, true, "1:[a][b] "},
        {"too many", &text_rfc4180, HW_VIEW_INIT("a,b,c\r\nd,e\n"), 2, false,
         "1:[d][e] !0:too_many_fields@0+5 found 3 "},
        {"too many, padded", &text_rfc4180, HW_VIEW_INIT("a,b,c\n"), 2, true, "!0:too_many_fields@0+5 found 3 "},
        {"not UTF-8", &text_rfc4180, HW_VIEW_INIT("\xc3\xa9,b\nc,\xff\n"), 2, false,
         "0:[\xc3\xa9][b] !1:not_utf8@5+3/7 "},
        {"UTF-8 cut by a delimiter", &text_rfc4180, HW_VIEW_INIT("\xc3,\xa9\n"), 2, false, "!0:not_utf8@0+3 "},
        {"bytes after a quote", &text_rfc4180, HW_VIEW_INIT("a,b\n\"c\"d,e\n"), 2, false,
         "0:[a][b] !1:bytes_after_quote@4+6/7 "},
        {"two faults, the quote's first", &text_rfc4180, HW_VIEW_INIT("\"c\"d\xff\n"), 2, false,
         "!0:bytes_after_quote@0+5/3 found 1 "},
        {"comments", &with_comment, HW_VIEW_INIT("#x,\"\na,b\n#\n"), 2, false, "1:[a][b] "},
        {"comments of one column", &with_comment, HW_VIEW_INIT("#x\n\n#\n"), 1, false, "1:[] "},
        {"good ones between bad ones", &text_rfc4180, HW_VIEW_INIT("a\nb,c\nd\ne,f\ng\n"), 2, false,
         "1:[b][c] 3:[e][f] !0:too_few_fields@0+1 found 1 !2:too_few_fields@6+1 found 1 "
         "!4:too_few_fields@12+1 found 1 "},
    };
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_csv_index) index = {0};
    HW_AUTO(hw_csv_rows) made = {0};
    HW_AUTO(hw_buf) shown = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_view text = text_put(&room, rows[i].text, 0, ',');
        assert_ok(hw_csv_index_run(&index, rows[i].dialect, text.data, text.size, true, &err), err);
        assert_ok(hw_csv_rows_make(&made, &index, rows[i].dialect, text.data, rows[i].columns, rows[i].pad, &err), err);
        assert_row_text(rows[i].name, rows_text(&made, text.data, &shown), rows[i].want);
    }
    text_room_release(&room);
}

/* Two records of one field; the first has HW_CSV_FIELD_BYTES_MAX bytes and `more`. */
static void fields_end_at_their_limit(void **state) {
    (void)state;
    for (int more = 0; more < 2; more++) {
        HW_AUTO(hw_csv_index) index = {0};
        HW_AUTO(hw_csv_rows) made = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t field = HW_CSV_FIELD_BYTES_MAX + (size_t)more;
        HW_AUTO(hw_buf) text = {0};
        assert_ok(hw_buf_resize(&text, 2 * HW_CSV_BLOCK_MARGIN + field + 6, &err), err);
        char *data = (char *)text.data + HW_CSV_BLOCK_MARGIN;
        memset(text.data, 'x', text.size);
        memcpy(data, "a,", 2);
        memcpy(data + 2 + field, "\nb,c\n", 5);
        assert_ok(hw_csv_index_run(&index, &text_rfc4180, data, field + 7, true, &err), err);
        assert_ok(hw_csv_rows_make(&made, &index, &text_rfc4180, data, 2, false, &err), err);
        assert_int_equal(made.count, 2 - more);
        assert_int_equal(made.bad_count, more);
        if (more) {
            assert_int_equal(made.bad[0].reason, HW_CSV_FIELD_TOO_LONG);
            assert_int_equal(made.bad[0].column, 1);
            assert_int_equal(made.bad[0].record, 0);
        }
    }
}

/* Many short fields make a long record, which is no fault. */
static void long_records_of_short_fields_are_rows(void **state) {
    (void)state;
    enum { COLUMNS = 2 };
    const size_t field = HW_CSV_FIELD_BYTES_MAX / 2 + 1;
    HW_AUTO(hw_csv_index) index = {0};
    HW_AUTO(hw_csv_rows) made = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_resize(&text, 2 * HW_CSV_BLOCK_MARGIN + 2 * field + 2, &err), err);
    memset(text.data, 'x', text.size);
    char *data = (char *)text.data + HW_CSV_BLOCK_MARGIN;
    data[field] = ',';
    data[2 * field + 1] = '\n';
    assert_ok(hw_csv_index_run(&index, &text_rfc4180, data, 2 * field + 2, true, &err), err);
    assert_ok(hw_csv_rows_make(&made, &index, &text_rfc4180, data, COLUMNS, false, &err), err);
    assert_int_equal(made.count, 1);
    assert_int_equal(made.bad_count, 0);
}

static void rows_leave_in_order(void **state) {
    static const struct {
        const char *name;
        hw_view text;
        uint32_t records[4];
        size_t count;
        const char *want;
    } rows[] = {
        {"none", HW_VIEW_INIT("a,b\nc,d\n"), {0}, 0, "0:[a][b] 1:[c][d] "},
        {"of regular ones", HW_VIEW_INIT("a,b\nc,d\ne,f\n"), {1}, 1, "0:[a][b] 2:[e][f] !1:wrong_type@0+0 found 0 "},
        {"all", HW_VIEW_INIT("a,b\nc,d\n"), {0, 1}, 2, "!0:wrong_type@0+0 found 0 !1:wrong_type@0+0 found 0 "},
        {"between bad ones",
         HW_VIEW_INIT("a\nb,c\nd\ne,f\ng,h\n"),
         {1, 4},
         2,
         "3:[e][f] !0:too_few_fields@0+1 found 1 !1:wrong_type@0+0 found 0 !2:too_few_fields@6+1 found 1 "
         "!4:wrong_type@0+0 found 0 "},
    };
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_csv_index) index = {0};
    HW_AUTO(hw_csv_rows) made = {0};
    HW_AUTO(hw_buf) shown = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_bad bad[4] = {0};
        for (size_t k = 0; k < rows[i].count; k++) {
            bad[k] = (struct hw_csv_bad){.record = rows[i].records[k], .reason = HW_CSV_WRONG_TYPE};
        }
        hw_view text = text_put(&room, rows[i].text, 0, ',');
        assert_ok(hw_csv_index_run(&index, &text_rfc4180, text.data, text.size, true, &err), err);
        assert_ok(hw_csv_rows_make(&made, &index, &text_rfc4180, text.data, 2, false, &err), err);
        assert_ok(hw_csv_rows_drop(&made, bad, rows[i].count, &err), err);
        assert_row_text(rows[i].name, rows_text(&made, text.data, &shown), rows[i].want);
    }
    text_room_release(&room);
}

static void the_first_rows_stay(void **state) {
    static const struct {
        const char *name;
        hw_view text;
        size_t count, record;
        const char *want;
    } rows[] = {
        {"regular ones", HW_VIEW_INIT("a,b\nc,d\ne,f\n"), 2, 2, "0:[a][b] 1:[c][d] "},
        {"a bad one before", HW_VIEW_INIT("a\nb,c\nd,e\n"), 1, 2, "1:[b][c] !0:too_few_fields@0+1 found 1 "},
        {"a bad one behind", HW_VIEW_INIT("b,c\na\nd,e\n"), 1, 1, "0:[b][c] "},
    };
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_csv_index) index = {0};
    HW_AUTO(hw_csv_rows) made = {0};
    HW_AUTO(hw_buf) shown = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_view text = text_put(&room, rows[i].text, 0, ',');
        assert_ok(hw_csv_index_run(&index, &text_rfc4180, text.data, text.size, true, &err), err);
        assert_ok(hw_csv_rows_make(&made, &index, &text_rfc4180, text.data, 2, false, &err), err);
        hw_csv_rows_shorten(&made, rows[i].count, rows[i].record);
        assert_row_text(rows[i].name, rows_text(&made, text.data, &shown), rows[i].want);
    }
    text_room_release(&room);
}

static void record_texts_have_no_end(void **state) {
    static const struct {
        const char *name;
        hw_view text;
        char end;
        const char *want;
    } rows[] = {
        {"LF", HW_VIEW_INIT("a,b\n"), '\n', "a,b"},
        {"CRLF", HW_VIEW_INIT("a,b\r\n"), '\n', "a,b"},
        {"CR CR LF", HW_VIEW_INIT("a\r\r\n"), '\n', "a\r"},
        {"none", HW_VIEW_INIT("a,b"), '\n', "a,b"},
        {"CR at the end", HW_VIEW_INIT("a,b\r"), '\n', "a,b"},
        {"CR CR at the end", HW_VIEW_INIT("a\r\r"), '\n', "a\r"},
        {"blank", HW_VIEW_INIT("\r\n"), '\n', ""},
        {"CR", HW_VIEW_INIT("a\n\r"), '\r', "a\n"},
    };
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_csv_index) index = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_dialect dialect = {.delimiter = ',', .quote = '"', .end = rows[i].end};
        hw_view text = text_put(&room, rows[i].text, 0, 'x');
        assert_ok(hw_csv_index_run(&index, &dialect, text.data, text.size, true, &err), err);
        hw_view record = hw_csv_record_text(&index, text.data, 0);
        assert_row_bytes(rows[i].name, record.data, record.size, rows[i].want, strlen(rows[i].want));
    }
    text_room_release(&room);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct text_room room = {0};
    hw_view text = text_put(&room, HW_VIEW("a,b\nc\nd,e\nf,g\n"), 0, 'x');
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_csv_index index = {0};
        struct hw_csv_rows made = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_bad bad = {.record = 2};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_csv_index_run(&index, &text_rfc4180, text.data, text.size, true, &err);
        status = status ? status : hw_csv_rows_make(&made, &index, &text_rfc4180, text.data, 2, false, &err);
        status = status ? status : hw_csv_rows_drop(&made, &bad, 1, &err);
        hw_csv_rows_release(&made);
        hw_csv_index_release(&index);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("error", err.message, fired ? "out of memory asking for " : "");
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_by_rows),
        cmocka_unit_test(fields_end_at_their_limit),
        cmocka_unit_test(long_records_of_short_fields_are_rows),
        cmocka_unit_test(rows_leave_in_order),
        cmocka_unit_test(the_first_rows_stay),
        cmocka_unit_test(record_texts_have_no_end),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/rows", tests, NULL, NULL);
}
