/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/write_args.h"

#include <stdio.h>

#include "support/rows.h"
#include "support/scratch.h"

static void metadata_is_taken_apart(void **state) {
    (void)state;
    static const char *const good[] = {"a=1,2", "b=", "c=x=y", "=z"};
    static const char *const bad[] = {"a=1", "nothing"};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_write_args args = {.write = {.acl = "private", .checksum = HW_CHECKSUM_SHA1},
                                 .metadata = {.items = good, .count = COUNT_OF(good)}};
    struct hw_write_options options = {0};
    assert_ok(hw_write_args_options(&args, &arena, &options, &err), err);
    assert_int_equal(options.size, sizeof(options));
    assert_string_equal(options.acl, "private");
    assert_int_equal(options.checksum, HW_CHECKSUM_SHA1);
    assert_int_equal(options.metadata_count, 4);
    assert_string_equal(options.metadata[0].name, "a");
    assert_string_equal(options.metadata[0].value, "1,2");
    assert_string_equal(options.metadata[1].value, "");
    assert_string_equal(options.metadata[2].value, "x=y");
    /* The library says what is wrong with names. */
    assert_string_equal(options.metadata[3].name, "");
    args.metadata = (struct hw_option_list){.items = bad, .count = COUNT_OF(bad)};
    assert_int_equal(hw_write_args_options(&args, &arena, &options, &err), HW_EUSAGE);
    assert_row_says("no =", err.message, "--metadata \"nothing\" has no '='");
    const struct hw_write_args both = {.write.encryption = HW_ENCRYPTION_AES256, .sse_c_path = "key"};
    assert_int_equal(hw_write_args_options(&both, &arena, &options, &err), HW_EUSAGE);
    assert_row_says("two keys", err.message, "--sse and --sse-c");
}

static void keys_come_from_files(void **state) {
    (void)state;
    char paths[3][600];
    char long_key[HW_WRITE_KEY_BYTES];
    struct scratch scratch = scratch_make();
    memset(long_key, 'k', sizeof(long_key));
    const hw_view contents[] = {HW_VIEW_INIT("target"), HW_VIEW_INIT("source\n"), {long_key, sizeof(long_key)}};
    static const char *const names[] = {"target", "source", "long"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        scratch_write(&scratch, names[i], contents[i].data, contents[i].size);
        snprintf(paths[i], sizeof(paths[i]), "%s%s", scratch.folder, names[i]);
    }
    struct hw_write_access access;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_write_args args = {.request_payer = 1, .sse_c_path = paths[0], .sse_c_source_path = paths[1]};
    assert_ok(hw_write_args_access(&args, &access, &err), err);
    assert_true(access.source.request_payer && access.target.request_payer);
    assert_row_bytes("target", access.target.sse_c_key, access.target.sse_c_key_bytes, "target", 6);
    assert_row_bytes("source", access.source.sse_c_key, access.source.sse_c_key_bytes, "source\n", 7);
    hw_write_access_release(&access);
    for (size_t i = 0; i < sizeof(access); i++) {
        assert_int_equal(((const uint8_t *)&access)[i], 0);
    }

    args = (struct hw_write_args){.sse_c_path = paths[2]};
    assert_int_equal(hw_write_args_access(&args, &access, &err), HW_EUSAGE);
    assert_row_says("long", err.message, "longer than a key");
    assert_null(strstr(err.message, "kkkk"));
    args = (struct hw_write_args){.sse_c_source_path = "/nowhere/key"};
    assert_int_equal(hw_write_args_access(&args, &access, &err), HW_ENOTFOUND);
    assert_row_says("none", err.message, "--sse-c-copy-source /nowhere/key");
    args = (struct hw_write_args){.sse_c_path = scratch.folder};
    assert_int_equal(hw_write_args_access(&args, &access, &err), HW_EIO);
    assert_row_says("a folder", err.message, "--sse-c ");
    args = (struct hw_write_args){0};
    assert_ok(hw_write_args_access(&args, &access, &err), err);
    assert_null(access.target.sse_c_key);
    assert_false(access.source.request_payer);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_is_taken_apart),
        cmocka_unit_test(keys_come_from_files),
    };
    return cmocka_run_group_tests_name("cli/write_args", tests, NULL, NULL);
}
