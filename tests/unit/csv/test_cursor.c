/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/cursor.h"

#include "support/alloc_fault.h"
#include "unit/csv/field.h"
#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

#define KIB UINT64_C(1024)
#define MIB UINT64_C(1048576)

/* ------ whole tables, part by part */

/* What came of all parts in order, each proved by the end of the one before it. */
struct whole {
    struct hw_buf rows;
    struct hw_buf rejects;
    struct hw_buf steps;
    uint64_t bytes;
    uint64_t records;
    size_t wrong; /* guesses */
    bool blind;   /* Set before: batches are not looked at. */
};

static void whole_release(struct whole *whole) {
    hw_buf_release(&whole->rows);
    hw_buf_release(&whole->rejects);
    hw_buf_release(&whole->steps);
}

static enum hw_status whole_add(struct whole *whole, const struct part_read *read, struct hw_error *err) {
    whole->bytes += read->result->bytes;
    whole->records += read->result->records;
    HW_TRY(hw_buf_append(&whole->rows, read->rows.data, read->rows.size, err));
    HW_TRY(hw_buf_append(&whole->steps, read->steps.data, read->steps.size, err));
    HW_TRY(hw_buf_append_byte(&whole->steps, ' ', err));
    return hw_buf_append(&whole->rejects, read->rejects.data, read->rejects.size, err);
}

/* Reads a part that may have to be read again, from `*end`, which moves on. */
static enum hw_status part_prove(struct stock *stock, struct hw_cursor *cursor, size_t part, uint64_t *end,
                                 struct whole *whole, struct hw_error *err) {
    HW_AUTO(part_read) read = {.blind = whole->blind};
    const bool exact = stock->table.streamed || stock_part(stock, part)->exact;
    enum hw_status status = part_read(cursor, part, NULL, &read, err);
    /* whatever came of it, errors too */
    if (!exact && status != HW_ENOMEM && read.result->start != *end) {
        part_read_release(&read);
        *err = (struct hw_error)HW_ERROR_INIT;
        whole->wrong++;
        read.blind = whole->blind;
        status = part_read(cursor, part, end, &read, err);
        assert_true(status == HW_ENOMEM || read.result->start == *end);
    }
    HW_TRY(status);
    *end = read.result->end;
    return whole_add(whole, &read, err);
}

static enum hw_status whole_read(struct stock *stock, struct hw_cursor *cursor, struct whole *whole,
                                 struct hw_error *err) {
    uint64_t end = 0;
    if (stock->table.streamed) {
        do {
            HW_TRY(part_prove(stock, cursor, 0, &end, whole, err));
        } while (!cursor->last);
    }
    for (size_t i = 0; i < stock_parts(stock); i++) {
        HW_TRY(part_prove(stock, cursor, i, &end, whole, err));
    }
    return HW_OK;
}

struct whole_row {
    const char *name;
    const char *record; /* `count` of it */
    const char *want;   /* what it becomes */
    size_t count;
    const char *end; /* once, at the text's end */
    const char *end_want;
    uint64_t part_bytes;
    size_t wrong_max; /* guesses; a plain text never deceives */
};

