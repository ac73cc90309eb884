/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/transfer.h>

#include <stdio.h>
#include <unistd.h>

#include "support/s3_fixture.h"
#include "unit/transfer/copy_desk.h"
#include "unit/transfer/listed_store.h"

#define ALL "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 x:3 "

/* Removes; `@` at the beginning of a path stands for the scratch folder. */
static enum hw_status desk_remove(struct desk *desk, const char *const *given, size_t count) {
    char texts[2][600];
    const char *paths[2] = {texts[0], texts[1]};
    for (size_t i = 0; i < count; i++) {
        const bool there = given[i][0] == '@';
        snprintf(texts[i], sizeof(texts[i]), "%s%s", there ? desk->scratch.folder : "", given[i] + there);
    }
    desk->error = (struct hw_error)HW_ERROR_INIT;
    desk->result.objects = 99;
    return hw_remove(paths, count, &desk->options, &desk->result, &desk->error);
}

static const struct {
    const char *name;
    const char *paths[2];
    enum hw_status want;
    const char *left;  /* of mem:// */
    const char *files; /* in the folder */
    const char *says;
} rows[] = {
    {"one", {"mem://x"}, HW_OK, "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 ", NULL, "mem://x done 3\n"},
    {"a prefix", {"mem://in/"}, HW_OK, "other/a:5 x:3 ", NULL, "mem://in/b/c done 33\n"},
    {"no prefix of a name",
     {"mem://in"},
     HW_ENOTFOUND,
     ALL,
     NULL,
     "mem://in failed 0: there is no object of this name"},
    {"a wildcard", {"mem://*/a"}, HW_OK, "in/b/c:33 in/empty:0 in/m/:0 x:3 ", NULL, "mem://other/a done 5\n"},
    {"several", {"mem://x", "mem://other/"}, HW_OK, "in/a:1 in/b/c:33 in/empty:0 in/m/:0 ", NULL, ""},
    {"not there", {"mem://q"}, HW_ENOTFOUND, ALL, NULL, "mem://q failed 0: "},
    {"nothing below", {"mem://q/"}, HW_ENOTFOUND, ALL, NULL, "mem://q/ failed 0: there is no object below"},
    {"nothing matches", {"mem://q*"}, HW_ENOTFOUND, ALL, NULL, "mem://q* failed 0: nothing matches"},
    {"one of two",
     {"mem://q", "mem://x"},
     HW_EPARTIAL,
     "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 ",
     NULL,
     "x done"},
    {"no folder",
     {"@q/", "mem://x"},
     HW_EPARTIAL,
     "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 ",
     NULL,
     "there is no such folder"},
    {"no store", {"no://x", "mem://x"}, HW_EUSAGE, ALL, NULL, "unknown scheme"},
    {"no store, after what is removed",
     {"mem://x", "no://x"},
     HW_EUSAGE,
     "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 ",
     NULL,
     "unknown scheme"},
    {"a path twice",
     {"mem://x", "mem://x"},
     HW_OK,
     "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 ",
     NULL,
     "mem://x done 3\n"},
    {"a listing that breaks off", {"listed://"}, HW_EPARTIAL, ALL, NULL, "listed:// failed 0: the listing breaks off"},

    {"a file", {"@d/f"}, HW_OK, ALL, "d/ d/b/ d/b/g d/file d/link out/ out/secret ", NULL},
    {"a folder", {"@d"}, HW_EPARTIAL, ALL, "d/ d/link out/ out/secret ", "d/link/secret failed 6: a link stands"},
    {"a link to a file", {"@d/file"}, HW_OK, ALL, "d/ d/b/ d/b/g d/f d/link out/ out/secret ", NULL},
    {"a folder that a link leads to", {"@d/link/"}, HW_OK, ALL, "d/ d/b/ d/b/g d/f d/file d/link out/ ", NULL},
    {"a file behind a link", {"@d/link/secret"}, HW_OK, ALL, "d/ d/b/ d/b/g d/f d/file d/link out/ ", NULL},
    {"a wildcard that reaches behind a link",
     {"@d/l*"},
     HW_EUSAGE,
     ALL,
     "d/ d/b/ d/b/g d/f d/file d/link out/ out/secret ",
     "d/link/secret failed 6: a link stands"},
};

static const struct listed_object listed[] = {{"a", 1, 1}, {"b", 1, 1}, {"c", 1, 1}};

static void objects_are_removed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct listed_store store;
        desk_open(&desk);
        listed_store_init(&store, "listed://", listed, COUNT_OF(listed));
        store.fails_at = 3;
        desk.stores[2] = &store.base;
        scratch_write(&desk.scratch, "out/secret", "secret", 6);
        scratch_write(&desk.scratch, "d/f", "f", 1);
        scratch_write(&desk.scratch, "d/b/g", "g", 1);
        assert_int_equal(symlink("../out", scratch_path(&desk.scratch, "d/link")), 0);
        assert_int_equal(symlink("f", scratch_path(&desk.scratch, "d/file")), 0);
        const enum hw_status status = desk_remove(&desk, rows[i].paths, rows[i].paths[1] ? 2 : 1);
        if (rows[i].says && !strstr(desk_told(&desk), rows[i].says)) {
            assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        }
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_text(rows[i].name, desk_keys(desk.stores[0]), rows[i].left);
        if (rows[i].files) {
            assert_row_text(rows[i].name, scratch_names(&desk.scratch), rows[i].files);
        }
        /* What was listed before the listing broke off was meant. */
        assert_row_text(rows[i].name, listed_removed(&store), rows[i].paths[0][0] == 'l' ? "a b " : "");
        const struct hw_transfer_result *result = &desk.result;
        assert_row_int(rows[i].name, result->done + result->failed + result->not_tried, result->objects);
        assert_row_int(rows[i].name, desk.tells, result->objects - result->not_tried);
        listed_store_release(&store);
        desk_close(&desk);
    }
}

