/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that are described, tagged and copied by a real server, and uploads of every kind of checksum. */
#include "bucket.h"
#include "core/alloc.h"
#include "s3/attributes.h"
#include "s3/copy.h"
#include "s3/object.h"
#include "s3/write_headers.h"
#include "s3/writer.h"
#include "support/rows.h"

static const struct hw_metadata metadata[] = {{"team", "sales"}, {"note", "a b, c"}};
static const struct hw_write_options described = {
    .content_type = "text/x-test",
    .content_language = "de",
    .content_disposition = "inline",
    .cache_control = "max-age=60",
    .expires = "2050-11-06T08:49:37Z",
    .metadata = metadata,
    .metadata_count = 2,
    .tagging = "k=v&a b=c",
};

static void object_put(struct hw_s3_client *client, const char *key, hw_view bytes, enum hw_checksum_kind kind,
                       char etag[HW_S3_ETAG_BYTES]) {
    HW_AUTO(hw_s3_headers) headers = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_write_headers_make(&described, &headers, &err), err);
    const struct hw_s3_put_params params = {
        .key = key,
        .body = bytes.data,
        .body_bytes = bytes.size,
        .checksum = hw_checksum_of(kind, bytes.data, bytes.size),
        .headers = &headers,
    };
    assert_ok(hw_s3_object_put(client, &params, etag, &err), err);
}

/* `ours`: the description is that of object_put, else it has been replaced by a content type. */
static void description_check(struct hw_s3_client *client, const char *key, uint64_t size, bool ours) {
    HW_AUTO(hw_s3_description) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_describe(client, key, NULL, &got, &err), err);
    assert_row_int(key, got.object.size, size);
    assert_row_text(key, got.content_type, ours ? "text/x-test" : "text/y-test");
    assert_row_int(key, got.metadata_count, ours ? 2 : 0);
    if (ours) {
        assert_row_text(key, got.content_language, "de");
        assert_row_text(key, got.content_disposition, "inline");
        assert_row_text(key, got.cache_control, "max-age=60");
        assert_row_text(key, got.expires, "Sun, 06 Nov 2050 08:49:37 GMT");
        for (size_t i = 0; i < got.metadata_count; i++) {
            const bool first = strcmp(got.metadata[i].name, "team") == 0;
            assert_row_text(key, got.metadata[i].value, first ? "sales" : "a b, c");
        }
    }
}

/* Services sort tags as they like. */
static void tags_check(struct hw_s3_client *client, const char *key, const char *want, const char *or_want) {
    HW_AUTO(hw_buf) tags = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_tags(client, key, NULL, &tags, &err), err);
    if (strcmp((const char *)tags.data, or_want) != 0) {
        assert_row_text(key, (const char *)tags.data, want);
    }
}

static void an_object_is_copied_with_what_describes_it(void **state) {
    struct fixture *fixture = bucket_begin(state);
    struct hw_s3_client *client = fixture->client;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_object source;
    struct hw_s3_made made;
    char etag[HW_S3_ETAG_BYTES];
    object_put(client, "from/a b+c", HW_VIEW("123456789"), HW_CHECKSUM_CRC64NVME, etag);
    description_check(client, "from/a b+c", 9, true);
    tags_check(client, "from/a b+c", "k=v&a%20b=c", "a%20b=c&k=v");
    assert_ok(hw_s3_object_head(client, "from/a b+c", NULL, &source, &err), err);
    struct hw_s3_copy_params params = {
        .source = {.bucket = fixture->bucket, .key = "from/a b+c", .etag = source.etag},
        .key = "to/kept",
        .checksum = HW_CHECKSUM_CRC64NVME,
    };
    assert_ok(hw_s3_object_copy(client, &params, &source, &made, &err), err);
    assert_string_equal(made.etag, source.etag);
    assert_true(made.checksum.kind == HW_CHECKSUM_NONE || hw_checksum_equal(&made.checksum, &source.checksum));
    description_check(client, "to/kept", 9, true);
    tags_check(client, "to/kept", "k=v&a%20b=c", "a%20b=c&k=v");

    HW_AUTO(hw_s3_headers) tagged = {0};
    assert_ok(hw_s3_write_headers_make(&(struct hw_write_options){.tagging = "x=y"}, &tagged, &err), err);
    params.key = "to/replaced";
    params.content_type = "text/y-test";
    params.headers = &tagged;
    params.replaces_metadata = params.replaces_tags = true;
    assert_ok(hw_s3_object_copy(client, &params, &source, &made, &err), err);
    description_check(client, "to/replaced", 9, false);
    tags_check(client, "to/replaced", "x=y", "");
    assert_ok(hw_s3_object_tag(client, "to/replaced", NULL, "p=q", &err), err);
    tags_check(client, "to/replaced", "p=q", "");

    params = (struct hw_s3_copy_params){.source = params.source, .key = "to/none"};
    params.source.etag = "\"25f9e794323b453885f5181f1b624d0c\"";
    assert_int_equal(hw_s3_object_copy(client, &params, &source, &made, &err), HW_ECHANGED);
    params.source = (struct hw_s3_copy_source){.bucket = fixture->bucket, .key = "from/nothing"};
    assert_int_equal(hw_s3_object_copy(client, &params, &source, &made, &err), HW_ENOTFOUND);
}

enum { COPIED_BYTES = 11 * 1024 * 1024, COPIED_PART_BYTES = 6 * 1024 * 1024 };