static const struct whole_row whole_rows[] = {
    {"one part", "1,x\n", "1|\"x\"\n", 2000, "", "", MIB, 0},
    {"many parts", "1,x\n", "1|\"x\"\n", 2000, "", "", 100, 0},
    {"parts of a byte", "1,x\n", "1|\"x\"\n", 300, "", "", 1, 0},
    {"parts of a record", "1,x\n", "1|\"x\"\n", 300, "", "", 4, 0},
    {"CRLF", "1,x\r\n", "1|\"x\"\n", 2000, "", "", 33, 0},
    {"CR", "1,x\r", "1|\"x\"\n", 2000, "", "", 33, 0},
    {"blank lines", "\n1,x\n\n\n", "1|\"x\"\n", 2000, "\n\n", "", 33, 0},
    {"no record end at the end", "1,x\n", "1|\"x\"\n", 2000, "2,y", "2|\"y\"\n", 64, 0},
    {"parts larger than blocks", "1,xxxxxxxxxxxxxxxxxxxx\n", "1|\"xxxxxxxxxxxxxxxxxxxx\"\n", 100000, "", "", 900 * KIB,
     0},
    {"record ends in quotes", "1,\"x\n\ny\"\n", "1|\"x\n\ny\"\n", 2000, "", "", 50, 2000},
    {"quotes in quotes", "1,\"x\"\"\n2,\"\"y\"\n", "1|\"x\"\n2,\"y\"\n", 2000, "", "", 50, 2000},
    {"records in quotes", "1,\"\n1,x\n1,x\n1,x\n1,x\n\"\n", "1|\"\n1,x\n1,x\n1,x\n1,x\n\"\n", 500, "", "", 60, 500},
};

static void parts_make_the_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(whole_rows); i++) {
        const struct whole_row *row = &whole_rows[i];
        for (int remote = 0; remote < 2; remote++) {
            struct stock stock;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_cursor *cursor = NULL;
            HW_AUTO(whole) whole = {0};
            HW_AUTO(hw_buf) text = {0};
            HW_AUTO(hw_buf) want = {0};
            stock_text(&text, "id,note");
            stock_text(&text, strchr(row->record, '\n') == NULL ? "\r" : "\n");
            const size_t head = text.size;
            for (size_t k = 0; k < row->count; k++) {
                stock_text(&text, row->record);
                stock_text(&want, row->want);
            }
            stock_text(&text, row->end);
            stock_text(&want, row->end_want);
            stock_init(&stock);
            stock.options.part_bytes = row->part_bytes;
            stock.options.remote_read_bytes = 3000;
            stock_add(&stock, "memory", hw_buf_view(&text))->remote = remote;
            assert_ok(stock_table(&stock, &err), err);
            assert_row_int(row->name, stock_parts(&stock), (text.size - head + row->part_bytes - 1) / row->part_bytes);
            assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
            assert_ok(whole_read(&stock, cursor, &whole, &err), err);
            assert_row_bytes(row->name, whole.rows.data, whole.rows.size, want.data, want.size);
            assert_row_int(row->name, whole.bytes, text.size - head);
            assert_row_int(row->name, whole.records, row->count + (row->end_want[0] != '\0'));
            assert_row_int(row->name, whole.wrong <= row->wrong_max, true);
            assert_row_int(row->name, row->wrong_max == 0 || whole.wrong > 0, true);
            cursor->ops->free(cursor);
            stock_release(&stock);
        }
    }
}

/* ------ where a part starts */

/*
 * The text is cut in two in its middle, which stands at byte 20 of its rows: a part's records are
 * those that start in it. The second one starts at `start`; `right` where that is believed at once.
 */
