/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/portion.h"

#include "unit/csv/stock.h"

#define KIB UINT64_C(1024)
#define MIB UINT64_C(1048576)

/* ------ the functions themselves */

struct held {
    struct stock stock;
    struct hw_csv_window window;
};

static void held_begin(struct held *held, hw_view text, bool escapes) {
    struct hw_error err = HW_ERROR_INIT;
    memset(held, 0, sizeof(*held));
    stock_init(&held->stock);
    /* a stream; of ASCII, so that its bytes are those of the text */
    held->stock.csv.encoding = "latin1";
    if (escapes) {
        held->stock.csv.delimiter = ',';
        held->stock.csv.no_quotes = true;
        held->stock.csv.escape = '\\';
    }
    stock_add(&held->stock, "memory", text);
    assert_ok(stock_table(&held->stock, &err), err);
}

static void held_release(struct held *held) {
    hw_csv_window_release(&held->window);
    stock_release(&held->stock);
}

/* The text is "a,b\n" and what stands here; portions of so many bytes come one after the other. */
static void a_portion_is_the_complete_records_of_so_many_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *body;
        size_t bytes;
        const char *portions[5]; /* Each is held; the last one empty or of all that is left. */
        bool escapes;            /* a backslash is one, and there are no quotes */
    } rows[] = {
        {"all", "1,2\n3,4\n", 100, {"1,2\n3,4\n"}},
        {"nothing", "", 100, {""}},
        {"record by record", "1,2\n3,4\n", 4, {"1,2\n", "3,4\n", ""}},
        {"a byte more than a record", "1,2\n3,4\n", 5, {"1,2\n", "3,4\n"}},
        {"a byte less than two", "1,2\n3,4\n5,6\n", 7, {"1,2\n", "3,4\n", "5,6\n"}},
        {"the text ends where a portion does, and nobody knows", "1,2\n3,4\n", 8, {"1,2\n3,4\n", ""}},
        {"the text ends before a portion does", "1,2\n3,4\n", 9, {"1,2\n3,4\n"}},
        {"no record end at the end", "1,2\n3,4", 100, {"1,2\n3,4"}},
        {"no record end, and the end is not known", "1,2\n3,4", 7, {"1,2\n", "3,4"}},
        {"quotes that hold record ends", "1,\"\n\n\"\n3,4\n", 7, {"1,\"\n\n\"\n", "3,4\n"}},
        {"no record ends among them", "1,\"\n\n\"\n3,4\n", 6, {NULL}},
        {"CRLF", "1,2\r\n3,4\r\n", 6, {"1,2\r\n", "3,4\r\n"}},
        {"CRLF, half of it in the portion", "1,2\r\n3,4\r\n", 4, {NULL}},
        {"blank lines", "\n\n\n1,2\n", 3, {"\n\n\n", NULL}},
        {"a quote behind the portion", "1,2\n3,\"4\"\n", 7, {"1,2\n", "3,\"4\"\n"}},
        {"a record end that is escaped", "1,\\\n2\n3,4\n", 7, {"1,\\\n2\n", "3,4\n"}, true},
        {"only one that is escaped", "1,\\\n2\n3,4\n", 5, {NULL}, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct held held;
        HW_AUTO(hw_buf) text = {0};
        uint64_t offset = 4;
        stock_text(&text, "a,b\n");
        stock_text(&text, rows[i].body);
        held_begin(&held, hw_buf_view(&text), rows[i].escapes);
        struct hw_csv_table *table = &held.stock.table;
        for (size_t k = 0; k < 5; k++) {
            const char *want = rows[i].portions[k];
            size_t bytes = 99;
            assert_ok(hw_csv_portion_begin(table, &held.window, &err), err);
            assert_row_int(rows[i].name, held.window.offset, offset);
            assert_ok(hw_csv_portion_hold(table, &held.window, rows[i].bytes, &bytes, &err), err);
            if (!want) {
                assert_row_int(rows[i].name, bytes, 0);
                break;
            }
            assert_row_bytes(rows[i].name, hw_csv_window_data(&held.window), bytes, want, strlen(want));
            assert_ok(hw_csv_portion_hand_on(table, &held.window, bytes, &err), err);
            assert_row_int(rows[i].name, held.window.kind, HW_CSV_WINDOW_MEMORY);
            assert_row_int(rows[i].name, hw_csv_window_have(&held.window), bytes);
            assert_row_int(rows[i].name, held.window.text_bytes, offset + bytes);
            offset += bytes;
            const bool last = table->stream.ended && table->stream.rest.size == 0;
            assert_row_int(rows[i].name, last, k == 4 || (!rows[i].portions[k + 1] && offset == text.size));
            assert_row_int(rows[i].name, table->stream.offset, offset);
            if (last) {
                break;
            }
        }
        held_release(&held);
    }
}

