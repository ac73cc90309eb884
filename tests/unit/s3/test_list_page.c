/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_page.h"

#include "core/buf.h"
#include "support/rows.h"

#define VERSION(key, id, latest)                                                \
    "<Version><Key>" key "</Key><VersionId>" id "</VersionId><IsLatest>" latest \
    "</IsLatest><LastModified>1970-01-01T00:00:01Z</LastModified><ETag>\"e\"</ETag><Size>5</Size></Version>"
#define DELETED(key, id) \
    "<DeleteMarker><Key>" key "</Key><VersionId>" id "</VersionId><IsLatest>true</IsLatest></DeleteMarker>"
#define OBJECT(key) "<Contents><Key>" key "</Key><Size>5</Size></Contents>"
#define PREFIX(text) "<CommonPrefixes><Prefix>" text "</Prefix></CommonPrefixes>"
#define VERSIONS(inside) "<ListVersionsResult>" inside "</ListVersionsResult>"
#define OBJECTS(inside) "<ListBucketResult>" inside "</ListBucketResult>"

static const struct {
    const char *name;
    bool versions;
    const char *xml;
    enum hw_status want;
    const char *entries; /* kind, key, version and whether it is the latest */
    const char *says;
} rows[] = {
    {"nothing", false, OBJECTS(""), HW_OK, "", ""},
    {"one prefix", false, OBJECTS(PREFIX("a/")), HW_OK, "1a/ 0 ", ""},
    {"objects, then prefixes", false, OBJECTS(OBJECT("b") OBJECT("d") PREFIX("a/") PREFIX("c/") PREFIX("e/")), HW_OK,
     "1a/ 0 0b 0 1c/ 0 0d 0 1e/ 0 ", ""},
    {"prefixes, then objects", false, OBJECTS(PREFIX("a/") PREFIX("c/") OBJECT("b")), HW_OK, "1a/ 0 0b 0 1c/ 0 ", ""},
    {"disorder stays", false, OBJECTS(OBJECT("d") OBJECT("b") PREFIX("c/")), HW_OK, "1c/ 0 0d 0 0b 0 ", ""},
    {"an object without a size", false, OBJECTS("<Contents><Key>a</Key></Contents>"), HW_EPROTOCOL, "",
     "without a key or a size"},
    {"no versions", true, VERSIONS(""), HW_OK, "", ""},
    {"versions as they come", true,
     VERSIONS(VERSION("b", "2", "true") VERSION("b", "1", "false") DELETED("a", "3") PREFIX("c/")), HW_OK,
     "0b2 1 0b1 0 2a3 1 1c/ 0 ", ""},
    {"encoded", true, VERSIONS("<EncodingType>url</EncodingType>" VERSION("a+%2B", "null", "true")), HW_OK,
     "0a +null 1 ", ""},
    {"a marker without a key", true, VERSIONS("<DeleteMarker><VersionId>1</VersionId></DeleteMarker>"), HW_EPROTOCOL,
     "", "without a key or a size"},
    {"a version without a size", true, VERSIONS("<Version><Key>a</Key></Version>"), HW_EPROTOCOL, "",
     "without a key or a size"},
    {"cut off", true, "<ListVersionsResult>", HW_EPROTOCOL, "", "not XML"},
};

static void pages_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_list_page) page = {0};
        HW_AUTO(hw_buf) entries = {0};
        struct hw_error err = HW_ERROR_INIT;
        const hw_view xml = hw_view_of(rows[i].xml);
        enum hw_status status =
            rows[i].versions ? hw_s3_versions_page_read(xml, &page, &err) : hw_s3_list_page_read(xml, &page, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        for (size_t j = 0; status == HW_OK && j < page.entries_count; j++) {
            const struct hw_s3_entry *entry = &page.entries[j];
            assert_ok(hw_buf_printf(&entries, &err, "%d%s%s %d ", (int)entry->kind, entry->key, entry->version_id,
                                    entry->latest),
                      err);
            assert_row_int(rows[i].name, entry->size, entry->kind == HW_S3_ENTRY_OBJECT ? 5 : 0);
        }
        assert_row_bytes(rows[i].name, entries.data, entries.size, rows[i].entries, strlen(rows[i].entries));
    }
}

static void the_next_page_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_s3_list_page) objects = {0};
    HW_AUTO(hw_s3_list_page) versions = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_list_page_read(HW_VIEW(OBJECTS("<KeyCount>4</KeyCount><IsTruncated>true</IsTruncated>"
                                                   "<NextContinuationToken>t+%2B</NextContinuationToken>"
                                                   "<EncodingType>url</EncodingType>")),
                                   &objects, &err),
              err);
    /* A token is no key, and so is never encoded. */
    assert_string_equal(objects.token, "t+%2B");
    assert_int_equal(objects.told_count, 4);
    assert_ok(hw_s3_versions_page_read(HW_VIEW(VERSIONS("<IsTruncated>true</IsTruncated>"
                                                        "<NextKeyMarker>k+%2B</NextKeyMarker>"
                                                        "<NextVersionIdMarker>v+1</NextVersionIdMarker>"
                                                        "<EncodingType>url</EncodingType>")),
                                       &versions, &err),
              err);
    assert_string_equal(versions.token, "k +");
    assert_string_equal(versions.version_marker, "v+1");
    assert_true(versions.page.truncated);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_read),
        cmocka_unit_test(the_next_page_is_told),
    };
    return cmocka_run_group_tests_name("s3/list_page", tests, NULL, NULL);
}
