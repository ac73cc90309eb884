/* SPDX-License-Identifier: Apache-2.0 */
#include "report/efficiency.h"

#include <jansson.h>
#include <math.h>

#include "report/prices_builtin.h"
#include "support/rows.h"

#define GIB (UINT64_C(1) << 30)

static json_t *written(const struct hw_efficiency *efficiency, const struct hw_prices *prices) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_efficiency_write(&json, efficiency, prices, "prices of a day");
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    json_t *root = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    return root;
}

/*
 * Two objects of 1 GiB that the service has copied with 4 requests; download and upload would have
 * been 256 GETs and 260 PUTs in parts of 8 MiB.
 */
static const struct hw_billed copied = {.requests = {[HW_REQUEST_PUT] = 3, [HW_REQUEST_GET] = 1}};
static const struct hw_billed instead = {
    .requests = {[HW_REQUEST_PUT] = 260, [HW_REQUEST_GET] = 256}, .bytes_in = 2 * GIB, .bytes_out = 2 * GIB};
static const struct hw_efficiency two = {
    .objects = 2,
    .bytes = 2 * GIB,
    .part_bytes = UINT64_C(8) << 20,
    .requests = 4,
    .client_bytes = 1500,
    .seconds = 0.75,
    .requests_are = "these requests",
    .requests_instead = 516,
    .billed = &copied,
    .billed_instead = &instead,
};

static const json_t *figure_of(const json_t *root, const char *key, const char *side) {
    return json_object_get(json_object_get(json_object_get(root, "efficiency"), key), side);
}

static const struct {
    const char *key, *unit, *actual_kind, *baseline_kind;
    double actual, baseline;
    const char *actual_says, *baseline_says;
} rows[] = {
    {"client_bytes", "B", "measured", "calculated", 1500, 4294967296, "these requests", "once down and once up"},
    {"requests", "requests", "measured", "calculated", 4, 516, "these requests", "each part of 8388608 bytes"},
    {"operations", "objects", "measured", "calculated", 2, 4, "one copy", "a download and an upload"},
    {"temp_bytes", "B", "calculated", "calculated", 0, 2147483648, "no local disk", "over the disk"},
    /* 3 x 0.005 / 1,000 + 1 x 0.0004 / 1,000; 260 x 0.005 / 1,000 + 256 x 0.0004 / 1,000 */
    {"usd_requests", "USD", "estimated", "estimated", 0.0000154, 0.0014024, "prices of a day", "prices of a day"},
    /* 2 x 0.09 */
    {"usd_transfer", "USD", "estimated", "estimated", 0, 0.18, "prices of a day", "a machine on the internet"},
    {"usd", "USD", "estimated", "estimated", 0.0000154, 0.1814024, "these requests", "without what it costs"},
};

static void both_sides_are_told_with_their_kind(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
    json_t *root = written(&two, &prices);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const json_t *actual = figure_of(root, rows[i].key, "actual");
        const json_t *baseline = figure_of(root, rows[i].key, "baseline");
        const double numbers[] = {json_number_value(json_object_get(actual, "value")),
                                  json_number_value(json_object_get(baseline, "value"))};
        assert_row_int(rows[i].key, fabs(numbers[0] - rows[i].actual) < 1e-9, true);
        assert_row_int(rows[i].key, fabs(numbers[1] - rows[i].baseline) < 1e-9, true);
        assert_row_text(rows[i].key, json_string_value(json_object_get(actual, "unit")), rows[i].unit);
        assert_row_text(rows[i].key, json_string_value(json_object_get(baseline, "unit")), rows[i].unit);
        assert_row_text(rows[i].key, json_string_value(json_object_get(actual, "kind")), rows[i].actual_kind);
        assert_row_text(rows[i].key, json_string_value(json_object_get(baseline, "kind")), rows[i].baseline_kind);
        assert_row_says(rows[i].key, json_string_value(json_object_get(actual, "basis")), rows[i].actual_says);
        assert_row_says(rows[i].key, json_string_value(json_object_get(baseline, "basis")), rows[i].baseline_says);
    }
    json_decref(root);
    hw_prices_release(&prices);
}

/* Of what was only planned nothing was measured. */
static void plans_are_estimates(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_efficiency planned = two;
    planned.planned = true;
    assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
    json_t *root = written(&planned, &prices);
    static const char *const keys[] = {"client_bytes", "requests", "operations", "seconds", "usd"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const json_t *actual = figure_of(root, keys[i], "actual");
        assert_row_text(keys[i], json_string_value(json_object_get(actual, "kind")), "estimated");
    }
    assert_true(json_is_null(json_object_get(figure_of(root, "seconds", "actual"), "value")));
    json_decref(root);
    hw_prices_release(&prices);
}

