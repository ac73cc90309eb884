/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

#include <errno.h>
#include <stdio.h>

#include "support/rows.h"

#define X10 "0123456789"
#define X50 X10 X10 X10 X10 X10
#define X250 X50 X50 X50 X50 X50
#define X500 X250 X250

/* Exit codes are those of README; what may be tried again are failures of network and service. */
static void statuses_have_names_and_exit_codes(void **state) {
    (void)state;
    static const struct {
        enum hw_status status;
        const char *name;
        int exit_code;
        bool retryable;
    } rows[] = {
        {HW_OK, "HW_OK", 0, false},
        {HW_EFAILED, "HW_EFAILED", 1, false},
        {HW_ENOMEM, "HW_ENOMEM", 1, false},
        {HW_EUSAGE, "HW_EUSAGE", 2, false},
        {HW_ECONFIG, "HW_ECONFIG", 2, false},
        {HW_EPARTIAL, "HW_EPARTIAL", 3, false},
        {HW_EDATA, "HW_EDATA", 4, false},
        {HW_ELIMIT, "HW_ELIMIT", 4, false},
        {HW_EUNSUPPORTED, "HW_EUNSUPPORTED", 4, false},
        {HW_EAUTH, "HW_EAUTH", 5, false},
        {HW_ENOTFOUND, "HW_ENOTFOUND", 6, false},
        {HW_EEXISTS, "HW_EEXISTS", 6, false},
        {HW_ECHANGED, "HW_ECHANGED", 6, false},
        {HW_EIO, "HW_EIO", 7, false},
        {HW_ENETWORK, "HW_ENETWORK", 1, true},
        {HW_ETHROTTLED, "HW_ETHROTTLED", 1, true},
        {HW_ESERVER, "HW_ESERVER", 1, true},
        {HW_ECHECKSUM, "HW_ECHECKSUM", 1, true},
        {HW_EPROTOCOL, "HW_EPROTOCOL", 1, false},
        {HW_ECANCELLED, "HW_ECANCELLED", 130, false},
        {HW_EUNTRUSTED, "HW_EUNTRUSTED", 1, false},
    };
    assert_int_equal(COUNT_OF(rows), HW_STATUS_COUNT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].name, hw_status_name(rows[i].status), rows[i].name);
        assert_row_int(rows[i].name, hw_status_exit_code(rows[i].status), rows[i].exit_code);
        assert_row_int(rows[i].name, hw_status_retryable(rows[i].status), rows[i].retryable);
        assert_row_int(rows[i].name, strlen(hw_status_text(rows[i].status)) > 0, true);
    }
    assert_string_equal(hw_status_text(HW_ENOTFOUND), "not found");
    /* A number that is no status counts as a failure. */
    assert_string_equal(hw_status_name((enum hw_status)HW_STATUS_COUNT), "HW_EFAILED");
    assert_int_equal(hw_status_exit_code((enum hw_status) - 1), 1);
}

static void errno_becomes_a_status(void **state) {
    (void)state;
    static const struct {
        const char *name; /* the text of glibc */
        int errnum;
        enum hw_status want;
    } rows[] = {
        {"No such file or directory", ENOENT, HW_ENOTFOUND},
        {"Not a directory", ENOTDIR, HW_ENOTFOUND},
        {"File exists", EEXIST, HW_EEXISTS},
        {"Cannot allocate memory", ENOMEM, HW_ENOMEM},
        {"Permission denied", EACCES, HW_EIO},
        {"No space left on device", ENOSPC, HW_EIO},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char want[128];
        snprintf(want, sizeof(want), "cannot open x: %s", rows[i].name);
        assert_row_int(rows[i].name, hw_fail_errno(&err, rows[i].errnum, "cannot open %s", "x"), rows[i].want);
        assert_row_int(rows[i].name, err.status, rows[i].want);
        assert_row_int(rows[i].name, err.sys_errno, rows[i].errnum);
        assert_row_text(rows[i].name, err.message, want);
        assert_row_int(rows[i].name, hw_fail_errno(NULL, rows[i].errnum, "cannot open %s", "x"), rows[i].want);
    }
}

