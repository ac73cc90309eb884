/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/transfer.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "unit/transfer/copy_desk.h"
#include "unit/transfer/listed_store.h"

#define ALL "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 x:3 "

/* Makes one side like the other; `@` at the beginning of a path stands for the scratch folder. */
static enum hw_status desk_sync(struct desk *desk, const char *source, const char *destination,
                                struct hw_sync_options options) {
    char paths[2][600];
    snprintf(paths[0], sizeof(paths[0]), "%s%s", source[0] == '@' ? desk->scratch.folder : "",
             source + (source[0] == '@'));
    snprintf(paths[1], sizeof(paths[1]), "%s%s", destination[0] == '@' ? desk->scratch.folder : "",
             destination + (destination[0] == '@'));
    options.size = sizeof(options);
    options.transfer = desk->options;
    desk->error = (struct hw_error)HW_ERROR_INIT;
    desk->result.objects = 99;
    return hw_sync(paths[0], paths[1], &options, &desk->result, &desk->error);
}

/* What was told, and the failure of the run behind it. */
static const char *all_told(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_printf(&desk->told, &err, "%s", desk->error.message), err);
    return (const char *)desk->told.data;
}

static void sums_check(const char *row, const struct desk *desk) {
    const struct hw_transfer_result *result = &desk->result;
    assert_row_int(row, result->done + result->skipped + result->failed + result->not_tried, result->objects);
    assert_row_int(row, desk->tells, result->objects - result->not_tried);
}

/* ------ what is copied */

static void what_is_missing_is_copied(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source, *destination;
        const char *there; /* an object of the destination that has another size; NULL: none */
        enum hw_status want;
        const char *after; /* the keys of to://, or the names in the folder */
        const char *says;
    } rows[] = {
        {"all", "mem://in/", "to://d/", NULL, HW_OK, "d/a:1 d/b/c:33 d/empty:0 d/m/:0 ", "cp mem://in/a -> to://d/a"},
        {"to all of a store", "mem://in", "to://", NULL, HW_OK, "a:1 b/c:33 empty:0 m/:0 ", ""},
        {"without the last '/'", "mem://in", "to://d", NULL, HW_OK, "d/a:1 d/b/c:33 d/empty:0 d/m/:0 ", ""},
        {"another size", "mem://in/", "to://d", "d/a", HW_OK, "d/a:1 d/b/c:33 d/empty:0 d/m/:0 ", "to://d/a done 1"},
        {"behind all", "mem://in/", "to://", "z", HW_OK, "a:1 b/c:33 empty:0 m/:0 z:3 ", ""},
        {"a wildcard", "mem://in/*c", "to://d", "d/a", HW_OK, "d/a:3 d/b/c:33 ", ""},
        {"to a folder that is not there", "mem://in/", "@d", NULL, HW_OK, "d/ d/a d/b/ d/b/c d/empty ", "m/ skipped 0"},
        {"from a folder that is empty", "@empty/", "to://", "z", HW_OK, "z:3 ", ""},
        {"nothing below", "mem://q/", "to://", NULL, HW_ENOTFOUND, "", "no object below this prefix: nothing is done"},
        {"nothing matches", "mem://q*", "to://", NULL, HW_ENOTFOUND, "", "nothing is done"},
        {"no folder", "@q/", "to://", NULL, HW_ENOTFOUND, "", "there is no such folder"},
        {"a store that nobody knows", "no://q/", "to://", NULL, HW_EUSAGE, "", "unknown scheme"},
        {"to a store that nobody knows", "mem://in/", "no://q/", NULL, HW_EUSAGE, "", "unknown scheme"},
        {"to what is only read", "mem://in/", "http://127.0.0.1:1/q", NULL, HW_EUSAGE, "", "only read"},
        {"one object of the web", "http://127.0.0.1:1/q", "to://", NULL, HW_EUSAGE, "", "is one object: sync is for"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        assert_int_equal(mkdir(scratch_path(&desk.scratch, "empty"), 0777), 0);
        if (rows[i].there) {
            desk_put(desk.stores[1], rows[i].there, "old");
        }
        const enum hw_status status =
            desk_sync(&desk, rows[i].source, rows[i].destination, (struct hw_sync_options){0});
        assert_int_equal(rmdir(scratch_path(&desk.scratch, "empty")), 0);
        assert_row_says(rows[i].name, all_told(&desk), rows[i].says);
        assert_row_int(rows[i].name, status, rows[i].want);
        const bool files = rows[i].destination[0] == '@';
        assert_row_text(rows[i].name, files ? scratch_names(&desk.scratch) : desk_keys(desk.stores[1]), rows[i].after);
        assert_row_text(rows[i].name, desk_keys(desk.stores[0]), ALL);
        sums_check(rows[i].name, &desk);
        desk_close(&desk);
    }
}

