/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"

#include "support/rows.h"

#define X10 "xxxxxxxxxx"
#define X128 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "xxxxxxxx"
#define X256 X128 X128
#define X1024 X256 X256 X256 X256
#define X4096 X1024 X1024 X1024 X1024

static enum hw_status assemble(const char *id, const char *secret, const char *token, struct hw_credentials *out,
                               struct hw_error *err) {
    const struct hw_credentials_texts texts = {
        .access_key_id = hw_view_of(id),
        .secret_access_key = hw_view_of(secret),
        .session_token = hw_view_of(token),
        .access_key_id_name = "ID",
        .secret_access_key_name = "SECRET",
        .session_token_name = "TOKEN",
    };
    return hw_credentials_assemble(&texts, out, err);
}

static void keys_that_a_request_can_hold_are_copied(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *id, *secret, *token;
    } rows[] = {
        {"a pair", "AK", "SK", ""},
        {"a token", "AK", "SK", "T+/="},
        {"the longest", X128, X256, X4096},
        {"marks in an id, blanks in a secret, of another store", "a@b:c", "s e c", ""},
        {"a secret beyond ASCII, which stands in no header", "AK", "\303\274", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_credentials keys = {.access_key_id = "old", .session_token = "old", .expires_us = 1};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(assemble(rows[i].id, rows[i].secret, rows[i].token, &keys, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].id);
        assert_row_text(rows[i].name, keys.secret_access_key, rows[i].secret);
        assert_row_text(rows[i].name, keys.session_token, rows[i].token);
        assert_row_int(rows[i].name, keys.expires_us, 0);
    }
}

static void other_keys_are_refused_without_being_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *id, *secret, *token;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"no key", "", "", "", HW_ENOTFOUND, "neither ID nor SECRET is set"},
        {"a token alone", "", "", "sesame", HW_ENOTFOUND, "neither ID nor SECRET is set"},
        {"no secret", "AK", "", "", HW_EAUTH, "ID is set, but SECRET is not"},
        {"no id", "", "sesame", "", HW_EAUTH, "SECRET is set, but ID is not"},
        {"a line end behind a secret", "AK", "sesame\r", "", HW_EAUTH,
         "SECRET holds a byte that cannot be part of it, at position 7 of 7"},
        {"DEL in a secret", "AK", "s\x7f", "", HW_EAUTH,
         "SECRET holds a byte that cannot be part of it, at position 2"},
        {"a blank in an id", "A K", "sesame", "", HW_EAUTH,
         "ID holds a byte that cannot be part of it, at position 2 of 3"},
        {"a slash in an id, which divides the scope", "A/K", "sesame", "", HW_EAUTH, "at position 2 of 3"},
        {"a comma in an id, which divides the header", "AK,", "sesame", "", HW_EAUTH, "at position 3 of 3"},
        {"a header in a token", "AK", "sesame", "sesame\nx: y", HW_EAUTH,
         "TOKEN holds a byte that cannot be part of it, at position 7 of 11"},
        {"a token beyond ASCII", "AK", "sesame", "\303\274", HW_EAUTH, "TOKEN holds a byte"},
        {"an id that is too long", X128 "x", "sesame", "", HW_EAUTH, "ID is longer than 128 bytes"},
        {"a secret that is too long", X128, X256 "x", "", HW_EAUTH, "SECRET is longer than 256 bytes"},
        {"a token that is too long", "AK", X256, X4096 "x", HW_EAUTH, "TOKEN is longer than 4096 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, assemble(rows[i].id, rows[i].secret, rows[i].token, &keys, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, keys.access_key_id, "untouched");
        assert_row_text(rows[i].name, keys.secret_access_key, "");
        assert_null(strstr(err.message, "sesame"));
    }
}

static void wiping_leaves_nothing(void **state) {
    (void)state;
    static const struct hw_credentials zeroes;
    struct hw_credentials keys;

    memset(&keys, 'x', sizeof(keys));
    hw_credentials_wipe(&keys);
    assert_memory_equal(&keys, &zeroes, sizeof(keys));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_a_request_can_hold_are_copied),
        cmocka_unit_test(other_keys_are_refused_without_being_told),
        cmocka_unit_test(wiping_leaves_nothing),
    };
    return cmocka_run_group_tests_name("aws/credentials", tests, NULL, NULL);
}
