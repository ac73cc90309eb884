/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request_bucket.h"

#include "s3/session.h"

#include "core/limits.h"
#include "s3/reply.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define NAMESPACE "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

static const struct hw_s3_marker_params no_markers = {0};
static const struct hw_s3_marker_params markers = {
    .prefix = "a b/", .delimiter = "/", .key_marker = "k+1", .id_marker = "v/1"};

static enum hw_status build(size_t which, struct hw_s3_request *request, struct hw_error *err) {
    static const struct hw_s3_doomed objects[] = {{"a", NULL}, {"b & <c> \"d' \xc3\xa9", "v&1"}};
    switch (which) {
    case 0:
        return hw_s3_request_list(request, &(struct hw_s3_list_params){.prefix = ""}, err);
    case 1:
        return hw_s3_request_list(
            request, &(struct hw_s3_list_params){.prefix = "a b/+%\xc3\xa9", .token = "t/=+", .keys_max = 7}, err);
    case 2:
        return hw_s3_request_list(request, &(struct hw_s3_list_params){.delimiter = "/", .start_after = "k k"}, err);
    case 3:
        return hw_s3_request_versions(request, &no_markers, err);
    case 4:
        return hw_s3_request_versions(request, &markers, err);
    case 5:
        return hw_s3_request_uploads(request, &no_markers, err);
    case 6:
        return hw_s3_request_uploads(request, &markers, err);
    case 7:
        return hw_s3_request_parts(request, "k k", "u/1", 0, err);
    case 8:
        return hw_s3_request_parts(request, "k", "u", 1000, err);
    case 9:
        return hw_s3_request_buckets(request, NULL, err);
    case 10:
        return hw_s3_request_buckets(request, "t=", err);
    case 11:
        return hw_s3_request_create_bucket(request, "us-east-1", err);
    case 12:
        return hw_s3_request_create_bucket(request, "eu-west-1", err);
    case 15:
        return hw_s3_request_create_session(request, false, err);
    case 16:
        return hw_s3_request_create_session(request, true, err);
    case 13:
        return hw_s3_request_delete_bucket(request, err);
    default:
        return hw_s3_request_delete_many(request, objects, COUNT_OF(objects), err);
    }
}

static const struct {
    const char *operation;
    const char *text;
} rows[] = {
    {"ListObjectsV2", "GET ?list-type=2&encoding-type=url\n"},
    {"ListObjectsV2",
     "GET ?list-type=2&encoding-type=url&max-keys=7&prefix=a%20b%2F%2B%25%C3%A9&continuation-token=t%2F%3D%2B\n"},
    {"ListObjectsV2", "GET ?list-type=2&encoding-type=url&delimiter=%2F&start-after=k%20k\n"},
    {"ListObjectVersions", "GET ?versions=&encoding-type=url\n"},
    {"ListObjectVersions",
     "GET ?versions=&encoding-type=url&prefix=a%20b%2F&delimiter=%2F&key-marker=k%2B1&version-id-marker=v%2F1\n"},
    {"ListMultipartUploads", "GET ?uploads=&encoding-type=url\n"},
    {"ListMultipartUploads",
     "GET ?uploads=&encoding-type=url&prefix=a%20b%2F&delimiter=%2F&key-marker=k%2B1&upload-id-marker=v%2F1\n"},
    {"ListParts", "GET /k%20k?uploadId=u%2F1\n"},
    {"ListParts", "GET /k?uploadId=u&part-number-marker=1000\n"},
    {"ListBuckets", "GET ?\n"},
    {"ListBuckets", "GET ?continuation-token=t%3D\n"},
    {"CreateBucket", "PUT ?\n"},
    {"CreateBucket", "PUT ?\nContent-Type: application/xml\n<CreateBucketConfiguration " NAMESPACE
                     "><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"},
    {"DeleteBucket", "DELETE ?\n"},
    /* The MD5 is that of Python's hashlib over the body. */
    {"DeleteObjects",
     "POST ?delete=\nContent-Type: application/xml\nContent-MD5: pMW1AfuogRCpIS6zTr7h9Q==\n<Delete " NAMESPACE
     "><Object><Key>a</Key></Object><Object><Key>b &amp; &lt;c&gt; &quot;d&apos; \xc3\xa9</Key>"
     "<VersionId>v&amp;1</VersionId></Object></Delete>"},
    {"CreateSession", "GET ?session=\nx-amz-create-session-mode: ReadWrite\n"},
    {"CreateSession", "GET ?session=\nx-amz-create-session-mode: ReadOnly\n"},
};

static void requests_are_what_the_service_documents(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_request) request = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(build(i, &request, &err), err);
        s3_request_text(&request, &text);
        assert_row_text(rows[i].operation, (const char *)text.data, rows[i].text);
        assert_row_text(rows[i].operation, request.rule->operation, rows[i].operation);
    }
}

static void parts_need_a_key(void **state) {
    (void)state;
    HW_AUTO(hw_s3_request) request = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_request_parts(&request, "", "u", 0, &err), HW_EUSAGE);
    assert_row_says("empty", err.message, "an object needs a name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_what_the_service_documents),
        cmocka_unit_test(parts_need_a_key),
    };
    return cmocka_run_group_tests_name("s3/request_bucket", tests, NULL, NULL);
}
