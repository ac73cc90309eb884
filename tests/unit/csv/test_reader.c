/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/reader.h"

#include <pthread.h>

#include "support/alloc_fault.h"
#include "unit/csv/packed.h"
#include "unit/csv/stock.h"

#define MIB UINT64_C(1048576)

/* A reader of a stock, and what its passes came to. */
struct reading {
    struct stock stock;
    struct hw_table_reader *reader;
    struct hw_cursor *cursor;
    struct hw_buf rows;
    struct hw_buf lines; /* of every reject, in the whole input: "7 9 " */
    bool misfit;         /* of the last pass */
    int passes;
    bool blind; /* Batches are not looked at. */
};

static void reading_init(struct reading *reading) {
    memset(reading, 0, sizeof(*reading));
    stock_init(&reading->stock);
    reading->stock.csv.bad_rows_reject = true;
}

static void cursor_release(struct reading *reading) {
    if (reading->cursor) {
        reading->cursor->ops->free(reading->cursor);
        reading->cursor = NULL;
    }
}

static void reading_release(struct reading *reading) {
    cursor_release(reading);
    if (reading->reader) {
        reading->reader->ops->free(reading->reader);
    }
    hw_buf_release(&reading->rows);
    hw_buf_release(&reading->lines);
    stock_release(&reading->stock);
}

static enum hw_status reading_begin(struct reading *reading, struct hw_error *err) {
    HW_TRY(stock_reader(&reading->stock, &reading->reader, err));
    struct hw_table_reader *reader = reading->reader;
    for (size_t i = 0; i < reader->objects_count; i++) {
        HW_TRY(reader->ops->look(reader, i, err));
    }
    HW_TRY(reader->ops->decide(reader, err));
    return reader->ops->begin(reader, err);
}

/* Rejects' lines are asked for before their part is accepted, as the pipeline does. */
static enum hw_status lines_take(struct reading *reading, const hw_view list, struct hw_error *err) {
    for (size_t at = 0; at < list.size;) {
        struct hw_reject reject;
        memcpy(&reject, list.data + at, sizeof(reject));
        at += sizeof(reject) + reject.bytes;
        HW_TRY(hw_buf_printf(&reading->lines, err, "%" PRIu64 " ",
                             reading->reader->ops->reject_line(reading->reader, &reject)));
    }
    return HW_OK;
}

/* One part, from its open to its end: rows and rejects are kept. */
static enum hw_status part_steps(struct reading *reading, size_t part, const uint64_t *start, struct hw_buf *rejects,
                                 struct hw_error *err) {
    struct hw_cursor *cursor = reading->cursor;
    enum hw_cursor_step step;
    HW_TRY(cursor->ops->open(cursor, part, start, err));
    do {
        HW_TRY(cursor->ops->next(cursor, &step, err));
        cursor->large_allowed |= step == HW_CURSOR_LARGE;
        if (step == HW_CURSOR_ROWS && cursor->batch.rows > 0 && !reading->blind) {
            batch_text(&cursor->batch, &reading->rows);
        }
        if (step == HW_CURSOR_ROWS) {
            HW_TRY(hw_buf_append(rejects, cursor->rejects.data.data, cursor->rejects.data.size, err));
            hw_buf_clear(&cursor->rejects.data);
            cursor->rejects.count = 0;
        }
    } while (step != HW_CURSOR_END);
    return HW_OK;
}

/* Reads a part at its true start, and accepts it; a failure gets its place in the whole input. */
static enum hw_status part_accept(struct reading *reading, size_t part, uint64_t *end, struct hw_error *err) {
    struct hw_table_reader *reader = reading->reader;
    HW_AUTO(hw_buf) rejects = {0};
    const bool known = !reader->sequential && !reader->ops->part_exact(reader, part);
    enum hw_status status = part_steps(reading, part, known ? end : NULL, &rejects, err);
    struct hw_part_result *result = reading->cursor->ops->close(reading->cursor);
    if (status == HW_OK) {
        status = lines_take(reading, hw_buf_view(&rejects), err);
    }
    if (status == HW_OK) {
        *end = result->end;
        reading->misfit |= result->misfit;
        reader->ops->accept(reader, result);
    } else if (result) {
        reader->ops->place_error(reader, result, err);
    }
    reader->ops->result_free(result);
    return status;
}