static void options_choose(void **state) {
    (void)state;
    static const char *const include[] = {"*c", "a"};
    static const char *const exclude[] = {"a"};
    static const char *const prefix = "mem://in/";
    struct desk desk;
    desk_open(&desk);
    desk.options.dry_run = true;
    assert_ok(desk_remove(&desk, &prefix, 1), desk.error);
    assert_string_equal(desk_keys(desk.stores[0]), ALL);
    assert_int_equal(desk.result.done, 4);
    assert_int_equal(desk.result.bytes, 0);
    assert_row_says("told", desk_told(&desk), "mem://in/b/c planned 33\n");
    desk.options.dry_run = false;
    desk.options.include = include;
    desk.options.include_count = 2;
    desk.options.exclude = exclude;
    desk.options.exclude_count = 1;
    assert_ok(desk_remove(&desk, &prefix, 1), desk.error);
    assert_string_equal(desk_keys(desk.stores[0]), "in/a:1 in/empty:0 in/m/:0 other/a:5 x:3 ");
    desk.options.include_count = desk.options.exclude_count = 0;
    desk.options.raw = true;
    desk_put(desk.stores[0], "in/*", "star");
    static const char *const star = "mem://in/*";
    assert_ok(desk_remove(&desk, &star, 1), desk.error);
    assert_string_equal(desk_keys(desk.stores[0]), "in/a:1 in/empty:0 in/m/:0 other/a:5 x:3 ");
    desk_close(&desk);
}

static void a_stop_ends_the_run(void **state) {
    (void)state;
    static const char *const prefixes[] = {"mem://in/", "mem://other/"};
    struct desk desk;
    desk_open(&desk);
    desk.cancel_after = 1;
    assert_int_equal(desk_remove(&desk, prefixes, 2), HW_ECANCELLED);
    assert_row_says("left", desk_keys(desk.stores[0]), "in/b/c:33 in/empty:0 in/m/:0 ");
    desk_close(&desk);
}

/* Objects of a bucket that are named one by one go with one request, what another path has too. */
static void arguments_share_a_request(void **state) {
    (void)state;
    static const char *const paths[] = {"s3://bucket/a", "s3://bucket/p/", "s3://other/a", "s3://bucket/b"};
    const struct http_reply replies[] = {
        {.match = "HEAD ", .status = 200, .times = -1, .headers = "ETag: \"e\"\r\nContent-Length: 5\r\n"},
        {.match = "GET /bucket?",
         .status = 200,
         .body = "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/1</Key><Size>3</Size>"
                 "<ETag>\"e\"</ETag></Contents></ListBucketResult>"},
        {.match = "POST /other?",
         .status = 200,
         .body = "<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>"},
        {.match = "POST /bucket?",
         .status = 200,
         .times = -1,
         .body = "<DeleteResult><Deleted><Key>a</Key></Deleted><Deleted><Key>p/1</Key></Deleted>"
                 "<Deleted><Key>b</Key></Deleted></DeleteResult>"},
    };
    struct desk desk;
    desk_open(&desk);
    struct http_server *server = http_server_start(replies, COUNT_OF(replies));
    desk.options.target_store = (struct hw_store_options){.endpoint_url = http_server_url(server)};
    assert_ok(hw_remove(paths, COUNT_OF(paths), &desk.options, &desk.result, &desk.error), desk.error);
    assert_int_equal(desk.result.done, 4);
    assert_row_says("told", desk_told(&desk), "s3://bucket/p/1 done 3\n");
    /* The other bucket stands between. */
    assert_int_equal(http_server_count(server, "POST /bucket?"), 2);
    assert_int_equal(http_server_count(server, "POST /other?"), 1);
    http_server_stop(server);
    desk_close(&desk);
}

static void no_path_is_a_fault(void **state) {
    (void)state;
    static const char *const path = "mem://x";
    struct desk desk;
    desk_open(&desk);
    assert_int_equal(desk_remove(&desk, NULL, 0), HW_EUSAGE);
    assert_row_says("none", desk.error.message, "a path is missing");
    /* The result is filled in on failure too. */
    assert_int_equal(desk.result.objects, 0);
    desk.options.size = 3;
    assert_int_equal(desk_remove(&desk, &path, 1), HW_EUSAGE);
    assert_int_equal(desk.result.objects, 0);
    assert_int_equal(hw_remove(&path, 1, &desk.options, NULL, NULL), HW_EUSAGE);
    assert_int_equal(hw_remove(&path, 1, NULL, NULL, NULL), HW_EUSAGE);
    assert_string_equal(desk_keys(desk.stores[0]), ALL);
    desk_close(&desk);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_removed), cmocka_unit_test(options_choose),
        cmocka_unit_test(a_stop_ends_the_run), cmocka_unit_test(arguments_share_a_request),
        cmocka_unit_test(no_path_is_a_fault),
    };
    return cmocka_run_group_tests_name("transfer/remove", tests, environment_set, NULL);
}
