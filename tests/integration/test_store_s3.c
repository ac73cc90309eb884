/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The S3 store against a real server: HAWSER_TEST_S3_ENDPOINT names its URL, the usual AWS variables the keys. Makes a
 * bucket of its own and leaves it empty.
 */
#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum_crc64nvme.h"
#include "core/alloc.h"
#include "core/random.h"
#include "s3/object.h"
#include "s3/reply.h"
#include "store/store_s3.h"
#include "bucket.h"
#include "support/rows.h"

enum { LISTED = 1105 };

static const struct hw_s3_reply_rule uploads_rule = {
    "ListMultipartUploads", HW_REQUEST_LIST, "ListMultipartUploadsResult", HW_S3_BODY_XML, {200}, false, false};

static void object_write(struct hw_store *store, const char *key, const struct hw_sink_options *options, hw_view bytes,
                         size_t step) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sink *sink = NULL;
    assert_ok(store->ops->sink_open(store, key, options, &sink, &err), err);
    for (size_t at = 0; at < bytes.size; at += step) {
        assert_ok(sink->ops->write(sink, bytes.data + at, hw_min_size(step, bytes.size - at), &err), err);
    }
    assert_ok(sink->ops->finish(sink, &err), err);
    assert_int_equal(sink->written, bytes.size);
    assert_true(sink->etag[0] != '\0' && sink->etag[0] != '"');
    sink->ops->free(sink);
}

static void small_objects_come_back_under_odd_names(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_store *store = fixture->store;
    static const char *const keys[] = {
        "plain.csv",
        "with space.csv",
        "a+b=c&d.csv",
        "100%25.csv",
        "q?x#y;z:@!$'(),~.csv",
        "caf\xc3\xa9/\xe6\x97\xa5\xe6\x9c\xac/\xf0\x9f\x9a\xa2.csv",
        "<tag>&amp;\"quote\".csv",
        "back\\slash.csv",
        "deep/er/and/deeper.csv",
        "*glob[0-9]?.csv",
    };
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct hw_error err = HW_ERROR_INIT;
        object_write(store, keys[i], &(struct hw_sink_options){.content_type = "text/csv"}, hw_view_of(keys[i]), 5);

        struct hw_object_info info;
        char etag[128];
        assert_ok(store->ops->stat(store, keys[i], &info, etag, &err), err);
        assert_row_int(keys[i], info.size, strlen(keys[i]));
        assert_true(info.mtime_us > 1700000000000000);
        HW_AUTO(hw_buf) back = {0};
        assert_ok(hw_store_read_all(store, keys[i], 1000, &back, &err), err);
        assert_row_bytes(keys[i], back.data, back.size, keys[i], strlen(keys[i]));
        assert_ok(store->ops->remove(store, keys[i], &err), err);
        assert_row_int(keys[i], store->ops->stat(store, keys[i], &info, etag, &err), HW_ENOTFOUND);
        assert_row_int(keys[i], err.http_status, 404);
    }
}

static void an_empty_object_is_an_object(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_source *source = NULL;
    object_write(fixture->store, "empty", NULL, HW_VIEW(""), 1);
    assert_ok(fixture->store->ops->source_open(fixture->store, "empty", NULL, &source, &err), err);
    assert_int_equal(source->size, 0);
    assert_true(source->remote);
    assert_ok(source->ops->read_at(source, 0, NULL, 0, &err), err);
    source->ops->close(source);
}

static void large_objects_go_in_parts_and_come_back_in_ranges(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_store *store = fixture->store;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) back = {0};
    assert_ok(hw_buf_resize(&bytes, HW_MIB(40) + 12345, &err), err);
    assert_ok(hw_buf_resize(&back, bytes.size, &err), err);
    pattern_fill(bytes.data, bytes.size);
    object_write(store, "large.bin", &(struct hw_sink_options){.size_hint = bytes.size}, hw_buf_view(&bytes), 1000003);

    /* The server's own sum over the whole object is ours. */
    struct hw_s3_object object;
    assert_ok(hw_s3_object_head(fixture->client, "large.bin", NULL, &object, &err), err);
    assert_int_equal(object.size, bytes.size);
    assert_int_equal(object.checksum.kind, HW_CHECKSUM_CRC64NVME);
    assert_true(object.checksum.value == hw_crc64nvme(0, bytes.data, bytes.size));
    assert_non_null(strstr(object.etag, "-9")); /* 8 parts of 5 MiB, and the rest */

    struct hw_source *source = NULL;
    assert_ok(store->ops->source_open(store, "large.bin", NULL, &source, &err), err);
    assert_int_equal(source->size, bytes.size);
    const struct {
        const char *name;
        size_t step;
    } reads[] = {{"at one go", SIZE_MAX},
                 {"in small steps", 777777},
                 {"in steps of a part", HW_MIB(5)},
                 {"in larger steps", HW_MIB(11) + 1}};
    for (size_t i = 0; i < COUNT_OF(reads); i++) {
        memset(back.data, 0, back.size);
        for (size_t at = 0; at < bytes.size;) {
            size_t step = hw_min_size(reads[i].step, bytes.size - at);
            assert_ok(source->ops->read_at(source, at, back.data + at, step, &err), err);
            at += step;
        }
        assert_row_bytes(reads[i].name, back.data, back.size, bytes.data, bytes.size);
    }
    for (size_t i = 0; i < 200; i++) {
        size_t at = (size_t)(hw_random_unit() * (double)(bytes.size - 5000));
        assert_ok(source->ops->read_at(source, at, back.data, 5000, &err), err);
        assert_row_bytes("somewhere", back.data, 5000, bytes.data + at, 5000);
    }
    assert_int_equal(source->ops->read_at(source, bytes.size - 1, back.data, 2, &err), HW_EIO);
    source->ops->close(source);
}

