/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "support/scratch.h"

static const struct {
    const char *uri, *scheme, *root, *key;
} good[] = {
    {"s3://bucket/dir/name.csv", "s3", "bucket", "dir/name.csv"},
    {"s3://bucket", "s3", "bucket", ""},
    {"s3://bucket/", "s3", "bucket", ""},
    {"s3://bucket/dir/", "s3", "bucket", "dir/"},
    /* S3 keys are bytes: nothing is tidied */
    {"s3://bucket//a/./b/../c", "s3", "bucket", "/a/./b/../c"},
    {"s3://my.bucket-1/a*?[x].csv", "s3", "my.bucket-1", "a*?[x].csv"},
    {"s3://1.2.3.4a/k", "s3", "1.2.3.4a", "k"},
    {"s3://abc/k", "s3", "abc", "k"},
    {"s3://ab/k", "s3", "ab", "k"}, /* for the client to judge */
    {"s3://a/k", "s3", "a", "k"},
    {"s3://a23456789012345678901234567890123456789012345678901234567890123/k", "s3",
     "a23456789012345678901234567890123456789012345678901234567890123", "k"},
    {"s3://some-alias-abcdefghij-s3alias/k", "s3", "some-alias-abcdefghij-s3alias", "k"},
    {"file:///data/x.csv", "file", "/", "data/x.csv"},
    {"file:///data/a%20b.csv", "file", "/", "data/a%20b.csv"},
    {"file:///", "file", "/", ""},
    {"/data/x.csv", "file", "/", "data/x.csv"},
    {"/data//x/", "file", "/", "data/x/"},
    {"/", "file", "/", ""},
    {"//data", "file", "/", "data"},
    {"dir/x", "file", "", "dir/x"},
    {"./x", "file", "", "x"},
    {".", "file", "", ""},
    {"./", "file", "", ""},
    {"./.", "file", "", ""},
    {"dir/.", "file", "", "dir/"},
    {"dir/./x", "file", "", "dir/x"},
    {".hidden/..x", "file", "", ".hidden/..x"},
    {"..", "file", "", "../"},
    {"../x", "file", "", "../x"},
    {"a/..", "file", "", "a/../"},
    {"/../x", "file", "/", "../x"},
    {"*.csv", "file", "", "*.csv"},
    {"C:\\x.csv", "file", "", "C:\\x.csv"},
    {"a:b", "file", "", "a:b"},
    {"a:/b", "file", "", "a:/b"},
    {"./s3:x", "file", "", "s3:x"},
    {"dir/gs://x", "file", "", "dir/gs:/x"},
    {"1s3://x", "file", "", "1s3:/x"}, /* a scheme begins with a letter */
    {"\xc3\xa9/\xff.csv", "file", "", "\xc3\xa9/\xff.csv"},
};

static const struct {
    const char *uri, *says;
} bad[] = {
    {"", "a store path is empty"},
    {"gs://bucket/x", "unknown scheme \"gs\"; known are s3://, file://"},
    {"S3://bucket/x", "unknown scheme \"S3\", did you mean s3://; known are"},
    {"s3a://bucket/x", "unknown scheme \"s3a\", did you mean s3://; known are"},
    {"fle:///x", "unknown scheme \"fle\", did you mean file://; known are"},
    {"files+x.y-z://x", "unknown scheme \"files+x.y-z\"; known are"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa://x", "unknown scheme"},
    {"s3:/bucket/x", "\"s3:\" wants two slashes, s3://...; a file of that name is ./s3:..."},
    {"s3:x", "\"s3:\" wants two slashes"},
    {"file:/x", "\"file:\" wants two slashes"},
    {"file://host/x", "a file URI names no host and an absolute path, file:///dir/name, but has the host \"host\""},
    {"file://x", "has the host \"x\""},
    {"file://", "has the host \"\""},
    {"s3://", "\"\" is no bucket: a bucket's name has 1 to 63 characters"},
    {"s3:///key", "\"\" is no bucket: a bucket's name has 1 to 63 characters"},
    {"s3://a234567890123456789012345678901234567890123456789012345678901234/k", "has 1 to 63 characters"},
    {"s3://Bucket/k", "\"Bucket\" is no bucket: a bucket's name has lower-case letters, digits, '.' and '-' only"},
    {"s3://my_bucket/k", "lower-case letters, digits"},
    {"s3://my*bucket/k", "lower-case letters, digits"},
    {"s3://b\xc3\xbc"
     "cket/k",
     "lower-case letters, digits"},
    {"s3://a..b/k", "\"a..b\" is no bucket: a bucket's name has no two dots in a row"},
    {"s3://-abc/k", "begins and ends with a letter or digit"},
    {"s3://abc-/k", "begins and ends with a letter or digit"},
    {"s3://.abc/k", "begins and ends with a letter or digit"},
    {"s3://192.168.5.4/k", "\"192.168.5.4\" is no bucket: a bucket's name is not an IP address"},
};

static void locations_are_taken_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_location) location = {0};
        assert_ok(hw_location_parse(good[i].uri, &location, &err), err);
        assert_row_text(good[i].uri, location.scheme->name, good[i].scheme);
        assert_row_text(good[i].uri, location.root, good[i].root);
        assert_row_text(good[i].uri, location.key, good[i].key);
    }
}