static void options_are_looked_at(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk.options.move = true;
    assert_int_equal(desk_sync(&desk, "mem://in/", "to://", (struct hw_sync_options){0}), HW_EUSAGE);
    assert_row_says("move", desk.error.message, "transfer.move is not for hw_sync");
    desk.options.move = false;
    desk.options.delta = true;
    assert_int_equal(desk_sync(&desk, "mem://in/", "to://", (struct hw_sync_options){0}), HW_EUSAGE);
    assert_row_says("delta", desk.error.message, "delta is for destinations on S3");
    /* The result is filled in on failure too. */
    assert_int_equal(desk.result.objects, 0);
    const struct hw_sync_options small = {.size = 3};
    desk.result.objects = 99;
    assert_int_equal(hw_sync("mem://in/", "to://", &small, &desk.result, &desk.error), HW_EUSAGE);
    assert_int_equal(desk.result.objects, 0);
    assert_int_equal(hw_sync("mem://in/", "to://", &small, NULL, NULL), HW_EUSAGE);
    assert_int_equal(hw_sync("mem://in/", "to://", NULL, NULL, &desk.error), HW_EUSAGE);
    desk_close(&desk);
}

static void time_set(const struct desk *desk, const char *name, int64_t seconds, long ms) {
    const struct timespec time = {seconds, ms * 1000 * 1000};
    const struct timespec times[2] = {time, time};
    assert_int_equal(utimensat(AT_FDCWD, scratch_path(&desk->scratch, name), times, 0), 0);
}

static void times_decide_between_equal_sizes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t source_s, there_s; /* seconds after 2020 */
        const char *source, *there;
        bool size_only, by_content;
        bool copied;
        const char *says;
    } rows[] = {
        {"newer", 11, 10, "new", "old", false, false, true, "done 3"},
        {"as new", 10, 10, "new", "old", false, false, false, "skipped 3"},
        {"older", 9, 10, "new", "old", false, false, false, "skipped 3"},
        {"older, another size", 9, 10, "newer", "old", false, false, true, "done 5"},
        {"in the future", INT64_C(3000000000), 10, "new", "old", false, false, true, "done 3"},
        {"what is there is of the future", 10, INT64_C(3000000000), "new", "old", false, false, false, "skipped"},
        {"newer, by size", 11, 10, "new", "old", true, false, false, "skipped 3"},
        {"another size, by size", 9, 10, "newer", "old", true, false, true, "done 5"},
        {"older, by bytes", 9, 10, "new", "old", false, true, true, "done 3"},
        {"newer with the same bytes", 11, 10, "old", "old", false, true, false, "skipped 3"},
        {"empty, by bytes", 11, 10, "", "", false, true, false, "skipped 0"},
        {"both, by size and bytes", 9, 10, "new", "old", true, true, true, "done 3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        scratch_write(&desk.scratch, "s/f", rows[i].source, strlen(rows[i].source));
        scratch_write(&desk.scratch, "d/f", rows[i].there, strlen(rows[i].there));
        time_set(&desk, "s/f", 1577836800 + rows[i].source_s, 0);
        time_set(&desk, "d/f", 1577836800 + rows[i].there_s, 0);
        const struct hw_sync_options options = {.size_only = rows[i].size_only, .by_content = rows[i].by_content};
        assert_ok(desk_sync(&desk, "@s", "@d/", options), desk.error);
        assert_row_says(rows[i].name, desk_told(&desk), rows[i].says);
        const char *want = rows[i].copied ? rows[i].source : rows[i].there;
        assert_row_int(rows[i].name, scratch_holds(&desk.scratch, "d/f", want, strlen(want)), true);
        sums_check(rows[i].name, &desk);
        /* A second run has nothing to do, but for times that are still to come. */
        if (rows[i].copied && rows[i].source_s < 1000) {
            assert_ok(desk_sync(&desk, "@s", "@d/", options), desk.error);
            assert_row_int(rows[i].name, desk.result.done, 0);
            assert_row_int(rows[i].name, desk.result.skipped, 1);
        }
        desk_close(&desk);
    }
}