static enum hw_status pass_read(struct reading *reading, struct hw_error *err) {
    struct hw_table_reader *reader = reading->reader;
    uint64_t end = 0;
    reading->misfit = false;
    reading->passes++;
    cursor_release(reading);
    hw_buf_clear(&reading->rows);
    hw_buf_clear(&reading->lines);
    HW_TRY(reader->ops->cursor_new(reader, &reading->cursor, err));
    for (size_t i = 0; reader->sequential ? !reading->cursor->last : i < reader->parts_count; i++) {
        HW_TRY(part_accept(reading, i, &end, err));
    }
    return HW_OK;
}

/* All passes, and the proof at their end. */
static enum hw_status reading_run(struct reading *reading, struct hw_error *err) {
    struct hw_table_reader *reader;
    HW_TRY(reading_begin(reading, err));
    reader = reading->reader;
    HW_TRY(pass_read(reading, err));
    while (reading->misfit) {
        HW_TRY(reader->ops->widen(reader, err));
        HW_TRY(reader->ops->begin(reader, err));
        HW_TRY(pass_read(reading, err));
    }
    return reader->ops->end(reader, err);
}

/* ------ what a reader says of itself */

static void a_reader_says_what_it_is(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zstd = {0};
    packed_zstd((hw_view){"a,b\n1,x\n", 8}, 16, &zstd);
    const struct {
        const char *name;
        hw_view objects[2];
        const char *schema;
        bool sequential;
        bool in_turn;
        size_t parts;
        uint64_t window;
    } rows[] = {
        {"plain", {{"a,b\n1,x\n", 8}}, NULL, false, false, 1, 0},
        {"two plain ones", {{"a,b\n1,x\n", 8}, {"a\n1\n", 4}}, NULL, false, false, 1, 0},
        {"packed", {hw_buf_view(&zstd)}, NULL, true, false, 0, 65536},
        {"plain and packed", {{"a,b\n1,x\n", 8}, hw_buf_view(&zstd)}, NULL, false, false, 1, 65536},
        {"a unique column",
         {{"a\n1\n", 4}},
         "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\", \"unique\": true}]}",
         false,
         true,
         1,
         0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        reading_init(&reading);
        uint64_t bytes = 0;
        for (size_t k = 0; k < 2 && rows[i].objects[k].data; k++) {
            stock_add(&reading.stock, "memory", rows[i].objects[k]);
            bytes += rows[i].objects[k].size;
        }
        if (rows[i].schema) {
            stock_schema(&reading.stock, rows[i].schema);
        }
        assert_ok(reading_begin(&reading, &err), err);
        const struct hw_table_reader *reader = reading.reader;
        assert_row_int(rows[i].name, reader->objects_count, reading.stock.count);
        assert_row_int(rows[i].name, reader->sequential, rows[i].sequential);
        assert_row_int(rows[i].name, reader->in_turn, rows[i].in_turn);
        assert_row_int(rows[i].name, reader->parts_count, rows[i].parts);
        assert_row_int(rows[i].name, reader->bytes, bytes);
        assert_row_int(rows[i].name, reader->window_bytes, rows[i].window);
        assert_row_text(rows[i].name, reader->schema->fields[0].name, "a");
        assert_row_int(rows[i].name, reader->reject_reasons_count, HW_CSV_REASON_COUNT);
        assert_row_text(rows[i].name, reader->reject_reasons[HW_CSV_TOO_FEW_FIELDS], "too_few_fields");
        reading_release(&reading);
    }
}

/* ------ lines, counters, inputs */

/* "note" lines before the header, rows of two lines, bad records at known lines. */
static void lines_are_those_of_the_whole_input(void **state) {
    (void)state;
    static const uint64_t parts[] = {40, 111, 1000, 100000};
    for (size_t i = 0; i < 2 * COUNT_OF(parts); i++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) lines = {0};
        size_t rejected = 0;
        /* one input; else there are two of the same text */
        const bool streamed = i >= COUNT_OF(parts);
        /* the first row is on the fourth line: from 0, on 3 */
        stock_text(&text, "skipped\n\"id\",\"no\nte\"\n");
        for (size_t k = 0; k < 300; k++) {
            stock_text(&text, k % 7 == 3 ? "1,x,\"y\ny\"\n" : "1,\"x\ny\"\n");
            rejected += k % 7 == 3;
        }
        for (size_t k = 0; k < (streamed ? 300 : 600); k++) {
            if (k % 300 % 7 == 3) {
                assert_ok(hw_buf_printf(&lines, &err, "%zu ", 3 + 2 * (k % 300)), err);
            }
        }
        reading_init(&reading);
        reading.stock.csv.skip_lines = 1;
        reading.stock.csv.encoding = streamed ? "latin1" : NULL;
        reading.stock.options.part_bytes = reading.stock.options.portion_bytes = parts[i % COUNT_OF(parts)];
        stock_add(&reading.stock, "0", hw_buf_view(&text));
        if (!streamed) {
            stock_add(&reading.stock, "1", hw_buf_view(&text));
        }
        assert_ok(reading_run(&reading, &err), err);
        const struct hw_table_reader *reader = reading.reader;
        assert_string_equal(part_text(&reading.lines), part_text(&lines));
        assert_int_equal(reader->records, 300 * reading.stock.count);
        assert_int_equal(reader->rejected, rejected * reading.stock.count);
        assert_int_equal(reader->rows, reader->records - reader->rejected);
        assert_int_equal(reader->rejected_by[HW_CSV_TOO_MANY_FIELDS], reader->rejected);
        assert_int_equal(reader->ops->inputs_count(reader), reading.stock.count);
        for (size_t k = 0; k < reading.stock.count; k++) {
            assert_int_equal(reader->ops->input(reader, k).rows, 300 - rejected);
        }
        reading_release(&reading);
    }
}

