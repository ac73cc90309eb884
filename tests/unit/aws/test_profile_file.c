/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/profile_file.h"

#include <errno.h>

#include "core/alloc.h"
#include "core/io.h"
#include "core/limits.h"
#include "unit/aws/home.h"

/*
 * What botocore's configloader reads from the same files; where it takes none (a mark, doubles) or
 * differs (comments behind a value), the SDKs' rules.
 */
static const struct {
    const char *name;
    const char *config, *credentials;
    const char *profile, *setting;
    const char *want; /* NULL: not set */
} rows[] = {
    {"no files", NULL, NULL, "default", "region", NULL},
    {"default", "[default]\nregion = eu-west-1\n", NULL, "default", "region", "eu-west-1"},
    {"no line end at the end", "[default]\nregion=eu-west-1", NULL, "default", "region", "eu-west-1"},
    {"colon", "[default]\nregion: eu-west-1\n", NULL, "default", "region", "eu-west-1"},
    {"colon in the value", "[default]\nendpoint_url = http://h:90/\n", NULL, "default", "endpoint_url", "http://h:90/"},
    {"CRLF, mark, capitals, tabs", "\357\273\277[default]\r\nRegion\t=\teu-west-1\r\n", NULL, "default", "region",
     "eu-west-1"},
    {"named", "[default]\nregion=a\n[profile x]\nregion=b\n", NULL, "x", "region", "b"},
    {"quoted name", "[profile \"my team\"]\nregion=b\n", NULL, "my team", "region", "b"},
    {"name with blanks", "[profile\t  x ]\nregion=b\n", NULL, "x", "region", "b"},
    {"profile default", "[profile default]\nregion=b\n", NULL, "default", "region", "b"},
    {"config wants the word profile", "[x]\nregion=b\n", NULL, "x", "region", NULL},
    {"a word that only begins with profile", "[profilex]\nregion=b\n", NULL, "x", "region", NULL},
    {"credentials do not", NULL, "[x]\nregion=b\n", "x", "region", "b"},
    {"credentials win", "[profile x]\nregion=a\n", "[x]\nregion=b\n", "x", "region", "b"},
    {"other profile", "[profile x]\nregion=a\n", NULL, "default", "region", NULL},
    {"comments", "# [default]\n; region=z\n[default] # mine\n#region=z\nregion=a\n  # region=z\n", NULL, "default",
     "region", "a"},
    {"comment behind the value", "[default]\nregion = a # b\n", NULL, "default", "region", "a"},
    {"semicolon behind the value", "[default]\nregion = a\t; b\n", NULL, "default", "region", "a"},
    {"no comment without a blank", "[default]\nca_bundle = a#b;c\n", NULL, "default", "ca_bundle", "a#b;c"},
    {"empty value", "[default]\nregion =\n", NULL, "default", "region", NULL},
    {"the last of several", "[default]\nregion = a\nregion = b\n", NULL, "default", "region", "b"},
    {"a section in two pieces", "[default]\nregion = a\n[profile x]\n[default]\noutput = json\n", NULL, "default",
     "region", "a"},
    {"indented keys of a second section", "[default]\nregion = a\n[profile x]\n  region = b\n", NULL, "x", "region",
     "b"},
    {"a block is no value", "[default]\nregion =\n  x = y\n", NULL, "default", "region", NULL},
    {"a value is no block", "[profile x]\ns3 =\n  addressing_style = path\n[default]\ns3 = virtual\n", NULL, "default",
     "s3.addressing_style", NULL},
    {"indented keys", "[default]\n  output = json\n  region = a\n", NULL, "default", "region", "a"},
    {"equals in the value", "[default]\nca_bundle = a=b=\n", NULL, "default", "ca_bundle", "a=b="},
    {"nested", "[default]\ns3 =\n  addressing_style = path\n  # c\n\n  max_queue_size=9\nregion=a\n", NULL, "default",
     "s3.addressing_style", "path"},
    {"nested, the second", "[default]\ns3 =\n  addressing_style = path\n  # c\n\n  max_queue_size=9\nregion=a\n", NULL,
     "default", "s3.max_queue_size", "9"},
    {"after nested", "[default]\ns3 =\n  region = z\nregion=a\n", NULL, "default", "region", "a"},
    {"nested is not plain", "[default]\ns3 =\n  region = z\n", NULL, "default", "region", NULL},
    {"plain is not nested", "[default]\naddressing_style = path\n", NULL, "default", "s3.addressing_style", NULL},
    {"nested below another key", "[default]\ns4 =\n  addressing_style = path\n", NULL, "default", "s3.addressing_style",
     NULL},
    {"nested, comment behind the key", "[default]\ns3 = # here\n  addressing_style = path\n", NULL, "default",
     "s3.addressing_style", "path"},
    {"a value of several lines is its first here", "[default]\nregion = a\n  more\nca_bundle = b\n", NULL, "default",
     "ca_bundle", "b"},
    {"services", "[default]\nservices = my\n[services my]\ns3 =\n  endpoint_url = http://h\n", NULL, "default",
     "services.s3.endpoint_url", "http://h"},
    {"services before the profile", "[services my]\ns3=\n  endpoint_url = http://h\n[profile x]\nservices = my\n", NULL,
     "x", "services.s3.endpoint_url", "http://h"},
    {"a session",
     "[profile x]\nsso_session = my\n[sso-session my]\nsso_region = r\n[sso-session other]\nsso_region = o\n", NULL,
     "x", "sso-session.sso_region", "r"},
    {"no session chosen", "[profile x]\nregion = r\n[sso-session my]\nsso_region = r\n", NULL, "x",
     "sso-session.sso_region", NULL},
    {"other services", "[default]\nservices = my\n[services other]\ns3 =\n  endpoint_url = http://h\n", NULL, "default",
     "services.s3.endpoint_url", NULL},
    {"no services chosen", "[services my]\ns3 =\n  endpoint_url = http://h\n", NULL, "default",
     "services.s3.endpoint_url", NULL},
    {"another service's endpoint", "[default]\nservices = my\n[services my]\ns3control =\n  endpoint_url = http://h\n",
     NULL, "default", "services.s3.endpoint_url", NULL},
    {"sso-session is no profile", "[sso-session x]\nregion=b\n", NULL, "x", "region", NULL},
};

