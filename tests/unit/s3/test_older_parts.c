/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/older_parts.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* The MD5 of "123456789", and its CRC-64/NVME. */
#define MD5 "\"25f9e794323b453885f5181f1b624d0b\""
#define CRC UINT64_C(0xae8b14860a799888)

static void parts_lie_in_the_older_version(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t size, offset, bytes;
        bool has;
    } rows[] = {
        {"the whole", HW_MIB(9), 0, HW_MIB(9), true},
        {"the last byte", HW_MIB(9), HW_MIB(9) - 1, 1, true},
        {"a byte more", HW_MIB(9), 1, HW_MIB(9), false},
        {"behind the end", HW_MIB(9), HW_MIB(9) + 1, 1, false},
        {"far behind the end", HW_MIB(9), UINT64_MAX, UINT64_MAX, false},
        {"of which S3 copies no range", HW_MIB(5), 0, HW_MIB(1), false},
        {"of which S3 copies ranges", HW_MIB(5) + 1, 0, HW_MIB(1), true},
        {"an empty one", 0, 0, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_s3_older older = {.object = {.size = rows[i].size}};
        const struct hw_s3_part_place place = {0, rows[i].offset, rows[i].bytes};
        assert_row_int(rows[i].name, hw_s3_older_has(&older, &place), rows[i].has);
    }
}

static const struct hw_checksum sum = {.kind = HW_CHECKSUM_CRC64NVME, .value = CRC};
static const struct hw_checksum other = {.kind = HW_CHECKSUM_CRC64NVME, .value = CRC ^ 1};
static const struct hw_checksum composite = {.kind = HW_CHECKSUM_CRC64NVME, .value = CRC, .parts = 2};

static void the_reply_says_how_parts_are_compared(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_checksum_kind kind;
        const struct hw_checksum *whole, *told; /* NULL: none */
        const char *etag;
        uint64_t size;
        enum hw_s3_older_way want;
    } rows[] = {
        {"a checksum", HW_CHECKSUM_CRC64NVME, NULL, &sum, "\"x\"", HW_MIB(9), HW_S3_OLDER_BY_SUM},
        {"beside another one of the whole", HW_CHECKSUM_CRC64NVME, &other, &sum, MD5, HW_MIB(9), HW_S3_OLDER_BY_SUM},
        {"that of the whole", HW_CHECKSUM_CRC64NVME, &sum, &sum, MD5, HW_MIB(9), HW_S3_OLDER_BY_ETAG},
        {"that of the whole, no MD5", HW_CHECKSUM_CRC64NVME, &sum, &sum, "\"x\"", HW_MIB(9), HW_S3_OLDER_NONE},
        {"that of the whole, which is the part", HW_CHECKSUM_CRC64NVME, &sum, &sum, MD5, 9, HW_S3_OLDER_BY_SUM},
        {"one of parts", HW_CHECKSUM_CRC64NVME, NULL, &composite, MD5, HW_MIB(9), HW_S3_OLDER_BY_ETAG},
        {"another kind", HW_CHECKSUM_SHA256, NULL, &sum, MD5, HW_MIB(9), HW_S3_OLDER_BY_ETAG},
        {"none", HW_CHECKSUM_CRC64NVME, NULL, NULL, MD5, HW_MIB(9), HW_S3_OLDER_BY_ETAG},
        {"none, no MD5", HW_CHECKSUM_CRC64NVME, NULL, NULL, "\"x\"", HW_MIB(9), HW_S3_OLDER_NONE},
        {"an upload without", HW_CHECKSUM_MD5, NULL, &sum, MD5, HW_MIB(9), HW_S3_OLDER_BY_ETAG},
        {"an upload without, no MD5", HW_CHECKSUM_MD5, NULL, &sum, "\"x\"", HW_MIB(9), HW_S3_OLDER_NONE},
        {"an ETag of parts", HW_CHECKSUM_MD5, NULL, NULL, "\"25f9e794323b453885f5181f1b624d0b-2\"", HW_MIB(9),
         HW_S3_OLDER_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_s3_older older = {.object = {.size = rows[i].size}};
        struct hw_s3_part made = {0};
        const struct hw_s3_part_place place = {0, 0, 9};
        older.object.checksum = rows[i].whole ? *rows[i].whole : (struct hw_checksum){0};
        made.checksum = rows[i].told ? *rows[i].told : (struct hw_checksum){0};
        snprintf(made.etag, sizeof(made.etag), "%s", rows[i].etag);
        assert_row_int(rows[i].name, hw_s3_older_way(&older, rows[i].kind, &place, &made), rows[i].want);
    }
}