static void an_error_has_its_line_in_the_whole_input(void **state) {
    (void)state;
    static const struct {
        const char *name;
        /* good ones before the bad one, of each input; SIZE_MAX: no bad one, and 100 rows */
        size_t rows[2];
        bool several;
        int64_t line; /* behind a header on one line */
        const char *object;
    } rows[] = {
        {"the first row", {0}, false, 2, ""},
        {"a row of a later part", {700}, false, 702, ""},
        {"of several inputs, the first", {700, SIZE_MAX}, true, 702, "0"},
        {"of several inputs, the second", {SIZE_MAX, 0}, true, 2, "1"},
        {"of several inputs, a later part of the second", {SIZE_MAX, 700}, true, 702, "1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf texts[2] = {0};
        static const char *const names[] = {"0", "1"};
        reading_init(&reading);
        reading.stock.csv.bad_rows_reject = false;
        reading.stock.options.several = rows[i].several;
        reading.stock.options.part_bytes = 100;
        for (size_t k = 0; k < (rows[i].several ? 2 : 1); k++) {
            const bool bad = rows[i].rows[k] != SIZE_MAX;
            stock_text(&texts[k], "a,b\n");
            for (size_t row = 0; row < (bad ? rows[i].rows[k] : 100); row++) {
                stock_text(&texts[k], "1,x\n");
            }
            stock_text(&texts[k], bad ? "bad\n1,x\n" : "");
            stock_add(&reading.stock, names[k], hw_buf_view(&texts[k]));
        }
        assert_row_int(rows[i].name, reading_run(&reading, &err), HW_EDATA);
        assert_row_int(rows[i].name, err.line, rows[i].line);
        assert_row_text(rows[i].name, err.object, rows[i].object);
        assert_row_int(rows[i].name, err.offset, 4 + 4 * (rows[i].line - 2));
        reading_release(&reading);
        hw_buf_release(&texts[0]);
        hw_buf_release(&texts[1]);
    }
}

static void inputs_are_told_of(void **state) {
    (void)state;
    HW_AUTO(hw_buf) zip = {0};
    packed_zip((const struct packed_member[]){{"x.csv", {"a\n1\n2\n", 6}, 0}, {"y.csv", {"a\n3\n", 4}, 0}}, 2, &zip);
    struct reading reading;
    struct hw_error err = HW_ERROR_INIT;
    static const struct {
        const char *name;
        size_t object;
        uint64_t rows;
        const char *checksum;
    } wants[] = {{"l", 0, 1, NULL},   {"r", 1, 2, "crc32c"},     {"p", 2, 1, "crc32"},
                 {"n", 3, 1, "none"}, {"z#x.csv", 4, 2, "none"}, {"z#y.csv", 4, 1, "none"}};
    reading_init(&reading);
    reading.stock.inputs.checksums = true;
    stock_add(&reading.stock, "l", hw_view_of("a\n1\n"));
    struct memory_object *summed = stock_add(&reading.stock, "r", hw_view_of("a\n1\n2\n"));
    summed->remote = summed->summed = true;
    summed->checksum = (struct hw_checksum){HW_CHECKSUM_CRC32C, packed_crc(PACKED_CRC32C, summed->bytes)};
    struct memory_object *proved = stock_add(&reading.stock, "p", hw_view_of("a\n1\n"));
    proved->remote = true;
    proved->proved_by = HW_CHECKSUM_CRC32;
    stock_add(&reading.stock, "n", hw_view_of("a\n1\n"))->remote = true;
    stock_add(&reading.stock, "z", hw_buf_view(&zip))->remote = true;
    assert_ok(reading_run(&reading, &err), err);
    assert_int_equal(reading.reader->ops->inputs_count(reading.reader), COUNT_OF(wants));
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        const struct hw_table_input input = reading.reader->ops->input(reading.reader, i);
        assert_string_equal(input.name, wants[i].name);
        assert_row_int(wants[i].name, input.object, wants[i].object);
        assert_row_int(wants[i].name, input.rows, wants[i].rows);
        assert_row_int(wants[i].name, input.bytes, reading.stock.from[wants[i].object].bytes.size);
        assert_row_text(wants[i].name, input.checksum ? input.checksum : "",
                        wants[i].checksum ? wants[i].checksum : "");
    }
    reading_release(&reading);
}

