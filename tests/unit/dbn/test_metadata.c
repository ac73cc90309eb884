/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/metadata.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/dbn/metadata_files.h"

/* ------ what others have encoded */

static void view_put(struct hw_buf *text, hw_view view) {
    assert_int_equal(hw_buf_append(text, view.data, view.size, NULL), HW_OK);
}

static void symbols_put(struct hw_buf *text, const struct hw_dbn_symbols *symbols) {
    view_put(text, HW_VIEW(" ["));
    for (size_t i = 0; i < symbols->count; i++) {
        view_put(text, hw_view_of(i > 0 ? "," : ""));
        view_put(text, symbols->items[i]);
    }
    view_put(text, HW_VIEW("]"));
}

static void mappings_put(struct hw_buf *text, const struct hw_dbn_metadata *read) {
    view_put(text, HW_VIEW(" ["));
    for (size_t i = 0; i < read->mappings_count; i++) {
        const struct hw_dbn_mapping *mapping = &read->mappings[i];
        view_put(text, hw_view_of(i > 0 ? "," : ""));
        view_put(text, mapping->symbol);
        view_put(text, HW_VIEW("["));
        for (size_t k = 0; k < mapping->count; k++) {
            const struct hw_dbn_interval *interval = &mapping->intervals[k];
            assert_int_equal(hw_buf_printf(text, NULL, "%s%" PRIu32 "-%" PRIu32 "=", k > 0 ? "," : "", interval->start,
                                           interval->end),
                             HW_OK);
            view_put(text, interval->symbol);
        }
        view_put(text, HW_VIEW("]"));
    }
    view_put(text, HW_VIEW("]"));
}

/* The same text as make_metadata.py makes of what it encodes. */
static void metadata_put(struct hw_buf *text, const struct hw_dbn_metadata *read) {
    const char *schema = hw_dbn_schema_name(read->schema);
    const char *in = hw_dbn_stype_name(read->stype_in), *out = hw_dbn_stype_name(read->stype_out);
    assert_int_equal(hw_buf_printf(text, NULL, "v%u %.*s %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %s %s %d",
                                   read->version, (int)read->dataset.size, read->dataset.data,
                                   schema ? schema : "mixed", read->start, read->end, read->limit, in ? in : "none",
                                   out ? out : "none", read->ts_out),
                     HW_OK);
    symbols_put(text, &read->symbols);
    symbols_put(text, &read->partial);
    symbols_put(text, &read->not_found);
    mappings_put(text, read);
    assert_int_equal(hw_buf_end_text(text, NULL), HW_OK);
}

static enum hw_status bytes_read(const uint8_t *bytes, size_t size, struct hw_arena *arena, struct hw_dbn_metadata *out,
                                 struct hw_dbn_fault *fault, struct hw_error *err) {
    unsigned version;
    size_t length;
    HW_TRY(hw_dbn_prelude_read(bytes, &version, &length, fault, err));
    const hw_view view = {(const char *)bytes + HW_DBN_PRELUDE_BYTES, size - HW_DBN_PRELUDE_BYTES};
    return hw_dbn_metadata_read(version, view, arena, out, fault, err);
}

static void metadata_say_what_was_encoded(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(metadata_files); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_fault fault;
        struct hw_dbn_metadata read;
        assert_ok(bytes_read(metadata_files[i].bytes, metadata_files[i].size, &arena, &read, &fault, &err), err);
        metadata_put(&text, &read);
        assert_row_text(metadata_files[i].name, (const char *)text.data, metadata_files[i].want);
        assert_false(read.reserved_set);
    }
}

/* ------ what is wrong */

