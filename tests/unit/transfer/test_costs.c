/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/costs.h"

#include <math.h>

#include "s3/object.h"
#include "store/store_s3.h"
#include "support/http_server.h"
#include "support/rows.h"
#include "support/s3_fixture.h"
#include "support/scratch.h"

#define ROW(put)                                                                                                 \
    "{\"put_per_1000\":" put ",\"get_per_1000\":1,\"list_per_1000\":3,\"delete_per_1000\":0,\"in_per_gib\":0.5," \
    "\"out_per_gib\":8,\"between_regions_per_gib\":2}"
#define TABLE                                                                                       \
    "{\"currency\":\"EUR\",\"date\":\"2026-01-02\",\"source\":\"ours\",\"regions\":{\"eu-1\":" ROW( \
        "10") ",\"eu-2\":" ROW("20") "}}"

/* Two sides, each with stores of its own region, and a table of prices. */
struct desk {
    struct scratch scratch;
    struct http_server *server;
    struct hw_store_options options[2];
    struct hw_store_set sets[2];
    struct hw_transfer_costs costs;
};

static const struct http_reply all_good[] = {
    {.match = "DELETE", .status = 204, .times = -1},
    {.match = "HEAD", .status = 404, .times = -1},
    {.match = "PUT", .status = 503, .times = -1, .body = "<Error><Code>SlowDown</Code></Error>"}};

static void desk_open(struct desk *desk, const char *source_region, const char *target_region) {
    *desk = (struct desk){.scratch = scratch_make(), .server = http_server_start(all_good, COUNT_OF(all_good))};
    const char *const regions[] = {source_region, target_region};
    for (size_t i = 0; i < COUNT_OF(desk->sets); i++) {
        desk->options[i] = (struct hw_store_options){
            .endpoint_url = http_server_url(desk->server), .region = regions[i], .attempts_max = 1};
        desk->sets[i].options = &desk->options[i];
    }
    scratch_write(&desk->scratch, "prices.json", TABLE, strlen(TABLE));
}

static void desk_close(struct desk *desk) {
    hw_transfer_costs_release(&desk->costs);
    hw_store_set_release(&desk->sets[0]);
    hw_store_set_release(&desk->sets[1]);
    http_server_stop(desk->server);
    scratch_remove(&desk->scratch);
}

static enum hw_status table_open(struct desk *desk, struct hw_error *err) {
    return hw_transfer_costs_open(&desk->costs, scratch_path(&desk->scratch, "prices.json"), &desk->options[0],
                                  HW_MIB(8), err);
}

static struct hw_s3_client *client_of(struct desk *desk, size_t side) {
    HW_AUTO(hw_location) location = {0};
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_location_parse("s3://bucket/k", &desk->options[side], &location, &err), err);
    assert_ok(hw_store_set_get(&desk->sets[side], &location, &store, &err), err);
    return hw_store_s3_client(store);
}

static void tables_that_are_none_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"not there", NULL, HW_ENOTFOUND, ""},
        {"no table", "{}", HW_ECONFIG, "currency: expected"},
        {"a table", TABLE, HW_OK, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, "eu-1", "eu-1");
        const char *path = scratch_path(&desk.scratch, rows[i].text ? "t.json" : "none.json");
        if (rows[i].text) {
            scratch_write(&desk.scratch, "t.json", rows[i].text, strlen(rows[i].text));
        }
        assert_row_int(rows[i].name, hw_transfer_costs_open(&desk.costs, path, &desk.options[0], HW_MIB(8), &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].want ? path : "");
        desk_close(&desk);
    }
}

/* A table of more than 1 MiB, which may be anything. */
static void a_table_has_a_limit(void **state) {
    (void)state;
    struct desk desk;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    desk_open(&desk, "eu-1", "eu-1");
    assert_ok(hw_buf_resize(&text, HW_MIB(1) + 1, &err), err);
    memset(text.data, ' ', text.size);
    scratch_write(&desk.scratch, "prices.json", text.data, text.size);
    assert_int_equal(table_open(&desk, &err), HW_ELIMIT);
    desk_close(&desk);
}

