/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block_read.h"

#include "support/memory_io.h"
#include "support/rows.h"

#define SYNC "0123456789abcdef"

static const struct hw_avro_head head = {
    .sync = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'}};

static void blocks_come_one_after_the_other(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct memory_source source = memory_source(HW_VIEW("\x04\x06"
                                                        "abc" SYNC "\x00\x00" SYNC "\x02\x02"
                                                        "d" SYNC),
                                                0);
    HW_AUTO(hw_packed) input = {0};
    HW_AUTO(hw_avro_stored) block = {0};
    struct hw_avro_block_reader reader = {&head, &input};
    static const struct {
        uint64_t offset;
        uint64_t count;
        const char *data;
    } want[] = {{0, 2, "abc"}, {21, 0, ""}, {39, 1, "d"}};
    bool more = true;
    assert_ok(hw_packed_init(&input, &source.base, 5, &err), err);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_ok(hw_avro_block_next(&reader, &block, &more, &err), err);
        assert_true(more);
        assert_int_equal(block.number, i);
        assert_int_equal(block.offset, want[i].offset);
        assert_int_equal(block.count, want[i].count);
        assert_row_bytes("data", block.data.data, block.data.size, want[i].data, strlen(want[i].data));
        /* The room behind it is zero, whatever block was there before. */
        for (size_t at = 0; at < HW_AVRO_BLOCK_ROOM; at++) {
            assert_int_equal(block.data.data[block.data.size + at], 0);
        }
    }
    assert_ok(hw_avro_block_next(&reader, &block, &more, &err), err);
    assert_false(more);
}

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_status want;
    int64_t offset;
    bool sync;
    const char *says;
} faults[] = {
    {"a count that is cut", HW_VIEW_INIT("\x80"), HW_EDATA, 0, false, "block 0: the file ends within its count"},
    {"a size that is cut", HW_VIEW_INIT("\x02"), HW_EDATA, 1, false, "block 0: the file ends within its size"},
    {"a negative count", HW_VIEW_INIT("\x01\x00" SYNC), HW_EDATA, 0, false, "-1 items in 0 bytes"},
    {"a negative size", HW_VIEW_INIT("\x02\x01" SYNC), HW_EDATA, 0, false, "1 items in -1 bytes"},
    {"too many bytes", HW_VIEW_INIT("\x02\x82\x80\x80\x40" SYNC), HW_ELIMIT, 0, false,
     "it has 67108865 bytes, more than the 67108864 allowed"},
    {"items that are cut",
     HW_VIEW_INIT("\x02\x08"
                  "abc"),
     HW_EDATA, 5, false, "the file ends within its items, 3 of whose 4"},
    {"a marker that is cut",
     HW_VIEW_INIT("\x02\x02"
                  "a"
                  "0123"),
     HW_EDATA, 7, false, "its sync marker, 4 of whose 16"},
    {"another marker",
     HW_VIEW_INIT("\x02\x02"
                  "a"
                  "0123456789abcdeg"),
     HW_EDATA, 3, true, "block 0: the sync marker behind it is not that of the header"},
};

static void what_is_no_block_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct memory_source source = memory_source(faults[i].bytes, 0);
        HW_AUTO(hw_packed) input = {0};
        HW_AUTO(hw_avro_stored) block = {0};
        struct hw_avro_block_reader reader = {&head, &input};
        bool more = false;
        assert_ok(hw_packed_init(&input, &source.base, 0, &err), err);
        assert_row_int(faults[i].name, hw_avro_block_next(&reader, &block, &more, &err), faults[i].want);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_int(faults[i].name, err.offset, faults[i].offset);
        assert_row_int(faults[i].name, reader.sync_differs, faults[i].sync);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_come_one_after_the_other),
        cmocka_unit_test(what_is_no_block_is_refused),
    };
    return cmocka_run_group_tests_name("avro/block_read", tests, NULL, NULL);
}