static void a_part_is_ours_if_its_checksum_is(void **state) {
    (void)state;
    const struct hw_checksum md5 = hw_checksum_of(HW_CHECKSUM_MD5, "123456789", 9);
    const struct hw_checksum other_md5 = hw_checksum_of(HW_CHECKSUM_MD5, "12345678", 8);
    const struct hw_checksum none = {0};
    const struct {
        const char *name;
        struct hw_checksum told, ours;
        const char *etag;
        bool same;
    } rows[] = {
        {"the same", sum, sum, "\"x\"", true},        {"another", other, sum, MD5, false},
        {"one of parts", composite, sum, MD5, false}, {"none told", none, sum, MD5, false},
        {"none at all", none, none, MD5, false},      {"the MD5", other, md5, MD5, true},
        {"another MD5", sum, other_md5, MD5, false},  {"no MD5", md5, md5, "\"x\"", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_s3_part made = {.checksum = rows[i].told};
        snprintf(made.etag, sizeof(made.etag), "%s", rows[i].etag);
        assert_row_int(rows[i].name, hw_s3_older_same(&made, &rows[i].ours), rows[i].same);
    }
}

#define COPIED \
    "<CopyPartResult><ETag>&quot;c&quot;</ETag><ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME></CopyPartResult>"

/* Every copy names the version, so that no other one is copied. */
static void a_copy_names_the_version(void **state) {
    (void)state;
    const struct http_reply script[] = {{.match = "PUT ", .status = 200, .body = COPIED, .times = -1}};
    static const struct {
        const char *version_id, *source;
    } rows[] = {{NULL, "x-amz-copy-source: bucket/k\r\n"}, {"v1", "x-amz-copy-source: bucket/k?versionId=v1\r\n"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        const struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
        const struct hw_s3_older older = {.object = {.size = HW_MIB(9), .etag = "\"old\""},
                                          .version_id = rows[i].version_id};
        struct hw_s3_older_parts parts = {.older = &older, .upload = &upload};
        const struct hw_s3_part_place first = {0, 0, HW_MIB(5)};
        const struct hw_s3_part_place second = {1, HW_MIB(5), HW_MIB(4)};
        struct hw_s3_part out = {0};
        struct hw_error err = HW_ERROR_INIT;
        bool same = false;
        assert_ok(hw_s3_older_parts_begin(&parts, HW_CHECKSUM_CRC64NVME, &first, &err), err);
        assert_int_equal(parts.way, HW_S3_OLDER_BY_SUM);
        /* The first part was copied already. */
        assert_ok(hw_s3_older_parts_copy(&parts, &first, &sum, &out, &same, &err), err);
        assert_true(same);
        assert_string_equal(out.etag, "\"c\"");
        assert_int_equal(http_server_count(fixture.server, "PUT "), 1);
        assert_ok(hw_s3_older_parts_copy(&parts, &second, &other, &out, &same, &err), err);
        assert_false(same);
        const char *head = http_server_head(fixture.server, "PUT /bucket/k?partNumber=2&uploadId=u ", 0);
        assert_row_says("source", head, rows[i].source);
        assert_row_says("version", head, "x-amz-copy-source-if-match: \"old\"\r\n");
        assert_row_says("range", head, "x-amz-copy-source-range: bytes=5242880-9437183\r\n");
        assert_int_equal(atomic_load(&parts.bytes_copied), HW_MIB(5));
        s3_fixture_close(&fixture);
    }
}

static bool cancelled(void *ctx) {
    (void)ctx;
    return true;
}

/* Only what ends the whole run is a failure. */
static void a_stop_is_a_failure(void **state) {
    (void)state;
    const struct http_reply script[] = {{.match = "PUT ", .stall = true, .times = -1}};
    const struct hw_store_options options = {.cancelled = cancelled};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), &options);
    const struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
    const struct hw_s3_older older = {.object = {.size = HW_MIB(9), .etag = "\"old\""}};
    struct hw_s3_older_parts parts = {.older = &older, .upload = &upload};
    const struct hw_s3_part_place first = {0, 0, HW_MIB(5)};
    struct hw_s3_part out = {0};
    struct hw_error err = HW_ERROR_INIT;
    bool same = true;
    assert_int_equal(hw_s3_older_parts_begin(&parts, HW_CHECKSUM_CRC64NVME, &first, &err), HW_ECANCELLED);
    parts.way = HW_S3_OLDER_BY_SUM;
    parts.first.number = 7;
    assert_int_equal(hw_s3_older_parts_copy(&parts, &first, &sum, &out, &same, &err), HW_ECANCELLED);
    assert_false(same);
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_lie_in_the_older_version),
        cmocka_unit_test(the_reply_says_how_parts_are_compared),
        cmocka_unit_test(a_part_is_ours_if_its_checksum_is),
        cmocka_unit_test(a_copy_names_the_version),
        cmocka_unit_test(a_stop_is_a_failure),
    };
    return cmocka_run_group_tests_name("s3/older_parts", tests, environment_set, NULL);
}