static const struct start_row {
    const char *name;
    const char *body; /* 40 bytes, behind "a,b\n" */
    uint64_t start;
    bool right;
    const char *rows[2]; /* of each part */
} start_rows[] = {
    {"right at the cut",
     "1,aaaaaaaaaaaaaaaaa\n2,bbbbbbbbbbbbbbbbb\n",
     24,
     true,
     {"1|\"aaaaaaaaaaaaaaaaa\"\n", "2|\"bbbbbbbbbbbbbbbbb\"\n"}},
    {"a byte behind the cut",
     "1,aaaaaaaaaaaaaaaaaa\n2,bbbbbbbbbbbbbbbb\n",
     25,
     true,
     {"1|\"aaaaaaaaaaaaaaaaaa\"\n", "2|\"bbbbbbbbbbbbbbbb\"\n"}},
    {"a byte before the cut",
     "1,aaaaaaaaaaaaaaaa\n2,bbbb\n3,bbbbbbbbbbb\n",
     30,
     true,
     {"1|\"aaaaaaaaaaaaaaaa\"\n2|\"bbbb\"\n", "3|\"bbbbbbbbbbb\"\n"}},
    {"nowhere",
     "1,aaaaaaaaa\n2,bbbbbbbbbbbbbbbbbbbbbbbbb\n",
     44,
     true,
     {"1|\"aaaaaaaaa\"\n2|\"bbbbbbbbbbbbbbbbbbbbbbbbb\"\n", ""}},
    {"nowhere, and no record end",
     "1,aaaaaaaaa\n2,bbbbbbbbbbbbbbbbbbbbbbbbbb",
     44,
     true,
     {"1|\"aaaaaaaaa\"\n2|\"bbbbbbbbbbbbbbbbbbbbbbbbbb\"\n", ""}},
    {"in quotes, which is seen",
     "1,aaaaaaaaa\n2,\"bb\nbb\nbb\"\n3,\"b\"\n4,\"bbbb\"\n",
     29,
     true,
     {"1|\"aaaaaaaaa\"\n2|\"bb\nbb\nbb\"\n", "3|\"b\"\n4|\"bbbb\"\n"}},
    {"in quotes, which cannot be seen",
     "1,aaaaaaaaaa\n2,\"bb\nbb\nbb\nbb\nbb\nbb\nbbb\n\"\n",
     44,
     false,
     {"1|\"aaaaaaaaaa\"\n2|\"bb\nbb\nbb\nbb\nbb\nbb\nbbb\n\"\n", ""}},
    {"the cut is in CRLF",
     "1,aaaaaaaaaaaaaaaaa\r\n2,bbbbbbbbbbbbbbb\r\n",
     25,
     true,
     {"1|\"aaaaaaaaaaaaaaaaa\"\n", "2|\"bbbbbbbbbbbbbbb\"\n"}},
};