/* The bytes of a file, of which some are others. Lists of "orders" begin at 112. */
static const struct {
    const char *name;
    size_t file;
    size_t at;
    const char *bytes;
    size_t size;
    /* So many bytes of the file are there; 0: all. */
    size_t cut;
    const char *code;
    uint64_t offset;
    const char *says;
} wrongs[] = {
#define ORDERS(version) (((version)-1) * 4)
#define BYTES(bytes) bytes, sizeof(bytes) - 1
    {"letters", ORDERS(2), 0, BYTES("DBX"), 0, "dbn.magic", 0, "it does not begin with the letters DBN"},
    {"version 0", ORDERS(2), 3, BYTES("\0"), 0, "dbn.version", 3, "version 0, and versions 1 to 3 are known"},
    {"version 4", ORDERS(2), 3, BYTES("\4"), 0, "dbn.version", 3, "version 4"},
    {"too short a length", ORDERS(2), 4, BYTES("\x77\0\0\0"), 0, "dbn.metadata_length", 4, "have 119 bytes"},
    {"too long a length", ORDERS(2), 4, BYTES("\1\0\0\4"), 0, "dbn.metadata_length", 4, "have 67108865 bytes"},
    {"fewer bytes than the fixed ones", ORDERS(2), 0, BYTES("D"), 127, "dbn.metadata_length", 8, "are cut"},
    {"a dataset without an end", ORDERS(2), 8, BYTES("0123456789abcdef"), 0, "dbn.metadata", 8, "dataset"},
    {"a dataset that is no text", ORDERS(2), 8, BYTES("\xff"), 0, "dbn.metadata", 8, "not UTF-8"},
    {"a schema", ORDERS(2), 24, BYTES("\x14\0"), 0, "dbn.metadata", 24, "number 20"},
    {"the greatest schema but mixed", ORDERS(2), 24, BYTES("\xfe\xff"), 0, "dbn.metadata", 24, "number 65534"},
    {"a kind of symbols", ORDERS(2), 50, BYTES("\x10"), 0, "dbn.metadata", 50, "16 and 0"},
    {"the other kind of symbols", ORDERS(1), 59, BYTES("\xfe"), 0, "dbn.metadata", 58, "1 and 254"},
    {"symbols of version 1 in version 2", ORDERS(2), 53, BYTES("\x16\0"), 0, "dbn.metadata", 53, "22 bytes"},
    {"symbols of a byte more", ORDERS(3), 53, BYTES("\x48\0"), 0, "dbn.metadata", 53, "72 bytes"},
    {"a definition of the schema", ORDERS(2), 108, BYTES("\1"), 0, "dbn.metadata", 108, "definition of the schema"},
    {"more symbols than bytes", ORDERS(2), 112, BYTES("\x05\0\0\0"), 0, "dbn.metadata", 112, "list of symbols"},
    {"symbols whose bytes need 33 bits", ORDERS(2), 112, BYTES("\xff\xff\xff\xff"), 0, "dbn.metadata", 112, "symbols"},
    {"a symbol that is no text", ORDERS(2), 116, BYTES("\xc3("), 0, "dbn.metadata", 116, "of symbols"},
    {"a symbol without an end", ORDERS(1), 116, BYTES("0123456789012345678901"), 0, "dbn.metadata", 116, "of symbols"},
    {"partial symbols that are not there", ORDERS(2), 187, BYTES("\4"), 0, "dbn.metadata", 187, "list of partial"},
    {"missing symbols that are not there", ORDERS(2), 191, BYTES("\4"), 0, "dbn.metadata", 191, "list of not_found"},
    {"a mapping that is not there", ORDERS(2), 195, BYTES("\3"), 0, "dbn.metadata", 195, "list of mappings"},
    {"a second mapping within the first one", ORDERS(2), 195, BYTES("\2"), 0, "dbn.metadata", 353, "of mappings"},
    {"intervals that are not there", ORDERS(2), 270, BYTES("\2"), 0, "dbn.metadata", 270, "list of intervals"},
    {"a day that does not exist", ORDERS(2), 274, BYTES("\x10\x3f\x34\1"), 0, "dbn.mapping", 274,
     "\"ESH1\" is mapped from 20201232"},
    {"a month that does not exist", ORDERS(2), 274, BYTES("\x55\x3f\x34\1"), 0, "dbn.mapping", 274, "from 20201301 to"},
    {"an interval that ends as it begins", ORDERS(2), 278, BYTES("\x0c\x3f\x34\1"), 0, "dbn.mapping", 274,
     "from 20201228 to 20201228"},
    {"metadata that end a byte later", ORDERS(2), 0, BYTES("D"), SIZE_MAX, "dbn.metadata", 353, "1 bytes behind"},
    {"metadata that end a byte earlier", ORDERS(2), 0, BYTES("D"), 352, "dbn.metadata", 270, "list of intervals"},
    {"padding that is set", ORDERS(3), 359, BYTES("\1"), 0, "dbn.metadata", 353, "7 bytes behind"},
};

static void what_is_wrong_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_dbn_fault fault = {0};
        struct hw_dbn_metadata read = {.version = 77};
        const size_t size = metadata_files[wrongs[i].file].size;
        assert_int_equal(hw_buf_append(&bytes, metadata_files[wrongs[i].file].bytes, size, NULL), HW_OK);
        assert_int_equal(hw_buf_append(&bytes, "\0", 1, NULL), HW_OK);
        memcpy(bytes.data + wrongs[i].at, wrongs[i].bytes, wrongs[i].size);
        const size_t there = wrongs[i].cut == SIZE_MAX ? size + 1 : wrongs[i].cut > 0 ? wrongs[i].cut : size;
        assert_row_int(wrongs[i].name, bytes_read(bytes.data, there, &arena, &read, &fault, &err), HW_EDATA);
        assert_row_text(wrongs[i].name, fault.code ? fault.code : "", wrongs[i].code);
        assert_row_int(wrongs[i].name, fault.offset, wrongs[i].offset);
        assert_row_says(wrongs[i].name, err.message, wrongs[i].says);
        assert_row_int(wrongs[i].name, read.version, 77);
    }
}