/* A new error leaves nothing of the one before. */
static void an_error_starts_anew(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    err.line = 3;
    err.http_status = 404;
    hw_error_object(&err, "old");
    hw_error_column(&err, "old", 3);
    assert_int_equal(hw_fail(&err, HW_EDATA, "%d of %s", 2, "b"), HW_EDATA);
    assert_int_equal(err.status, HW_EDATA);
    assert_string_equal(err.message, "2 of b");
    assert_int_equal(err.line, HW_NO_POSITION);
    assert_int_equal(err.offset, HW_NO_POSITION);
    assert_int_equal(err.http_status, 0);
    assert_string_equal(err.object, "");
    assert_string_equal(err.column, "");

    assert_int_equal(hw_fail_at(&err, HW_ELIMIT, 17, "far"), HW_ELIMIT);
    assert_int_equal(err.offset, 17);
    assert_int_equal(hw_fail_nomem(&err, 12), HW_ENOMEM);
    assert_string_equal(err.message, "out of memory asking for 12 bytes");
    assert_int_equal(err.offset, HW_NO_POSITION);
}

static void nobody_has_to_ask_for_the_error(void **state) {
    (void)state;
    const struct hw_error kept = HW_ERROR_INIT;
    assert_int_equal(hw_fail(NULL, HW_EDATA, "x"), HW_EDATA);
    assert_int_equal(hw_fail_at(NULL, HW_EDATA, 1, "x"), HW_EDATA);
    assert_int_equal(hw_error_pass(NULL, HW_EIO, &kept), HW_EIO);
    hw_error_prefix(NULL, "x");
    hw_error_join(NULL, ", ", "x");
    hw_error_object(NULL, "x");
    hw_error_column(NULL, "x", 1);
}

static void an_error_is_passed_whole(void **state) {
    (void)state;
    struct hw_error kept = HW_ERROR_INIT;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_fail_at(&kept, HW_EDATA, 5, "bad"), HW_EDATA);
    assert_int_equal(hw_error_pass(&err, HW_EDATA, &kept), HW_EDATA);
    assert_memory_equal(&err, &kept, sizeof(err));
}

static void a_prefix_stands_before_the_message(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *message, *prefix, *want;
        size_t want_bytes; /* of `want`, which is the start of the message; 0: all of it */
    } rows[] = {
        {"short", "bad value", "member \"a\"", "member \"a\": bad value", 0},
        {"no message", "", "member", "member: ", 0},
        {"both fill the room", X500, "0123456789", "0123456789: 012345678", 511},
        {"no room is left", "lost", X500 X50, X500 "01234567890", 511},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_fail(&err, HW_EDATA, "%s", rows[i].message), HW_EDATA);
        hw_error_prefix(&err, "%s", rows[i].prefix);
        if (rows[i].want_bytes == 0) {
            assert_row_text(rows[i].name, err.message, rows[i].want);
        } else {
            assert_row_int(rows[i].name, strlen(err.message), rows[i].want_bytes);
            assert_row_int(rows[i].name, strncmp(err.message, rows[i].want, strlen(rows[i].want)), 0);
        }
    }
}

/* 255 bytes have room. A longer name keeps 125 at the front, three dots, and 127 at the end. */
static void the_first_to_name_an_object_is_heard(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *object, *want;
    } rows[] = {
        {"short", "s3://b/a.csv", "s3://b/a.csv"},
        {"as long as the room", X250 "abcde", X250 "abcde"},
        {"one byte more", "A" X250 "abcdZ",
         "A" X50 X50 X10 X10 "0123"
         "..."
         "89" X50 X50 X10 X10 "abcdZ"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        hw_error_object(&err, NULL);
        hw_error_object(&err, rows[i].object);
        hw_error_object(&err, "later");
        assert_row_text(rows[i].name, err.object, rows[i].want);
    }
}

static void the_first_to_name_a_column_is_heard(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *column;
        size_t bytes;
        const char *want;
    } rows[] = {
        {"a part of a text", "amount,x", 6, "amount"},
        {"as long as the room", X50 X10 X10 X10 X10 "abcdeZ", 95, X50 X10 X10 X10 X10 "abcde"},
        {"one byte more", X50 X10 X10 X10 X10 "abcdeZ", 96, X50 X10 X10 X10 X10 "abcde"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        hw_error_column(&err, rows[i].column, rows[i].bytes);
        hw_error_column(&err, "later", 5);
        assert_row_text(rows[i].name, err.column, rows[i].want);
    }
}