/* What is left after a portion may be longer than the next one. */
static void a_long_rest_comes_in_portions_too(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct held held;
    size_t bytes;
    held_begin(&held, hw_view_of("a,b\n1,2\n3,4\n5,6\n7,8\n"), false);
    struct hw_csv_table *table = &held.stock.table;
    assert_ok(hw_csv_portion_begin(table, &held.window, &err), err);
    assert_ok(hw_csv_window_fill(&held.window, 15, &err), err);
    assert_ok(hw_csv_portion_hand_on(table, &held.window, 4, &err), err);
    assert_int_equal(table->stream.rest.size, 11);
    assert_int_equal(hw_csv_window_have(&held.window), 4);
    assert_ok(hw_csv_portion_begin(table, &held.window, &err), err);
    assert_ok(hw_csv_portion_hold(table, &held.window, 5, &bytes, &err), err);
    assert_int_equal(bytes, 4);
    assert_memory_equal(hw_csv_window_data(&held.window), "3,4\n", 4);
    held_release(&held);
}

static void a_failing_stream_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    enum hw_status status = HW_EIO;
    int begins = 0;
    int holds = 0;
    stock_text(&text, "a,b\n");
    for (int i = 0; i < 50000; i++) {
        stock_text(&text, "1,2\n");
    }
    for (int at = 1; status != HW_OK; at++) {
        struct hw_error err = HW_ERROR_INIT;
        struct held held;
        size_t bytes;
        held_begin(&held, hw_buf_view(&text), false);
        held.stock.from[0].fail_on_read = held.stock.from[0].reads + at;
        status = hw_csv_portion_begin(&held.stock.table, &held.window, &err);
        begins += status != HW_OK;
        if (status == HW_OK) {
            status = hw_csv_portion_hold(&held.stock.table, &held.window, 150000, &bytes, &err);
            holds += status != HW_OK;
        }
        assert_true(status == HW_OK || status == HW_EIO);
        assert_string_equal(err.message, status == HW_OK ? "" : "injected read");
        held_release(&held);
    }
    assert_true(begins > 0 && holds > 0);
}

/* ------ held or not, the same portions come of it */

/* A text, and portions of it as a cursor reads them. */
struct portions {
    struct hw_buf rows;
    struct hw_buf borders; /* "start-end " of each */
    struct hw_buf rejects;
    uint64_t lines;
    enum hw_status status;
    struct hw_error err;
};

static void portions_release(struct portions *portions) {
    hw_buf_release(&portions->rows);
    hw_buf_release(&portions->borders);
    hw_buf_release(&portions->rejects);
}

static void portion_add(struct portions *portions, struct part_read *read) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_part_result *result = read->result;
    assert_ok(hw_buf_append(&portions->rows, read->rows.data, read->rows.size, &err), err);
    assert_ok(hw_buf_append(&portions->rejects, read->rejects.data, read->rejects.size, &err), err);
    assert_ok(hw_buf_printf(&portions->borders, &err, "%" PRIu64 "-%" PRIu64 "%s ", result->start, result->end,
                            read->last ? "." : ""),
              err);
    portions->lines += part_result(read)->lines;
}

/* Reads all portions, with one cursor or with a new one each. */
static void portions_read(hw_view text, bool held, uint64_t portion_bytes, bool fresh, int fail_on_read,
                          struct portions *out) {
    struct stock stock;
    struct hw_cursor *cursor = NULL;
    bool last = false;
    out->err = (struct hw_error)HW_ERROR_INIT;
    stock_init(&stock);
    stock.csv.encoding = "latin1";
    stock.csv.bad_rows_reject = true;
    stock.options.portion_bytes = portion_bytes;
    stock.options.portion_held = held;
    stock.options.record_bytes_max = 4 * MIB;
    stock.options.record_bytes_shared = 512 * KIB;
    stock_add(&stock, "memory", text);
    assert_ok(stock_table(&stock, &out->err), out->err);
    stock.from[0].fail_on_read = fail_on_read > 0 ? stock.from[0].reads + fail_on_read : 0;
    out->status = HW_OK;
    while (out->status == HW_OK && !last) {
        HW_AUTO(part_read) read = {0};
        if (!cursor) {
            assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &out->err), out->err);
        }
        out->status = part_read(cursor, 0, NULL, &read, &out->err);
        portion_add(out, &read);
        last = read.last;
        if (fresh || out->status != HW_OK || last) {
            cursor->ops->free(cursor);
            cursor = NULL;
        }
    }
    stock_release(&stock);
}