static void wrong_locations_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_location location = {.root = NULL};
        assert_row_int(bad[i].uri, hw_location_parse(bad[i].uri, &location, &err), HW_EUSAGE);
        assert_row_says(bad[i].uri, err.message, bad[i].says);
        assert_row_int(bad[i].uri, location.scheme == NULL && location.root == NULL && location.key == NULL, true);
    }
}

static size_t requests_left;

static void *counted_resize(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    if (requests_left == 0) {
        return NULL;
    }
    requests_left--;
    return realloc(block, bytes);
}

static void location_survives_want_of_memory(void **state) {
    (void)state;
    static const struct hw_allocator allocator = {counted_resize, NULL};
    static const char *const uris[] = {"s3://bucket/key", "/data/x.csv"};

    for (size_t i = 0; i < COUNT_OF(uris); i++) {
        enum hw_status status = HW_ENOMEM;
        size_t fails = 0;
        for (size_t allowed = 0; status == HW_ENOMEM && allowed < 10; allowed++) {
            struct hw_location location = {0};
            struct hw_error err = HW_ERROR_INIT;
            requests_left = allowed;
            hw_allocator_set(&allocator);
            status = hw_location_parse(uris[i], &location, &err);
            fails += status == HW_ENOMEM;
            assert_row_int(uris[i], location.root != NULL, status == HW_OK);
            hw_location_release(&location);
            hw_allocator_set(NULL);
        }
        assert_row_int(uris[i], status, HW_OK);
        assert_true(fails >= 2);
    }
}

/* A store that has one object in memory and takes one. */
struct memory_store {
    struct hw_store base;
    struct memory_source source;
    struct memory_sink sink;
    struct hw_sink_options options;
    int closes;
};

static struct memory_store *opened;

static void count_close(struct hw_source *source) {
    (void)source;
    opened->closes++;
}

static enum hw_status memory_open(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                  struct hw_source **out_source, struct hw_error *err) {
    struct memory_store *store = (struct memory_store *)base;
    static struct hw_source_ops ops;
    (void)known;
    if (strcmp(key, "there") != 0) {
        return hw_fail(err, HW_ENOTFOUND, "no such key");
    }
    opened = store;
    ops = *store->source.base.ops;
    ops.close = count_close;
    store->source.base.ops = &ops;
    *out_source = &store->source.base;
    return HW_OK;
}

static enum hw_status memory_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                       struct hw_sink **out_sink, struct hw_error *err) {
    struct memory_store *store = (struct memory_store *)base;
    if (strcmp(key, "there") != 0) {
        return hw_fail(err, HW_EIO, "no such folder");
    }
    store->options = *options;
    *out_sink = &store->sink.base;
    return HW_OK;
}

static const struct hw_store_ops memory_ops = {.source_open = memory_open, .sink_open = memory_sink_open};

