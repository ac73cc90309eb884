/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_machine.h"

#include <stdlib.h>

#include "support/rows.h"
#include "unit/objects/doctor_told.h"

static void proxies_lose_their_passwords(void **state) {
    (void)state;
    static const struct {
        const char *address;
        const char *want;
    } rows[] = {
        {"http://proxy:3128", "http://proxy:3128"},
        {"http://me:canary@proxy:3128/", "http://proxy:3128"},
        {"me:canary@proxy", "proxy"},
        {"http://me:c@nary@proxy", "http://proxy"},
        {"http://proxy/a@b", "http://proxy"},
        {"socks5h://[::1]:1080", "socks5h://[::1]:1080"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_DOCTOR_PROXY_BYTES];
        assert_row_text(rows[i].address, hw_doctor_proxy_text(rows[i].address, out), rows[i].want);
    }
}

static void the_machine_is_told_of(void **state) {
    (void)state;
    static const struct {
        const char *temp, *proxy;
        const char *names;
        const char *says;
    } rows[] = {
        {"/tmp", "", "temp-folder=ok proxy=ok ", "proxy: none\n"},
        {"/tmp", "http://me:canary@proxy:3128", "temp-folder=ok proxy=ok ", "https_proxy=http://proxy:3128"},
        {"/nowhere", "", "temp-folder=fail proxy=ok ", "Set TMPDIR to a folder"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct doctor_told told = {{0}};
        struct hw_doctor_call call = {.each = doctor_told_take, .ctx = &told};
        assert_int_equal(setenv("TMPDIR", rows[i].temp, 1), 0);
        assert_int_equal(setenv("https_proxy", rows[i].proxy, 1), 0);
        hw_doctor_machine(&call, "");
        assert_row_says(rows[i].temp, told.names, rows[i].names);
        assert_row_says(rows[i].temp, told.texts, rows[i].says);
        assert_null(strstr(told.texts, "canary"));
    }
}

/* The rows are about variables, so those of whoever runs the test are taken away. */
static int environment_clear(void **state) {
    (void)state;
    static const char *const names[] = {"http_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        unsetenv(names[i]);
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proxies_lose_their_passwords),
        cmocka_unit_test(the_machine_is_told_of),
    };
    return cmocka_run_group_tests(tests, environment_clear, NULL);
}
