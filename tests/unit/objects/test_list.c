/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/memory.h>
#include <hawser/objects.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static const char kinds[] = {
    [HW_LISTED_OBJECT] = 'o', [HW_LISTED_PREFIX] = 'p', [HW_LISTED_DELETED] = 'd', [HW_LISTED_BUCKET] = 'b'};

/* The kind, the path and the name of each entry. */
static enum hw_status listed_note(void *ctx, const struct hw_listed *listed, struct hw_error *err) {
    const hw_view path = hw_view_of(listed->path);
    const hw_view name = hw_view_of(listed->name);
    assert_true(hw_view_ends(path, name));
    assert_int_equal(listed->kind == HW_LISTED_PREFIX, path.data[path.size - 1] == '/' && listed->bytes == 0);
    return hw_buf_printf(ctx, err, "%c:%s|%s%s%s%s ", kinds[listed->kind], listed->path, listed->name,
                         listed->version_id[0] ? "@" : "", listed->version_id, listed->latest ? "!" : "");
}

/* ------ a store of the program's own, whose flat listing is collapsed */

static const char *const keys[] = {"a", "d/1", "d/e/2", "d/e/3", "d-x", "dd/4", "s*r", "z/y"};

static const struct {
    const char *path;
    bool raw;
    enum hw_status want;
    const char *entries;
} levels[] = {
    {"mem://", false, HW_OK,
     "o:mem://a|a o:mem://d-x|d-x p:mem://d/|d/ p:mem://dd/|dd/ o:mem://s*r|s*r p:mem://z/|z/ "},
    {"mem://d/", false, HW_OK, "o:mem://d/1|1 p:mem://d/e/|e/ "},
    {"mem://d", false, HW_OK, "o:mem://d-x|d-x p:mem://d/|d/ p:mem://dd/|dd/ "},
    {"mem://d/e/2", false, HW_OK, "o:mem://d/e/2|2 "},
    {"mem://d*", false, HW_OK,
     "o:mem://d-x|d-x o:mem://d/1|d/1 o:mem://d/e/2|d/e/2 o:mem://d/e/3|d/e/3 o:mem://dd/4|dd/4 "},
    {"mem://d/*3", false, HW_OK, "o:mem://d/e/3|e/3 "},
    {"mem://?", false, HW_OK, "o:mem://a|a "},
    {"mem://s*r", true, HW_OK, "o:mem://s*r|s*r "},
    {"mem://d*", true, HW_ENOTFOUND, ""},
    {"mem://x/", false, HW_ENOTFOUND, ""},
    {"mem://x*", false, HW_ENOTFOUND, ""},
};

static void one_level_is_collapsed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory;
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_ok(hw_memory_store_put(memory, keys[i], "123", 3, &err), err);
    }
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const struct hw_objects_options options = {.raw = levels[i].raw,
                                                   .store = {.stores = &memory, .stores_count = 1}};
        HW_AUTO(hw_buf) entries = {0};
        enum hw_status status = hw_objects_list(levels[i].path, &options, listed_note, &entries, &err);
        assert_row_int(levels[i].path, status, levels[i].want);
        assert_row_bytes(levels[i].path, entries.data, entries.size, levels[i].entries, strlen(levels[i].entries));
    }
    const struct hw_objects_options versions = {.all_versions = true, .store = {.stores = &memory, .stores_count = 1}};
    HW_AUTO(hw_buf) none = {0};
    assert_int_equal(hw_objects_list("mem://", &versions, listed_note, &none, &err), HW_EUSAGE);
    hw_memory_store_free(memory);
}

/* ------ buckets */

#define OBJECT(key) "<Contents><Key>" key "</Key><Size>3</Size><ETag>\"e\"</ETag></Contents>"
#define PREFIX(text) "<CommonPrefixes><Prefix>" text "</Prefix></CommonPrefixes>"
#define PAGE(inside) "<ListBucketResult>" inside "</ListBucketResult>"