static struct hw_s3_part part_copy(const struct hw_s3_upload *upload, const struct hw_s3_copy_source *source,
                                   unsigned number, uint64_t offset, uint64_t bytes) {
    struct hw_s3_part part = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_s3_copy_part_params params = {
        .source = *source, .number = number, .offset = offset, .bytes = bytes};
    assert_ok(hw_s3_part_copy(upload, &params, &part, &err), err);
    return part;
}

static void an_object_is_copied_in_parts(void **state) {
    struct fixture *fixture = bucket_begin(state);
    static const enum hw_checksum_kind kinds[] = {HW_CHECKSUM_CRC64NVME, HW_CHECKSUM_NONE};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) back = {0};
    char etag[HW_S3_ETAG_BYTES];
    char made[HW_S3_ETAG_BYTES];
    assert_ok(hw_buf_resize(&bytes, COPIED_BYTES, &err), err);
    pattern_fill(bytes.data, bytes.size);
    /*
     * versitygw 1.7 tells the checksum of the whole source for each range, and keeps what comes of
     * it, where the source has one of the upload's kind.
     */
    object_put(fixture->client, "whole", hw_buf_view(&bytes), HW_CHECKSUM_SHA256, etag);
    const struct hw_s3_copy_source source = {.bucket = fixture->bucket, .key = "whole", .etag = etag};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct hw_s3_upload upload = {.client = fixture->client, .key = "in parts"};
        assert_ok(hw_s3_upload_create(&upload, &(struct hw_s3_create_params){.checksum = kinds[i]}, &err), err);
        const struct hw_s3_part parts[] = {
            part_copy(&upload, &source, 1, 0, COPIED_PART_BYTES),
            part_copy(&upload, &source, 2, COPIED_PART_BYTES, COPIED_BYTES - COPIED_PART_BYTES),
        };
        struct hw_s3_upload_sum sum = {.parts = parts, .parts_count = 2, .object_bytes = COPIED_BYTES};
        assert_row_int("parts", parts[0].checksum.kind, kinds[i]);
        if (kinds[i] != HW_CHECKSUM_NONE) {
            const struct hw_checksum first = hw_checksum_of(kinds[i], bytes.data, COPIED_PART_BYTES);
            assert_true(hw_checksum_equal(&parts[0].checksum, &first));
            sum.checksum = (struct hw_checksum){
                .kind = kinds[i],
                .value = hw_checksum_combine(kinds[i], first.value, parts[1].checksum.value,
                                             COPIED_BYTES - COPIED_PART_BYTES),
            };
        }
        assert_ok(hw_s3_upload_complete(&upload, &sum, made, &err), err);
        assert_non_null(strstr(made, "-2"));
        assert_ok(hw_store_read_all(fixture->store, "in parts", COPIED_BYTES, &back, &err), err);
        assert_row_bytes("copied", back.data, back.size, bytes.data, bytes.size);
    }
}

static void uploads_have_checksums_of_every_kind(void **state) {
    struct fixture *fixture = bucket_begin(state);
    static const struct {
        enum hw_checksum_kind kind;
        uint32_t parts; /* of the checksum that is kept */
    } rows[] = {
        {HW_CHECKSUM_CRC64NVME, 0}, {HW_CHECKSUM_CRC32C, 0}, {HW_CHECKSUM_CRC32, 0},
        {HW_CHECKSUM_SHA1, 3},      {HW_CHECKSUM_SHA256, 3}, {HW_CHECKSUM_MD5, 0},
    };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) bytes = {0};
    assert_ok(hw_buf_resize(&bytes, COPIED_BYTES, &err), err);
    pattern_fill(bytes.data, bytes.size);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const enum hw_checksum_kind kind = rows[i].kind;
        const char *name = hw_checksum_name(kind);
        HW_AUTO(hw_s3_description) got = {0};
        HW_AUTO(hw_s3_attributes) attributes = {0};
        struct hw_s3_writer *writer = NULL;
        char etag[HW_S3_ETAG_BYTES];
        const struct hw_write_options write = {.checksum = kind};
        const struct hw_s3_writer_options options = {.key = name, .write = &write};
        assert_ok(hw_s3_writer_open(fixture->client, &options, &writer, &err), err);
        assert_ok(hw_s3_writer_write(writer, bytes.data, bytes.size, &err), err);
        assert_ok(hw_s3_writer_finish(writer, etag, &err), err);
        hw_s3_writer_free(writer);
        assert_ok(hw_s3_object_describe(fixture->client, name, NULL, &got, &err), err);
        const struct hw_checksum *kept = rows[i].parts > 0 ? &got.composite : &got.object.checksum;
        if (kind != HW_CHECKSUM_MD5) {
            assert_row_int(name, kept->kind, kind);
            assert_row_int(name, kept->parts, rows[i].parts);
        }
        if (hw_checksum_is_crc(kind)) {
            const struct hw_checksum whole = hw_checksum_of(kind, bytes.data, bytes.size);
            assert_row_int(name, hw_checksum_equal(kept, &whole), true);
        }
        assert_ok(hw_s3_object_attributes(fixture->client, name, NULL, &attributes, &err), err);
        if (attributes.told) {
            assert_row_int(name, attributes.size, COPIED_BYTES);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_copied_with_what_describes_it),
        cmocka_unit_test(an_object_is_copied_in_parts),
        cmocka_unit_test(uploads_have_checksums_of_every_kind),
    };
    return cmocka_run_group_tests_name("s3_objects", tests, bucket_open, bucket_close);
}
