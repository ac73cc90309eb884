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

static enum hw_status place_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                  struct hw_error *err) {
    (void)err;
    assert_string_equal(info->key, "rows");
    assert_string_equal(info->etag, "");
    assert_int_equal(info->size, 0);
    *(const struct hw_source_place **)ctx = place;
    return HW_OK;
}

static void a_stream_is_one_source(void **state) {
    (void)state;
    struct hw_batch_stream stream = {0};
    struct hw_sources sources = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_source_place *found = NULL;
    const struct hw_sources_listener listener = {.ctx = &found, .found = place_found};
    assert_ok(hw_sources_open_batches(&sources, &stream, "rows", &err), err);
    assert_int_equal(sources.count, 1);
    assert_false(sources.several);
    assert_false(hw_sources_remote(&sources));
    assert_ok(hw_sources_list(&sources, &listener, &err), err);
    assert_ptr_equal(found->batches, &stream);
    assert_null(found->store);
    assert_string_equal(found->base, "rows");
    hw_sources_release(&sources);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_source_may_be_the_remote_one),
        cmocka_unit_test(a_stream_is_one_source),
    };
    return cmocka_run_group_tests_name("pipeline/sources", tests, NULL, NULL);
}
