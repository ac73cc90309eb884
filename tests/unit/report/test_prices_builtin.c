/* SPDX-License-Identifier: Apache-2.0 */
#include "report/prices_builtin.h"

#include <stdio.h>

#include "support/rows.h"

/* What is built in is the file of the repository, byte for byte. */
static void what_is_built_in_is_the_file(void **state) {
    (void)state;
    char text[4096];
    FILE *file = fopen("deploy/prices.json", "rb");
    assert_non_null(file);
    const size_t bytes = fread(text, 1, sizeof(text), file);
    fclose(file);
    assert_row_bytes("prices.json", hw_prices_builtin_text.data, hw_prices_builtin_text.size, text, bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_built_in_is_the_file)};
    return cmocka_run_group_tests_name("report/prices_builtin", tests, NULL, NULL);
}