/* S3 keeps whole seconds: within one of them the bytes tell whether the source was changed. */
static void bytes_decide_within_a_second(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t later_s;
        long source_ms, there_ms;
        const char *source;
        const char *says;
    } rows[] = {
        {"the same bytes", 0, 900, 0, "old", "skipped 3"},
        {"other bytes", 0, 900, 0, "new", "done 3"},
        {"a second later", 1, 0, 0, "old", "done 3"},
        {"what is there has a part of a second too", 0, 900, 1, "old", "done 3"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        scratch_write(&desk.scratch, "s/f", rows[i].source, strlen(rows[i].source));
        scratch_write(&desk.scratch, "d/f", "old", 3);
        time_set(&desk, "s/f", 1577836800 + rows[i].later_s, rows[i].source_ms);
        time_set(&desk, "d/f", 1577836800, rows[i].there_ms);
        assert_ok(desk_sync(&desk, "@s", "@d/", (struct hw_sync_options){0}), desk.error);
        assert_row_says(rows[i].name, desk_told(&desk), rows[i].says);
        desk_close(&desk);
    }
}

/* Puts a written listing in the place of to://, or of mem://. */
static void desk_listed(struct desk *desk, int side, struct listed_store *store, const struct listed_object *objects,
                        size_t count) {
    listed_store_init(store, side == 0 ? "mem://" : "to://", objects, count);
    hw_memory_store_free(desk->stores[side]);
    desk->stores[side] = &store->base;
}

static void desk_listed_drop(struct desk *desk, int side, struct listed_store *store) {
    desk->stores[side] = NULL;
    listed_store_release(store);
}

/* Nothing says that what is there is as new as an object without a time. */
static void an_object_without_a_time_is_copied(void **state) {
    (void)state;
    static const struct listed_object objects[] = {{"a", 1, 0}};
    struct desk desk;
    struct listed_store store;
    desk_open(&desk);
    desk_listed(&desk, 0, &store, objects, COUNT_OF(objects));
    desk_put(desk.stores[1], "a", "1");
    assert_ok(desk_sync(&desk, "mem://", "to://", (struct hw_sync_options){0}), desk.error);
    assert_int_equal(desk.result.done, 1);
    assert_ok(desk_sync(&desk, "mem://", "to://", (struct hw_sync_options){.size_only = true}), desk.error);
    assert_int_equal(desk.result.done, 0);
    desk_listed_drop(&desk, 0, &store);
    desk_close(&desk);
}

static void names_that_cannot_be_together_fail(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk_put(desk.stores[0], "e/A", "upper");
    desk_put(desk.stores[0], "e/a", "lower");
    desk_put(desk.stores[0], "e/f", "file");
    desk_put(desk.stores[0], "e/f/g", "below a file");
    desk_put(desk.stores[0], "e/../up", "bytes");
    desk_put(desk.stores[0], "e/folder/", "not empty");
    scratch_write(&desk.scratch, "d/extra", "x", 1);
    const struct hw_sync_options options = {.remove_extra = true};
    assert_int_equal(desk_sync(&desk, "mem://e/", "@d", options), HW_EPARTIAL);
    assert_string_equal(scratch_names(&desk.scratch), "d/ d/A d/a d/extra d/f ");
    assert_int_equal(desk.result.failed, 3);
    assert_row_says("told", all_told(&desk), "needs a folder where \"f\" is a file");
    assert_row_says("told", desk_told(&desk), "1 object not removed, because copies have failed");
    desk_close(&desk);
}

