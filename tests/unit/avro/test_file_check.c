/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/file_check.h"

#include "support/alloc_fault.h"
#include "support/avro_file.h"
#include "support/memory_io.h"
#include "support/rows.h"

#define RECORD                                                                           \
    "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}," \
    "{\"name\":\"b\",\"type\":\"string\"}]}"

/* What was found, "pages error avro.block page 1 offset 87 column b: message", a line each. */
static enum hw_status finding_put(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    static const char *const levels[] = {
        [HW_VERIFY_FOOTER] = "footer", [HW_VERIFY_PAGES] = "pages", [HW_VERIFY_VALUES] = "values"};
    static const char *const severities[] = {"error", "warning", "info"};
    assert_int_equal(finding->row_group, -1);
    return hw_buf_printf(ctx, err, "%s %s %s %d %d %s: %s\n", levels[finding->level], severities[finding->severity],
                         finding->code, (int)finding->page, (int)finding->offset,
                         finding->column ? finding->column : "-", finding->message);
}

static enum hw_status file_check(hw_view bytes, enum hw_verify_level level, struct hw_buf *out,
                                 struct hw_avro_checked *out_checked, struct hw_error *err) {
    struct memory_source source = memory_source(bytes, 0);
    HW_AUTO(hw_packed) input = {0};
    HW_TRY(hw_packed_init(&input, &source.base, 0, err));
    enum hw_status status = hw_avro_file_check(&input, level, finding_put, out, out_checked, err);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
    return status;
}

/* Files of one block: its bytes are those of RECORD, or of an int where it is packed. */
static const struct {
    const char *name;
    const char *schema;
    const char *codec;
    hw_view block;
    uint64_t count;
    enum hw_verify_level level;
    const char *want;
} rows[] = {
    {"good values", RECORD, "null", HW_VIEW_INIT("\x02\x02x"), 1, HW_VERIFY_VALUES,
     "pages info avro.unproved -1 -1 -: 1 block of 1 has nothing that proves the bytes (codec null)\n"},
    {"a bad value, in a quick look", RECORD, "null", HW_VIEW_INIT("\x02\x02\xff"), 1, HW_VERIFY_FOOTER, ""},
    {"a bad value, among pages", RECORD, "null", HW_VIEW_INIT("\x02\x02\xff"), 1, HW_VERIFY_PAGES,
     "pages info avro.unproved -1 -1 -: 1 block of 1 has nothing that proves the bytes (codec null)\n"},
    {"a bad value", RECORD, "null", HW_VIEW_INIT("\x02\x02\xff"), 1, HW_VERIFY_VALUES,
     "values error avro.value 0 149 b: block 0: a text is not UTF-8: \"\xff\"\n"
     "pages info avro.unproved -1 -1 -: 1 block of 1 has nothing that proves the bytes (codec null)\n"},
    {"too many items", RECORD, "null", HW_VIEW_INIT("\x02\x02x"), 2, HW_VERIFY_PAGES,
     "pages error avro.block 0 148 -: block 0: 2 items of at least 2 bytes cannot be in 3 bytes\n"
     "pages info avro.unproved -1 -1 -: 1 block of 1 has nothing that proves the bytes (codec null)\n"},
    {"a file without blocks proves itself", RECORD, "null", HW_VIEW_INIT(""), 0, HW_VERIFY_VALUES, ""},
    {"deflate", "\"int\"", "deflate", HW_VIEW_INIT("\x01\x01\x00\xfe\xff\x02"), 1, HW_VERIFY_VALUES,
     "pages info avro.unproved -1 -1 -: 1 block of 1 has nothing that proves the bytes (codec deflate)\n"},
    {"deflate that is none", "\"int\"", "deflate", HW_VIEW_INIT("\xff\xff\xff\xff"), 1, HW_VERIFY_PAGES, NULL},
    /* One literal, 0x02, and its CRC-32. */
    {"snappy", "\"int\"", "snappy", HW_VIEW_INIT("\x01\x00\x02\x3c\x0c\x8e\xa1"), 1, HW_VERIFY_VALUES, ""},
    {"snappy of another checksum", "\"int\"", "snappy", HW_VIEW_INIT("\x01\x00\x02\x3c\x0c\x8e\xa2"), 1,
     HW_VERIFY_PAGES,
     "pages error avro.checksum 0 58 -: block 0: its CRC-32 is 0x3c0c8ea1, the block says 0x3c0c8ea2\n"},
    {"a codec that is not known", "\"int\"", "lzo", HW_VIEW_INIT(""), 0, HW_VERIFY_FOOTER,
     "footer error avro.codec -1 -1 -: the codec \"lzo\" is not known\n"},
    {"a schema that is none", "\"integer\"", "null", HW_VIEW_INIT(""), 0, HW_VERIFY_FOOTER,
     "footer error avro.schema -1 -1 -: the Avro schema names the type \"integer\" before it defines it\n"},
};