/* Without a rate there is no time: nothing is invented. */
static const struct {
    const char *name;
    struct hw_rate_seen down, up;
    double stated; /* the rate that the table states; 0: none */
    double want;   /* seconds; below 0: not known */
    const char *says[2];
} times[] = {
    /* 2 GiB at 1 GiB in 4 s, and at 1 GiB in 1 s. */
    {"both measured",
     {GIB, 4},
     {GIB, 1},
     0,
     10,
     {"download as fast as other objects of this run, 1073741824 bytes in 4 s", "upload as fast as other objects"}},
    {"both measured, and a rate stated", {GIB, 4}, {GIB, 1}, 1, 10, {"download as fast", "upload as fast"}},
    {"nothing", {0, 0}, {0, 0}, 0, -1, {"download not measured", "upload not measured"}},
    {"only the download", {GIB, 4}, {0, 0}, 0, -1, {"download as fast", "upload not measured"}},
    {"only the upload", {0, 0}, {GIB, 1}, 0, -1, {"download not measured", "upload as fast"}},
    {"bytes in no time", {GIB, 0}, {GIB, 1}, 0, -1, {"download not measured", "upload as fast"}},
    /* 2,147,483,648 bytes at 2^30 a second, twice. */
    {"both stated", {0, 0}, {0, 0}, 1073741824, 4, {"download at 1.07374182e+09 bytes a second", "upload at 1.0"}},
    {"one stated", {GIB, 4}, {0, 0}, 1073741824, 10, {"download as fast", "upload at 1.07374182e+09 bytes"}},
};

static void time_is_that_of_rates_that_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct hw_prices prices = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
        struct hw_efficiency efficiency = two;
        efficiency.down = times[i].down;
        efficiency.up = times[i].up;
        prices.has_machine = times[i].stated > 0;
        prices.machine_bytes_per_second = times[i].stated;
        prices.machine_per_hour = 36;
        json_t *root = written(&efficiency, &prices);
        const json_t *baseline = figure_of(root, "seconds", "baseline");
        const json_t *value = json_object_get(baseline, "value");
        const char *basis = json_string_value(json_object_get(baseline, "basis"));
        assert_row_int(times[i].name, json_is_null(value), times[i].want < 0);
        assert_row_int(times[i].name, json_is_null(value) || fabs(json_real_value(value) - times[i].want) < 1e-6, true);
        assert_row_text(times[i].name, json_string_value(json_object_get(baseline, "kind")), "estimated");
        assert_row_says(times[i].name, basis, times[i].says[0]);
        assert_row_says(times[i].name, basis, times[i].says[1]);
        const json_t *actual = figure_of(root, "seconds", "actual");
        assert_row_int(times[i].name, json_real_value(json_object_get(actual, "value")) == 0.75, true);
        assert_row_text(times[i].name, json_string_value(json_object_get(actual, "kind")), "measured");
        /* A machine for 36 an hour costs 0.01 a second. */
        const double machine = prices.has_machine ? times[i].want * 0.01 : 0;
        const double money = json_real_value(json_object_get(figure_of(root, "usd", "baseline"), "value"));
        assert_row_int(times[i].name, fabs(money - (0.1814024 + machine)) < 1e-9, true);
        json_decref(root);
        hw_prices_release(&prices);
    }
}

static void keys_of_money_have_the_name_of_the_currency(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
    prices.currency = "EUR";
    json_t *root = written(&two, &prices);
    assert_null(figure_of(root, "usd", "actual"));
    assert_non_null(figure_of(root, "eur", "actual"));
    assert_non_null(figure_of(root, "eur_requests", "baseline"));
    assert_string_equal(json_string_value(json_object_get(figure_of(root, "eur_transfer", "baseline"), "unit")), "EUR");
    json_decref(root);
    hw_prices_release(&prices);
}

static void without_copies_there_is_nothing_to_compare(void **state) {
    (void)state;
    const struct hw_efficiency none = {0};
    const struct hw_prices prices = {0};
    json_t *root = written(&none, &prices);
    assert_true(json_is_null(json_object_get(root, "efficiency")));
    json_decref(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_are_told_with_their_kind),
        cmocka_unit_test(plans_are_estimates),
        cmocka_unit_test(time_is_that_of_rates_that_are_known),
        cmocka_unit_test(keys_of_money_have_the_name_of_the_currency),
        cmocka_unit_test(without_copies_there_is_nothing_to_compare),
    };
    return cmocka_run_group_tests_name("report/efficiency", tests, NULL, NULL);
}