/* Whatever byte is another one, and wherever they end, nothing else is read. */
static void spoilt_metadata_are_read_within_their_bytes(void **state) {
    (void)state;
    for (size_t file = 0; file < COUNT_OF(metadata_files); file++) {
        const size_t size = metadata_files[file].size;
        for (size_t at = HW_DBN_PRELUDE_BYTES; at < size; at++) {
            HW_AUTO(hw_arena) arena = {0};
            struct hw_dbn_fault fault;
            struct hw_dbn_metadata read;
            uint8_t *bytes = hw_alloc(size);
            assert_non_null(bytes);
            memcpy(bytes, metadata_files[file].bytes, size);
            bytes[at] ^= 0x81;
            const enum hw_status flipped = bytes_read(bytes, size, &arena, &read, &fault, NULL);
            assert_true(flipped == HW_OK || flipped == HW_EDATA);
            uint8_t *fewer = hw_realloc(bytes, at);
            assert_non_null(fewer);
            const enum hw_status cut = bytes_read(fewer, at, &arena, &read, &fault, NULL);
            assert_true(cut == HW_EDATA || (cut == HW_OK && size - at < 8));
            hw_free(fewer);
        }
    }
}

static void reserved_bytes_are_noticed(void **state) {
    static const size_t first[] = {61, 55, 55};
    (void)state;
    for (unsigned version = 1; version <= HW_DBN_VERSION_MAX; version++) {
        const size_t file = ORDERS(version);
        for (size_t at = first[version - 1]; at < 108; at++) {
            HW_AUTO(hw_arena) arena = {0};
            HW_AUTO(hw_buf) bytes = {0};
            struct hw_dbn_fault fault;
            struct hw_dbn_metadata read;
            assert_int_equal(hw_buf_append(&bytes, metadata_files[file].bytes, metadata_files[file].size, NULL), HW_OK);
            bytes.data[at] = 1;
            assert_int_equal(bytes_read(bytes.data, bytes.size, &arena, &read, &fault, NULL), HW_OK);
            assert_true(read.reserved_set);
        }
    }
}

static void days_are_those_of_the_calendar(void **state) {
    static const struct {
        uint32_t day;
        bool is;
    } days[] = {{20240229, true},  {20230229, false}, {19000229, false}, {20000229, true},   {20240230, false},
                {20240431, false}, {20240430, true},  {20240100, false}, {20240001, false},  {20241301, false},
                {10101, true},     {101, false},      {99981231, true},  {100000101, false}, {20241231, true}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) bytes = {0};
        char name[16];
        struct hw_dbn_fault fault;
        struct hw_dbn_metadata read;
        const size_t file = ORDERS(2);
        snprintf(name, sizeof(name), "%" PRIu32, days[i].day);
        assert_int_equal(hw_buf_append(&bytes, metadata_files[file].bytes, metadata_files[file].size, NULL), HW_OK);
        hw_store_le32(bytes.data + 274, days[i].day);
        hw_store_le32(bytes.data + 278, 99991231);
        const enum hw_status status = bytes_read(bytes.data, bytes.size, &arena, &read, &fault, NULL);
        assert_row_int(name, status, days[i].is ? HW_OK : HW_EDATA);
    }
}

static void lists_are_limited(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) bytes = {0};
    const size_t fixed = 112;
    struct hw_dbn_fault fault = {0};
    struct hw_dbn_metadata read;
    struct hw_error err = HW_ERROR_INIT;
    (void)state;
    const size_t many = HW_DBN_SYMBOLS_MAX + (size_t)1;
    /* Symbols of version 1 are the shortest ones; the count is looked at before they are. */
    assert_int_equal(hw_buf_resize(&bytes, fixed + 4 + many * HW_DBN_SYMBOL_BYTES_1, NULL), HW_OK);
    memset(bytes.data, 0, bytes.size);
    memcpy(bytes.data, metadata_files[ORDERS(1)].bytes, fixed);
    hw_store_le32(bytes.data + fixed, (uint32_t)many);
    const hw_view view = {(const char *)bytes.data + HW_DBN_PRELUDE_BYTES, bytes.size - HW_DBN_PRELUDE_BYTES};
    assert_int_equal(hw_dbn_metadata_read(1, view, &arena, &read, &fault, &err), HW_ELIMIT);
    assert_row_says("symbols", err.message, "4000001 items, 4000000 at most are read");
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        HW_AUTO(hw_arena) arena = {0};
        struct alloc_fault allocations;
        struct hw_dbn_fault fault;
        struct hw_dbn_metadata read;
        const size_t file = ORDERS(2) + 3;
        alloc_fault_begin(&allocations, n);
        const enum hw_status status =
            bytes_read(metadata_files[file].bytes, metadata_files[file].size, &arena, &read, &fault, NULL);
        fired = alloc_fault_end(&allocations);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_say_what_was_encoded),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(spoilt_metadata_are_read_within_their_bytes),
        cmocka_unit_test(reserved_bytes_are_noticed),
        cmocka_unit_test(days_are_those_of_the_calendar),
        cmocka_unit_test(lists_are_limited),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("dbn/metadata", tests, NULL, NULL);
}