static void an_error_is_one_line(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_error err;
        const char *want;
    } rows[] = {
        {"a message alone", {.status = HW_EDATA, .offset = -1, .line = -1, .row = -1, .message = "bad"}, "bad"},
        {"no message", {.status = HW_ENOTFOUND, .offset = -1, .line = -1, .row = -1}, "not found"},
        {"a place in a file",
         {.status = HW_EDATA, .offset = 12, .line = 3, .row = 2, .object = "a.csv", .column = "n\"x", .message = "bad"},
         "a.csv: line 3: column \"n\\\"x\": bad (byte offset 12)"},
        {"a reply",
         {.status = HW_ETHROTTLED,
          .http_status = 503,
          .offset = -1,
          .line = -1,
          .row = -1,
          .object = "s3://b/k",
          .s3_code = "SlowDown",
          .request_id = "R1",
          .message = "cannot read"},
         "s3://b/k: cannot read (HTTP 503, SlowDown, request R1)"},
        {"a reply without a code",
         {.status = HW_ESERVER, .http_status = 500, .offset = -1, .line = -1, .row = -1, .message = "no"},
         "no (HTTP 500)"},
        {"control bytes in a name",
         {.status = HW_EDATA, .offset = -1, .line = -1, .row = -1, .object = "a\nb\x7f", .message = "bad\x1b[m"},
         "a?b?: bad?[m"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const size_t want_bytes = strlen(rows[i].want);
        char line[256];
        hw_error_format(&rows[i].err, line, sizeof(line));
        assert_row_text(rows[i].name, line, rows[i].want);
        /* Whatever the room is, the line is cut there and ends with NUL. */
        for (size_t room = 1; room <= want_bytes + 1; room++) {
            memset(line, 'x', sizeof(line));
            hw_error_format(&rows[i].err, line, room);
            assert_row_int(rows[i].name, strlen(line), room - 1);
            assert_row_int(rows[i].name, strncmp(line, rows[i].want, room - 1), 0);
            assert_row_int(rows[i].name, line[room], 'x');
        }
        memset(line, 'x', sizeof(line));
        hw_error_format(&rows[i].err, line, 0);
        assert_row_int(rows[i].name, line[0], 'x');
    }
}

static void untrusted_bytes_are_quoted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *data;
        size_t bytes, room;
        const char *want;
    } rows[] = {
        {"plain", "ab", 2, 64, "\"ab\""},
        {"nothing", "", 0, 64, "\"\""},
        {"a line end", "ab\n", 3, 64, "\"ab\\x0a\""},
        {"quotes and backslashes", "a\"b\\", 4, 64, "\"a\\\"b\\\\\""},
        {"NUL and DEL", "\0\x7f", 2, 64, "\"\\x00\\x7f\""},
        {"UTF-8 stays", "\xc3\xa4", 2, 64, "\"\xc3\xa4\""},
        {"as much as surely fits", X10, 10, 20, "\"" X10 "\""},
        {"one byte more than fits", X10 "0", 11, 19, "\"" X10 "...\""},
        {"escapes that do not fit", "\n\n\n\n", 4, 20, "\"\\x0a\\x0a\\x0a...\""},
        {"the smallest room", X10, 10, 11, "\"01...\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[64];
        memset(out, 'x', sizeof(out));
        assert_ptr_equal(hw_quote(rows[i].data, rows[i].bytes, out, rows[i].room), out);
        assert_row_text(rows[i].name, out, rows[i].want);
        for (size_t k = rows[i].room; k < sizeof(out); k++) {
            assert_row_int(rows[i].name, out[k], 'x');
        }
    }
}

static void a_place_is_joined_to_the_message(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_fail(&err, HW_EDATA, "page 7: bad"), HW_EDATA);
    hw_error_join(&err, ", ", "row group %d", 2);
    assert_string_equal(err.message, "row group 2, page 7: bad");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_have_names_and_exit_codes),
        cmocka_unit_test(errno_becomes_a_status),
        cmocka_unit_test(an_error_starts_anew),
        cmocka_unit_test(nobody_has_to_ask_for_the_error),
        cmocka_unit_test(an_error_is_passed_whole),
        cmocka_unit_test(a_prefix_stands_before_the_message),
        cmocka_unit_test(a_place_is_joined_to_the_message),
        cmocka_unit_test(the_first_to_name_an_object_is_heard),
        cmocka_unit_test(the_first_to_name_a_column_is_heard),
        cmocka_unit_test(an_error_is_one_line),
        cmocka_unit_test(untrusted_bytes_are_quoted),
    };
    return cmocka_run_group_tests_name("core/error", tests, NULL, NULL);
}