static const struct http_reply script[] = {
    {.match = "list-type=2&encoding-type=url&prefix=d%2F&delimiter=%2F ",
     .times = -1,
     .status = 200,
     .body = PAGE(OBJECT("d/") OBJECT("d/1") PREFIX("d/e/"))},
    /* This service does not know delimiters. */
    {.match = "prefix=f%2F&delimiter=%2F ", .times = -1, .status = 200, .body = PAGE(OBJECT("f/1/2") OBJECT("f/1/3"))},
    {.match = "GET /bucket?list-type=2&encoding-type=url&prefix=d ",
     .times = -1,
     .status = 200,
     .body = PAGE(OBJECT("d/1") OBJECT("d/e/2") OBJECT("dx"))},
    {.match = "GET /bucket?versions=&encoding-type=url&prefix=d%2F&delimiter=%2F ",
     .times = -1,
     .status = 200,
     .body = "<ListVersionsResult><Version><Key>d/1</Key><VersionId>v2</VersionId><IsLatest>false</IsLatest>"
             "<Size>1</Size></Version><DeleteMarker><Key>d/1</Key><VersionId>v3</VersionId><IsLatest>true</IsLatest>"
             "</DeleteMarker>" PREFIX("d/e/") "</ListVersionsResult>"},
    {.match = "GET /none?", .times = -1, .status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>"},
    {.match = "GET / ",
     .times = -1,
     .status = 200,
     .body = "<ListAllMyBucketsResult><Buckets><Bucket><Name>one</Name></Bucket></Buckets></ListAllMyBucketsResult>"},
    {.match = "GET /bucket?list-type=2", .times = -1, .status = 200, .body = PAGE("")},
};

static const struct {
    const char *path;
    bool all_versions;
    enum hw_status want;
    const char *entries;
} buckets[] = {
    {NULL, false, HW_OK, "b:s3://one|one "},
    {NULL, true, HW_EUSAGE, ""},
    {"s3://bucket/d/", false, HW_OK, "o:s3://bucket/d/|d/ o:s3://bucket/d/1|1 p:s3://bucket/d/e/|e/ "},
    {"s3://bucket/f/", false, HW_OK, "p:s3://bucket/f/1/|1/ "},
    {"s3://bucket/d*e*", false, HW_OK, "o:s3://bucket/d/e/2|d/e/2 "},
    {"s3://bucket/d/", true, HW_OK, "o:s3://bucket/d/1|1@v2 d:s3://bucket/d/1|1@v3! p:s3://bucket/d/e/|e/ "},
    {"s3://bucket", false, HW_OK, ""},
    {"s3://bucket/x/", false, HW_ENOTFOUND, ""},
    {"s3://none", false, HW_ENOTFOUND, ""},
    {"s3://B", false, HW_EUSAGE, ""},
};

static void buckets_are_listed(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    for (size_t i = 0; i < COUNT_OF(buckets); i++) {
        const char *row = buckets[i].path ? buckets[i].path : "buckets";
        const struct hw_objects_options options = {.all_versions = buckets[i].all_versions,
                                                   .store = {.endpoint_url = http_server_url(server)}};
        HW_AUTO(hw_buf) entries = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(row, hw_objects_list(buckets[i].path, &options, listed_note, &entries, &err), buckets[i].want);
        assert_row_bytes(row, entries.data, entries.size, buckets[i].entries, strlen(buckets[i].entries));
    }
    http_server_stop(server);
}

static void local_paths_are_listed(void **state) {
    (void)state;
    HW_AUTO(hw_buf) entries = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_objects_list("tests/unit/objects/test_list.c", NULL, listed_note, &entries, &err), err);
    assert_ok(hw_objects_list("tests/unit/obj*/test_list.c", NULL, listed_note, &entries, &err), err);
    assert_ok(hw_buf_end_text(&entries, &err), err);
    assert_string_equal((const char *)entries.data, "o:tests/unit/objects/test_list.c|test_list.c "
                                                    "o:tests/unit/objects/test_list.c|objects/test_list.c ");
    hw_buf_clear(&entries);
    assert_ok(hw_objects_list("tests/unit", NULL, listed_note, &entries, &err), err);
    assert_ok(hw_buf_end_text(&entries, &err), err);
    assert_non_null(strstr((const char *)entries.data, "p:tests/unit/objects/|objects/ "));
    assert_int_equal(hw_objects_list("tests/none", NULL, listed_note, &entries, &err), HW_ENOTFOUND);
    assert_int_equal(hw_objects_list("tests/none/", NULL, listed_note, &entries, &err), HW_ENOTFOUND);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_level_is_collapsed),
        cmocka_unit_test(buckets_are_listed),
        cmocka_unit_test(local_paths_are_listed),
    };
    return cmocka_run_group_tests_name("objects/list", tests, environment_set, NULL);
}
