/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/records.h"

#include "support/alloc_fault.h"
#include "unit/dbn/file_make.h"

/* Reads all runs, and writes "TYPExCOUNT@NUMBER+OFFSET " of each, with "?" for unknown types. */
static enum hw_status runs_read(struct hw_dbn_records *records, struct hw_buf *text, struct hw_dbn_fault *fault,
                                struct hw_error *err) {
    struct hw_dbn_run run;
    do {
        HW_TRY(hw_dbn_records_next(records, &run, fault, err));
        if (run.count > 0) {
            HW_TRY(hw_buf_printf(text, err, "%02x%sx%zu@%" PRIu64 "+%" PRIu64 " ", run.rtype, run.unknown ? "?" : "",
                                 run.count, run.number, run.offset - records->head.size));
        }
    } while (run.count > 0);
    return HW_OK;
}

static enum hw_status file_read(const struct hw_buf *bytes, size_t piece, const struct hw_dbn_fragment *fragment,
                                struct hw_buf *text, struct hw_dbn_fault *fault, struct hw_error *err) {
    struct pieces pieces = pieces_of(bytes, piece);
    struct hw_dbn_records records = {0};
    enum hw_status status = hw_dbn_records_open(&records, &pieces.base, fragment, fault, err);
    status = status ? status : runs_read(&records, text, fault, err);
    hw_dbn_records_release(&records);
    assert_int_equal(hw_buf_end_text(text, NULL), HW_OK);
    return status;
}

/* ------ what is right */

static void runs_are_of_one_type(void **state) {
    static const size_t pieces[] = {1, 7, 100, SIZE_MAX};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_fault fault;
        head_put(&bytes, MIXED_2);
        record_put(&bytes, HW_DBN_RTYPE_SYMBOL_MAPPING, 176);
        record_put(&bytes, 0xa0, MBO_BYTES);
        record_put(&bytes, 0xa0, MBO_BYTES);
        record_put(&bytes, 0x00, TRADE_BYTES);
        record_put(&bytes, 0x99, 20);
        record_put(&bytes, 0x99, 24);
        record_put(&bytes, HW_DBN_RTYPE_SYSTEM, 320);
        assert_ok(file_read(&bytes, pieces[i], NULL, &text, &fault, &err), err);
        assert_string_equal((const char *)text.data,
                            "16x1@0+0 a0x2@1+176 00x1@3+288 99?x1@4+336 99?x1@5+356 17x1@6+380 ");
    }
}

/* Records go over the ends of blocks, and none is lost or changed. */
static void all_records_of_large_files_come(void **state) {
    enum { COUNT = 50000 };
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_dbn_fault fault;
    struct hw_dbn_records records = {0};
    struct hw_dbn_run run;
    uint32_t next = 0;
    (void)state;
    head_put(&bytes, ORDERS_2);
    const size_t head = bytes.size;
    for (uint32_t i = 0; i < COUNT; i++) {
        record_put(&bytes, 0xa0, MBO_BYTES);
        hw_store_le32(bytes.data + bytes.size - 4, i);
    }
    struct pieces pieces = pieces_of(&bytes, 65536);
    assert_ok(hw_dbn_records_open(&records, &pieces.base, NULL, &fault, &err), err);
    assert_int_equal(records.metadata.schema, HW_DBN_MBO);
    do {
        assert_ok(hw_dbn_records_next(&records, &run, &fault, &err), err);
        assert_int_equal(run.number, next);
        assert_int_equal(run.offset, head + next * (size_t)MBO_BYTES);
        for (size_t i = 0; i < run.count; i++) {
            assert_int_equal(hw_load_le32(run.bytes + i * run.stride + MBO_BYTES - 4), next++);
        }
    } while (run.count > 0);
    assert_int_equal(next, COUNT);
    assert_row_bytes("head", records.head.data, records.head.size, metadata_files[ORDERS_2].bytes, head);
    hw_dbn_records_release(&records);
}

static void fragments_have_no_metadata(void **state) {
    const struct hw_dbn_fragment fragment = {.schema = HW_DBN_TRADES, .version = 2, .ts_out = true};
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_dbn_fault fault;
    (void)state;
    record_put(&bytes, 0x00, TRADE_BYTES + HW_DBN_TS_OUT_BYTES);
    record_put(&bytes, 0x00, TRADE_BYTES + HW_DBN_TS_OUT_BYTES);
    assert_ok(file_read(&bytes, SIZE_MAX, &fragment, &text, &fault, &err), err);
    assert_string_equal((const char *)text.data, "00x2@0+0 ");
    hw_buf_clear(&bytes);
    hw_buf_clear(&text);
    assert_ok(file_read(&bytes, SIZE_MAX, &fragment, &text, &fault, &err), err);
    assert_string_equal((const char *)text.data, "");
}

/* ------ what is wrong */