/* A text in one portion or in several, held or not, and inputs of a merge. */
static void bytes_behind_the_packed_ones_are_told(void **state) {
    (void)state;
    enum { ROWS = 3000 };
    static const struct {
        const char *name;
        size_t objects;
        uint64_t portion_bytes;
        bool held;
        size_t garbage;
    } rows[] = {
        {"nothing", 1, MIB, true, 0},
        {"one portion", 1, MIB, true, 1},
        {"one that is not held", 1, MIB, false, 2},
        {"portions", 1, 5000, true, 3},
        {"portions that are not held", 1, 5000, false, 4},
        {"two inputs", 2, MIB, true, 5},
    };
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) want = {0};
    stock_text(&text, "id,note\n");
    stock_rows(&text, &want, 0, ROWS, "1");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) packed = {0};
        packed_gzip(hw_buf_view(&text), &packed);
        packed_put(&packed, "\n\n\n\n\n", rows[i].garbage);
        reading_init(&reading);
        reading.stock.options.portion_bytes = rows[i].portion_bytes;
        reading.stock.options.portion_held = rows[i].held;
        for (size_t k = 0; k < rows[i].objects; k++) {
            stock_add(&reading.stock, "packed", hw_buf_view(&packed));
        }
        assert_ok(reading_run(&reading, &err), err);
        for (size_t k = 0; k < rows[i].objects; k++) {
            const struct hw_table_input input = reading.reader->ops->input(reading.reader, k);
            assert_row_int(rows[i].name, input.rows, ROWS);
            assert_row_int(rows[i].name, input.garbage_bytes, rows[i].garbage);
        }
        reading_release(&reading);
    }
}

/* ------ checksums */