static void findings_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_avro_checked checked;
        avro_file_begin(&bytes, rows[i].schema, rows[i].codec);
        if (rows[i].block.size > 0) {
            avro_file_block(&bytes, rows[i].count, rows[i].block);
        }
        const enum hw_status status = file_check(hw_buf_view(&bytes), rows[i].level, &text, &checked, &err);
        assert_row_int(rows[i].name, status, strcmp(rows[i].codec, "lzo") == 0 ? HW_EUNSUPPORTED : HW_OK);
        if (rows[i].want) {
            assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
        } else {
            assert_row_says(rows[i].name, (const char *)text.data, "pages error avro.decompress 0 ");
        }
    }
}

static void blocks_behind_a_bad_one_are_looked_at(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_avro_checked checked;
    avro_file_begin(&bytes, "\"boolean\"", NULL);
    avro_file_block(&bytes, 2, HW_VIEW("\x01\x02"));
    avro_file_block(&bytes, 1, HW_VIEW("\x01"));
    avro_file_block(&bytes, 1, HW_VIEW("\x03"));
    bytes.data[bytes.size - 1] ^= 1;
    assert_ok(file_check(hw_buf_view(&bytes), HW_VERIFY_VALUES, &text, &checked, &err), err);
    assert_string_equal(
        (const char *)text.data,
        "values error avro.value 0 47 value: block 0: a boolean of 2\n"
        "pages error avro.sync 2 86 -: block 2: the sync marker behind it is not that of the header, so "
        "its size is wrong or bytes are missing\n"
        "pages info avro.unproved -1 -1 -: 2 blocks of 2 have nothing that proves the bytes (codec "
        "null)\n");
    assert_int_equal(checked.blocks, 2);
    assert_int_equal(checked.rows, 3);
    assert_int_equal(checked.unproved, 2);
    assert_int_equal(checked.bytes, bytes.size);
}

static void a_file_that_is_cut_is_found(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    avro_file_begin(&bytes, "\"int\"", NULL);
    const size_t head = bytes.size;
    avro_file_block(&bytes, 1, HW_VIEW("\x02"));
    for (size_t size = 0; size < bytes.size; size++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        struct hw_avro_checked checked;
        assert_ok(file_check((hw_view){(const char *)bytes.data, size}, HW_VERIFY_PAGES, &text, &checked, &err), err);
        const char *want = size < head ? "footer error avro.header" : size == head ? "" : "pages error avro.block 0 ";
        assert_row_says(want, (const char *)text.data, want);
        assert_int_equal(text.size > 0, size != head);
    }
}

static enum hw_status finding_stop(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    (void)ctx;
    (void)finding;
    return hw_fail(err, HW_ECANCELLED, "enough");
}

static void whoever_takes_findings_may_stop(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct memory_source source = memory_source(HW_VIEW("x"), 0);
    HW_AUTO(hw_packed) input = {0};
    struct hw_avro_checked checked;
    assert_ok(hw_packed_init(&input, &source.base, 0, &err), err);
    assert_int_equal(hw_avro_file_check(&input, HW_VERIFY_PAGES, finding_stop, NULL, &checked, &err), HW_ECANCELLED);
}

static void no_memory_is_no_finding(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    bool fired = true;
    avro_file_begin(&bytes, RECORD, NULL);
    avro_file_block(&bytes, 1, HW_VIEW("\x02\x02x"));
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_buf text = {0};
        struct hw_avro_checked checked;
        assert_int_equal(hw_buf_reserve(&text, 1024, NULL), HW_OK);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = file_check(hw_buf_view(&bytes), HW_VERIFY_VALUES, &text, &checked, NULL);
        fired = alloc_fault_end(&fault);
        hw_buf_release(&text);
        assert_row_int("status", status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_told),           cmocka_unit_test(blocks_behind_a_bad_one_are_looked_at),
        cmocka_unit_test(a_file_that_is_cut_is_found), cmocka_unit_test(whoever_takes_findings_may_stop),
        cmocka_unit_test(no_memory_is_no_finding),
    };
    return cmocka_run_group_tests_name("avro/file_check", tests, NULL, NULL);
}