/* Parts of 8 MiB: what download and upload of objects of these sizes take. */
static const struct {
    const char *name;
    uint64_t bytes;
    uint64_t gets, puts;
} sizes[] = {
    {"empty", 0, 1, 1},
    {"a byte", 1, 1, 1},
    {"a part", HW_MIB(8), 1, 1},
    {"a part and a byte", HW_MIB(8) + 1, 2, 4},
    {"three parts", HW_MIB(24), 3, 5},
    /* 100 GiB in 10,000 parts at most: parts of 10,737,419 bytes. */
    {"so large that parts are larger", HW_MIB(102400), 10000, 10002},
};

static void download_and_upload_are_calculated(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct desk desk;
        struct hw_costs costs;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, "eu-1", "eu-2");
        assert_ok(table_open(&desk, &err), err);
        hw_transfer_costs_copied(&desk.costs, client_of(&desk, 0), client_of(&desk, 1), sizes[i].bytes, 0);
        assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], false, &costs, &err), err);
        assert_row_int(sizes[i].name, costs.efficiency.objects, 1);
        assert_row_int(sizes[i].name, costs.efficiency.bytes, sizes[i].bytes);
        assert_row_int(sizes[i].name, costs.efficiency.requests_instead, sizes[i].gets + sizes[i].puts);
        const struct hw_billed *instead = costs.efficiency.billed_instead;
        assert_row_int(sizes[i].name, instead[0].requests[HW_REQUEST_GET], sizes[i].gets);
        assert_row_int(sizes[i].name, instead[0].bytes_out, sizes[i].bytes);
        assert_row_int(sizes[i].name, instead[1].requests[HW_REQUEST_PUT], sizes[i].puts);
        assert_row_int(sizes[i].name, instead[1].bytes_in, sizes[i].bytes);
        assert_row_int(sizes[i].name, costs.efficiency.billed[0].bytes_between, sizes[i].bytes);
        assert_row_int(sizes[i].name, costs.billed[0].bytes_between, sizes[i].bytes);
        desk_close(&desk);
    }
}

/* Only requests that are to come are those of copies, and nobody is charged for them yet. */
static void copies_may_be_planned(void **state) {
    (void)state;
    struct desk desk;
    struct hw_costs costs;
    struct hw_s3_object object;
    struct hw_error err = HW_ERROR_INIT;
    desk_open(&desk, "eu-1", "eu-2");
    assert_ok(table_open(&desk, &err), err);
    assert_int_equal(hw_s3_object_head(client_of(&desk, 0), "k", NULL, &object, NULL), HW_ENOTFOUND);
    hw_transfer_costs_copied(&desk.costs, client_of(&desk, 0), client_of(&desk, 1), HW_MIB(24), 1);
    hw_transfer_costs_copied(&desk.costs, client_of(&desk, 0), client_of(&desk, 1), HW_MIB(320), 7);
    assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], false, &costs, &err), err);
    const struct hw_efficiency *efficiency = &costs.efficiency;
    assert_true(efficiency->planned);
    assert_int_equal(efficiency->requests, 8);
    assert_int_equal(efficiency->client_bytes, 0);
    assert_int_equal(efficiency->billed[1].requests[HW_REQUEST_PUT], 8);
    assert_int_equal(efficiency->billed[0].requests[HW_REQUEST_GET], 0);
    assert_int_equal(efficiency->billed[0].bytes_between, HW_MIB(344));
    assert_int_equal(costs.billed[0].requests[HW_REQUEST_GET], 1);
    assert_int_equal(costs.billed[0].bytes_between, 0);
    assert_int_equal(costs.billed[1].requests[HW_REQUEST_PUT], 0);
    assert_non_null(strstr(efficiency->requests_are, "as if the service copied"));
    desk_close(&desk);
}

