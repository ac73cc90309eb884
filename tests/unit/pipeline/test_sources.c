/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/sources.h"

#include "support/rows.h"

static void any_source_may_be_the_remote_one(void **state) {
    (void)state;
    struct hw_store local = {.remote = false};
    struct hw_store remote = {.remote = true};
    struct {
        const char *name;
        struct hw_store *sources[2]; /* NULL: standard input */
        size_t count;
        bool want;
    } rows[] = {
        {"all local", {&local, &local}, 2, false},
        {"the first source", {&remote, &local}, 2, true},
        {"the last source", {&local, &remote}, 2, true},
        {"standard input first", {NULL, &remote}, 2, true},
        {"standard input", {NULL}, 1, false},
        {"no sources", {NULL}, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_source_place places[2] = {{.store = rows[i].sources[0]}, {.store = rows[i].sources[1]}};
        const struct hw_sources sources = {.places = places, .count = rows[i].count};
        assert_row_int(rows[i].name, hw_sources_remote(&sources), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_source_may_be_the_remote_one),
    };
    return cmocka_run_group_tests_name("pipeline/sources", tests, NULL, NULL);
}