static void settings_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = rows[i].name;
        HW_AUTO(hw_profile_files) files = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_view value = {0};

        home_write_text(".aws/config", rows[i].config);
        home_write_text(".aws/credentials", rows[i].credentials);
        assert_ok(hw_profile_files_read(&files, &err), err);
        bool found = hw_profile_files_find(&files, rows[i].profile, rows[i].setting, &value);
        assert_row_int(name, found, rows[i].want != NULL);
        assert_row_bytes(name, value.data, value.size, rows[i].want, rows[i].want ? strlen(rows[i].want) : 0);
    }
}

static const struct {
    const char *name;
    const char *config, *credentials;
    enum hw_status want;
    int64_t want_line;
    const char *says;
} bad_rows[] = {
    {"before any section", "region = secret\n", NULL, HW_ECONFIG, 1, "a line before the first [section]"},
    {"no bracket", "[default]\n\n[profile secret\n", NULL, HW_ECONFIG, 3, "no closing ']'"},
    {"no delimiter", "[default]\r\nsecret\r\n", NULL, HW_ECONFIG, 2, "neither [section] nor key = value"},
    {"no key", "[default]\n= secret\n", NULL, HW_ECONFIG, 2, "neither [section] nor key = value"},
    {"no nested delimiter", "[default]\ns3 =\n  secret\n", NULL, HW_ECONFIG, 3,
     "an indented line that is not key = value"},
    {"in credentials", NULL, "[default]\naws_secret_access_key secret\n", HW_EAUTH, 2,
     "neither [section] nor key = value"},
};

static void bad_lines_are_named_but_not_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const char *name = bad_rows[i].name;
        HW_AUTO(hw_profile_files) files = {0};
        struct hw_error err = HW_ERROR_INIT;

        home_write_text(".aws/config", bad_rows[i].config);
        home_write_text(".aws/credentials", bad_rows[i].credentials);
        assert_row_int(name, hw_profile_files_read(&files, &err), bad_rows[i].want);
        assert_row_int(name, err.status, bad_rows[i].want);
        assert_row_int(name, err.line, bad_rows[i].want_line);
        assert_row_says(name, err.message, bad_rows[i].says);
        assert_row_text(name, err.object, home_path(bad_rows[i].config ? ".aws/config" : ".aws/credentials"));
        assert_null(strstr(err.message, "secret"));
        assert_null(files.config.text.data);
    }
}

