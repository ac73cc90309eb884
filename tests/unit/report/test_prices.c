/* SPDX-License-Identifier: Apache-2.0 */
#include "report/prices.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/buf.h"
#include "report/prices_builtin.h"
#include "support/rows.h"

/* The keys of a table and of a region, so that each row of the test changes one of them. */
#define TEXTS "\"currency\":\"EUR\",\"date\":\"2026-11-30\",\"source\":\"ours\""
#define REQUESTS "\"put_per_1000\":1,\"get_per_1000\":0.5,\"list_per_1000\":2,\"delete_per_1000\":0"
#define BYTES "\"in_per_gib\":0.25,\"between_regions_per_gib\":4"
#define REGION REQUESTS "," BYTES ",\"out_per_gib\":8"
#define REGIONS(region) "\"regions\":{\"eu-1\":{" region "}}"
#define TABLE(rest) "{" TEXTS "," rest "}"
#define TIERS(tiers) TABLE(REGIONS(REQUESTS "," BYTES ",\"out_per_gib\":" tiers))

static enum hw_status read(const char *text, struct hw_prices *prices, struct hw_error *err) {
    return hw_prices_read(hw_view_of(text), prices, err);
}

static void a_table_is_read(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    bool found = false;
    assert_ok(read(TABLE("\"machine\":{\"per_hour\":3,\"bytes_per_second\":1e6},\"regions\":{\"eu-1\":{" REGION
                         "},\"eu-2\":{" REQUESTS "," BYTES
                         ",\"out_per_gib\":[{\"up_to_gib\":10,\"price\":2},{\"price\":1}]}}"),
                   &prices, &err),
              err);
    assert_string_equal(prices.currency, "EUR");
    assert_string_equal(prices.date, "2026-11-30");
    assert_string_equal(prices.source, "ours");
    assert_true(prices.has_machine);
    assert_true(prices.machine_per_hour == 3 && prices.machine_bytes_per_second == 1e6);
    assert_int_equal(prices.regions_count, 2);
    const struct hw_region_prices *row = &prices.regions[0];
    assert_string_equal(row->region, "eu-1");
    assert_true(row->per_1000[HW_REQUEST_PUT] == 1 && row->per_1000[HW_REQUEST_GET] == 0.5);
    assert_true(row->per_1000[HW_REQUEST_LIST] == 2 && row->per_1000[HW_REQUEST_DELETE] == 0);
    assert_true(row->in_per_gib == 0.25 && row->between_regions_per_gib == 4);
    assert_int_equal(row->out_count, 1);
    assert_true(row->out[0].price == 8 && isinf(row->out[0].up_to_gib));
    row = &prices.regions[1];
    assert_int_equal(row->out_count, 2);
    assert_true(row->out[0].price == 2 && row->out[0].up_to_gib == 10);
    assert_true(row->out[1].price == 1 && isinf(row->out[1].up_to_gib));
    assert_int_equal(hw_prices_row(&prices, "eu-2", &found), 1);
    assert_true(found);
    assert_int_equal(hw_prices_row(&prices, "eu-3", &found), 0);
    assert_false(found);
    hw_prices_release(&prices);
}