/* A byte that came wrong: the rows are as they are, and the end finds it. */
static void what_was_read_is_proved(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_checksum_kind kind;
        size_t wrong; /* the byte that is another one in the store; SIZE_MAX: none */
        uint64_t part_bytes;
        enum hw_status want;
    } rows[] = {
        {"all is well", HW_CHECKSUM_CRC32C, SIZE_MAX, 64 * MIB, HW_OK},
        {"all is well, of many parts", HW_CHECKSUM_CRC32C, SIZE_MAX, 333, HW_OK},
        {"all is well, by CRC-32", HW_CHECKSUM_CRC32, SIZE_MAX, 333, HW_OK},
        {"a byte of the header", HW_CHECKSUM_CRC32C, 0, 333, HW_ECHECKSUM},
        {"a byte of a row", HW_CHECKSUM_CRC32C, 5000, 333, HW_ECHECKSUM},
        {"a byte of a reject", HW_CHECKSUM_CRC32, 8, 64 * MIB, HW_ECHECKSUM},
        {"nothing to compare with", HW_CHECKSUM_NONE, 5000, 333, HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) want = {0};
        stock_text(&text, "id,note\nreject\n\n");
        stock_rows(&text, &want, 0, 1000, "n");
        stock_text(&text, "1000,\"open");
        reading_init(&reading);
        reading.stock.inputs.checksums = true;
        reading.stock.options.part_bytes = rows[i].part_bytes;
        struct memory_object *from = stock_add(&reading.stock, "o", hw_buf_view(&text));
        from->summed = true;
        const size_t wrong = rows[i].wrong != SIZE_MAX ? rows[i].wrong : 0;
        text.data[wrong] ^= rows[i].wrong != SIZE_MAX;
        const uint32_t polynomial = rows[i].kind == HW_CHECKSUM_CRC32 ? PACKED_CRC32 : PACKED_CRC32C;
        from->checksum = (struct hw_checksum){rows[i].kind, packed_crc(polynomial, hw_buf_view(&text))};
        from->checksum.value = rows[i].kind == HW_CHECKSUM_NONE ? 0 : from->checksum.value;
        text.data[wrong] ^= rows[i].wrong != SIZE_MAX;
        assert_row_int(rows[i].name, reading_run(&reading, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want == HW_OK ? "" : "that were read have the crc32");
        assert_row_text(rows[i].name, err.object, rows[i].want == HW_OK ? "" : "o");
        assert_row_int(rows[i].name, reading.reader->rows, 1000);
        reading_release(&reading);
    }
}

/*
 * A table that has enough rows is left: nothing is said to be proved of a text that was not read to
 * its end, and what was read whole is proved all the same.
 */
static void a_limit_proves_nothing_of_the_rest(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t rows_max;
        size_t wrong; /* the byte that is another one in the store; SIZE_MAX: none */
        uint64_t rows;
        bool limited;
        const char *checksums[2];
        enum hw_status want;
    } rows[] = {
        {"no limit", 0, SIZE_MAX, 200, false, {"crc32c", "crc32c"}, HW_OK},
        {"a limit that is not met", 201, SIZE_MAX, 200, false, {"crc32c", "crc32c"}, HW_OK},
        {"as many rows as there are", 200, SIZE_MAX, 200, false, {"crc32c", "crc32c"}, HW_OK},
        {"one row less", 199, SIZE_MAX, 199, true, {"crc32c", "none"}, HW_OK},
        {"the first text", 100, SIZE_MAX, 100, true, {"crc32c", "none"}, HW_OK},
        {"within the first text", 99, SIZE_MAX, 99, true, {"none", "none"}, HW_OK},
        {"a wrong byte behind the limit", 99, 700, 99, true, {"none", "none"}, HW_OK},
        {"a wrong byte in the text that was read whole", 150, 700, 150, true, {"crc32c", "none"}, HW_ECHECKSUM},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) want = {0};
        stock_text(&text, "id,note\n");
        stock_rows(&text, &want, 0, 100, "n");
        reading_init(&reading);
        reading.stock.inputs.checksums = true;
        reading.stock.options.part_bytes = 111;
        reading.stock.options.several = true;
        reading.stock.options.rows_max = rows[i].rows_max;
        for (size_t k = 0; k < 2; k++) {
            struct memory_object *from = stock_add(&reading.stock, k == 0 ? "a" : "b", hw_buf_view(&text));
            from->remote = from->summed = true;
            from->checksum = (struct hw_checksum){HW_CHECKSUM_CRC32C, packed_crc(PACKED_CRC32C, hw_buf_view(&text))};
            from->checksum.value ^= k == 0 && rows[i].wrong != SIZE_MAX;
        }
        assert_row_int(rows[i].name, reading_run(&reading, &err), rows[i].want);
        assert_row_int(rows[i].name, reading.reader->rows, rows[i].rows);
        assert_row_int(rows[i].name, reading.reader->limited, rows[i].limited);
        assert_row_int(rows[i].name, reading.reader->in_turn, rows[i].rows_max > 0);
        for (size_t k = 0; k < 2; k++) {
            assert_row_text(rows[i].name, reading.reader->ops->input(reading.reader, k).checksum, rows[i].checksums[k]);
        }
        reading_release(&reading);
    }
}