static void files_have_a_largest_size(void **state) {
    (void)state;
    static char text[HW_CONFIG_BYTES_MAX + 1];
    HW_AUTO(hw_profile_files) files = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_view value;

    memset(text, '\n', sizeof(text));
    memcpy(text + sizeof(text) - 22, "[default]\nregion = a\n\n", 22);
    home_write(".aws/config", text, sizeof(text));
    assert_int_equal(hw_profile_files_read(&files, &err), HW_ECONFIG);
    assert_row_says("1 MiB + 1", err.message, "larger than 1048576 bytes");
    home_write(".aws/config", text, sizeof(text) - 1);
    assert_ok(hw_profile_files_read(&files, &err), err);
    assert_true(hw_profile_files_find(&files, "default", "region", &value));
}

static void text_of_two_bytes_a_letter_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_profile_files) files = {0};
    struct hw_error err = HW_ERROR_INIT;

    home_write(".aws/config", "\377\376[\0d\0", 6);
    assert_int_equal(hw_profile_files_read(&files, &err), HW_ECONFIG);
    assert_row_says("UTF-16", err.message, "NUL bytes");
}

static void paths_come_from_the_environment(void **state) {
    (void)state;
    HW_AUTO(hw_profile_files) files = {0};
    struct hw_error err = HW_ERROR_INIT;
    hw_view value;

    home_write_text(".aws/config", "[default]\nregion = home\n");
    home_write_text("other", "[default]\nregion = other\n");
    setenv("AWS_CONFIG_FILE", "~/other", 1);
    assert_ok(hw_profile_files_read(&files, &err), err);
    assert_true(hw_profile_files_find(&files, "default", "region", &value));
    assert_row_bytes("tilde", value.data, value.size, "other", 5);

    hw_profile_files_release(&files);
    setenv("AWS_CONFIG_FILE", home_path("other"), 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", home_path(".aws"), 1); /* a folder is no file */
    assert_ok(hw_profile_files_read(&files, &err), err);
    assert_true(hw_profile_files_find(&files, "default", "region", &value));

    hw_profile_files_release(&files);
    home_env_clear();
    unsetenv("HOME");
    assert_ok(hw_profile_files_read(&files, &err), err);
    assert_false(hw_profile_files_find(&files, "default", "region", &value));
    assert_string_equal(files.config.path, "");

    char long_path[PATH_MAX + 1];
    memset(long_path, 'p', sizeof(long_path));
    long_path[PATH_MAX] = '\0';
    setenv("AWS_SHARED_CREDENTIALS_FILE", long_path, 1);
    hw_profile_files_release(&files);
    assert_int_equal(hw_profile_files_read(&files, &err), HW_EAUTH);
    assert_row_says("long path", err.message, "AWS_SHARED_CREDENTIALS_FILE or HOME is longer");
}

/* System calls that fail for the credentials file only. */
static int fail_errno;

static int denied_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    if (hw_view_ends(hw_view_of(path), HW_VIEW("credentials"))) {
        errno = fail_errno;
        return -1;
    }
    return hw_io_system.openat(dir_fd, path, flags, mode);
}

static ssize_t broken_read(int fd, void *data, size_t bytes) {
    (void)fd;
    (void)data;
    (void)bytes;
    errno = EIO;
    return -1;
}

static int broken_fstat(int fd, struct stat *out) {
    (void)fd;
    (void)out;
    errno = EIO;
    return -1;
}

static void files_that_cannot_be_read_are_named(void **state) {
    (void)state;
    HW_AUTO(hw_profile_files) files = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_io io = hw_io_system;

    home_write_text(".aws/config", "[default]\n");
    io.openat = denied_openat;
    hw_io_set(&io);
    fail_errno = EACCES;
    assert_int_equal(hw_profile_files_read(&files, &err), HW_EAUTH);
    assert_int_equal(err.sys_errno, EACCES);
    assert_row_says("no permission", err.message, "cannot open it: Permission denied");
    assert_row_text("no permission", err.object, home_path(".aws/credentials"));
    fail_errno = ENOENT;
    assert_ok(hw_profile_files_read(&files, &err), err);
    hw_profile_files_release(&files);

    io = hw_io_system;
    io.read = broken_read;
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(hw_profile_files_read(&files, &err), HW_ECONFIG);
    assert_row_says("read", err.message, "cannot read: Input/output error");
    io = hw_io_system;
    io.fstat = broken_fstat;
    assert_int_equal(hw_profile_files_read(&files, &err), HW_ECONFIG);
    assert_row_says("fstat", err.message, "cannot read it: Input/output error");
    hw_io_set(NULL);
}