static const struct {
    const char *name, *text, *says;
} faults[] = {
    {"nothing", "", "line 1, column 0"},
    {"no JSON", "{\n\"currency\": }", "line 2, column"},
    {"a key that comes twice", "{" TEXTS "," REGIONS(REGION) ",\"date\":\"2026-11-30\"}", "duplicate object key"},
    {"a list", "[]", "a table of prices is an object"},
    {"a key that nobody knows", TABLE(REGIONS(REGION) ",\"regionz\":1"),
     "unknown key \"regionz\", did you mean \"regions\"?"},
    {"no currency", "{\"date\":\"2026-11-30\"}", "currency: expected three capital letters"},
    {"a currency in small letters", "{\"currency\":\"usd\"}", "currency: expected three capital letters"},
    {"a currency of four letters", "{\"currency\":\"USDT\"}", "currency: expected three capital letters"},
    {"a currency that is a number", "{\"currency\":1}", "currency: expected three capital letters"},
    {"no date", "{\"currency\":\"EUR\"}", "date: expected the day"},
    {"a date in words", "{\"currency\":\"EUR\",\"date\":\"today\"}", "date: expected the day"},
    {"a month 13", "{\"currency\":\"EUR\",\"date\":\"2026-13-01\"}", "date: expected the day"},
    {"a month 0", "{\"currency\":\"EUR\",\"date\":\"2026-00-01\"}", "date: expected the day"},
    {"a day 32", "{\"currency\":\"EUR\",\"date\":\"2026-01-32\"}", "date: expected the day"},
    {"a day 0", "{\"currency\":\"EUR\",\"date\":\"2026-01-00\"}", "date: expected the day"},
    {"a day of letters", "{\"currency\":\"EUR\",\"date\":\"2026-01-x1\"}", "date: expected the day"},
    {"a year of letters", "{\"currency\":\"EUR\",\"date\":\"20x6-01-01\"}", "date: expected the day"},
    {"a century of letters", "{\"currency\":\"EUR\",\"date\":\"2x26-01-01\"}", "date: expected the day"},
    {"a date with slashes", "{\"currency\":\"EUR\",\"date\":\"2026/01/01\"}", "date: expected the day"},
    {"a month with a slash", "{\"currency\":\"EUR\",\"date\":\"2026-01/01\"}", "date: expected the day"},
    {"no source", "{\"currency\":\"EUR\",\"date\":\"2026-11-30\"}", "source: expected a text of 1 to 200 bytes"},
    {"an empty source", "{\"currency\":\"EUR\",\"date\":\"2026-11-30\",\"source\":\"\"}", "source: expected"},
    {"no regions", "{" TEXTS "}", "regions: expected an object of 1 to 1000 regions"},
    {"regions that are none", TABLE("\"regions\":{}"), "regions: expected an object of 1 to 1000 regions"},
    {"regions in a list", TABLE("\"regions\":[{" REGION "}]"), "regions: expected an object"},
    {"a name that is none of a region", TABLE("\"regions\":{\"EU 1\":{" REGION "}}"),
     "regions: \"EU 1\" is not the name of a region"},
    {"an empty name", TABLE("\"regions\":{\"\":{" REGION "}}"), "regions: \"\" is not the name of a region"},
    {"a region that is a number", TABLE("\"regions\":{\"eu-1\":1}"), "regions.eu-1: expected an object of prices"},
    {"an unknown price", TABLE(REGIONS(REGION ",\"head_per_1000\":1")), "regions.eu-1: unknown key \"head_per_1000\""},
    {"a price that is missing", TABLE(REGIONS(REQUESTS ",\"in_per_gib\":1,\"out_per_gib\":1")),
     "regions.eu-1: between_regions_per_gib: expected a number from 0 to 1000000"},
    {"a price below 0", TABLE(REGIONS("\"put_per_1000\":-0.001")),
     "regions.eu-1: put_per_1000: expected a number from 0 to 1000000"},
    {"a price beyond all reason", TABLE(REGIONS("\"put_per_1000\":1000001")),
     "regions.eu-1: put_per_1000: expected a number from 0 to 1000000"},
    {"a price that no double holds", TABLE(REGIONS("\"put_per_1000\":1e999")), "line 1, column"},
    {"a price in quotes", TABLE(REGIONS("\"put_per_1000\":\"1\"")), "regions.eu-1: put_per_1000: expected a number"},
    {"bytes out that are a text", TIERS("\"1\""), "regions.eu-1: out_per_gib: expected a number"},
    {"no tiers", TIERS("[]"), "regions.eu-1: out_per_gib: expected a number, or a list of 1 to 16 tiers"},
    {"17 tiers", TIERS("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"), "out_per_gib: expected a number, or a list of 1 to 16"},
    {"a tier that is a number", TIERS("[1]"), "regions.eu-1: out_per_gib[0]: expected {\"up_to_gib\""},
    {"a tier with an unknown key", TIERS("[{\"gib\":1,\"price\":1}]"), "out_per_gib[0]: unknown key \"gib\""},
    {"a tier without a price", TIERS("[{\"up_to_gib\":1}]"), "out_per_gib[0]: price: expected a number"},
    {"a last tier that ends", TIERS("[{\"up_to_gib\":1,\"price\":1}]"), "out_per_gib[0]: up_to_gib: the last tier has"},
    {"a first tier without an end", TIERS("[{\"price\":1},{\"price\":1}]"), "out_per_gib[0]: up_to_gib: expected a"},
    {"a tier that ends at 0", TIERS("[{\"up_to_gib\":0,\"price\":1},{\"price\":1}]"), "each tier ends above the one"},
    {"tiers in disorder", TIERS("[{\"up_to_gib\":2,\"price\":1},{\"up_to_gib\":2,\"price\":1},{\"price\":1}]"),
     "out_per_gib[1]: up_to_gib: each tier ends above the one before it"},
    {"a machine that is a number", TABLE(REGIONS(REGION) ",\"machine\":1"), "machine: expected an object"},
    {"a machine without a rate", TABLE(REGIONS(REGION) ",\"machine\":{\"per_hour\":1}"),
     "machine: bytes_per_second: expected a number"},
    {"a machine that stands still", TABLE(REGIONS(REGION) ",\"machine\":{\"per_hour\":1,\"bytes_per_second\":0}"),
     "machine: bytes_per_second: expected 1 or more"},
    {"a machine with an unknown key", TABLE(REGIONS(REGION) ",\"machine\":{\"per_hours\":1}"),
     "machine: unknown key \"per_hours\", did you mean \"per_hour\"?"},
};