/* ------ what is removed */

static const struct {
    const char *name;
    const char *source;
    struct hw_sync_options options;
    bool include_csv, exclude_keep, dry_run;
    enum hw_status want;
    const char *after; /* the keys of to:// */
    const char *says;
} removals[] = {
    {"not asked for",
     "mem://in/",
     {0},
     false,
     false,
     false,
     HW_OK,
     "d-/x:1 d/a:1 d/b/c:33 d/empty:0 d/keep/m:1 d/m/:0 d/old.csv:1 d/z/:0 e:1 ",
     "cp mem://in/a"},
    {"removed",
     "mem://in/",
     {.remove_extra = true},
     false,
     false,
     false,
     HW_OK,
     "d-/x:1 d/a:1 d/b/c:33 d/empty:0 d/m/:0 d/z/:0 e:1 ",
     "to://d/old.csv done 1"},
    {"no more than are allowed",
     "mem://in/",
     {.remove_extra = true, .removals_max = 2},
     false,
     false,
     false,
     HW_OK,
     "d-/x:1 d/a:1 d/b/c:33 d/empty:0 d/m/:0 d/z/:0 e:1 ",
     ""},
    {"more than are allowed",
     "mem://in/",
     {.remove_extra = true, .removals_max = 1},
     false,
     false,
     false,
     HW_EFAILED,
     "d-/x:1 d/a:1 d/b/c:33 d/empty:0 d/keep/m:1 d/m/:0 d/old.csv:1 d/z/:0 e:1 ",
     "2 objects would be removed, and 1 at most may be: nothing is removed"},
    {"what a filter leaves out stays",
     "mem://in/",
     {.remove_extra = true},
     false,
     true,
     false,
     HW_OK,
     "d-/x:1 d/a:1 d/b/c:33 d/empty:0 d/keep/m:1 d/m/:0 d/z/:0 e:1 ",
     ""},
    {"only what a filter takes goes",
     "mem://in/",
     {.remove_extra = true},
     true,
     false,
     false,
     HW_OK,
     "d-/x:1 d/keep/m:1 d/z/:0 e:1 ",
     "to://d/old.csv done 1"},
    {"a dry run",
     "mem://in/",
     {.remove_extra = true},
     false,
     false,
     true,
     HW_OK,
     "d-/x:1 d/keep/m:1 d/old.csv:1 d/z/:0 e:1 ",
     "to://d/keep/m planned 1"},
    {"a source without objects",
     "mem://q/",
     {.remove_extra = true},
     false,
     false,
     false,
     HW_ENOTFOUND,
     "d-/x:1 d/keep/m:1 d/old.csv:1 d/z/:0 e:1 ",
     "nothing is done"},
    {"an empty folder", "@empty", {.remove_extra = true}, false, false, false, HW_OK, "d-/x:1 d/z/:0 e:1 ", ""},
};

static void what_the_source_lacks_is_removed(void **state) {
    (void)state;
    static const char *const csv[] = {"*.csv"};
    static const char *const keep[] = {"keep/"};
    for (size_t i = 0; i < COUNT_OF(removals); i++) {
        struct desk desk;
        desk_open(&desk);
        static const char *const there[] = {"d/old.csv", "d/keep/m", "d-/x", "e"};
        for (size_t n = 0; n < COUNT_OF(there); n++) {
            desk_put(desk.stores[1], there[n], "1");
        }
        desk_put(desk.stores[1], "d/z/", "");
        assert_int_equal(mkdir(scratch_path(&desk.scratch, "empty"), 0777), 0);
        desk.options.dry_run = removals[i].dry_run;
        desk.options.include = csv;
        desk.options.include_count = removals[i].include_csv;
        desk.options.exclude = keep;
        desk.options.exclude_count = removals[i].exclude_keep;
        const enum hw_status status = desk_sync(&desk, removals[i].source, "to://d", removals[i].options);
        assert_row_says(removals[i].name, all_told(&desk), removals[i].says);
        assert_row_int(removals[i].name, status, removals[i].want);
        assert_row_text(removals[i].name, desk_keys(desk.stores[1]), removals[i].after);
        sums_check(removals[i].name, &desk);
        desk_close(&desk);
    }
}