/* ------ a second pass */

/*
 * Columns that a sample takes for numbers, and what does not fit them in the midst of the second
 * input.
 */
static void columns_widen_in_a_second_pass(void **state) {
    (void)state;
    enum { ROWS = 40000, ODD = 32000, LATER = 38000 /* in another part */ };
    for (int streamed = 0; streamed < 2; streamed++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_column_history history;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) want = {0};
        stock_text(&text, "a,b\nbad\n");
        for (size_t i = 0; i < ROWS; i++) {
            stock_text(&text, i == ODD ? "odd,5\n" : i == LATER ? "odder,5\n" : "1111111,5\n");
            stock_text(&want, i == ODD ? "\"odd\"|5\n" : i == LATER ? "\"odder\"|5\n" : "\"1111111\"|5\n");
        }
        reading_init(&reading);
        reading.stock.options.history = true;
        reading.stock.options.several = !streamed;
        reading.stock.options.part_bytes = reading.stock.options.portion_bytes = 50000;
        reading.stock.csv.encoding = streamed ? "latin1" : NULL;
        if (!streamed) {
            stock_add(&reading.stock, "first", hw_view_of("b\n7\n"));
        }
        stock_add(&reading.stock, "second", hw_buf_view(&text));
        assert_ok(reading_begin(&reading, &err), err);
        struct hw_table_reader *reader = reading.reader;
        const size_t a = streamed ? 0 : 1;
        const struct hw_field *fields = reader->schema->fields;
        assert_int_equal(fields[a].type.kind, HW_KIND_INT64);
        assert_ok(pass_read(&reading, &err), err);
        assert_true(reading.misfit);
        assert_int_equal(reader->rows, ROWS + !streamed);
        assert_ok(reader->ops->widen(reader, &err), err);
        assert_true(reader->schema->fields == fields);
        assert_int_equal(fields[a].type.kind, HW_KIND_TEXT);
        assert_int_equal(fields[1 - a].type.kind, HW_KIND_INT64);
        assert_ok(reader->ops->begin(reader, &err), err);
        assert_int_equal(reader->rows, 0); /* the first pass is forgotten */
        assert_ok(pass_read(&reading, &err), err);
        assert_false(reading.misfit);
        assert_ok(reader->ops->end(reader, &err), err);
        assert_int_equal(reader->rows, ROWS + !streamed);
        assert_int_equal(reader->ops->input(reader, a).rows, ROWS);
        assert_string_equal(part_text(&reading.lines), "1 "); /* the reject's, counted anew */
        assert_int_equal(reader->rejected_by[HW_CSV_TOO_FEW_FIELDS], 1);
        if (streamed) {
            assert_int_equal(reading.rows.size, want.size);
            assert_memory_equal(reading.rows.data, want.data, want.size);
        }
        assert_ok(reader->ops->history(reader, a, &arena, &history, &err), err);
        assert_int_equal(history.widened_from->kind, HW_KIND_INT64);
        assert_string_equal(history.misfit, "odd");
        assert_int_equal(history.misfit_line, ODD + 3);
        assert_int_equal(history.misfit_offset, 8 + (uint64_t)ODD * 10);
        assert_string_equal(history.misfit_input ? history.misfit_input : "", streamed ? "" : "second");
        assert_ok(reader->ops->history(reader, 1 - a, &arena, &history, &err), err);
        assert_true(!history.widened_from && !history.misfit && history.misfit_line == 0);
        reading_release(&reading);
    }
}

