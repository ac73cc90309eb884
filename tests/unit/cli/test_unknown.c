/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/unknown.h"

#include "support/rows.h"

#define TEXT_70 "0123456789012345678901234567890123456789012345678901234567890123456789"

static void the_word_and_what_is_known_are_told(void **state) {
    (void)state;
    static const char *const few[] = {"parquet", "avro"};
    static const char *const many[] = {TEXT_70 "1", TEXT_70 "2", TEXT_70 "3", TEXT_70 "4"};
    static const struct {
        const char *name;
        const char *word;
        const char *const *known;
        size_t count;
        const char *want;
    } rows[] = {
        {"near", "parqet", few, 2, "unknown format \"parqet\"; did you mean parquet?"},
        {"far", "xml", few, 2, "unknown format \"xml\"; known: parquet, avro"},
        {"too many to list", "xml", many, 4, "unknown format \"xml\""},
        {"nothing known", "xml", NULL, 0, "unknown format \"xml\""},
        {"of another tool", "--recursive", few, 2,
         "unknown format \"--recursive\": a path that ends in / names all that lies below it"},
        {"a letter of another tool", "-r", NULL, 0,
         "unknown format \"-r\": a path that ends in / names all that lies below it"},
        {"longer than any word", TEXT_70, few, 2, "unknown format \"" TEXT_70 "\"; known: parquet, avro"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name,
                       hw_fail_unknown(&err, "format", hw_view_of(rows[i].word), rows[i].known, rows[i].count),
                       HW_EUSAGE);
        assert_row_text(rows[i].name, err.message, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_word_and_what_is_known_are_told)};
    return cmocka_run_group_tests_name("cli/unknown", tests, NULL, NULL);
}