static void a_replaced_object_is_noticed(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_store *store = fixture->store;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_source *source = NULL;
    assert_ok(hw_buf_resize(&bytes, HW_MIB(12), &err), err);
    pattern_fill(bytes.data, bytes.size);
    object_write(store, "replaced.bin", NULL, hw_buf_view(&bytes), bytes.size);
    assert_ok(store->ops->source_open(store, "replaced.bin", NULL, &source, &err), err);
    bytes.data[0] ^= 1;
    object_write(store, "replaced.bin", NULL, hw_buf_view(&bytes), bytes.size);
    assert_int_equal(source->ops->read_at(source, HW_MIB(6), bytes.data, 1000, &err), HW_ECHANGED);
    assert_int_equal(err.http_status, 412);
    assert_int_equal(source->ops->read_at(source, HW_MIB(5), bytes.data, HW_MIB(7), &err), HW_ECHANGED);
    source->ops->close(source);
}

static void an_existing_object_is_not_created(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_store *store = fixture->store;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_resize(&bytes, HW_MIB(6), &err), err);
    pattern_fill(bytes.data, bytes.size);
    const struct hw_sink_options only = {.create_only = true};
    object_write(store, "once", &only, HW_VIEW("first"), 5);
    for (size_t size = 5; size <= bytes.size; size += HW_MIB(6) - 5) { /* one PUT, then parts */
        struct hw_sink *sink = NULL;
        assert_ok(store->ops->sink_open(store, "once", &only, &sink, &err), err);
        assert_ok(sink->ops->write(sink, bytes.data, size, &err), err);
        assert_int_equal(sink->ops->finish(sink, &err), HW_EEXISTS);
        assert_int_equal(err.http_status, 412);
        sink->ops->free(sink);
    }
    HW_AUTO(hw_buf) back = {0};
    assert_ok(hw_store_read_all(store, "once", 1000, &back, &err), err);
    assert_row_bytes("once", back.data, back.size, "first", 5);
}

struct listing {
    size_t count;
    char last[256];
    uint64_t sizes;
};

static enum hw_status object_note(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listing *listing = ctx;
    (void)err;
    assert_true(listing->count == 0 || strcmp(listing->last, info->key) < 0);
    snprintf(listing->last, sizeof(listing->last), "%s", info->key);
    listing->sizes += info->size;
    listing->count++;
    assert_true(info->mtime_us > 1700000000000000);
    assert_true(info->etag[0] != '\0' && info->etag[0] != '"');
    return HW_OK;
}

static enum hw_status object_refuse(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    (void)info;
    ++*(size_t *)ctx;
    return hw_fail(err, HW_ELIMIT, "enough");
}

static void listings_have_every_page(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_store *store = fixture->store;
    struct hw_error err = HW_ERROR_INIT;
    char key[64];
    for (size_t i = 0; i < LISTED; i++) {
        snprintf(key, sizeof(key), "list me/%04zu +%%.csv", i);
        assert_ok(hw_store_write_all(store, key, NULL, "abc", 3, &err), err);
    }
    struct listing listing = {0};
    assert_ok(store->ops->list(store, "list me/", object_note, &listing, &err), err);
    assert_int_equal(listing.count, LISTED);
    assert_int_equal(listing.sizes, 3 * LISTED);
    assert_string_equal(listing.last, "list me/1104 +%.csv");

    listing = (struct listing){0};
    assert_ok(store->ops->list(store, "list me/110", object_note, &listing, &err), err);
    assert_int_equal(listing.count, 5);
    listing = (struct listing){0};
    assert_ok(store->ops->list(store, "nothing/here", object_note, &listing, &err), err);
    assert_int_equal(listing.count, 0);
    size_t asked = 0;
    assert_int_equal(store->ops->list(store, "list me/", object_refuse, &asked, &err), HW_ELIMIT);
    assert_int_equal(asked, 1);
    assert_string_equal(err.message, "enough");
}

