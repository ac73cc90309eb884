/* SPDX-License-Identifier: Apache-2.0 */
#include "store/location.h"

#include <stdlib.h>

#include "core/alloc.h"
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
    {"s3://bkt--use1-az4--x-s3/a/b", "s3", "bkt--use1-az4--x-s3", "a/b"},
    /* The AWS CLI takes these apart in the same way (customizations/s3/utils.py). */
    {"s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name/a/b c", "s3",
     "arn:aws:s3:us-west-2:123456789012:accesspoint/name", "a/b c"},
    {"s3://arn:aws:s3:us-west-2:123456789012:accesspoint:name/a:b", "s3",
     "arn:aws:s3:us-west-2:123456789012:accesspoint:name", "a:b"},
    {"s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name", "s3",
     "arn:aws:s3:us-west-2:123456789012:accesspoint/name", ""},
    {"s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name//k/", "s3",
     "arn:aws:s3:us-west-2:123456789012:accesspoint/name", "/k/"},
    {"s3://arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/k", "s3",
     "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", "k"},
    {"s3://arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/name/k*", "s3",
     "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/name", "k*"},
    {"s3://arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01/accesspoint/name/k", "s3",
     "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01/accesspoint/name", "k"},
    {"s3://arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01:accesspoint:name/k", "s3",
     "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01:accesspoint:name", "k"},
    {"https://h/d/a.csv?t=1", "https", "https://", "h/d/a.csv?t=1"},
    {"http://h:80/a%20b.csv", "http", "http://", "h:80/a%20b.csv"},
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
    {"https:/h/x", "\"https:\" wants two slashes"},
    {"https://h/x/", "this is a folder"},
    {"https://u:p@h/x", "a user and a password"},
    {"HTTPS://h/x", "unknown scheme \"HTTPS\""},
    {"file://host/x",
     "a file URI has no host and an absolute path, file:///folder/name, but this one has the host \"host\""},
    {"file://x", "has the host \"x\""},
    {"file://", "has the host \"\""},
    {"s3://arn:aws:s3:us-west-2:1/k", "\"arn:aws:s3:us-west-2:1/k\" is not the ARN of an access point and a key"},
    {"s3://arn:aws:s3:us-west-2:1:accesspoint", "is not the ARN of an access point"},
    {"s3://arn:aws:s3:us-west-2:1:accesspoint//k", "is not the ARN of an access point"},
    {"s3://arn:aws:s3:us-west-2:1:accesspoint:name:k", "is not the ARN of an access point"},
    {"s3://", "\"\" is not a bucket: the name of a bucket has 1 to 63 characters"},
    {"s3:///key", "\"\" is not a bucket: the name of a bucket has 1 to 63 characters"},
    {"s3://a234567890123456789012345678901234567890123456789012345678901234/k", "has 1 to 63 characters"},
    {"s3://Bucket/k",
     "\"Bucket\" is not a bucket: the name of a bucket has lower-case letters, digits, '.' and '-' only"},
    {"s3://my_bucket/k", "lower-case letters, digits"},
    {"s3://my*bucket/k", "lower-case letters, digits"},
    {"s3://b\xc3\xbc"
     "cket/k",
     "lower-case letters, digits"},
    {"s3://a..b/k", "\"a..b\" is not a bucket: the name of a bucket has no two dots in a row"},
    {"s3://-abc/k", "begins and ends with a letter or digit"},
    {"s3://abc-/k", "begins and ends with a letter or digit"},
    {"s3://.abc/k", "begins and ends with a letter or digit"},
    {"s3://192.168.5.4/k", "\"192.168.5.4\" is not a bucket: the name of a bucket is not an IP address"},
};

static void locations_are_taken_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_location) location = {0};
        assert_ok(hw_location_parse(good[i].uri, NULL, &location, &err), err);
        assert_row_int(good[i].uri, hw_location_is_file(&location), strcmp(good[i].scheme, "file") == 0);
        assert_row_int(good[i].uri, hw_path_is_file(good[i].uri), strcmp(good[i].scheme, "file") == 0);
        assert_row_text(good[i].uri, location.root, good[i].root);
        assert_row_text(good[i].uri, location.key, good[i].key);
    }
}

static void wrong_locations_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_location location = {.root = NULL};
        assert_row_int(bad[i].uri, hw_location_parse(bad[i].uri, NULL, &location, &err), HW_EUSAGE);
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
            status = hw_location_parse(uris[i], NULL, &location, &err);
            fails += status == HW_ENOMEM;
            assert_row_int(uris[i], location.root != NULL, status == HW_OK);
            hw_location_release(&location);
            hw_allocator_set(NULL);
        }
        assert_row_int(uris[i], status, HW_OK);
        assert_true(fails >= 2);
    }
}

/* ------ stores of the program's own */