static void copies_within_a_region_cross_none(void **state) {
    (void)state;
    struct desk desk;
    struct hw_costs costs;
    struct hw_error err = HW_ERROR_INIT;
    desk_open(&desk, "eu-2", "eu-2");
    assert_ok(table_open(&desk, &err), err);
    hw_transfer_costs_copied(&desk.costs, client_of(&desk, 0), client_of(&desk, 1), HW_MIB(1), 0);
    assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], false, &costs, &err), err);
    assert_int_equal(costs.billed[1].bytes_between, 0);
    assert_int_equal(costs.efficiency.billed_instead[1].bytes_out, HW_MIB(1));
    assert_int_equal(costs.efficiency.billed_instead[1].bytes_in, HW_MIB(1));
    desk_close(&desk);
}

/*
 * Each side asks once for a HEAD, a deletion and a PUT, which the service fails to do, so that one
 * more HEAD looks whether it has: nobody charges for that PUT.
 */
static void requests_cost_what_their_region_says(void **state) {
    (void)state;
    static const struct {
        const char *name, *source, *target;
        uint64_t sides[2]; /* of each row of the table */
        const char *basis;
    } rows[] = {
        {"one region", "eu-2", "eu-2", {0, 2}, "ours, eu-2, 2026-01-02"},
        {"two regions", "eu-1", "eu-2", {1, 1}, "ours, eu-1, eu-2, 2026-01-02"},
        {"a region without prices",
         "eu-2",
         "eu-9",
         {1, 1},
         "ours, eu-1, eu-2, 2026-01-02; there are no prices for eu-9, so these are those of eu-1"},
        {"one of both",
         "eu-9",
         "eu-9",
         {2, 0},
         "ours, eu-1, 2026-01-02; there are no prices for eu-9, so these are those of eu-1"},
        {"a region whose name begins as that of the other",
         "eu-9",
         "eu",
         {2, 0},
         "ours, eu-1, 2026-01-02; there are no prices for eu-9, so these are those of eu-1; there are no prices for "
         "eu, so these are those of eu-1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_costs costs;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, rows[i].source, rows[i].target);
        assert_ok(table_open(&desk, &err), err);
        for (size_t side = 0; side < 2; side++) {
            struct hw_s3_object object;
            char etag[HW_S3_ETAG_BYTES];
            const struct hw_s3_put_params put = {.key = "k", .body = "abc", .body_bytes = 3};
            assert_int_equal(hw_s3_object_head(client_of(&desk, side), "k", NULL, &object, NULL), HW_ENOTFOUND);
            assert_ok(hw_s3_object_delete(client_of(&desk, side), "k", &err), err);
            assert_int_equal(hw_s3_object_put(client_of(&desk, side), &put, etag, NULL), HW_ETHROTTLED);
        }
        assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], false, &costs, &err), err);
        assert_row_int(rows[i].name, costs.charged, true);
        assert_row_text(rows[i].name, costs.basis, rows[i].basis);
        uint64_t requests = 0;
        for (size_t k = 0; k < costs.requests_count; k++) {
            requests += costs.requests[k].count;
        }
        assert_row_int(rows[i].name, requests, http_server_count(desk.server, ""));
        for (size_t row = 0; row < 2; row++) {
            assert_row_int(rows[i].name, costs.billed[row].requests[HW_REQUEST_GET], 2 * rows[i].sides[row]);
            assert_row_int(rows[i].name, costs.billed[row].requests[HW_REQUEST_DELETE], rows[i].sides[row]);
            assert_row_int(rows[i].name, costs.billed[row].requests[HW_REQUEST_PUT], 0);
        }
        /* A GET costs 1 for 1,000. */
        const struct hw_money money = hw_prices_money(costs.prices, costs.billed);
        assert_row_int(rows[i].name, fabs(money.requests - 0.004) < 1e-12, true);
        desk_close(&desk);
    }
}

/*
 * Where other objects went through this process, only requests that do nothing but copy are those
 * of copies; else all but listings and deletions are. Rates are those of the other objects.
 */