static void what_is_not_there_is_not_found(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_source *source;
    assert_int_equal(fixture->store->ops->source_open(fixture->store, "no/such/key", NULL, &source, &err),
                     HW_ENOTFOUND);
    assert_string_equal(err.s3_code, "NoSuchKey");
    assert_true(err.request_id[0] != '\0' || err.http_status == 404);
    assert_row_says("object", err.object, "/no/such/key");

    struct hw_store *nowhere = NULL;
    const struct hw_store_options options = {.endpoint_url = fixture->endpoint};
    assert_ok(hw_store_s3_open("hawser-no-such-bucket", &options, &nowhere, &err), err);
    struct listing listing = {0};
    assert_int_equal(nowhere->ops->list(nowhere, "", object_note, &listing, &err), HW_ENOTFOUND);
    assert_string_equal(err.s3_code, "NoSuchBucket");
    hw_store_close(nowhere);
}

static void wrong_keys_are_refused(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_error err = HW_ERROR_INIT;
    const char *secret = getenv("AWS_SECRET_ACCESS_KEY");
    char *kept = hw_strdup(secret ? secret : "");
    struct hw_store *store = NULL;
    setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret", 1);
    const struct hw_store_options options = {.endpoint_url = fixture->endpoint};
    assert_ok(hw_store_s3_open(fixture->bucket, &options, &store, &err), err);
    struct listing listing = {0};
    assert_int_equal(store->ops->list(store, "", object_note, &listing, &err), HW_EAUTH);
    assert_string_equal(err.s3_code, "SignatureDoesNotMatch");
    char line[1024];
    hw_error_format(&err, line, sizeof(line));
    assert_null(strstr(line, "not-the-secret"));
    struct hw_sink *sink = NULL;
    assert_ok(store->ops->sink_open(store, "refused", NULL, &sink, &err), err);
    assert_ok(sink->ops->write(sink, "abc", 3, &err), err);
    assert_int_equal(sink->ops->finish(sink, &err), HW_EAUTH);
    sink->ops->free(sink);
    hw_store_close(store);
    setenv("AWS_SECRET_ACCESS_KEY", kept, 1);
    hw_free(kept);
}

/* What ListMultipartUploads says. */
static void uploads_count(struct fixture *fixture, const char *key, size_t want) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_s3_call) call = {.request = {.rule = &uploads_rule, .method = "GET"}};
    HW_AUTO(hw_http_response) response = {0};
    assert_ok(hw_buf_end_text(&call.request.path, &err), err);
    assert_ok(hw_buf_append_text(&call.request.query, "uploads=", &err), err);
    assert_ok(hw_buf_end_text(&call.request.query, &err), err);
    assert_ok(hw_s3_call_perform(fixture->client, &call, &response, &err), err);
    assert_ok(hw_buf_end_text(&response.body, &err), err);
    size_t count = 0;
    for (const char *at = (const char *)response.body.data; (at = strstr(at, key)) != NULL; at++) {
        count++;
    }
    assert_int_equal(count, want);
}

static void an_abandoned_upload_leaves_nothing(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_store *store = fixture->store;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_sink *sink = NULL;
    assert_ok(hw_buf_resize(&bytes, HW_MIB(17), &err), err);
    pattern_fill(bytes.data, bytes.size);
    assert_ok(store->ops->sink_open(store, "abandoned.bin", NULL, &sink, &err), err);
    assert_ok(sink->ops->write(sink, bytes.data, bytes.size, &err), err);
    uploads_count(fixture, "abandoned.bin", 1);
    sink->ops->free(sink);
    uploads_count(fixture, "abandoned.bin", 0);
    struct hw_object_info info;
    char etag[128];
    assert_int_equal(store->ops->stat(store, "abandoned.bin", &info, etag, &err), HW_ENOTFOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_objects_come_back_under_odd_names),
        cmocka_unit_test(an_empty_object_is_an_object),
        cmocka_unit_test(large_objects_go_in_parts_and_come_back_in_ranges),
        cmocka_unit_test(a_replaced_object_is_noticed),
        cmocka_unit_test(an_existing_object_is_not_created),
        cmocka_unit_test(listings_have_every_page),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(wrong_keys_are_refused),
        cmocka_unit_test(an_abandoned_upload_leaves_nothing),
    };
    return cmocka_run_group_tests_name("integration/store_s3", tests, bucket_open, bucket_close);
}
