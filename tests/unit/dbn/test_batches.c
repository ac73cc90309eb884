/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/batches.h"

#include "support/alloc_fault.h"
#include "unit/dbn/file_make.h"

/* The number of the column `sequence` of mbo, and that of the last one, `symbol`. */
enum { SEQUENCE = 13, SYMBOL = 14, ID = 7 };

/* An order of instrument 7 at time 15, with a number that tells it. */
static void order_put(struct hw_buf *bytes, uint32_t number) {
    const uint64_t time = 15;
    record_put(bytes, 0xa0, MBO_BYTES);
    uint8_t *record = bytes->data + bytes->size - MBO_BYTES;
    hw_store_le32(record + HW_DBN_INSTRUMENT_ID, ID);
    memcpy(record + 40, &time, sizeof(time));
    hw_store_le32(record + 52, number);
}

/* Instrument 7 has the symbol from 10 to 20. */
static void mapping_put(struct hw_buf *bytes, const char *symbol) {
    const uint64_t start = 10, end = 20;
    record_put(bytes, HW_DBN_RTYPE_SYMBOL_MAPPING, 176);
    uint8_t *record = bytes->data + bytes->size - 176;
    hw_store_le32(record + HW_DBN_INSTRUMENT_ID, ID);
    memcpy(record + 89, symbol, strlen(symbol));
    memcpy(record + 160, &start, sizeof(start));
    memcpy(record + 168, &end, sizeof(end));
}

struct desk {
    struct hw_buf bytes;
    struct pieces pieces;
    struct hw_dbn_records records;
    struct hw_dbn_symbol_map symbols;
    struct hw_dbn_batches *batches;
    struct hw_batch_stream *stream;
    struct hw_error err;
};

static enum hw_status desk_open(struct desk *desk, size_t batch_rows) {
    struct hw_dbn_fault fault;
    const struct hw_dbn_batches_options options = {
        .schema = HW_DBN_MBO, .columns.symbol = true, .batch_rows = batch_rows};
    desk->pieces = pieces_of(&desk->bytes, 1000);
    HW_TRY(hw_dbn_records_open(&desk->records, &desk->pieces.base, NULL, &fault, &desk->err));
    HW_TRY(hw_dbn_batches_new(&desk->records, &desk->symbols, &options, &desk->batches, &desk->err));
    desk->stream = hw_dbn_batches_stream(desk->batches);
    return HW_OK;
}

static void desk_close(struct desk *desk) {
    if (desk->stream) {
        desk->stream->free(desk->stream);
    }
    hw_dbn_symbol_map_release(&desk->symbols);
    hw_dbn_records_release(&desk->records);
    hw_buf_release(&desk->bytes);
}

/* The numbers of rows with their symbols, and "|" between batches. */
static void batch_put(struct hw_buf *text, const struct hw_batch *batch) {
    const struct hw_column *symbol = &batch->columns[SYMBOL];
    for (size_t row = 0; row < batch->rows; row++) {
        const size_t begin = hw_column_begin(symbol, row), end = hw_column_begin(symbol, row + 1);
        assert_int_equal(hw_buf_printf(text, NULL, "%" PRIu32 "%.*s ",
                                       hw_load_le32((const char *)batch->columns[SEQUENCE].values + 4 * row),
                                       hw_column_valid(symbol, row) ? (int)(end - begin) : 1,
                                       hw_column_valid(symbol, row) ? symbol->data + begin : "-"),
                         HW_OK);
    }
    assert_int_equal(hw_buf_append_text(text, "| ", NULL), HW_OK);
}

static void rows_come_in_batches(void **state) {
    static const struct {
        size_t batch_rows;
        const char *want;
    } rows[] = {
        {1, "1- | 2- | 3a | 4a | 5b | "}, {2, "1- 2- | 3a 4a | 5b | "}, {3, "1- 2- 3a | 4a 5b | "},
        {5, "1- 2- 3a 4a 5b | "},         {0, "1- 2- 3a 4a 5b | "},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) text = {0};
        struct desk desk = {.err = HW_ERROR_INIT};
        struct hw_batch batches[8];
        size_t count = 0;
        bool more = true;
        head_put(&desk.bytes, MIXED_2);
        order_put(&desk.bytes, 1);
        order_put(&desk.bytes, 2);
        mapping_put(&desk.bytes, "a");
        order_put(&desk.bytes, 3);
        record_put(&desk.bytes, 0x00, TRADE_BYTES);
        record_put(&desk.bytes, 0x99, 20);
        record_put(&desk.bytes, 0x99, 20);
        order_put(&desk.bytes, 4);
        mapping_put(&desk.bytes, "b");
        order_put(&desk.bytes, 5);
        record_put(&desk.bytes, HW_DBN_RTYPE_SYSTEM, 320);
        assert_ok(desk_open(&desk, rows[i].batch_rows), desk.err);
        while (more) {
            assert_ok(desk.stream->next(desk.stream, &batches[count], &more, &desk.err), desk.err);
            count += more;
        }
        assert_int_equal(hw_dbn_batches_facts(desk.batches)->rows, 5);
        assert_int_equal(hw_dbn_batches_facts(desk.batches)->unknown, 2);
        /* Batches outlive their stream and its file. */
        desk_close(&desk);
        for (size_t k = 0; k < count; k++) {
            assert_string_equal(batches[k].schema->fields[SEQUENCE].name, "sequence");
            batch_put(&text, &batches[k]);
            hw_batch_release(&batches[k]);
        }
        assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
        assert_string_equal((const char *)text.data, rows[i].want);
    }
}