static void a_part_starts_with_its_first_record(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(start_rows); i++) {
        const struct start_row *row = &start_rows[i];
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        HW_AUTO(hw_buf) text = {0};
        uint64_t end;
        stock_text(&text, "a,b\n");
        stock_text(&text, row->body);
        assert_row_int(row->name, text.size, 44);
        stock_init(&stock);
        stock.csv.bad_rows_reject = true;
        stock.options.part_bytes = 20;
        stock_add(&stock, "memory", hw_buf_view(&text));
        assert_ok(stock_table(&stock, &err), err);
        assert_row_int(row->name, stock_part(&stock, 1)->begin, 24);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        for (size_t part = 0; part < 2; part++) {
            HW_AUTO(part_read) read = {0};
            HW_AUTO(part_read) again = {0};
            assert_ok(part_read(cursor, part, NULL, &read, &err), err);
            assert_row_int(row->name, read.steps.data[0], 'S');
            if (part == 1) {
                assert_row_int(row->name, end, row->start);
                assert_row_int(row->name, read.result->start == row->start, row->right);
                /* with its true start, right or wrong */
                assert_ok(part_read(cursor, part, &end, &again, &err), err);
                assert_row_text(row->name, part_text(&again.rows), row->rows[1]);
                assert_row_int(row->name, again.result->end, text.size);
            }
            if (part == 0 || row->right) {
                assert_row_text(row->name, part_text(&read.rows), row->rows[part]);
            }
            end = read.result->end;
        }
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

/* Records that are longer than the parts they start in: the parts they run through are empty. */
static void long_records_run_through_parts(void **state) {
    (void)state;
    static const size_t longs[] = {9000, 100 << 10, 300 << 10, 700 << 10};
    for (size_t i = 0; i < COUNT_OF(longs); i++) {
        for (int quoted = 0; quoted < 2; quoted++) {
            struct stock stock;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_cursor *cursor = NULL;
            HW_AUTO(whole) whole = {0};
            HW_AUTO(hw_buf) text = {0};
            HW_AUTO(hw_buf) want = {0};
            stock_text(&text, "id,note\n");
            for (size_t k = 0; k < 3; k++) {
                stock_rows(&text, &want, k, 1, "n");
                stock_text(&text, quoted ? "5,\"\n\n" : "5,");
                stock_text(&want, quoted ? "5|\"\n\n" : "5|\"");
                stock_fill(&text, 'y', longs[i]);
                stock_fill(&want, 'y', longs[i]);
                stock_text(&text, quoted ? "\"\n" : "\n");
                stock_text(&want, "\"\n");
            }
            stock_init(&stock);
            stock.options.part_bytes = 5000;
            stock_add(&stock, "memory", hw_buf_view(&text));
            assert_ok(stock_table(&stock, &err), err);
            assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
            assert_ok(whole_read(&stock, cursor, &whole, &err), err);
            assert_int_equal(whole.rows.size, want.size);
            assert_memory_equal(whole.rows.data, want.data, want.size);
            assert_int_equal(whole.bytes, text.size - 8);
            cursor->ops->free(cursor);
            stock_release(&stock);
        }
    }
}

/* ------ large records */

/*
 * A text of a record of so many bytes among others, in one part or at the end of the first of two.
 */
static void large_records_are_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes; /* of the record; 0: to the end of the text, without a record end */
        size_t before;
        uint64_t part_bytes;
        bool allowed;
        const char *encoding;
        bool held;
        const char *steps;
    } rows[] = {
        {"shared", 400 << 10, 0, 64 * MIB, false, NULL, false, "SRE "},
        {"more than is shared", 700 << 10, 0, 64 * MIB, false, NULL, false, "SRLRE "},
        {"allowed before", 700 << 10, 0, 64 * MIB, true, NULL, false, "SRE "},
        {"once a part", 1500 << 10, 0, 64 * MIB, false, NULL, false, "SRLRE "},
        {"beyond the part", 700 << 10, 0, 500 * KIB, false, NULL, false, "SRLRE SRE "},
        {"beyond the part, shared", 400 << 10, 0, 300 * KIB, false, NULL, false, "SRE SRE "},
        {"a portion that is held", 700 << 10, 0, 0, false, "latin1", true, "HRE LHRE "},
        {"a portion that is not", 700 << 10, 0, 0, false, "latin1", false, "RHE LRHE "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        HW_AUTO(whole) whole = {0};
        HW_AUTO(hw_buf) text = {0};
        stock_text(&text, "id,note\n1,x\n1,x\n2,\"");
        stock_fill(&text, 'y', rows[i].bytes);
        stock_text(&text, "\"\n3,z\n");
        stock_init(&stock);
        stock.csv.encoding = rows[i].encoding;
        stock.options.part_bytes = rows[i].part_bytes ? rows[i].part_bytes : 64 * MIB;
        stock.options.portion_bytes = 100 * KIB;
        stock.options.portion_held = rows[i].held;
        stock.options.record_bytes_shared = 512 * KIB;
        stock_add(&stock, "memory", hw_buf_view(&text));
        assert_ok(stock_table(&stock, &err), err);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        if (rows[i].allowed) {
            HW_AUTO(part_read) read = {.large = true};
            HW_AUTO(part_read) again = {0};
            assert_ok(part_read(cursor, 0, NULL, &read, &err), err);
            /* what was allowed was for that part */
            assert_ok(part_read(cursor, 0, NULL, &again, &err), err);
            assert_row_text(rows[i].name, part_text(&again.steps), "SRLRE");
            assert_ok(whole_add(&whole, &read, &err), err);
        } else {
            assert_ok(whole_read(&stock, cursor, &whole, &err), err);
        }
        assert_row_int(rows[i].name, whole.records, 4);
        assert_row_text(rows[i].name, part_text(&whole.steps), rows[i].steps);
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

/* An open quote swallows the rest of a text: its record's line and offset are told. */
static void a_record_above_the_limit_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bytes_max;
        size_t rows; /* "1,x\n" before it */
        uint64_t part_bytes;
        const char *encoding;
        bool held;
        const char *message;
    } rows[] = {
        {"in a part", MIB, 1000, 64 * MIB, NULL, false,
         "a record is longer than 1 MiB, the most that --memory allows: is a quote never closed? More memory allows "
         "longer records"},
        {"at its start", MIB, 0, 64 * MIB, NULL, false, "a record is longer than 1 MiB"},
        {"beyond the part", MIB, 1000, 5000, NULL, false, "a record is longer than 1 MiB"},
        {"in a portion that is held", MIB, 1000, 0, "latin1", true, "a record is longer than 1 MiB"},
        {"in a portion that is not", MIB, 1000, 0, "latin1", false, "a record is longer than 1 MiB"},
        {"above what any memory allows", 64 * MIB, 10, 128 * MIB, NULL, false,
         "a record is longer than 64 MiB: is a quote never closed?"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stock stock;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        HW_AUTO(whole) whole = {0};
        HW_AUTO(hw_buf) text = {0};
        stock_text(&text, "id,note\n1,x\n");
        for (size_t k = 0; k < rows[i].rows; k++) {
            stock_text(&text, "1,x\n");
        }
        const size_t offset = text.size;
        stock_text(&text, "2,\"");
        stock_fill(&text, 'y', rows[i].bytes_max + (rows[i].bytes_max >> 4));
        stock_init(&stock);
        stock.csv.encoding = rows[i].encoding;
        stock.options.part_bytes = rows[i].part_bytes ? rows[i].part_bytes : MIB;
        stock.options.portion_bytes = 64 * KIB;
        stock.options.portion_held = rows[i].held;
        stock.options.record_bytes_max = rows[i].bytes_max;
        stock.options.record_bytes_shared = 512 * KIB;
        stock_add(&stock, "memory", hw_buf_view(&text));
        assert_ok(stock_table(&stock, &err), err);
        assert_ok(hw_csv_cursor_new(&stock.table, &cursor, &err), err);
        assert_row_int(rows[i].name, whole_read(&stock, cursor, &whole, &err), HW_ELIMIT);
        assert_row_says(rows[i].name, err.message, rows[i].message);
        assert_row_int(rows[i].name, strstr(err.message, "--memory") != NULL, rows[i].bytes_max < 64 * MIB);
        assert_row_int(rows[i].name, err.offset, offset);
        /* Of the part: what the parts before it hold is the reader's to add. */
        assert_row_int(rows[i].name, err.line >= 1 && err.line <= (int64_t)rows[i].rows + 2, true);
        if (rows[i].part_bytes >= MIB) {
            assert_row_int(rows[i].name, err.line, rows[i].rows + 2);
        }
        cursor->ops->free(cursor);
        stock_release(&stock);
    }
}

/* ------ reuse */

/*
 * Parts in any order, with known starts and without, by a cursor that has read others before and by
 * a fresh one.
 */
static void a_cursor_is_as_good_as_new(void **state) {
    (void)state;
    struct stock stock;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_cursor *used = NULL;
    struct dice dice = {11};
    HW_AUTO(hw_buf) first = {0};
    HW_AUTO(hw_buf) gzip = {0};
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) packed = {0};
    stock_text(&first, "id,note\n");
    stock_rows(&first, &want, 0, 3000, "\"\nn\"\"\"\"");
    stock_text(&first, "1\n2,\"open");
    stock_text(&gzip, "note,more\nx,1\nbad,2.5\ntoo,many,fields\n");
    packed_gzip(hw_buf_view(&gzip), &packed);
    stock_init(&stock);
    stock.csv.bad_rows_reject = true;
    stock.options.part_bytes = 2000;
    stock_add(&stock, "a", hw_buf_view(&first));
    stock_add(&stock, "b", hw_buf_view(&packed));
    stock_add(&stock, "c", hw_buf_view(&first));
    assert_ok(stock_table(&stock, &err), err);
    assert_ok(hw_csv_cursor_new(&stock.table, &used, &err), err);
    const size_t parts = stock_parts(&stock);
    assert_true(parts > 20);
    for (int round = 0; round < 200; round++) {
        struct hw_cursor *fresh = NULL;
        HW_AUTO(part_read) old = {.types_only = round % 7 == 0};
        HW_AUTO(part_read) new = {.types_only = round % 7 == 0};
        const size_t part = dice_roll(&dice, parts);
        assert_ok(part_read(used, part, NULL, &old, &err), err);
        assert_ok(hw_csv_cursor_new(&stock.table, &fresh, &err), err);
        assert_ok(part_read(fresh, part, NULL, &new, &err), err);
        fresh->ops->free(fresh);
        assert_string_equal(part_text(&old.rows), part_text(&new.rows));
        assert_string_equal(part_text(&old.rejects), part_text(&new.rejects));
        assert_string_equal(part_text(&old.steps), part_text(&new.steps));
        const struct hw_csv_result *a = part_result(&old);
        const struct hw_csv_result *b = part_result(&new);
        assert_true(a->base.start == b->base.start && a->base.end == b->base.end && a->lines == b->lines);
        assert_true(a->base.rows == b->base.rows && a->base.records == b->base.records);
        assert_true(a->base.bytes == b->base.bytes && a->base.misfit == b->base.misfit);
        assert_memory_equal(a->rejected_by, b->rejected_by, sizeof(a->rejected_by));
        for (size_t i = 0; i < stock.table.layout.schema.count; i++) {
            assert_int_equal(a->profiles[i].seen, b->profiles[i].seen);
        }
    }
    used->ops->free(used);
    stock_release(&stock);
}

