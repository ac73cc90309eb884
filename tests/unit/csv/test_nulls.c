/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/nulls.h"

#include "core/error.h"
#include "support/rows.h"

static const char long_text[] = "0123456789012345678901234567890123456789012345678901234567890123456789";

static void texts_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *texts[4];
        hw_view text;
        enum hw_csv_null want;
    } rows[] = {
        {"one of several", {"NA", "-999"}, HW_VIEW_INIT("-999"), HW_CSV_NULL_ALWAYS},
        {"the first of several", {"NA", "-999"}, HW_VIEW_INIT("NA"), HW_CSV_NULL_ALWAYS},
        {"in another case", {"NA", "-999"}, HW_VIEW_INIT("na"), HW_CSV_NULL_NOT},
        {"the start of one", {"NULL"}, HW_VIEW_INIT("NUL"), HW_CSV_NULL_NOT},
        {"one and more", {"NULL"}, HW_VIEW_INIT("NULLS"), HW_CSV_NULL_NOT},
        {"a NUL behind", {"NA"}, HW_VIEW_INIT("NA\0"), HW_CSV_NULL_NOT},
        {"none", {NULL}, HW_VIEW_INIT("NA"), HW_CSV_NULL_NOT},
        {"a long one", {long_text}, HW_VIEW_INIT(long_text), HW_CSV_NULL_ALWAYS},
        {"another long one", {long_text}, {long_text + 1, sizeof(long_text) - 2}, HW_CSV_NULL_NOT},
        {"NaN alone is a text like all", {"NaN"}, HW_VIEW_INIT("NaN"), HW_CSV_NULL_ALWAYS},
        {"common: NA", {"common"}, HW_VIEW_INIT("NA"), HW_CSV_NULL_ALWAYS},
        {"common: N/A", {"common"}, HW_VIEW_INIT("N/A"), HW_CSV_NULL_ALWAYS},
        {"common: n/a", {"common"}, HW_VIEW_INIT("n/a"), HW_CSV_NULL_ALWAYS},
        {"common: NULL", {"common"}, HW_VIEW_INIT("NULL"), HW_CSV_NULL_ALWAYS},
        {"common: null", {"common"}, HW_VIEW_INIT("null"), HW_CSV_NULL_ALWAYS},
        {"common: None", {"common"}, HW_VIEW_INIT("None"), HW_CSV_NULL_ALWAYS},
        {"common: nil", {"common"}, HW_VIEW_INIT("nil"), HW_CSV_NULL_ALWAYS},
        {"common: a hyphen", {"common"}, HW_VIEW_INIT("-"), HW_CSV_NULL_ALWAYS},
        {"common: a point", {"common"}, HW_VIEW_INIT("."), HW_CSV_NULL_ALWAYS},
        {"common: \\N", {"common"}, HW_VIEW_INIT("\\N"), HW_CSV_NULL_ALWAYS},
        {"common: NaN", {"common"}, HW_VIEW_INIT("NaN"), HW_CSV_NULL_BUT_IN_TEXTS},
        {"common has no nan", {"common"}, HW_VIEW_INIT("nan"), HW_CSV_NULL_NOT},
        {"common has no none", {"common"}, HW_VIEW_INIT("none"), HW_CSV_NULL_NOT},
        {"common has no 0", {"common"}, HW_VIEW_INIT("0"), HW_CSV_NULL_NOT},
        {"the word itself", {"common"}, HW_VIEW_INIT("common"), HW_CSV_NULL_NOT},
        {"beside common, before", {"?", "common"}, HW_VIEW_INIT("?"), HW_CSV_NULL_ALWAYS},
        {"beside common, after", {"common", "?"}, HW_VIEW_INIT("?"), HW_CSV_NULL_ALWAYS},
        {"NaN named beside common", {"common", "NaN"}, HW_VIEW_INIT("NaN"), HW_CSV_NULL_ALWAYS},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_csv_nulls) nulls = {0};
        size_t count = 0;
        while (count < COUNT_OF(rows[i].texts) && rows[i].texts[count]) {
            count++;
        }
        assert_ok(hw_csv_nulls_init(&nulls, rows[i].texts, count, &err), err);
        assert_row_int(rows[i].name, hw_csv_nulls_find(&nulls, rows[i].text), rows[i].want);
    }
}

static void common_texts_are_known(void **state) {
    static const char *const common[] = {"NA", "N/A", "n/a", "NULL", "null", "None", "nil", "-", ".", "\\N"};
    static const char *const others[] = {"", "NaN", "na", "common", "NAN", "--"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        assert_row_int(common[i], hw_csv_nulls_common(hw_view_of(common[i])), true);
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_row_int(others[i], hw_csv_nulls_common(hw_view_of(others[i])), false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_by_rows),
        cmocka_unit_test(common_texts_are_known),
    };
    return cmocka_run_group_tests_name("csv/nulls", tests, NULL, NULL);
}
