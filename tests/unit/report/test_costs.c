/* SPDX-License-Identifier: Apache-2.0 */
#include "report/costs.h"

#include <jansson.h>
#include <math.h>

#include "report/prices_builtin.h"
#include "support/rows.h"

static json_t *written(const struct hw_costs *costs) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_costs_write(&json, costs);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    json_t *root = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    return root;
}

static const struct hw_request_sums requests[] = {
    {"ListObjectsV2", HW_REQUEST_LIST, 1, 0, 0, 0, 100, 0, 0.5},
    {"HeadObject", HW_REQUEST_GET, 0, 0, 0, 0, 0, 0, 0},
    {"GetObject", HW_REQUEST_GET, 5, 2, 1, 1, 40, 0, 0.25},
    {"PutObject", HW_REQUEST_PUT, 3, 0, 0, 0, 0, 30, 0.125},
    {"DeleteObject", HW_REQUEST_DELETE, 2, 0, 0, 0, 0, 0, 1},
};

static void requests_stand_by_operation(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    const struct hw_costs costs = {.requests = requests, .requests_count = COUNT_OF(requests), .prices = &prices};
    json_t *got = written(&costs);
    json_t *want = json_loads(
        "{\"requests\":["
        "{\"op\":\"ListObjectsV2\",\"class\":\"list\",\"count\":1,\"retries\":0,\"errors\":0,\"bytes_in\":100,"
        "\"bytes_out\":0,\"seconds\":0.5},"
        "{\"op\":\"GetObject\",\"class\":\"get\",\"count\":5,\"retries\":2,\"errors\":1,\"bytes_in\":40,"
        "\"bytes_out\":0,\"seconds\":0.25},"
        "{\"op\":\"PutObject\",\"class\":\"put\",\"count\":3,\"retries\":0,\"errors\":0,\"bytes_in\":0,"
        "\"bytes_out\":30,\"seconds\":0.125},"
        "{\"op\":\"DeleteObject\",\"class\":\"delete\",\"count\":2,\"retries\":0,\"errors\":0,\"bytes_in\":0,"
        "\"bytes_out\":0,\"seconds\":1.0}],"
        "\"cost\":null,\"efficiency\":null}",
        0, NULL);
    assert_true(json_equal(got, want));
    json_decref(got);
    json_decref(want);
}

/* 2,000 PUTs at 0.005 for 1,000, and 3 GiB at 0.09 each. */
static void money_is_an_estimate_by_the_table(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_billed run = {.requests = {[HW_REQUEST_PUT] = 2000}, .bytes_out = UINT64_C(3) << 30};
    assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
    const struct hw_costs costs = {
        .charged = true, .billed = &run, .prices = &prices, .table = "t.json", .basis = "the basis"};
    json_t *got = written(&costs);
    const json_t *cost = json_object_get(got, "cost");
    assert_string_equal(json_string_value(json_object_get(cost, "currency")), "USD");
    assert_string_equal(json_string_value(json_object_get(cost, "table")), "t.json");
    assert_string_equal(json_string_value(json_object_get(cost, "date")), prices.date);
    static const struct {
        const char *key;
        double want;
        const char *basis;
    } rows[] = {{"requests", 0.01, "the basis"}, {"transfer", 0.27, "as of a machine on the internet: the basis"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const json_t *figure = json_object_get(cost, rows[i].key);
        const double value = json_real_value(json_object_get(figure, "value"));
        assert_row_int(rows[i].key, fabs(value - rows[i].want) < 1e-9, true);
        assert_row_text(rows[i].key, json_string_value(json_object_get(figure, "kind")), "estimated");
        assert_row_text(rows[i].key, json_string_value(json_object_get(figure, "unit")), "USD");
        assert_row_text(rows[i].key, json_string_value(json_object_get(figure, "basis")), rows[i].basis);
    }
    json_decref(got);
    hw_prices_release(&prices);
}

/* A run may use many regions, all of which the basis names: every basis has the last one. */
static void a_long_basis_stays_whole(void **state) {
    (void)state;
    enum { BASIS_BYTES = 100000, MONEY_FIGURES = 8 };
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    HW_AUTO(hw_buf) basis = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    const struct hw_billed billed = {0};
    assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
    assert_ok(hw_buf_resize(&basis, BASIS_BYTES, &err), err);
    memset(basis.data, 'x', basis.size);
    assert_ok(hw_buf_append_text(&basis, "the last region", &err), err);
    assert_ok(hw_buf_end_text(&basis, &err), err);
    const struct hw_costs costs = {
        .charged = true,
        .billed = &billed,
        .prices = &prices,
        .basis = (const char *)basis.data,
        .efficiency = {.objects = 1, .requests_are = "all", .billed = &billed, .billed_instead = &billed}};
    hw_json_object_begin(&json, NULL);
    hw_costs_write(&json, &costs);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    assert_ok(hw_buf_end_text(&out, &err), err);
    size_t found = 0;
    for (const char *at = (const char *)out.data; (at = strstr(at, "the last region\"")); at++) {
        found++;
    }
    assert_int_equal(found, MONEY_FIGURES);
    hw_prices_release(&prices);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_stand_by_operation),
        cmocka_unit_test(money_is_an_estimate_by_the_table),
        cmocka_unit_test(a_long_basis_stays_whole),
    };
    return cmocka_run_group_tests_name("report/costs", tests, NULL, NULL);
}
