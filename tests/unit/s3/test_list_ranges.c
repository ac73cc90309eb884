/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_ranges.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define KEY(key) "<Contents><Key>" key "</Key><Size>1</Size></Contents>"
#define PAGE(inside) "<ListBucketResult>" inside "</ListBucketResult>"
#define MORE(token) "<IsTruncated>true</IsTruncated><NextContinuationToken>" token "</NextContinuationToken>"
#define TOKEN(token) "GET /bucket?list-type=2&encoding-type=url&continuation-token=" token " "
#define AFTER(key) "GET /bucket?list-type=2&encoding-type=url&start-after=" key " "

/* The listing has come to k-03, so that it is cut at k-1. */
static const struct {
    const char *name;
    struct http_reply replies[3];
    unsigned at_once_max;
    size_t keys_max; /* the callback ends the listing then; 0: never */
    enum hw_status want;
    const char *keys;
    const char *says;
} rows[] = {
    {"two ranges",
     {{.match = TOKEN("T"), .status = 200, .body = PAGE(KEY("k-04") KEY("k-1") KEY("k-11") MORE("U"))},
      {.match = AFTER("k-1"), .status = 200, .body = PAGE(KEY("k-11") KEY("k-12"))}},
     2,
     0,
     HW_OK,
     "k-04 k-1 k-11 k-12 ",
     ""},
    {"the second is empty",
     {{.match = TOKEN("T"), .status = 200, .body = PAGE(KEY("k-04"))},
      {.match = AFTER("k-1"), .status = 200, .body = PAGE("")}},
     2,
     0,
     HW_OK,
     "k-04 ",
     ""},
    {"each goes on",
     {{.match = TOKEN("T"), .status = 200, .body = PAGE(KEY("k-04") MORE("U"))},
      {.match = TOKEN("U"), .status = 200, .body = PAGE(KEY("k-05") KEY("k-11") MORE("V"))},
      {.match = AFTER("k-1"), .status = 200, .body = PAGE(KEY("k-11"))}},
     2,
     0,
     HW_OK,
     "k-04 k-05 k-11 ",
     ""},
    {"a service that does not heed where to begin",
     {{.match = TOKEN("T"), .status = 200, .body = PAGE(KEY("k-04") KEY("k-11") MORE("U"))},
      {.match = AFTER("k-1"), .status = 200, .body = PAGE(KEY("k-00") KEY("k-01") MORE("W"))},
      {.match = TOKEN("U"), .status = 200, .body = PAGE(KEY("k-12"))}},
     2,
     0,
     HW_OK,
     "k-04 k-11 k-12 ",
     ""},
    {"the first goes back",
     {{.match = TOKEN("T"), .times = -1, .status = 200, .body = PAGE(KEY("k-02"))},
      {.match = AFTER("k-1"), .status = 200, .body = PAGE("")}},
     2,
     0,
     HW_EPROTOCOL,
     "",
     "a page goes back to"},
    {"the second has no order",
     {{.match = TOKEN("T"), .times = -1, .status = 200, .body = PAGE(KEY("k-04"))},
      {.match = AFTER("k-1"), .times = -1, .status = 200, .body = PAGE(KEY("k-12") KEY("k-11"))}},
     2,
     0,
     HW_EPROTOCOL,
     NULL,
     "a page goes back to"},
    {"the second is refused",
     {{.match = TOKEN("T"), .times = -1, .status = 200, .body = PAGE(KEY("k-04"))},
      {.match = AFTER("k-1"), .status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"}},
     2,
     0,
     HW_EAUTH,
     NULL,
     "refused"},
    {"nobody wants more",
     {{.match = TOKEN("T"), .status = 200, .body = PAGE(KEY("k-04") KEY("k-05"))},
      {.match = AFTER("k-1"), .status = 200, .body = PAGE(KEY("k-11"))}},
     2,
     1,
     HW_EIO,
     "k-04 ",
     "enough"},
};

struct taken {
    struct hw_buf keys;
    size_t count, max;
};

static enum hw_status key_take(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    struct taken *taken = ctx;
    HW_TRY(hw_buf_printf(&taken->keys, err, "%s ", entry->key));
    taken->count++;
    return taken->max > 0 && taken->count >= taken->max ? hw_fail(err, HW_EIO, "enough") : HW_OK;
}

static void ranges_make_one_listing(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const struct hw_store_options options = {.retry_for_ms = 300};
        struct s3_fixture fixture = s3_fixture_open(rows[i].replies, COUNT_OF(rows[i].replies), &options);
        struct hw_s3_entry entries[] = {{.key = "k-00"}, {.key = "k-03"}};
        const struct hw_s3_list_page page = {.entries = entries, .entries_count = 2};
        struct hw_s3_list_alphabet alphabet = {0};
        struct hw_s3_list_step step = {0};
        struct taken taken = {.max = rows[i].keys_max};
        struct hw_error err = HW_ERROR_INIT;
        hw_s3_list_alphabet_add(&alphabet, &page, NULL);
        assert_ok(hw_buf_append_text(&step.token, "T", &err), err);
        assert_ok(hw_buf_end_text(&step.token, &err), err);
        assert_ok(hw_buf_append_text(&step.last_key, "k-03", &err), err);
        assert_ok(hw_buf_end_text(&step.last_key, &err), err);
        const struct hw_s3_list_ranges ranges = {&step, &alphabet, "k-00", 1, rows[i].at_once_max};
        assert_row_int(rows[i].name, hw_s3_list_ranges_run(fixture.client, &ranges, key_take, &taken, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].keys) {
            assert_row_bytes(rows[i].name, taken.keys.data, taken.keys.size, rows[i].keys, strlen(rows[i].keys));
        }
        hw_buf_release(&taken.keys);
        hw_s3_list_step_release(&step);
        s3_fixture_close(&fixture);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ranges_make_one_listing)};
    return cmocka_run_group_tests_name("s3/list_ranges", tests, environment_set, NULL);
}