/* ------ want of memory */

static enum hw_status stock_read(struct stock *stock, struct whole *whole, struct hw_error *err) {
    struct hw_cursor *cursor;
    HW_TRY(stock_table(stock, err));
    HW_TRY(hw_csv_cursor_new(&stock->table, &cursor, err));
    const enum hw_status status = whole_read(stock, cursor, whole, err);
    cursor->ops->free(cursor);
    return status;
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *encoding;
        bool held;
        const char *texts[2];
    } rows[] = {
        {"parts", NULL, false, {"a,b\n1,x\n2\n3,y\n4,z\n", "b,c\nx,1\ny,2\n,\"1"}},
        {"held portions", "latin1", true, {"a,b\n1,x\n2\n3,y\n4,z\n"}},
        {"portions", "latin1", false, {"a,b\n1,x\n2\n3,y\n4,z\n"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct stock stock;
            struct whole whole = {.blind = true};
            alloc_fault_begin(&fault, successes);
            stock_init(&stock);
            stock.csv.encoding = rows[i].encoding;
            stock.csv.bad_rows_reject = true;
            stock.options.part_bytes = 8;
            stock.options.portion_bytes = 8;
            stock.options.portion_held = rows[i].held;
            stock.options.history = true;
            for (size_t k = 0; k < 2 && rows[i].texts[k]; k++) {
                stock_add(&stock, "memory", hw_view_of(rows[i].texts[k]));
            }
            const enum hw_status status = stock_read(&stock, &whole, &err);
            whole_release(&whole);
            stock_release(&stock);
            fired = alloc_fault_end(&fault);
            assert_row_int(rows[i].name, status, fired ? HW_ENOMEM : HW_OK);
            faults += fired;
        }
        assert_row_int(rows[i].name, faults > 50, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(a_part_starts_with_its_first_record),
        cmocka_unit_test(long_records_run_through_parts),
        cmocka_unit_test(large_records_are_asked_for),
        cmocka_unit_test(a_record_above_the_limit_is_told),
        cmocka_unit_test(a_cursor_is_as_good_as_new),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
