/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/file_head.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

#define SYNC "0123456789abcdef"
#define SCHEMA    \
    "\x16"        \
    "avro.schema" \
    "\x0a"        \
    "\"int\""
#define CODEC(size, name) \
    "\x14"                \
    "avro.codec" size name

static enum hw_status head_read(struct hw_avro_head *head, hw_view bytes, struct hw_error *err) {
    struct memory_source source = memory_source(bytes, 0);
    HW_AUTO(hw_packed) input = {0};
    *head = (struct hw_avro_head){0};
    HW_TRY(hw_packed_init(&input, &source.base, 0, err));
    enum hw_status status = hw_avro_head_read(head, &input, err);
    if (status == HW_OK) {
        assert_int_equal(head->bytes, hw_packed_offset(&input));
    }
    return status;
}

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_avro_codec codec;
    size_t metadata;
    uint64_t size;
} rows[] = {
    {"no codec",
     HW_VIEW_INIT("Obj\x01"
                  "\x02" SCHEMA "\x00" SYNC "x"),
     HW_AVRO_CODEC_NULL, 1, 40},
    {"null",
     HW_VIEW_INIT("Obj\x01"
                  "\x04" SCHEMA CODEC("\x08", "null") "\x00" SYNC),
     HW_AVRO_CODEC_NULL, 2, 56},
    {"deflate, before the schema",
     HW_VIEW_INIT("Obj\x01"
                  "\x04" CODEC("\x0e", "deflate") SCHEMA "\x00" SYNC),
     HW_AVRO_CODEC_DEFLATE, 2, 59},
    {"snappy",
     HW_VIEW_INIT("Obj\x01"
                  "\x04" SCHEMA CODEC("\x0c", "snappy") "\x00" SYNC),
     HW_AVRO_CODEC_SNAPPY, 2, 58},
    {"zstandard",
     HW_VIEW_INIT("Obj\x01"
                  "\x04" SCHEMA CODEC("\x12", "zstandard") "\x00" SYNC),
     HW_AVRO_CODEC_ZSTANDARD, 2, 61},
    {"bzip2",
     HW_VIEW_INIT("Obj\x01"
                  "\x04" SCHEMA CODEC("\x0a", "bzip2") "\x00" SYNC),
     HW_AVRO_CODEC_BZIP2, 2, 57},
    {"xz",
     HW_VIEW_INIT("Obj\x01"
                  "\x04" SCHEMA CODEC("\x04", "xz") "\x00" SYNC),
     HW_AVRO_CODEC_XZ, 2, 54},
    {"two blocks, one of a negative count",
     HW_VIEW_INIT("Obj\x01"
                  "\x01\x24" SCHEMA "\x02"
                  "\x02"
                  "k"
                  "\x04"
                  "\x00\xff"
                  "\x00" SYNC),
     HW_AVRO_CODEC_NULL, 2, 47},
};

static void headers_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_avro_head head;
        assert_ok(head_read(&head, rows[i].bytes, &err), err);
        assert_row_int(rows[i].name, head.codec, rows[i].codec);
        assert_row_int(rows[i].name, head.metadata_count, rows[i].metadata);
        assert_row_int(rows[i].name, head.bytes, rows[i].size);
        assert_row_bytes(rows[i].name, head.schema_text.data, head.schema_text.size, "\"int\"", 5);
        assert_row_int(rows[i].name, head.schema.root->kind, HW_AVRO_INT);
        assert_memory_equal(head.sync, SYNC, HW_AVRO_SYNC_BYTES);
        hw_avro_head_release(&head);
    }
}