static const struct listed_object in_order[] = {{"d/a", 1, 1}, {"d/b", 1, 1}, {"d/c", 1, 1}};
static const struct listed_object unordered[] = {{"d/b", 1, 1}, {"d/a", 1, 1}, {"d/c", 1, 1}};

/* Whichever side fails, at whatever place, nothing is removed. */
static void nothing_is_removed_unless_both_listings_came_whole(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int side; /* 0: the source's */
        const struct listed_object *objects;
        size_t fails_at;
        enum hw_status with;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"the source at once", 0, in_order, 1, HW_ESERVER, HW_ESERVER, "breaks off"},
        {"the source in the middle", 0, in_order, 2, HW_ENETWORK, HW_ENETWORK, "breaks off"},
        {"the source at the end", 0, in_order, 4, HW_EAUTH, HW_EAUTH, "breaks off"},
        {"the source is not found in the middle", 0, in_order, 3, HW_ENOTFOUND, HW_ENOTFOUND, "breaks off"},
        {"the destination at once", 1, in_order, 1, HW_ESERVER, HW_ESERVER, "breaks off"},
        {"the destination in the middle", 1, in_order, 3, HW_ESERVER, HW_ESERVER, "breaks off"},
        {"the destination at the end", 1, in_order, 4, HW_ENOTFOUND, HW_ENOTFOUND, "breaks off"},
        {"the source has no order", 0, unordered, 0, HW_OK, HW_EPROTOCOL, "goes back to \"d/a\""},
        {"the destination has no order", 1, unordered, 0, HW_OK, HW_EPROTOCOL, "goes back to \"d/a\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct listed_store stores[2];
        static const struct listed_object extra[] = {{"d/0", 1, 1}, {"d/a", 1, 1}, {"d/z", 1, 1}};
        desk_open(&desk);
        for (int side = 0; side < 2; side++) {
            const bool fails = side == rows[i].side;
            desk_listed(&desk, side, &stores[side], fails ? rows[i].objects : extra, 3);
            stores[side].fails_at = fails ? rows[i].fails_at : 0;
            stores[side].status = rows[i].with;
        }
        const struct hw_sync_options options = {.remove_extra = true};
        assert_row_int(rows[i].name, desk_sync(&desk, "mem://d/", "to://d/", options), rows[i].want);
        assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        assert_row_text(rows[i].name, listed_removed(&stores[1]), "");
        sums_check(rows[i].name, &desk);
        desk_listed_drop(&desk, 0, &stores[0]);
        desk_listed_drop(&desk, 1, &stores[1]);
        desk_close(&desk);
    }
}

static void removals_may_fail_one_by_one(void **state) {
    (void)state;
    struct desk desk;
    struct listed_store store;
    desk_open(&desk);
    desk_listed(&desk, 1, &store, in_order, COUNT_OF(in_order));
    store.refused = "d/b";
    assert_int_equal(mkdir(scratch_path(&desk.scratch, "empty"), 0777), 0);
    const struct hw_sync_options options = {.remove_extra = true};
    assert_int_equal(desk_sync(&desk, "@empty/", "to://d", options), HW_EPARTIAL);
    assert_string_equal(listed_removed(&store), "d/a d/c ");
    assert_row_says("told", desk_told(&desk), "to://d/b failed 1: it may not be removed");
    sums_check("refused", &desk);
    desk_listed_drop(&desk, 1, &store);
    desk_close(&desk);
}

