/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/packing.h"

#include "core/view.h"
#include "support/rows.h"

static const struct {
    const char *name;
    hw_view head;
    enum hw_packing want;
} detect_rows[] = {
    {"gzip", HW_VIEW_INIT("\x1f\x8b\x08\x00"), HW_PACKING_GZIP},
    {"gzip of another method is gzip still", HW_VIEW_INIT("\x1f\x8b\x07"), HW_PACKING_GZIP},
    {"gzip, two bytes", HW_VIEW_INIT("\x1f\x8b"), HW_PACKING_GZIP},
    {"one byte", HW_VIEW_INIT("\x1f"), HW_PACKING_NONE},
    {"zstd", HW_VIEW_INIT("\x28\xb5\x2f\xfd"), HW_PACKING_ZSTD},
    {"zstd, cut", HW_VIEW_INIT("\x28\xb5\x2f"), HW_PACKING_NONE},
    {"zstd, the first skippable frame", HW_VIEW_INIT("\x50\x2a\x4d\x18"), HW_PACKING_ZSTD},
    {"zstd, the last skippable frame", HW_VIEW_INIT("\x5f\x2a\x4d\x18\0\0\0\0"), HW_PACKING_ZSTD},
    {"beyond the skippable frames", HW_VIEW_INIT("\x60\x2a\x4d\x18"), HW_PACKING_NONE},
    {"zip", HW_VIEW_INIT("PK\3\4"), HW_PACKING_ZIP},
    {"zip without members", HW_VIEW_INIT("PK\5\6"), HW_PACKING_ZIP},
    {"zip, split", HW_VIEW_INIT("PK\7\x08"), HW_PACKING_ZIP},
    {"bzip2", HW_VIEW_INIT("BZh9\x31\x41\x59\x26\x53\x59"), HW_PACKING_BZIP2},
    {"bzip2 of nothing", HW_VIEW_INIT("BZh1\x17\x72\x45\x38\x50\x90\0\0\0\0"), HW_PACKING_BZIP2},
    {"bzip2, cut", HW_VIEW_INIT("BZh9\x31\x41\x59\x26\x53"), HW_PACKING_NONE},
    {"a column called BZh", HW_VIEW_INIT("BZh9,name\n1,2\n"), HW_PACKING_NONE},
    {"xz", HW_VIEW_INIT("\xfd\x37zXZ\0\0\4"), HW_PACKING_XZ},
    {"xz, cut", HW_VIEW_INIT("\xfd\x37zXZ"), HW_PACKING_NONE},
    {"lz4", HW_VIEW_INIT("\x04\x22\x4d\x18\x60"), HW_PACKING_LZ4},
    {"lz4 of the old kind", HW_VIEW_INIT("\x02\x21\x4c\x18"), HW_PACKING_NONE},
    {"a column called PK", HW_VIEW_INIT("PK,name\n"), HW_PACKING_NONE},
    {"csv", HW_VIEW_INIT("a,b\n1,2\n"), HW_PACKING_NONE},
    {"nothing", HW_VIEW_INIT(""), HW_PACKING_NONE},
    {"zeros", HW_VIEW_INIT("\0\0\0\0"), HW_PACKING_NONE},
};

static void packings_are_known_by_their_first_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(detect_rows); i++) {
        enum hw_packing got = hw_packing_detect(detect_rows[i].head.data, detect_rows[i].head.size);
        assert_row_text(detect_rows[i].name, hw_packing_name(got), hw_packing_name(detect_rows[i].want));
    }
    assert_int_equal(hw_packing_detect(NULL, 0), HW_PACKING_NONE);
    assert_string_equal(hw_packing_name(HW_PACKING_GZIP), "gzip");
    assert_string_equal(hw_packing_name(HW_PACKING_BZIP2), "bzip2");
    assert_string_equal(hw_packing_name(HW_PACKING_XZ), "xz");
    assert_string_equal(hw_packing_name(HW_PACKING_LZ4), "lz4");
    assert_string_equal(hw_packing_name(HW_PACKING_ZIP), "zip");
}

static void a_part_of_a_magic_may_begin_a_member(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_packing packing;
        hw_view head;
        bool want;
    } rows[] = {
        {"gzip", HW_PACKING_GZIP, HW_VIEW_INIT("\x1f\x8b\x08"), true},
        {"gzip, a byte", HW_PACKING_GZIP, HW_VIEW_INIT("\x1f"), true},
        {"gzip, a newline", HW_PACKING_GZIP, HW_VIEW_INIT("\n"), false},
        {"gzip, another packing", HW_PACKING_GZIP, HW_VIEW_INIT("\x28\xb5\x2f\xfd"), false},
        {"zstd, three bytes", HW_PACKING_ZSTD, HW_VIEW_INIT("\x28\xb5\x2f"), true},
        {"zstd, a skippable frame", HW_PACKING_ZSTD, HW_VIEW_INIT("\x5a\x2a"), true},
        {"bzip2, its level", HW_PACKING_BZIP2, HW_VIEW_INIT("BZh3"), true},
        {"bzip2, text", HW_PACKING_BZIP2, HW_VIEW_INIT("BZhx"), false},
        {"xz, five bytes", HW_PACKING_XZ, HW_VIEW_INIT("\xfd\x37zXZ"), true},
        {"lz4, text", HW_PACKING_LZ4, HW_VIEW_INIT("\x04\x22,"), false},
        {"no packing", HW_PACKING_NONE, HW_VIEW_INIT("a"), false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_packing_begins(rows[i].packing, rows[i].head.data, rows[i].head.size),
                       rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packings_are_known_by_their_first_bytes),
        cmocka_unit_test(a_part_of_a_magic_may_begin_a_member),
    };
    return cmocka_run_group_tests_name("codec/packing", tests, NULL, NULL);
}
