/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/advice.h"

#include "core/base.h"

#include "support/rows.h"

static const struct {
    const char *code;
    const char *says; /* NULL: there is no advice */
} rows[] = {
    {"NoSuchBucket", "no bucket of this name"},
    {"NoSuchKey", "no object has this name"},
    {"AccessDenied", "lacks the permission"},
    {"InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"},
    {"XAdminUserNotFound", "AWS_ACCESS_KEY_ID"},
    {"SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"},
    {"ExpiredToken", "AWS_SESSION_TOKEN"},
    {"InvalidToken", "AWS_SESSION_TOKEN"},
    {"RequestTimeTooSkewed", "set the clock"},
    {"PermanentRedirect", "--region"},
    {"AuthorizationHeaderMalformed", "--region"},
    {"SlowDown", NULL},
    {"nosuchkey", NULL},
    {"", NULL},
};

static void codes_have_advice(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *advice = hw_s3_advice(rows[i].code);
        assert_row_int(rows[i].code, advice == NULL, rows[i].says == NULL);
        assert_row_says(rows[i].code, advice ? advice : "", rows[i].says ? rows[i].says : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_advice),
    };
    return cmocka_run_group_tests_name("s3/advice", tests, NULL, NULL);
}
