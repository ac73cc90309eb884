/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_format.h"

#include "support/rows.h"
#include "table/schema.h"

/* From the specification's table of format strings. */
static const struct {
    const char *format;
    struct hw_type type;
    unsigned buffers;
} rows[] = {
    {"n", {.kind = HW_KIND_NULL}, 0},
    {"b", {.kind = HW_KIND_BOOL}, 2},
    {"c", {.kind = HW_KIND_INT8}, 2},
    {"C", {.kind = HW_KIND_UINT8}, 2},
    {"s", {.kind = HW_KIND_INT16}, 2},
    {"S", {.kind = HW_KIND_UINT16}, 2},
    {"i", {.kind = HW_KIND_INT32}, 2},
    {"I", {.kind = HW_KIND_UINT32}, 2},
    {"l", {.kind = HW_KIND_INT64}, 2},
    {"L", {.kind = HW_KIND_UINT64}, 2},
    {"e", {.kind = HW_KIND_HALF}, 2},
    {"f", {.kind = HW_KIND_FLOAT}, 2},
    {"g", {.kind = HW_KIND_DOUBLE}, 2},
    {"z", {.kind = HW_KIND_BINARY}, 3},
    {"Z", {.kind = HW_KIND_LARGE_BINARY}, 3},
    {"u", {.kind = HW_KIND_TEXT}, 3},
    {"U", {.kind = HW_KIND_LARGE_TEXT}, 3},
    {"d:19,10", {.kind = HW_KIND_DECIMAL, .precision = 19, .scale = 10}, 2},
    {"d:9,0,32", {.kind = HW_KIND_DECIMAL32, .precision = 9}, 2},
    {"d:18,18,64", {.kind = HW_KIND_DECIMAL64, .precision = 18, .scale = 18}, 2},
    {"d:76,3,256", {.kind = HW_KIND_DECIMAL256, .precision = 76, .scale = 3}, 2},
    {"w:42", {.kind = HW_KIND_FIXED, .width = 42}, 2},
    {"w:0", {.kind = HW_KIND_FIXED}, 2},
    {"tdD", {.kind = HW_KIND_DATE}, 2},
    {"tdm", {.kind = HW_KIND_DATE_MILLIS}, 2},
    {"tts", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, 2},
    {"ttm", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, 2},
    {"ttu", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}, 2},
    {"ttn", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}, 2},
    {"tss:", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS}, 2},
    {"tsm:UTC", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS, .utc = true}, 2},
    {"tsu:+05:30", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true, .zone = "+05:30"}, 2},
    {"tsn:Europe/Berlin", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true, .zone = "Europe/Berlin"}, 2},
    {"tDs", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_SECONDS}, 2},
    {"tDm", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_MILLIS}, 2},
    {"tDu", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_MICROS}, 2},
    {"tDn", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_NANOS}, 2},
    {"tiM", {.kind = HW_KIND_INTERVAL_MONTHS}, 2},
    {"tiD", {.kind = HW_KIND_INTERVAL_DAYS}, 2},
    {"tin", {.kind = HW_KIND_INTERVAL}, 2},
    {"+l", {.kind = HW_KIND_LIST}, 2},
    {"+L", {.kind = HW_KIND_LARGE_LIST}, 2},
    {"+w:123", {.kind = HW_KIND_FIXED_LIST, .width = 123}, 1},
    {"+s", {.kind = HW_KIND_STRUCT}, 1},
    {"+m", {.kind = HW_KIND_MAP}, 2},
};

static void formats_are_the_specifications(void **state) {
    (void)state;
    bool seen[HW_KIND_COUNT] = {[HW_KIND_UUID] = true, [HW_KIND_DICTIONARY] = true};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_type type;
        assert_row_text(rows[i].format, hw_arrow_format_write(rows[i].type, &arena), rows[i].format);
        assert_ok(hw_arrow_format_read(rows[i].format, &arena, &type, &err), err);
        assert_row_int(rows[i].format, hw_type_equal(type, rows[i].type), true);
        assert_row_int(rows[i].format, hw_arrow_buffers(type.kind), rows[i].buffers);
        seen[type.kind] = true;
    }
    for (size_t kind = 0; kind < HW_KIND_COUNT; kind++) {
        assert_row_int("every kind has a row", seen[kind], true);
    }
}