static void portions_compare(const char *name, struct portions *got, struct portions *want) {
    assert_row_int(name, got->status, want->status);
    assert_row_text(name, got->err.message, want->err.message);
    assert_row_int(name, got->err.offset, want->err.offset);
    if (want->status == HW_OK) {
        assert_row_text(name, part_text(&got->borders), part_text(&want->borders));
        assert_row_bytes(name, got->rows.data, got->rows.size, want->rows.data, want->rows.size);
        assert_row_text(name, part_text(&got->rejects), part_text(&want->rejects));
        assert_row_int(name, got->lines, want->lines);
    }
}

/*
 * What a text is made of: rows in between, records of so many bytes, blank lines; `end` stands at
 * its end.
 */
struct portions_row {
    const char *name;
    size_t rows;
    size_t longs[3];
    uint64_t portion_bytes;
    const char *end;
    bool quoted_ends; /* Long records have record ends in them. */
    enum hw_status want;
};

static const struct portions_row portions_rows[] = {
    {"small portions", 2000, {0}, 100, "", false, HW_OK},
    {"portions of a byte", 50, {0}, 1, "", false, HW_OK},
    {"one portion", 2000, {0}, MIB, "", false, HW_OK},
    {"several blocks a portion", 150000, {0}, MIB, "", false, HW_OK},
    {"no record end at the end", 2000, {0}, 1000, "7,x", false, HW_OK},
    {"no rows", 0, {0}, 1000, "", false, HW_OK},
    {"one record without its end", 0, {0}, 1000, "7,x", false, HW_OK},
    {"a record longer than a portion", 100, {5000}, 1000, "", true, HW_OK},
    {"a record longer than a block", 100, {400000}, 1000, "", true, HW_OK},
    {"long records all over", 3000, {70000, 300000, 90000}, 65536, "", true, HW_OK},
    {"a long one at the end", 30000, {0, 0, 600000}, 65536, "", false, HW_OK},
    {"a long one, not shared", 30000, {0, 2 << 20, 0}, MIB, "", true, HW_OK},
    {"a record of more than a portion, larger than those shared", 100, {3 << 20, 0, 0}, 65536, "", true, HW_OK},
    {"a long one first: portions are small again", 60000, {300000, 0, 0}, 65536, "", true, HW_OK},
    {"a record above the limit", 100, {0, 5 << 20, 0}, 65536, "", true, HW_ELIMIT},
    {"a record above the limit at once", 0, {5 << 20, 0, 0}, MIB, "", false, HW_ELIMIT},
    {"an open quote", 3000, {0}, 1000, "7,\"x\n\n", false, HW_OK},
    {"a long open quote", 3000, {0, 0, 300000}, 65536, "7,\"x\n\n", false, HW_OK},
    {"bad records", 3000, {0}, 1000, "7\n8,x,y\n", false, HW_OK},
};

static void portions_text(const struct portions_row *row, struct hw_buf *text, struct hw_buf *want) {
    stock_text(text, "id,note\n1,x\n");
    stock_text(want, "1|\"x\"\n");
    for (size_t part = 0; part < 3; part++) {
        stock_rows(text, want, part * row->rows, row->rows / 3 + 1, "n");
        if (row->longs[part] > 0) {
            stock_text(text, "5,\"");
            stock_text(want, "5|\"");
            stock_fill(text, 'y', row->longs[part]);
            stock_fill(want, 'y', row->longs[part]);
            stock_text(text, row->quoted_ends ? "\n\n\"\n\n" : "\"\n");
            stock_text(want, row->quoted_ends ? "\n\n\"\n" : "\"\n");
        }
    }
    stock_text(text, row->end);
    stock_text(want, strcmp(row->end, "7,x") == 0 ? "7|\"x\"\n" : "");
}