static void own_stores_are_found_by_their_root(void **state) {
    (void)state;
    static const struct {
        const char *name, *path, *roots[2];
        int store; /* -1: none of them */
        const char *key;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"the first", "mem://in/a.csv", {"mem://", "gcs://"}, 0, "in/a.csv", HW_OK, ""},
        {"the second", "gcs://b", {"mem://", "gcs://"}, 1, "b", HW_OK, ""},
        {"nothing behind the root", "mem://", {"mem://", "gcs://"}, 0, "", HW_OK, ""},
        {"keys are not tidied", "mem://a//./b", {"mem://", "gcs://"}, 0, "a//./b", HW_OK, ""},
        {"a file", "mem/x", {"mem://", "gcs://"}, -1, "mem/x", HW_OK, ""},
        {"S3", "s3://mem/x", {"mem://", "gcs://"}, -1, "x", HW_OK, ""},
        {"none of them",
         "men://x",
         {"mem://", "gcs://"},
         -1,
         "",
         HW_EUSAGE,
         "unknown scheme \"men\"; known are s3://, file://, https://, http://, mem://, gcs://"},
        {"a root without slashes",
         "mem:x",
         {"mem:", "gcs://"},
         -1,
         "",
         HW_EUSAGE,
         "\"mem:\" is not the root of a program's own store"},
        {"a root with more than a name",
         "mem://x/y",
         {"mem://x/", "gcs://"},
         -1,
         "",
         HW_EUSAGE,
         "\"mem://x/\" is not the root"},
        {"the root of another store", "x", {"s3://", "gcs://"}, -1, "", HW_EUSAGE, "\"s3://\" is not the root"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store stores[2] = {{.root = rows[i].roots[0]}, {.root = rows[i].roots[1]}};
        struct hw_store *list[2] = {&stores[0], &stores[1]};
        const struct hw_store_options options = {.stores = list, .stores_count = 2};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_location) location = {0};
        struct hw_store *opened = NULL;
        assert_row_int(rows[i].name, hw_location_parse(rows[i].path, &options, &location, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want != HW_OK) {
            continue;
        }
        assert_row_text(rows[i].name, location.key, rows[i].key);
        assert_row_int(rows[i].name, location.own == (rows[i].store < 0 ? NULL : list[rows[i].store]), true);
        assert_row_int(rows[i].name, hw_path_is_file(rows[i].path), strstr(rows[i].path, "://") == NULL);
        if (location.own) {
            assert_row_int(rows[i].name, hw_store_open(&location, &options, &opened, &err), HW_OK);
            assert_row_int(rows[i].name, opened == location.own, true);
        }
    }
}

/* Publishes an object at a path. */
static enum hw_status object_write(const char *path, const struct hw_store_options *options, struct hw_error *err) {
    struct hw_store *store;
    struct hw_sink *sink;
    HW_TRY(hw_store_sink_at(path, options, "application/json", &store, &sink, err));
    enum hw_status status = sink->ops->write(sink, "{\"a\": 1}\n", 9, err);
    status = status == HW_OK ? sink->ops->finish(sink, err) : status;
    sink->ops->free(sink);
    hw_store_close(store);
    return status;
}

static void a_sink_at_a_path_puts_one_object_in_place(void **state) {
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
        assert_row_int(rows[i].name, object_write(path, &options, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].want ? path : "");
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, rows[i].path, "{\"a\": 1}\n", 9), true);
        }
    }
    assert_string_equal(scratch_names(&scratch), "new/ new/dir/ new/dir/x.json old.json ");
    scratch_remove(&scratch);
}

static void an_object_is_read_by_its_path(void **state) {
    (void)state;
    static const struct {
        const char *name, *path; /* below the scratch folder, unless a scheme stands before it */
        size_t limit;
        enum hw_status want;
    } rows[] = {
        {"whole", "a.json", 3, HW_OK},
        {"longer than it may be", "a.json", 2, HW_ELIMIT},
        {"not there", "b.json", 3, HW_ENOTFOUND},
        {"no scheme of ours", "ftp://x/y", 3, HW_EUSAGE},
    };
    struct scratch scratch = scratch_make();
    const struct hw_store_options options = {0};
    scratch_write(&scratch, "a.json", "old", 3);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        const char *path = strstr(rows[i].path, "://") ? rows[i].path : scratch_path(&scratch, rows[i].path);
        assert_row_int(rows[i].name, hw_store_read_at(path, &options, rows[i].limit, &out, &err), rows[i].want);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, out.data, out.size, "old", 3);
        }
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locations_are_taken_apart),
        cmocka_unit_test(wrong_locations_are_named),
        cmocka_unit_test(location_survives_want_of_memory),
        cmocka_unit_test(own_stores_are_found_by_their_root),
        cmocka_unit_test(a_sink_at_a_path_puts_one_object_in_place),
        cmocka_unit_test(an_object_is_read_by_its_path),
    };
    return cmocka_run_group_tests_name("store/location", tests, NULL, NULL);
}