static void files_without_rows_have_no_batches(void **state) {
    struct desk desk = {.err = HW_ERROR_INIT};
    struct hw_batch batch;
    bool more = true;
    (void)state;
    head_put(&desk.bytes, ORDERS_2);
    assert_ok(desk_open(&desk, 10), desk.err);
    assert_int_equal(desk.stream->schema->count, SYMBOL + 1);
    assert_ok(desk.stream->next(desk.stream, &batch, &more, &desk.err), desk.err);
    assert_false(more);
    desk_close(&desk);
}

/* Record 2 of the file is at fault, which is number 0 of the second batch. */
static void faults_tell_their_records(void **state) {
    static const struct {
        const char *name;
        size_t at;
        uint8_t byte;
        const char *code;
        size_t offset;
        const char *says;
    } rows[] = {
        {"a value", 38, 0xff, "dbn.text", 38, "record 2: column action: the text is not ASCII"},
        {"a time", 47, 0x80, "dbn.ts_beyond", 40, "record 2: column ts_recv: the time 9223372036854775823 ns"},
        {"a size", 0, 15, "dbn.record_size", 0, "record 2 of type 0xa0 has 60 bytes"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk = {.err = HW_ERROR_INIT};
        struct hw_batch batch;
        bool more;
        head_put(&desk.bytes, ORDERS_2);
        for (uint32_t number = 0; number < 4; number++) {
            order_put(&desk.bytes, number);
        }
        const size_t record = desk.bytes.size - 2 * (size_t)MBO_BYTES;
        desk.bytes.data[record + rows[i].at] = rows[i].byte;
        assert_ok(desk_open(&desk, 2), desk.err);
        assert_ok(desk.stream->next(desk.stream, &batch, &more, &desk.err), desk.err);
        hw_batch_release(&batch);
        assert_row_int(rows[i].name, desk.stream->next(desk.stream, &batch, &more, &desk.err), HW_EDATA);
        assert_row_text(rows[i].name, hw_dbn_batches_facts(desk.batches)->fault.code, rows[i].code);
        assert_row_int(rows[i].name, hw_dbn_batches_facts(desk.batches)->fault.offset, record + rows[i].offset);
        assert_row_says(rows[i].name, desk.err.message, rows[i].says);
        desk_close(&desk);
    }
}

static void mappings_may_be_at_fault(void **state) {
    struct desk desk = {.err = HW_ERROR_INIT};
    struct hw_batch batch;
    bool more;
    (void)state;
    head_put(&desk.bytes, MIXED_2);
    order_put(&desk.bytes, 1);
    mapping_put(&desk.bytes, "a");
    mapping_put(&desk.bytes, "\xff");
    assert_ok(desk_open(&desk, 10), desk.err);
    assert_int_equal(desk.stream->next(desk.stream, &batch, &more, &desk.err), HW_EDATA);
    assert_string_equal(hw_dbn_batches_facts(desk.batches)->fault.code, "dbn.text");
    assert_row_says("mapping", desk.err.message, "record 2: a symbol of the mapping is not UTF-8");
    desk_close(&desk);
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct desk desk = {.err = HW_ERROR_INIT};
        struct hw_batch batch;
        struct alloc_fault fault;
        bool more = false;
        head_put(&desk.bytes, MIXED_2);
        mapping_put(&desk.bytes, "a");
        order_put(&desk.bytes, 1);
        struct hw_buf bytes = desk.bytes;
        alloc_fault_begin(&fault, n);
        enum hw_status status = desk_open(&desk, 10);
        status = status ? status : desk.stream->next(desk.stream, &batch, &more, &desk.err);
        if (more) {
            hw_batch_release(&batch);
        }
        desk.bytes = (struct hw_buf){0};
        desk_close(&desk);
        fired = alloc_fault_end(&fault);
        hw_buf_release(&bytes);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_batches),      cmocka_unit_test(files_without_rows_have_no_batches),
        cmocka_unit_test(faults_tell_their_records), cmocka_unit_test(mappings_may_be_at_fault),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("dbn/batches", tests, NULL, NULL);
}