static void portions_are_the_same_held_or_not(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(portions_rows); i++) {
        const struct portions_row *row = &portions_rows[i];
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) want = {0};
        HW_AUTO(portions) held = {0};
        HW_AUTO(portions) kept = {0};
        HW_AUTO(portions) fresh = {0};
        portions_text(row, &text, &want);
        portions_read(hw_buf_view(&text), true, row->portion_bytes, false, 0, &held);
        portions_read(hw_buf_view(&text), false, row->portion_bytes, false, 0, &kept);
        portions_read(hw_buf_view(&text), true, row->portion_bytes, true, 0, &fresh);
        assert_row_int(row->name, held.status, row->want);
        portions_compare(row->name, &kept, &held);
        portions_compare(row->name, &fresh, &held);
        if (row->want == HW_OK) {
            assert_row_bytes(row->name, held.rows.data, held.rows.size, want.data, want.size);
        } else {
            assert_row_says(row->name, held.err.message, "a record is longer than 4 MiB");
        }
    }
}

/*
 * The border of every portion, of texts of which it is easy to say: records of 10 bytes each behind
 * a header of 8.
 */
static void borders_are_where_records_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t records;
        uint64_t portion_bytes;
        const char *borders;
    } rows[] = {
        {"two a portion, the last one is not full", 5, 25, "8-28 28-48 48-58. "},
        {"two a portion exactly: then nothing comes", 4, 20, "8-28 28-48 48-48. "},
        {"one more byte: the end is known", 4, 21, "8-28 28-48. "},
        {"a record is longer than a portion", 3, 6, "8-18 18-28 28-38. "},
        {"all", 5, 100, "8-58. "},
        {"no row", 0, 100, "8-8. "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) text = {0};
        stock_text(&text, "id,note\n");
        for (size_t k = 0; k < rows[i].records; k++) {
            stock_text(&text, "1,xxxxxxx\n");
        }
        for (int held = 0; held < 2; held++) {
            HW_AUTO(portions) portions = {0};
            portions_read(hw_buf_view(&text), held, rows[i].portion_bytes, false, 0, &portions);
            assert_row_text(rows[i].name, part_text(&portions.borders), rows[i].borders);
            assert_row_int(rows[i].name, portions.lines, rows[i].records);
        }
    }
}

/*
 * The source fails at one read or another: what was read before is not lost, and the fault is told
 * once.
 */
static void an_error_in_the_stream_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) want = {0};
    stock_text(&text, "id,note\n");
    stock_rows(&text, &want, 0, 50000, "n");
    for (int held = 0; held < 2; held++) {
        enum hw_status status = HW_EIO;
        size_t rows = 0;
        int faults = 0;
        for (int at = 1; status != HW_OK; at++) {
            HW_AUTO(portions) portions = {0};
            portions_read(hw_buf_view(&text), held, 65536, false, at, &portions);
            status = portions.status;
            if (status != HW_OK) {
                assert_int_equal(status, HW_EIO);
                assert_string_equal(portions.err.message, "injected read");
                faults++;
            }
            assert_true(portions.rows.size >= rows && portions.rows.size <= want.size);
            assert_memory_equal(portions.rows.data ? portions.rows.data : (const uint8_t *)"", want.data,
                                portions.rows.size);
            rows = portions.rows.size;
        }
        assert_int_equal(rows, want.size);
        assert_true(faults > 5);
    }
}

/* A pass may begin again, in the midst of the stream. */
static void a_pass_begins_at_the_streams_start(void **state) {
    (void)state;
    for (int held = 0; held < 2; held++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        stock_init(&stock);
        stock.csv.encoding = "latin1";
        stock.options.portion_bytes = 4;
        stock.options.portion_held = held;
        stock_add(&stock, "memory", hw_view_of("a,b\n1,2\n3,4\n5,6\n"));
        assert_ok(stock_table(&stock, &err), err);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        for (int pass = 0; pass < 3; pass++) {
            for (int part = 0; part <= pass; part++) {
                HW_AUTO(part_read) read = {0};
                static const char *const wants[] = {"1|2\n", "3|4\n", "5|6\n"};
                assert_ok(part_read(cursor, 0, NULL, &read, &err), err);
                assert_string_equal(part_text(&read.rows), wants[part]);
                assert_string_equal(part_text(&read.steps), held ? "HRE" : "RHE");
            }
            assert_ok(hw_csv_table_begin(&stock.table, &err), err);
        }
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_portion_is_the_complete_records_of_so_many_bytes),
        cmocka_unit_test(a_long_rest_comes_in_portions_too),
        cmocka_unit_test(a_failing_stream_is_told),
        cmocka_unit_test(portions_are_the_same_held_or_not),
        cmocka_unit_test(borders_are_where_records_end),
        cmocka_unit_test(an_error_in_the_stream_is_told),
        cmocka_unit_test(a_pass_begins_at_the_streams_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