static void faults_are_told_with_their_place(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_prices prices = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(faults[i].name, read(faults[i].text, &prices, &err), HW_ECONFIG);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        hw_prices_release(&prices);
    }
}

static void long_texts_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_prices prices = {0};
    assert_ok(hw_buf_printf(&text, &err, "{\"currency\":\"EUR\",\"date\":\"2026-11-30\",\"source\":\"%0*d\"}",
                            HW_PRICE_SOURCE_BYTES_MAX + 1, 0),
              err);
    assert_int_equal(hw_prices_read(hw_buf_view(&text), &prices, &err), HW_ECONFIG);
    assert_non_null(strstr(err.message, "source: expected"));
    hw_prices_release(&prices);
    hw_buf_clear(&text);
    assert_ok(hw_buf_printf(&text, &err, "{" TEXTS ",\"regions\":{\"%064d\":{" REGION "}}}", 0), err);
    assert_int_equal(hw_prices_read(hw_buf_view(&text), &prices, &err), HW_ECONFIG);
    assert_non_null(strstr(err.message, "is not the name of a region"));
    hw_prices_release(&prices);
    hw_buf_clear(&text);
    assert_ok(hw_buf_append_text(&text, "{" TEXTS ",\"regions\":{\"r\":1", &err), err);
    for (int i = 0; i < HW_PRICE_REGIONS_MAX; i++) {
        assert_ok(hw_buf_printf(&text, &err, ",\"r%d\":1", i), err);
    }
    assert_ok(hw_buf_append_text(&text, "}}", &err), err);
    assert_int_equal(hw_prices_read(hw_buf_view(&text), &prices, &err), HW_ECONFIG);
    assert_non_null(strstr(err.message, "regions: expected an object of 1 to 1000"));
    hw_prices_release(&prices);
}

static void *no_malloc(size_t bytes) {
    (void)bytes;
    return NULL;
}