static void read_all_takes_up_to_the_limit(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
        hw_view bytes;
        size_t limit;
        int fail_on_read;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"all of it", "there", HW_VIEW_INIT("abc"), 3, 0, HW_OK, ""},
        {"empty", "there", HW_VIEW_INIT(""), 0, 0, HW_OK, ""},
        {"beyond the limit", "there", HW_VIEW_INIT("abc"), 2, 0, HW_ELIMIT,
         "3 bytes are more than the 2 that are read at once"},
        {"not there", "gone", HW_VIEW_INIT("abc"), 3, 0, HW_ENOTFOUND, "no such key"},
        {"read fails", "there", HW_VIEW_INIT("abc"), 3, 1, HW_EIO, "injected"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_store store = {.base = {.ops = &memory_ops},
                                     .source = memory_source(rows[i].bytes, rows[i].fail_on_read)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {.limit = 77};
        assert_int_equal(hw_buf_append_text(&out, "old", &err), HW_OK);
        hw_view want = rows[i].want == HW_OK ? rows[i].bytes : HW_VIEW("old");

        assert_row_int(rows[i].name, hw_store_read_all(&store.base, rows[i].key, rows[i].limit, &out, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_bytes(rows[i].name, out.data, out.size, want.data, want.size);
        assert_row_int(rows[i].name, out.limit, 77);
        assert_row_int(rows[i].name, store.closes, rows[i].want != HW_ENOTFOUND);
    }
}

static void write_all_publishes_or_aborts(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
        int fail_on_write;
        enum hw_status want;
        bool finished;
    } rows[] = {
        {"published", "there", 0, HW_OK, true},
        {"write fails", "there", 1, HW_EIO, false},
        {"cannot open", "gone", 0, HW_EIO, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_store store = {.base = {.ops = &memory_ops}, .sink = memory_sink(rows[i].fail_on_write)};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_store_write_all(&store.base, rows[i].key, "text/plain", "abc", 3, &err),
                       rows[i].want);
        assert_row_int(rows[i].name, store.sink.finished, rows[i].finished);
        assert_row_int(rows[i].name, store.sink.freed, strcmp(rows[i].key, "there") == 0);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, store.sink.bytes.data, store.sink.bytes.size, "abc", 3);
            assert_row_text(rows[i].name, store.options.content_type, "text/plain");
            assert_row_int(rows[i].name, store.options.size_hint, 3);
        }
        hw_buf_release(&store.sink.bytes);
    }
}

static void write_path_puts_one_object_in_place(void **state) {
    (void)state;
    static const struct {
        const char *name, *path; /* below the scratch folder, unless a scheme stands before it */
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"replaced", "old.json", HW_OK, ""},
        {"in a folder that is not there", "new/dir/x.json", HW_OK, ""},
        {"a folder", "new/dir/", HW_EUSAGE, "this is a folder, but it is one object that is to be written"},
        {"below a file", "old.json/x", HW_EIO, "ot a directory"},
        {"a bucket", "s3://bucket/", HW_EUSAGE, "this is a folder"},
        {"no scheme of ours", "ftp://x/y", HW_EUSAGE, "unknown scheme \"ftp\""},
    };
    struct scratch scratch = scratch_make();
    const struct hw_store_options options = {0};
    scratch_write(&scratch, "old.json", "old", 3);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        bool local = !strstr(rows[i].path, "://");
        const char *path = local ? scratch_path(&scratch, rows[i].path) : rows[i].path;
        assert_row_int(rows[i].name,
                       hw_store_write_path(path, &options, "application/json", HW_VIEW("{\"a\": 1}\n"), &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].want ? path : "");
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, rows[i].path, "{\"a\": 1}\n", 9), true);
        }
    }
    assert_string_equal(scratch_names(&scratch), "new/ new/dir/ new/dir/x.json old.json ");
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locations_are_taken_apart),        cmocka_unit_test(wrong_locations_are_named),
        cmocka_unit_test(location_survives_want_of_memory), cmocka_unit_test(read_all_takes_up_to_the_limit),
        cmocka_unit_test(write_all_publishes_or_aborts),    cmocka_unit_test(write_path_puts_one_object_in_place),
    };
    return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