/* A good record, and one behind it with this header of which so many bytes are there. */
static const struct {
    const char *name;
    size_t head;
    uint8_t length, rtype;
    size_t there;
    const char *code;
    const char *says;
} wrongs[] = {
    {"no length", ORDERS_2, 0, 0xa0, 56, "dbn.record_length", "record 1 says that it has 0 bytes, and a header has 16"},
    {"a length of 12", ORDERS_2, 3, 0xa0, 56, "dbn.record_length", "12 bytes"},
    {"a shorter one than of its type", ORDERS_2, 13, 0xa0, 52, "dbn.record_size",
     "record 1 of type 0xa0 has 52 bytes, and those of version 2 have 56"},
    {"ts_out that is not told", ORDERS_2, 16, 0xa0, 64, "dbn.record_size", "64 bytes"},
    {"the size of another version", ORDERS_2, 20, 0x16, 80, "dbn.record_size", "have 176"},
    {"the type of another schema", ORDERS_2, 12, 0x00, 48, "dbn.record_type",
     "record 1 has the type 0x00, which the schema mbo does not have"},
    {"a cut record", ORDERS_2, 14, 0xa0, 55, "dbn.record_cut", "record 1 has 56 bytes, and the file ends after 55"},
    {"a cut header", ORDERS_2, 14, 0xa0, 1, "dbn.record_cut", "after 1 of them"},
    {"a cut record of no known type", ORDERS_2, 255, 0xfe, 100, "dbn.record_cut", "has 1020 bytes"},
};

static void what_is_wrong_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_fault fault = {0};
        const uint8_t record[HW_DBN_RECORD_BYTES_MAX] = {wrongs[i].length, wrongs[i].rtype};
        head_put(&bytes, wrongs[i].head);
        record_put(&bytes, 0xa0, MBO_BYTES);
        const size_t at = bytes.size;
        put(&bytes, record, wrongs[i].there);
        assert_row_int(wrongs[i].name, file_read(&bytes, 13, NULL, &text, &fault, &err), HW_EDATA);
        assert_row_text(wrongs[i].name, (const char *)text.data, "a0x1@0+0 ");
        assert_row_text(wrongs[i].name, fault.code, wrongs[i].code);
        assert_row_int(wrongs[i].name, fault.offset, at);
        assert_row_says(wrongs[i].name, err.message, wrongs[i].says);
    }
}

static void cut_heads_are_told(void **state) {
    (void)state;
    for (size_t size = 0; size < metadata_files[ORDERS_1].size; size++) {
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_fault fault = {0};
        put(&bytes, metadata_files[ORDERS_1].bytes, size);
        assert_int_equal(file_read(&bytes, 64, NULL, &text, &fault, &err), HW_EDATA);
        assert_string_equal(fault.code, size < HW_DBN_PRELUDE_BYTES ? "dbn.magic" : "dbn.metadata_length");
    }
}

/* A length is believed only as far as there are bytes. */
static void long_metadata_take_no_memory(void **state) {
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_dbn_fault fault = {0};
    struct hw_dbn_records records = {0};
    (void)state;
    put(&bytes, "DBN\2\0\0\0\4", HW_DBN_PRELUDE_BYTES);
    record_put(&bytes, 0xa0, MBO_BYTES);
    struct pieces pieces = pieces_of(&bytes, SIZE_MAX);
    assert_int_equal(hw_dbn_records_open(&records, &pieces.base, NULL, &fault, &err), HW_EDATA);
    assert_row_says("length", err.message, "have 67108864 bytes, and it ends after 56 of them");
    assert_true(records.head.capacity < 4096);
    hw_dbn_records_release(&records);
}

static void streams_may_fail(void **state) {
    HW_AUTO(hw_buf) bytes = {0};
    (void)state;
    head_put(&bytes, ORDERS_2);
    record_put(&bytes, 0xa0, MBO_BYTES);
    for (size_t at = 1; at < 12; at++) {
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_fault fault;
        struct hw_dbn_records records = {0};
        struct pieces pieces = pieces_of(&bytes, 50);
        pieces.fails_at = at;
        enum hw_status status = hw_dbn_records_open(&records, &pieces.base, NULL, &fault, &err);
        status = status ? status : runs_read(&records, &text, &fault, &err);
        assert_int_equal(status, pieces.reads >= at ? HW_EIO : HW_OK);
        hw_dbn_records_release(&records);
    }
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    HW_AUTO(hw_buf) bytes = {0};
    (void)state;
    head_put(&bytes, ORDERS_2);
    record_put(&bytes, 0xa0, MBO_BYTES);
    for (size_t n = 0; fired; n++) {
        struct hw_dbn_fault fault;
        struct hw_dbn_records records = {0};
        struct hw_dbn_run run;
        struct pieces pieces = pieces_of(&bytes, SIZE_MAX);
        struct alloc_fault allocations;
        alloc_fault_begin(&allocations, n);
        enum hw_status status = hw_dbn_records_open(&records, &pieces.base, NULL, &fault, NULL);
        status = status ? status : hw_dbn_records_next(&records, &run, &fault, NULL);
        hw_dbn_records_release(&records);
        fired = alloc_fault_end(&allocations);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_of_one_type),       cmocka_unit_test(all_records_of_large_files_come),
        cmocka_unit_test(fragments_have_no_metadata), cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(cut_heads_are_told),         cmocka_unit_test(long_metadata_take_no_memory),
        cmocka_unit_test(streams_may_fail),           cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("dbn/records", tests, NULL, NULL);
}