static void metadata_is_kept_as_it_is(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_avro_head head;
    assert_ok(head_read(&head, rows[COUNT_OF(rows) - 1].bytes, &err), err);
    assert_string_equal(head.metadata[1].key, "k");
    assert_row_bytes("value", head.metadata[1].value, head.metadata[1].value_bytes, "\x00\xff", 2);
    hw_avro_head_release(&head);
}

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_status want;
    enum hw_avro_head_part part;
    int64_t offset;
    const char *says;
} faults[] = {
    {"nothing", HW_VIEW_INIT(""), HW_EDATA, HW_AVRO_HEAD_FRAME, 0, "does not begin as Avro files do"},
    {"half a magic", HW_VIEW_INIT("Obj"), HW_EDATA, HW_AVRO_HEAD_FRAME, 0, "does not begin as Avro files do"},
    {"another file", HW_VIEW_INIT("PAR1...."), HW_EDATA, HW_AVRO_HEAD_FRAME, 0, "does not begin as Avro files do"},
    {"an old version", HW_VIEW_INIT("Obj\x00...."), HW_EUNSUPPORTED, HW_AVRO_HEAD_FRAME, 0, "before 1.3"},
    {"no metadata", HW_VIEW_INIT("Obj\x01"), HW_EDATA, HW_AVRO_HEAD_FRAME, 4,
     "the file ends within the metadata of the header"},
    {"a key that is cut",
     HW_VIEW_INIT("Obj\x01\x02\x08"
                  "ab"),
     HW_EDATA, HW_AVRO_HEAD_FRAME, 8, "2 of whose 4 bytes are there"},
    {"a negative size", HW_VIEW_INIT("Obj\x01\x02\x01"), HW_EDATA, HW_AVRO_HEAD_FRAME, 5, "a text of -1 bytes"},
    {"a size beyond the limit", HW_VIEW_INIT("Obj\x01\x02\x80\x80\x80\x10"), HW_ELIMIT, HW_AVRO_HEAD_FRAME, 5,
     "more than 16 MiB"},
    {"a key that is no text", HW_VIEW_INIT("Obj\x01\x02\x02\xff\x02x\x00" SYNC), HW_EDATA, HW_AVRO_HEAD_FRAME, 5,
     "a key of the header's metadata is no text"},
    {"a key with a NUL", HW_VIEW_INIT("Obj\x01\x02\x02\x00\x02x\x00" SYNC), HW_EDATA, HW_AVRO_HEAD_FRAME, 5,
     "a key of the header's metadata is no text"},
    {"many keys, of which none is there", HW_VIEW_INIT("Obj\x01\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"), HW_EDATA,
     HW_AVRO_HEAD_FRAME, 14, "the file ends within"},
    {"a marker that is cut",
     HW_VIEW_INIT("Obj\x01\x02" SCHEMA "\x00"
                  "0123"),
     HW_EDATA, HW_AVRO_HEAD_FRAME, 28, "the sync marker of the header, 4 of whose 16"},
    {"no schema", HW_VIEW_INIT("Obj\x01\x00" SYNC), HW_EDATA, HW_AVRO_HEAD_SCHEMA, -1, "has no avro.schema"},
    {"no schema that is one",
     HW_VIEW_INIT("Obj\x01\x02\x16"
                  "avro.schema"
                  "\x02"
                  "x"
                  "\x00" SYNC),
     HW_EDATA, HW_AVRO_HEAD_SCHEMA, -1, "is no JSON"},
    {"a codec that is not known", HW_VIEW_INIT("Obj\x01\x04" SCHEMA CODEC("\x06", "lzo") "\x00" SYNC), HW_EUNSUPPORTED,
     HW_AVRO_HEAD_CODEC, -1, "the codec \"lzo\" is not known"},
};

static void what_is_no_header_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_avro_head head;
        assert_row_int(faults[i].name, head_read(&head, faults[i].bytes, &err), faults[i].want);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_int(faults[i].name, head.part, faults[i].part);
        assert_row_int(faults[i].name, err.offset, faults[i].offset);
        hw_avro_head_release(&head);
    }
}

static void headers_are_limited(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_avro_head head;
    HW_AUTO(hw_buf) bytes = {0};
    assert_int_equal(hw_buf_append(&bytes, "Obj\x01\xfe\xff\x03", 7, NULL), HW_OK);
    for (int i = 0; i < 17; i++) {
        static char value[1 << 20];
        assert_int_equal(hw_buf_append(&bytes, "\x02k\x80\x80\x80\x01", 6, NULL), HW_OK);
        assert_int_equal(hw_buf_append(&bytes, value, sizeof(value), NULL), HW_OK);
    }
    assert_int_equal(head_read(&head, hw_buf_view(&bytes), &err), HW_ELIMIT);
    assert_true(head.arena.held_bytes < HW_MIB(34));
    hw_avro_head_release(&head);
}

static void magic_is_four_bytes(void **state) {
    (void)state;
    assert_true(hw_avro_magic("Obj\x01zzz", 7));
    assert_true(hw_avro_magic("Obj\x01", 4));
    assert_false(hw_avro_magic("Obj\x01", 3));
    assert_false(hw_avro_magic("Obj\x02", 4));
    assert_string_equal(hw_avro_codec_name(HW_AVRO_CODEC_ZSTANDARD), "zstandard");
}

static void no_memory_is_no_header(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_avro_head head;
        alloc_fault_begin(&fault, n);
        enum hw_status status = head_read(&head, rows[1].bytes, NULL);
        hw_avro_head_release(&head);
        fired = alloc_fault_end(&fault);
        assert_row_int("status", status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read),
        cmocka_unit_test(metadata_is_kept_as_it_is),
        cmocka_unit_test(what_is_no_header_is_refused),
        cmocka_unit_test(headers_are_limited),
        cmocka_unit_test(magic_is_four_bytes),
        cmocka_unit_test(no_memory_is_no_header),
    };
    return cmocka_run_group_tests_name("avro/file_head", tests, NULL, NULL);
}