/* ------ looks */

struct looker {
    struct hw_table_reader *reader;
    size_t object;
    enum hw_status status;
};

static void *look_run(void *ctx) {
    struct looker *looker = ctx;
    looker->status = looker->reader->ops->look(looker->reader, looker->object, NULL);
    return NULL;
}

static void looks_in_any_order_make_the_same_table(void **state) {
    (void)state;
    static const char *const texts[] = {"c,a\n1,2\n", "a,b\n3,x\n", "b,d\ny,true\n", "d\nfalse\n", "a,c\n1.5,7\n"};
    for (int round = 0; round < 20; round++) {
        struct reading reading;
        struct hw_error err = HW_ERROR_INIT;
        pthread_t threads[COUNT_OF(texts)];
        struct looker lookers[COUNT_OF(texts)];
        reading_init(&reading);
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            stock_add(&reading.stock, "memory", hw_view_of(texts[i]));
        }
        assert_ok(stock_reader(&reading.stock, &reading.reader, &err), err);
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            lookers[i] = (struct looker){reading.reader, (i * 3 + (size_t)round) % COUNT_OF(texts), HW_EFAILED};
            assert_int_equal(pthread_create(&threads[i], NULL, look_run, &lookers[i]), 0);
        }
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            pthread_join(threads[i], NULL);
            assert_int_equal(lookers[i].status, HW_OK);
        }
        assert_ok(reading.reader->ops->decide(reading.reader, &err), err);
        assert_ok(reading.reader->ops->begin(reading.reader, &err), err);
        assert_ok(pass_read(&reading, &err), err);
        /* c int64, a double, b text, d boolean */
        assert_string_equal(part_text(&reading.rows), "1|2|~|~\n~|3|\"x\"|~\n~|~|\"y\"|T\n~|~|~|F\n7|1.5|~|~\n");
        reading_release(&reading);
    }
}

/* ------ want of memory */

static void want_of_memory_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) want = {0};
    stock_text(&text, "id,note\n");
    stock_rows(&text, &want, 0, 12000, "1");
    stock_text(&text, "bad\n");
    /* Beyond the first 64 KiB of a sample, and between its pieces. */
    memcpy(text.data + text.size * 9 / 16, "\n1,x\n2,y", 8);
    for (int streamed = 0; streamed < 2; streamed++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct reading reading;
            alloc_fault_begin(&fault, successes);
            reading_init(&reading);
            reading.blind = true;
            reading.stock.options.history = true;
            reading.stock.csv.encoding = streamed ? "latin1" : NULL;
            stock_add(&reading.stock, "0", hw_view_of("note,more\n1,2\n"));
            if (streamed) {
                reading.stock.count = 0;
                hw_csv_object_release(&reading.stock.objects[0]);
            }
            stock_add(&reading.stock, "1", hw_buf_view(&text));
            const enum hw_status status = reading_run(&reading, &err);
            assert_true(status != HW_OK || reading.passes == (streamed ? 1 : 2));
            reading_release(&reading);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            faults += fired;
        }
        assert_true(faults > 100);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_says_what_it_is),
        cmocka_unit_test(lines_are_those_of_the_whole_input),
        cmocka_unit_test(an_error_has_its_line_in_the_whole_input),
        cmocka_unit_test(inputs_are_told_of),
        cmocka_unit_test(bytes_behind_the_packed_ones_are_told),
        cmocka_unit_test(what_was_read_is_proved),
        cmocka_unit_test(a_limit_proves_nothing_of_the_rest),
        cmocka_unit_test(columns_widen_in_a_second_pass),
        cmocka_unit_test(looks_in_any_order_make_the_same_table),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