static void uuids_and_dictionaries_are_written_as_they_are_stored(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    assert_string_equal(hw_arrow_format_write((struct hw_type){.kind = HW_KIND_UUID}, &arena), "w:16");
    assert_string_equal(
        hw_arrow_format_write((struct hw_type){.kind = HW_KIND_DICTIONARY, .index = HW_KIND_UINT16}, &arena), "S");
}

static void other_formats_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *format;
        enum hw_status status;
        const char *says;
    } bad[] = {
        {"", HW_EDATA, "Arrow format \"\" is not known"},
        {"x", HW_EDATA, "is not known"},
        {"ll", HW_EDATA, "is not known"},
        {"+", HW_EDATA, "is not known"},
        {"vu", HW_EUNSUPPORTED, "Arrow format \"vu\" is not supported"},
        {"vz", HW_EUNSUPPORTED, "is not supported"},
        {"+vl", HW_EUNSUPPORTED, "is not supported"},
        {"+ud:0,1", HW_EUNSUPPORTED, "is not supported"},
        {"+us:0", HW_EUNSUPPORTED, "is not supported"},
        {"+r", HW_EUNSUPPORTED, "is not supported"},
        {"d:", HW_EDATA, "is no decimal"},
        {"d:5", HW_EDATA, "is no decimal"},
        {"d:5,", HW_EDATA, "is no decimal"},
        {"d:5,2,", HW_EDATA, "is no decimal"},
        {"d:5,2,129", HW_EDATA, "is no decimal"},
        {"d:5,2,128x", HW_EDATA, "is no decimal"},
        {"d:300,2", HW_EDATA, "is no decimal"},
        {"d:99999999999999999999,2", HW_EDATA, "is no decimal"},
        {"d:5,-2", HW_EUNSUPPORTED, "has a negative scale"},
        {"d:0,0", HW_EDATA, "has a precision or scale that its bits cannot have"},
        {"d:39,0", HW_EDATA, "has a precision or scale that its bits cannot have"},
        {"d:10,0,32", HW_EDATA, "has a precision or scale that its bits cannot have"},
        {"d:77,0,256", HW_EDATA, "has a precision or scale that its bits cannot have"},
        {"d:5,6", HW_EDATA, "has a precision or scale that its bits cannot have"},
        {"w:", HW_EDATA, "has no width"},
        {"w:-1", HW_EDATA, "has no width"},
        {"w:2147483648", HW_EDATA, "has no width"},
        {"w:1x", HW_EDATA, "has no width"},
        {"+w:", HW_EDATA, "has no width"},
        {"ts", HW_EDATA, "is no timestamp"},
        {"tsx:", HW_EDATA, "is no timestamp"},
        {"tsu", HW_EDATA, "is no timestamp"},
        {"tsuUTC", HW_EDATA, "is no timestamp"},
    };
    static char long_format[5000];
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_type type = {.kind = HW_KIND_UUID};
        assert_row_int(bad[i].format, hw_arrow_format_read(bad[i].format, &arena, &type, &err), bad[i].status);
        assert_row_says(bad[i].format, err.message, bad[i].says);
        assert_row_int(bad[i].format, type.kind, HW_KIND_UUID);
    }
    memset(long_format, 'x', sizeof(long_format) - 1);
    memcpy(long_format, "tsu:", 4);
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_type type;
    assert_int_equal(hw_arrow_format_read(long_format, &arena, &type, &err), HW_EDATA);
    assert_row_says("long", err.message, "is too long");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_the_specifications),
        cmocka_unit_test(uuids_and_dictionaries_are_written_as_they_are_stored),
        cmocka_unit_test(other_formats_are_refused),
    };
    return cmocka_run_group_tests_name("table/arrow_format", tests, NULL, NULL);
}