static void *refuse_memory(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
    }
    return NULL;
}

static void out_of_memory_is_said(void **state) {
    (void)state;
    static const struct hw_allocator refusing = {refuse_memory, NULL};
    HW_AUTO(hw_profile_files) files = {0};

    home_write_text(".aws/config", "[default]\n");
    hw_allocator_set(&refusing);
    enum hw_status status = hw_profile_files_read(&files, NULL);
    hw_allocator_set(NULL);
    assert_int_equal(status, HW_ENOMEM);
}

static const struct {
    const char *name;
    const char *chosen;
    const char *env[3];
    const char *want;
    bool is_explicit;
} name_rows[] = {
    {"nothing", NULL, {NULL}, "default", false},
    {"empty", "", {"AWS_PROFILE="}, "default", false},
    {"environment", NULL, {"AWS_PROFILE=a", "AWS_DEFAULT_PROFILE=b"}, "a", true},
    {"older variable", NULL, {"AWS_DEFAULT_PROFILE=b"}, "b", true},
    {"option first", "c", {"AWS_PROFILE=a"}, "c", true},
};

static void profiles_are_chosen_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(name_rows); i++) {
        bool is_explicit = !name_rows[i].is_explicit;
        home_env_set(name_rows[i].env, COUNT_OF(name_rows[i].env));
        assert_row_text(name_rows[i].name, hw_profile_name(name_rows[i].chosen, &is_explicit), name_rows[i].want);
        assert_row_int(name_rows[i].name, is_explicit, name_rows[i].is_explicit);
    }
}

static const struct {
    const char *name;
    const char *config, *credentials, *profile;
    const char *says; /* NULL: it is there */
} check_rows[] = {
    {"in config", "[profile x]\n", NULL, "x", NULL},
    {"in credentials", NULL, "[x]\n", "x", NULL},
    {"no files", NULL, NULL, "x", "there is no profile \"x\" in the AWS config and credentials files, which name none"},
    {"the nearest of both files", "[default]\n[profile staging]\n[profile produ]\n", "[prod]\n[stagin]\n", "prdo",
     "there is no profile \"prdo\" in the AWS config and credentials files, did you mean \"prod\"?"},
    {"letters count", "[profile Prod]\n", NULL, "prod",
     "there is no profile \"prod\" in the AWS config and credentials files, did you mean \"Prod\"?"},
    {"nothing near", "[profile staging]\n", NULL, "prod",
     "there is no profile \"prod\" in the AWS config and credentials files"},
    {"untrusted text is quoted", "[profile ab\033d]\n", NULL, "ab\nd",
     "there is no profile \"ab\\x0ad\" in the AWS config and credentials files, did you mean \"ab\\x1bd\"?"},
};

static void missing_profiles_are_named_with_the_nearest(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(check_rows); i++) {
        const char *name = check_rows[i].name;
        HW_AUTO(hw_profile_files) files = {0};
        struct hw_error err = HW_ERROR_INIT;

        home_write_text(".aws/config", check_rows[i].config);
        home_write_text(".aws/credentials", check_rows[i].credentials);
        assert_ok(hw_profile_files_read(&files, &err), err);
        assert_row_int(name, hw_profile_check(&files, check_rows[i].profile, &err),
                       check_rows[i].says ? HW_ECONFIG : HW_OK);
        assert_row_text(name, err.message, check_rows[i].says ? check_rows[i].says : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(settings_are_found, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(bad_lines_are_named_but_not_told, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(files_have_a_largest_size, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(text_of_two_bytes_a_letter_is_refused, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(paths_come_from_the_environment, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(files_that_cannot_be_read_are_named, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(out_of_memory_is_said, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(profiles_are_chosen_in_order, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(missing_profiles_are_named_with_the_nearest, home_setup, home_teardown),
    };
    return cmocka_run_group_tests_name("aws/profile_file", tests, NULL, NULL);
}