static void requests_of_copies_are_told_from_others(void **state) {
    (void)state;
    for (int streamed = 0; streamed < 2; streamed++) {
        struct desk desk;
        struct hw_costs costs;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, "eu-1", "eu-1");
        assert_ok(table_open(&desk, &err), err);
        static const enum hw_s3_operation operations[] = {HW_S3_COPY_OBJECT,  HW_S3_COPY_PART,    HW_S3_HEAD_OBJECT,
                                                          HW_S3_GET_OBJECT,   HW_S3_PUT_OBJECT,   HW_S3_UPLOAD_PART,
                                                          HW_S3_LIST_OBJECTS, HW_S3_DELETE_OBJECT};
        /* The tally is that of a client; nobody else writes to this one. */
        struct hw_s3_tally *tally = (struct hw_s3_tally *)(uintptr_t)hw_s3_client_tally(client_of(&desk, 0));
        for (size_t i = 0; i < COUNT_OF(operations); i++) {
            const struct hw_http_figures figures = {
                .sends = 1, .sent_bytes = 100, .received_bytes = 1000, .ended_us = 1000000};
            hw_s3_tally_try(tally, &hw_s3_reply_rules[operations[i]], false, 200, &figures);
        }
        assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], streamed, &costs, &err), err);
        const struct hw_efficiency *efficiency = &costs.efficiency;
        const uint64_t requests = streamed ? 2 : 6;
        assert_int_equal(efficiency->requests, requests);
        assert_int_equal(efficiency->client_bytes, requests * 1100);
        assert_true(fabs(efficiency->seconds - (double)requests) < 1e-9);
        assert_int_equal(efficiency->billed[0].requests[HW_REQUEST_PUT], streamed ? 2 : 4);
        assert_int_equal(efficiency->billed[0].requests[HW_REQUEST_GET], streamed ? 0 : 2);
        assert_non_null(strstr(efficiency->requests_are, streamed ? "CopyObject and UploadPartCopy" : "all requests"));
        assert_int_equal(efficiency->down.bytes, streamed ? 1000 : 0);
        assert_int_equal(efficiency->up.bytes, streamed ? 200 : 0);
        assert_true(fabs(efficiency->up.seconds - (streamed ? 2 : 0)) < 1e-9);
        desk_close(&desk);
    }
}

/* The prices that are built in are those of AWS, and say so where the service is another one. */
static void what_is_built_in_is_of_aws(void **state) {
    (void)state;
    for (int foreign = 0; foreign < 2; foreign++) {
        struct desk desk;
        struct hw_costs costs;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, "us-east-1", "us-east-1");
        desk.options[0].endpoint_url = foreign ? desk.options[0].endpoint_url : NULL;
        assert_ok(hw_transfer_costs_open(&desk.costs, NULL, &desk.options[0], HW_MIB(8), &err), err);
        client_of(&desk, 0);
        assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], false, &costs, &err), err);
        assert_string_equal(costs.table, "built-in");
        assert_non_null(strstr(costs.basis, "list prices of AWS"));
        assert_int_equal(strstr(costs.basis, "the service is not AWS") != NULL, foreign);
        desk_close(&desk);
    }
}

static void without_a_service_there_is_no_cost(void **state) {
    (void)state;
    struct desk desk;
    struct hw_costs costs;
    struct hw_error err = HW_ERROR_INIT;
    desk_open(&desk, "eu-1", "eu-1");
    assert_ok(table_open(&desk, &err), err);
    assert_ok(hw_transfer_costs_sum(&desk.costs, &desk.sets[0], &desk.sets[1], true, &costs, &err), err);
    assert_false(costs.charged);
    assert_int_equal(costs.efficiency.objects, 0);
    desk_close(&desk);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_that_are_none_are_refused),
        cmocka_unit_test(a_table_has_a_limit),
        cmocka_unit_test(download_and_upload_are_calculated),
        cmocka_unit_test(copies_may_be_planned),
        cmocka_unit_test(copies_within_a_region_cross_none),
        cmocka_unit_test(requests_cost_what_their_region_says),
        cmocka_unit_test(requests_of_copies_are_told_from_others),
        cmocka_unit_test(what_is_built_in_is_of_aws),
        cmocka_unit_test(without_a_service_there_is_no_cost),
    };
    return cmocka_run_group_tests_name("transfer/costs", tests, environment_set, NULL);
}