static void a_copy_that_fails_keeps_what_is_there(void **state) {
    (void)state;
    struct desk desk;
    struct listed_store store;
    desk_open(&desk);
    desk_listed(&desk, 1, &store, in_order, COUNT_OF(in_order));
    const struct hw_sync_options options = {.remove_extra = true};
    assert_int_equal(desk_sync(&desk, "mem://other/", "to://d", options), HW_EIO);
    assert_string_equal(listed_removed(&store), "");
    assert_row_says("told", desk.error.message, "nothing can be written here");
    /*
     * One of the same size and without a newer time at the source is not copied, and so cannot
     * fail.
     */
    assert_int_equal(desk.result.failed, 1);
    sums_check("failed", &desk);
    desk_listed_drop(&desk, 1, &store);
    desk_close(&desk);
}

static void a_stop_keeps_what_is_there(void **state) {
    (void)state;
    for (unsigned after = 1; after < 4; after++) {
        struct desk desk;
        desk_open(&desk);
        desk.cancel_after = after;
        desk.options.source_store.connections_max = desk.options.target_store.connections_max = 1;
        desk_put(desk.stores[1], "old", "old");
        const struct hw_sync_options options = {.remove_extra = true};
        assert_int_equal(desk_sync(&desk, "mem://in/", "to://", options), HW_ECANCELLED);
        assert_row_says("old", desk_keys(desk.stores[1]), "old:3 ");
        sums_check("stop", &desk);
        desk_close(&desk);
    }
}

static void folder_drop(void *ctx) {
    assert_int_equal(rmdir(scratch_path(ctx, "s")), 0);
}

/* A folder that goes away looks like an empty one. */
static void a_source_that_has_gone_removes_nothing(void **state) {
    (void)state;
    struct desk desk;
    struct listed_store store;
    desk_open(&desk);
    desk_listed(&desk, 1, &store, in_order, COUNT_OF(in_order));
    assert_int_equal(mkdir(scratch_path(&desk.scratch, "s"), 0777), 0);
    store.hook = folder_drop;
    store.hook_ctx = &desk.scratch;
    const struct hw_sync_options options = {.remove_extra = true};
    assert_int_equal(desk_sync(&desk, "@s", "to://d", options), HW_ECHANGED);
    assert_row_says("gone", desk.error.message, "has gone while it was listed: nothing is removed");
    assert_string_equal(listed_removed(&store), "");
    desk_listed_drop(&desk, 1, &store);
    desk_close(&desk);
}

/* ------ one side in the other */

