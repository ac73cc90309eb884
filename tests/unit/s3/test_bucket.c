/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/bucket.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define ERROR_BODY(code) "<Error><Code>" code "</Code></Error>"

static const struct {
    const char *name;
    bool create;
    struct http_reply first, second;
    enum hw_status want;
    const char *says;
} rows[] = {
    {"made", true, {.status = 200}, {0}, HW_OK, ""},
    {"there already",
     true,
     {.status = 409, .body = ERROR_BODY("BucketAlreadyOwnedByYou")},
     {0},
     HW_EEXISTS,
     "CreateBucket: exists already: you have a bucket"},
    {"somebody's",
     true,
     {.status = 409, .body = ERROR_BODY("BucketAlreadyExists")},
     {0},
     HW_EEXISTS,
     "somebody has a bucket of this name"},
    {"made, but the reply was lost",
     true,
     {.reset = true},
     {.status = 409, .body = ERROR_BODY("BucketAlreadyOwnedByYou")},
     HW_OK,
     ""},
    {"somebody was faster",
     true,
     {.status = 503},
     {.status = 409, .body = ERROR_BODY("BucketAlreadyExists")},
     HW_EEXISTS,
     "somebody has a bucket"},
    {"refused", true, {.status = 403, .body = ERROR_BODY("AccessDenied")}, {0}, HW_EAUTH, "CreateBucket: refused"},
    {"a page", true, {.status = 200, .body = "<html/>"}, {.status = 200}, HW_OK, ""},
    {"removed", false, {.status = 204}, {0}, HW_OK, ""},
    {"not there",
     false,
     {.status = 404, .body = ERROR_BODY("NoSuchBucket")},
     {0},
     HW_ENOTFOUND,
     "DeleteBucket: not found: there is no bucket"},
    {"removed, but the reply was lost",
     false,
     {.status = 500},
     {.status = 404, .body = ERROR_BODY("NoSuchBucket")},
     HW_OK,
     ""},
    {"not empty",
     false,
     {.status = 409, .body = ERROR_BODY("BucketNotEmpty")},
     {0},
     HW_EFAILED,
     "the bucket has objects"},
};

static void buckets_are_made_and_removed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[] = {rows[i].first, rows[i].second};
        script[0].match = script[1].match = rows[i].create ? "PUT /bucket " : "DELETE /bucket ";
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status =
            rows[i].create ? hw_s3_bucket_create(fixture.client, &err) : hw_s3_bucket_delete(fixture.client, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        s3_fixture_close(&fixture);
    }
}

static void a_bucket_is_made_in_its_region(void **state) {
    (void)state;
    const struct http_reply reply = {.match = "PUT /bucket ", .status = 200};
    const struct hw_store_options options = {.region = "eu-west-1"};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, &options);
    struct hw_error err = HW_ERROR_INIT;
    size_t bytes;
    assert_ok(hw_s3_bucket_create(fixture.client, &err), err);
    assert_non_null(strstr(http_server_body(fixture.server, "PUT /bucket ", 0, &bytes),
                           "<LocationConstraint>eu-west-1</LocationConstraint>"));
    s3_fixture_close(&fixture);
}

#define ZONE(type, name)                                                                                 \
    "<Location><Type>" type "</Type><Name>" name "</Name></Location><Bucket><DataRedundancy>Single" type \
    "</DataRedundancy><Type>Directory</Type></Bucket></CreateBucketConfiguration>"

/*
 * The S3 API reference for CreateBucket, and the user guide on local zones. No session is asked
 * for: there is none before there is a bucket.
 */
static void directory_buckets_are_made_in_their_zone(void **state) {
    (void)state;
    static const struct {
        const char *bucket, *line, *says;
    } zones[] = {
        {"bkt--usw2-az1--x-s3", "PUT /bkt--usw2-az1--x-s3 ", ZONE("AvailabilityZone", "usw2-az1")},
        {"bkt--usw2-lax1-az1--x-s3", "PUT /bkt--usw2-lax1-az1--x-s3 ", ZONE("LocalZone", "usw2-lax1-az1")},
    };
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        const struct http_reply reply = {.status = 200, .times = -1};
        struct http_server *server = http_server_start(&reply, 1);
        const struct hw_store_options options = {.endpoint_url = http_server_url(server)};
        struct hw_s3_client *client = NULL;
        struct hw_error err = HW_ERROR_INIT;
        size_t bytes;
        assert_ok(hw_s3_client_new(&options, zones[i].bucket, &client, &err), err);
        assert_ok(hw_s3_bucket_create(client, &err), err);
        assert_ok(hw_s3_bucket_delete(client, &err), err);
        assert_row_says(zones[i].bucket, http_server_body(server, zones[i].line, 0, &bytes), zones[i].says);
        assert_row_int(zones[i].bucket, http_server_count(server, ""), 2);
        assert_row_says(zones[i].bucket, http_server_head(server, "DELETE", 0), "Credential=" S3_FIXTURE_KEY_ID "/");
        assert_row_says(zones[i].bucket, http_server_head(server, "DELETE", 0), "/s3express/aws4_request");
        hw_s3_client_free(client);
        http_server_stop(server);
    }
}

