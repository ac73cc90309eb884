/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/hawser.h>

#include <stdio.h>

#include "support/rows.h"

/* The newest version of CHANGELOG.md is the one that is built: "## [0.1.0] - unreleased". */
static void the_version_is_the_newest_of_the_changelog(void **state) {
    (void)state;
    FILE *file = fopen("CHANGELOG.md", "re");
    char line[4096];
    char newest[32] = "";
    assert_non_null(file);
    while (newest[0] == '\0' && fgets(line, sizeof(line), file)) {
        sscanf(line, "## [%31[0-9.]]", newest);
    }
    fclose(file);
    assert_string_equal(hw_version(), newest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_the_newest_of_the_changelog),
    };
    return cmocka_run_group_tests_name("core/version", tests, NULL, NULL);
}