static void one_side_may_lie_in_the_other(void **state) {
    (void)state;
    static const char *const q[] = {"q/"};
    static const struct {
        const char *name;
        const char *source, *destination; /* below mem://, and in the folder */
        bool remove, exclude_q;
        enum hw_status want;
        const char *after; /* of p/a, p/q/b and p/q/q/c */
        const char *says;
    } rows[] = {
        {"the same", "p/", "p/", false, false, HW_EUSAGE, "p/a p/q/b p/q/q/c ", "are the same folder"},
        {"the same, removing", "p/", "p", true, false, HW_EUSAGE, "p/a p/q/b p/q/q/c ", "are the same folder"},
        {"into itself", "p/", "p/q/", false, false, HW_OK, "p/a p/q/a p/q/b p/q/q/c ", "p/q/q/b skipped"},
        {"into itself, to what is not there", "p/", "p/r/", false, false, HW_OK,
         "p/a p/q/b p/q/q/c p/r/a p/r/q/b p/r/q/q/c ", ""},
        {"into itself, removing", "p/", "p/q/", true, false, HW_EUSAGE, NULL, "it lies in the source too"},
        {"into itself, removing beside a filter", "p/", "p/q/", true, true, HW_OK, "p/a p/q/a p/q/q/c ", ""},
        {"out of itself", "p/q/", "p/", false, false, HW_OK, "p/a p/b p/q/b p/q/c p/q/q/c ", ""},
        {"out of itself, removing", "p/q/", "p/", true, false, HW_EUSAGE, NULL, "it lies in the source too"},
        {"beside it", "p/q/", "p/qq/", true, false, HW_OK, "p/a p/q/b p/q/q/c p/qq/b p/qq/q/c ", ""},
    };
    for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
        const bool files = i % 2 == 0;
        const size_t n = i / 2;
        struct desk desk;
        char paths[2][64];
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk);
        hw_memory_store_free(desk.stores[0]);
        assert_ok(hw_memory_store_new("mem://", NULL, &desk.stores[0], &err), err);
        static const char *const keys[] = {"p/a", "p/q/b", "p/q/q/c"};
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            desk_put(desk.stores[0], keys[k], "1");
            scratch_write(&desk.scratch, keys[k], "1", 1);
        }
        desk.options.exclude = q;
        desk.options.exclude_count = rows[n].exclude_q;
        snprintf(paths[0], sizeof(paths[0]), "%s%s", files ? "@" : "mem://", rows[n].source);
        snprintf(paths[1], sizeof(paths[1]), "%s%s", files ? "@" : "mem://", rows[n].destination);
        const struct hw_sync_options options = {.remove_extra = rows[n].remove};
        const enum hw_status status = desk_sync(&desk, paths[0], paths[1], options);
        assert_row_says(rows[n].name, all_told(&desk), rows[n].says);
        assert_row_int(rows[n].name, status, rows[n].want);
        HW_AUTO(hw_buf) after = {0};
        const char *at = files ? "" : desk_keys(desk.stores[0]);
        for (; *at; at = strchr(at, ' ') + 1) {
            assert_ok(hw_buf_printf(&after, &err, "%.*s ", (int)strcspn(at, ":"), at), err);
        }
        assert_ok(hw_buf_end_text(&after, &err), err);
        if (!files && rows[n].after) {
            assert_row_text(rows[n].name, (const char *)after.data, rows[n].after);
        }
        /*
         * The objects of the source are there whatever was asked for, unless a filter left them
         * out.
         */
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            const bool there = files ? access(scratch_path(&desk.scratch, keys[k]), F_OK) == 0
                                     : strstr((const char *)after.data, keys[k]) != NULL;
            assert_row_int(rows[n].name, there, !(rows[n].exclude_q && k == 1));
        }
        sums_check(rows[n].name, &desk);
        desk_close(&desk);
    }
}

/* ------ links */

static void links_in_the_destination_are_not_followed(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    scratch_write(&desk.scratch, "out/secret", "secret", 6);
    scratch_write(&desk.scratch, "s/a", "a", 1);
    scratch_write(&desk.scratch, "d/b", "b", 1);
    assert_int_equal(symlink("../out", scratch_path(&desk.scratch, "d/link")), 0);
    assert_int_equal(symlink("../out/secret", scratch_path(&desk.scratch, "d/file")), 0);
    assert_int_equal(symlink("d", scratch_path(&desk.scratch, "named")), 0);
    const struct hw_sync_options options = {.remove_extra = true};
    assert_int_equal(desk_sync(&desk, "@s", "@named/", options), HW_EPARTIAL);
    assert_row_says("told", desk_told(&desk), "named/link/secret failed 6: a link stands on the way");
    /* The link itself goes, and what it points to stays. */
    assert_string_equal(scratch_names(&desk.scratch), "d/ d/a d/link named out/ out/secret s/ s/a ");
    assert_true(scratch_holds(&desk.scratch, "out/secret", "secret", 6));
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_copied),
        cmocka_unit_test(options_are_looked_at),
        cmocka_unit_test(times_decide_between_equal_sizes),
        cmocka_unit_test(bytes_decide_within_a_second),
        cmocka_unit_test(an_object_without_a_time_is_copied),
        cmocka_unit_test(names_that_cannot_be_together_fail),
        cmocka_unit_test(what_the_source_lacks_is_removed),
        cmocka_unit_test(nothing_is_removed_unless_both_listings_came_whole),
        cmocka_unit_test(removals_may_fail_one_by_one),
        cmocka_unit_test(a_copy_that_fails_keeps_what_is_there),
        cmocka_unit_test(a_stop_keeps_what_is_there),
        cmocka_unit_test(a_source_that_has_gone_removes_nothing),
        cmocka_unit_test(one_side_may_lie_in_the_other),
        cmocka_unit_test(links_in_the_destination_are_not_followed),
    };
    return cmocka_run_group_tests_name("transfer/sync", tests, NULL, NULL);
}