/* An access point is not a bucket, which is seen before any request. */
static void access_points_are_not_removed(void **state) {
    (void)state;
    struct hw_s3_client *client = NULL;
    struct hw_error err = HW_ERROR_INIT;
    const char *const arn = "arn:aws:s3:us-west-2:123456789012:accesspoint/name";
    assert_ok(hw_s3_client_new(&(struct hw_store_options){0}, arn, &client, &err), err);
    assert_int_equal(hw_s3_bucket_delete(client, &err), HW_EUSAGE);
    assert_row_says("access point", err.message, "is not a bucket that can be made or removed");
    hw_s3_client_free(client);
}

#define BUCKET(name) "<Bucket><Name>" name "</Name><CreationDate>1970-01-01T00:00:03.000Z</CreationDate></Bucket>"
#define PAGE(inside, token) "<ListAllMyBucketsResult><Buckets>" inside "</Buckets>" token "</ListAllMyBucketsResult>"
#define TOKEN(text) "<ContinuationToken>" text "</ContinuationToken>"

static const struct {
    const char *name;
    const char *first, *second;
    enum hw_status want;
    const char *names;
    const char *says;
} lists[] = {
    {"none", PAGE("", ""), "", HW_OK, "", ""},
    {"two", PAGE(BUCKET("a") BUCKET("b"), ""), "", HW_OK, "a b ", ""},
    {"two pages", PAGE(BUCKET("a"), TOKEN("t")), PAGE(BUCKET("b"), ""), HW_OK, "a b ", ""},
    {"a token that repeats", PAGE(BUCKET("a"), TOKEN("t")), PAGE(BUCKET("b"), TOKEN("t")), HW_EPROTOCOL, "a ",
     "ListBuckets: the continuation token repeats"},
    {"more, but none here", PAGE("", TOKEN("t")), "", HW_EPROTOCOL, "", "this one has no bucket"},
    {"no name", PAGE("<Bucket/>", ""), "", HW_EPROTOCOL, "", "a bucket without a name"},
    {"cut off", "<ListAllMyBucketsResult>", "", HW_EPROTOCOL, "", "ListBuckets: not XML"},
    {"somebody's page", "<html/>", "", HW_EPROTOCOL, "", "no root element ListAllMyBucketsResult"},
};

static enum hw_status bucket_note(void *ctx, const struct hw_s3_listed_bucket *bucket, struct hw_error *err) {
    assert_int_equal(bucket->created_us, 3000000);
    return hw_buf_printf(ctx, err, "%s ", bucket->name);
}

static void buckets_are_listed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct http_reply script[] = {
            {.match = "GET /?continuation-token=t ", .times = -1, .status = 200, .body = lists[i].second},
            {.match = "GET / ", .times = -1, .status = 200, .body = lists[i].first},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 500};
        struct hw_s3_client *client;
        HW_AUTO(hw_buf) names = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_client_new(&options, "", &client, &err), err);
        enum hw_status status = hw_s3_buckets_list(client, bucket_note, &names, &err);
        assert_row_int(lists[i].name, status, lists[i].want);
        assert_row_bytes(lists[i].name, names.data, names.size, lists[i].names, strlen(lists[i].names));
        assert_row_says(lists[i].name, err.message, lists[i].says);
        assert_row_text(lists[i].name, err.object, status ? "s3://" : "");
        hw_s3_client_free(client);
        http_server_stop(server);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_are_made_and_removed),
        cmocka_unit_test(a_bucket_is_made_in_its_region),
        cmocka_unit_test(directory_buckets_are_made_in_their_zone),
        cmocka_unit_test(access_points_are_not_removed),
        cmocka_unit_test(buckets_are_listed),
    };
    return cmocka_run_group_tests_name("s3/bucket", tests, environment_set, NULL);
}