static void want_of_memory_is_no_fault_of_the_table(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    json_set_alloc_funcs(no_malloc, free);
    assert_int_equal(hw_prices_read(hw_prices_builtin_text, &prices, &err), HW_ENOMEM);
    json_set_alloc_funcs(malloc, free);
    hw_prices_release(&prices);
}

/* The wanted values are calculated by hand. A GiB has 1,073,741,824 bytes. */
#define GIB UINT64_C(1073741824)
static const struct {
    const char *name;
    struct hw_billed billed;
    double requests, transfer;
} sums[] = {
    {"nothing", {{0}, 0, 0, 0}, 0, 0},
    {"1,000 PUTs at 0.005", {.requests = {[HW_REQUEST_PUT] = 1000}}, 0.005, 0},
    {"1,000,000 GETs at 0.0004", {.requests = {[HW_REQUEST_GET] = 1000000}}, 0.4, 0},
    {"1 list at 0.005", {.requests = {[HW_REQUEST_LIST] = 1}}, 0.000005, 0},
    {"deletions", {.requests = {[HW_REQUEST_DELETE] = 1000000}}, 0, 0},
    {"all", {.requests = {2000, 5000, 1000, 7}}, 0.01 + 0.002 + 0.005, 0},
    {"a GiB in", {.bytes_in = GIB}, 0, 0},
    {"a GiB out at 0.09", {.bytes_out = GIB}, 0, 0.09},
    {"half a GiB between regions at 0.02", {.bytes_between = GIB / 2}, 0, 0.01},
    {"all of the first tier: 10,240 x 0.09", {.bytes_out = 10240 * GIB}, 0, 921.6},
    {"some of the second: 921.6 + 100 x 0.085", {.bytes_out = 10340 * GIB}, 0, 930.1},
    {"all four: 921.6 + 40,960 x 0.085 + 102,400 x 0.07 + 10 x 0.05",
     {.bytes_out = 153610 * GIB},
     0,
     921.6 + 3481.6 + 7168 + 0.5},
};

static void sums_are_those_of_a_calculation_by_hand(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_prices_read(hw_prices_builtin_text, &prices, &err), err);
    assert_int_equal(prices.regions_count, 1);
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        const struct hw_money money = hw_prices_money(&prices, &sums[i].billed);
        assert_row_int(sums[i].name, fabs(money.requests - sums[i].requests) < 1e-9, true);
        assert_row_int(sums[i].name, fabs(money.transfer - sums[i].transfer) < 1e-9, true);
    }
    hw_prices_release(&prices);
}

/* What is used in a region costs what its own row says. */
static void each_region_has_its_own_prices(void **state) {
    (void)state;
    struct hw_prices prices = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(read(TABLE("\"regions\":{\"eu-1\":{" REGION "},\"eu-2\":{\"put_per_1000\":3,\"get_per_1000\":0,"
                         "\"list_per_1000\":0,\"delete_per_1000\":0,\"in_per_gib\":0,\"out_per_gib\":16,"
                         "\"between_regions_per_gib\":0}}"),
                   &prices, &err),
              err);
    const struct hw_billed billed[] = {{.requests = {[HW_REQUEST_PUT] = 1000}, .bytes_in = 2 * GIB},
                                       {.requests = {[HW_REQUEST_PUT] = 2000}, .bytes_out = GIB}};
    const struct hw_money money = hw_prices_money(&prices, billed);
    assert_true(fabs(money.requests - (1 + 6)) < 1e-9);
    assert_true(fabs(money.transfer - (0.5 + 16)) < 1e-9);
    hw_prices_release(&prices);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(faults_are_told_with_their_place),
        cmocka_unit_test(long_texts_are_refused),
        cmocka_unit_test(want_of_memory_is_no_fault_of_the_table),
        cmocka_unit_test(sums_are_those_of_a_calculation_by_hand),
        cmocka_unit_test(each_region_has_its_own_prices),
    };
    return cmocka_run_group_tests_name("report/prices", tests, NULL, NULL);
}
