/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/tables.h"

#include "support/made_files.h"
#include "support/rows.h"

/* The set's source is the one that its table is read from: an object is opened once. */
static void a_set_has_one_table_of_its_source(void **state) {
    (void)state;
    struct made_files files;
    struct hw_table_set *set;
    struct hw_table_reader *reader;
    struct hw_error err = HW_ERROR_INIT;
    size_t table = 0;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a;3"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    assert_ok(hw_rows_tables_new(&files.base, &options, &set, &err), err);
    assert_false(set->opened);
    assert_ok(set->ops->open(set, &err), err);
    assert_true(set->opened);
    assert_int_equal(set->wanted, 1);
    assert_int_equal(set->bytes, 3);
    assert_int_equal(set->mtime_us, 5);
    assert_string_equal(set->etag, "e");
    assert_true(set->ops->find(set, &table));
    assert_int_equal(table, 0);
    assert_null(set->ops->name(set, 0));
    assert_ok(set->ops->reader_new(set, 0, "x", &reader, &err), err);
    assert_ok(reader->ops->look(reader, 0, &err), err);
    assert_int_equal(atomic_load(&files.opens), 1);
    reader->ops->free(reader);
    table = 1;
    assert_false(set->ops->find(set, &table));
    set->ops->close(set);
    assert_int_equal(atomic_load(&files.open), 0);
    assert_ok(set->ops->open(set, &err), err);
    set->ops->free(set);
    assert_int_equal(atomic_load(&files.open), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_set_has_one_table_of_its_source)};
    return cmocka_run_group_tests_name("rows/tables", tests, NULL, NULL);
}
