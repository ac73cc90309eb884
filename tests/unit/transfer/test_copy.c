/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/transfer.h>

#include <stdio.h>
#include <unistd.h>

#include "unit/transfer/copy_desk.h"

#define ALL "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 x:3 "

struct row {
    const char *name;
    const char *sources[2];
    const char *destination;
    enum hw_status want;
    const char *there; /* the keys of to:// afterwards, or the names in the scratch folder */
    const char *left;  /* the keys of mem:// */
    const char *says;  /* found in what was told, or in the error; NULL: anything */
    bool move;
};

static void row_run(const struct row *row) {
    struct desk desk;
    desk_open(&desk);
    desk.options.move = row->move;
    scratch_write(&desk.scratch, "there/file", "x", 1);
    assert_row_int(row->name, desk_copy(&desk, row->sources, row->destination), row->want);
    const bool files = row->destination[0] == '@';
    assert_row_text(row->name, files ? scratch_names(&desk.scratch) : desk_keys(desk.stores[1]), row->there);
    assert_row_text(row->name, desk_keys(desk.stores[0]), row->left);
    if (row->says && !strstr(desk_told(&desk), row->says)) {
        assert_row_says(row->name, desk.error.message, row->says);
    }
    const struct hw_transfer_result *result = &desk.result;
    assert_row_int(row->name, result->done + result->skipped + result->failed + result->not_tried, result->objects);
    assert_row_int(row->name, desk.tells, result->objects - result->not_tried);
    desk_close(&desk);
}

#define FILE_THERE "there/ there/file "

static const struct row copies[] = {
    {"one object", {"mem://x"}, "to://y", HW_OK, "y:3 ", ALL, "cp mem://x -> to://y done 3\n", false},
    {"to a folder", {"mem://x"}, "to://d/", HW_OK, "d/x:3 ", ALL, "cp mem://x -> to://d/x done 3\n", false},
    {"to the root", {"mem://in/a"}, "to://", HW_OK, "a:1 ", ALL, NULL, false},
    {"a prefix", {"mem://in/"}, "to://d/", HW_OK, "d/a:1 d/b/c:33 d/empty:0 d/m/:0 ", ALL, NULL, false},
    {"a prefix to a name", {"mem://in/"}, "to://d", HW_OK, "d/a:1 d/b/c:33 d/empty:0 d/m/:0 ", ALL, NULL, false},
    {"a wildcard", {"mem://in/*c"}, "to://d/", HW_OK, "d/b/c:33 ", ALL, NULL, false},
    {"several", {"mem://x", "mem://in/a"}, "to://d", HW_OK, "d/a:1 d/x:3 ", ALL, NULL, false},
    {"moved",
     {"mem://x"},
     "to://y",
     HW_OK,
     "y:3 ",
     "in/a:1 in/b/c:33 in/empty:0 in/m/:0 other/a:5 ",
     "mv mem://x -> to://y done 3\n",
     true},
    {"moved from a prefix",
     {"mem://in/"},
     "to://d/",
     HW_OK,
     "d/a:1 d/b/c:33 d/empty:0 d/m/:0 ",
     "other/a:5 x:3 ",
     NULL,
     true},
    {"moved within a store",
     {"mem://in/"},
     "mem://out/",
     HW_OK,
     "",
     "other/a:5 out/a:1 out/b/c:33 out/empty:0 out/m/:0 x:3 ",
     NULL,
     true},

    {"not there", {"mem://q"}, "to://y", HW_ENOTFOUND, "", ALL, "cp mem://q -> to://y failed 0: ", false},
    {"nothing below", {"mem://q/"}, "to://y", HW_ENOTFOUND, "", ALL, "no object below this prefix", false},
    {"nothing matches", {"mem://q*"}, "to://y", HW_ENOTFOUND, "", ALL, "nothing matches", false},
    {"no folder", {"@q/"}, "to://y", HW_ENOTFOUND, "", ALL, "no such folder", false},
    {"one of two is not there", {"mem://q", "mem://x"}, "to://d/", HW_EPARTIAL, "d/x:3 ", ALL, "cp mem://q", false},
    {"one of two prefixes", {"mem://q/", "mem://x"}, "to://d/", HW_EPARTIAL, "d/x:3 ", ALL, "no object below", false},
    {"one of two folders", {"@q/", "mem://x"}, "to://d/", HW_EPARTIAL, "d/x:3 ", ALL, "no such folder", false},
    {"no store", {"nowhere://x"}, "to://y", HW_EUSAGE, "", ALL, "unknown scheme", false},
    {"no target", {"mem://x"}, "nowhere://y", HW_EUSAGE, "", ALL, "unknown scheme", false},
    {"a target that is only read", {"mem://x"}, "http://127.0.0.1:1/y", HW_EUSAGE, "", ALL, "only read", false},
    {"input among others", {"-", "mem://x"}, "to://d/", HW_EUSAGE, "", ALL, "cannot be one of several", false},
    {"input to a folder", {"-"}, "to://d/", HW_EUSAGE, "", ALL, "standard input becomes one object", false},
    {"moved to standard output", {"mem://x"}, "-", HW_EUSAGE, "", ALL, "use cp", true},

    {"onto itself", {"mem://x"}, "mem://x", HW_EUSAGE, "", ALL, "source and destination are the same object", false},
    {"moved onto itself", {"mem://x"}, "mem://x", HW_EUSAGE, "", ALL, "are the same object", true},
    {"moved onto itself in its folder", {"mem://in/a"}, "mem://in/", HW_EUSAGE, "", ALL, "are the same object", true},
    {"all moved onto themselves", {"mem://in/"}, "mem://in/", HW_EUSAGE, "", ALL, "are the same object", true},
    {"copied below itself",
     {"mem://in/"},
     "mem://in/b/",
     HW_OK,
     "",
     "in/a:1 in/b/a:1 in/b/c:33 in/b/empty:0 in/b/m/:0 in/empty:0 in/m/:0 other/a:5 x:3 ",
     "cp mem://in/b/c -> mem://in/b/ skipped",
     false},
    {"moved below itself",
     {"mem://in/*a"},
     "mem://in/z/",
     HW_OK,
     "",
     "in/b/c:33 in/empty:0 in/m/:0 in/z/a:1 other/a:5 x:3 ",
     NULL,
     true},
    {"one name from two sources",
     {"mem://in/a", "mem://other/a"},
     "to://d/",
     HW_EPARTIAL,
     "d/a:1 ",
     "in/b/c:33 in/empty:0 in/m/:0 other/a:5 x:3 ",
     "is the name of another object of this run too",
     true},
    {"a folder and a file of a bucket",
     {"mem://in/", "mem://x"},
     "to://",
     HW_OK,
     "a:1 b/c:33 empty:0 m/:0 x:3 ",
     ALL,
     NULL,
     false},

    {"to a local folder",
     {"mem://in/"},
     "@d/",
     HW_OK,
     "d/ d/a d/b/ d/b/c d/empty " FILE_THERE,
     ALL,
     "cp mem://in/m/ -> ",
     false},
    {"moved to a local folder, without the marker",
     {"mem://in/"},
     "@d/",
     HW_OK,
     "d/ d/a d/b/ d/b/c d/empty " FILE_THERE,
     "in/m/:0 other/a:5 x:3 ",
     "mv mem://in/m/ -> ",
     true},
    {"to a folder that is there", {"mem://x"}, "@there", HW_OK, "there/ there/file there/x ", ALL, NULL, false},
    {"where a file is needed as a folder", {"mem://x"}, "@there/file/", HW_EIO, FILE_THERE, ALL, NULL, true},
    {"where a folder is", {"mem://x"}, "@there/file/y", HW_EIO, FILE_THERE, ALL, NULL, true},
};

static void objects_go_where_they_belong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        row_run(&copies[i]);
    }
}

static void no_source_is_a_fault(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    assert_int_equal(hw_copy(NULL, 0, "to://", &desk.options, &desk.result, &desk.error), HW_EUSAGE);
    assert_row_says("none", desk.error.message, "a source is missing");
    desk.options.size = 3;
    const char *source = "mem://x";
    desk.result.objects = 99;
    assert_int_equal(hw_copy(&source, 1, "to://", &desk.options, &desk.result, &desk.error), HW_EUSAGE);
    /* The result is filled in on failure too. */
    assert_int_equal(desk.result.objects, 0);
    assert_int_equal(hw_copy(&source, 1, "to://", &desk.options, NULL, NULL), HW_EUSAGE);
    desk_close(&desk);
}

/* ------ names that no folder may hold */

static void names_that_no_file_may_have_are_refused(void **state) {
    (void)state;
    static const char *const refused[] = {"e/../up", "e//twice", "e/.hawser-1", "e/k/", "e/./dot", "e/f/below"};
    struct desk desk;
    desk_open(&desk);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        desk_put(desk.stores[0], refused[i], "bytes");
    }
    desk_put(desk.stores[0], "e/f", "file");
    desk_put(desk.stores[0], "e/good", "good");
    desk_put(desk.stores[0], "e/g\nb", "newline");
    desk.options.move = true;
    assert_int_equal(desk_copy(&desk, (const char *const[]){"mem://e/", NULL}, "@d/"), HW_EPARTIAL);
    assert_string_equal(scratch_names(&desk.scratch), "d/ d/f d/g\nb d/good ");
    assert_true(scratch_holds(&desk.scratch, "d/f", "file", 4));
    assert_int_equal(desk.result.failed, COUNT_OF(refused));
    assert_int_equal(desk.result.done, 3);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        char line[64];
        const void *data;
        size_t bytes;
        snprintf(line, sizeof(line), "mv mem://%s -> ", refused[i]);
        assert_row_says(refused[i], desk_told(&desk), line);
        /* What was refused stays where it is. */
        assert_int_equal(hw_memory_store_get(desk.stores[0], refused[i], &data, &bytes, NULL), HW_OK);
    }
    desk_close(&desk);
}

/* Two folders that have the same name: the first one stands. */
static void names_of_two_sources_are_compared(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    assert_int_equal(desk_copy(&desk, (const char *const[]){"mem://in/", "mem://other/"}, "@d/"), HW_EPARTIAL);
    assert_true(scratch_holds(&desk.scratch, "d/a", "1", 1));
    assert_row_says("told", desk_told(&desk), "cp mem://other/a -> ");
    assert_int_equal(desk.result.failed, 1);
    desk_close(&desk);
}

/* ------ links */

static void links_below_the_destination_are_not_followed(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source;
        const char *destination;
        enum hw_status want;
        const char *there; /* what is written; NULL: nothing */
    } rows[] = {
        {"a folder that is a link", "mem://in/*c", "@d/", HW_EUSAGE, NULL},
        {"a file that is a link", "mem://x", "@d/", HW_EUSAGE, NULL},
        {"the folder that was named", "mem://in/a", "@dlink/", HW_OK, "d/a"},
        {"the folder of the file that was named", "mem://x", "@dlink/y", HW_OK, "d/y"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        scratch_write(&desk.scratch, "out/secret", "secret", 6);
        scratch_write(&desk.scratch, "d/keep", "", 0);
        assert_int_equal(symlink("../out", scratch_path(&desk.scratch, "d/b")), 0);
        assert_int_equal(symlink("../out/secret", scratch_path(&desk.scratch, "d/x")), 0);
        assert_int_equal(symlink("d", scratch_path(&desk.scratch, "dlink")), 0);
        assert_row_int(rows[i].name, desk_copy(&desk, (const char *const[]){rows[i].source, NULL}, rows[i].destination),
                       rows[i].want);
        assert_true(scratch_holds(&desk.scratch, "out/secret", "secret", 6));
        assert_int_not_equal(access(scratch_path(&desk.scratch, "out/c"), F_OK), 0);
        if (rows[i].there) {
            assert_row_int(rows[i].name, access(scratch_path(&desk.scratch, rows[i].there), F_OK), 0);
        }
        desk_close(&desk);
    }
}

/* ------ files */

static void a_file_is_not_moved_onto_itself(void **state) {
    (void)state;
    static const struct {
        const char *source, *destination;
    } rows[] = {
        {"@f", "@f"}, {"@f", "@"}, {"@f", "@hard"}, {"@f", "@d/../f"}, {"@d", "@d"}, {"@d/", "@d/"}, {"@link", "@f"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int move = 0; move < 2; move++) {
            struct desk desk;
            desk_open(&desk);
            scratch_write(&desk.scratch, "f", "bytes", 5);
            scratch_write(&desk.scratch, "d/g", "more", 4);
            assert_int_equal(link(scratch_path(&desk.scratch, "f"), scratch_path(&desk.scratch, "hard")), 0);
            assert_int_equal(symlink("f", scratch_path(&desk.scratch, "link")), 0);
            desk.options.move = move;
            assert_row_int(rows[i].destination,
                           desk_copy(&desk, (const char *const[]){rows[i].source, NULL}, rows[i].destination),
                           HW_EUSAGE);
            assert_row_says(rows[i].destination, desk_told(&desk), "are the same object");
            assert_row_text(rows[i].destination, scratch_names(&desk.scratch), "d/ d/g f hard link ");
            assert_row_int(rows[i].destination, scratch_holds(&desk.scratch, "f", "bytes", 5), true);
            desk_close(&desk);
        }
    }
}

static void a_folder_is_not_copied_into_itself_for_ever(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    scratch_write(&desk.scratch, "d/a", "a", 1);
    scratch_write(&desk.scratch, "d/sub/b", "b", 1);
    scratch_write(&desk.scratch, "d/z", "z", 1);
    alarm(60);
    assert_ok(desk_copy(&desk, (const char *const[]){"@d", NULL}, "@d/sub/"), desk.error);
    alarm(0);
    assert_string_equal(scratch_names(&desk.scratch), "d/ d/a d/sub/ d/sub/a d/sub/b d/sub/z d/z ");
    assert_int_equal(desk.result.done, 2);
    desk_close(&desk);
}

/* ------ what is there already */

static void what_is_there_may_stay(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool no_clobber, if_size_differs, if_source_newer;
        const char *key;
        const char *there; /* what is at the destination; NULL: nothing */
        const char *want;
        bool skipped;
    } rows[] = {
        {"overwritten", false, false, false, "x", "old", "xyz", false},
        {"kept", true, false, false, "x", "old", "old", true},
        {"kept although nothing is there", true, false, false, "x", NULL, "xyz", false},
        {"the same size", false, true, false, "x", "old", "old", true},
        {"another size", false, true, false, "x", "older", "xyz", false},
        {"nothing to compare with", false, true, true, "x", NULL, "xyz", false},
        {"not newer", false, false, true, "x", "older", "older", true},
        {"not newer, but of another size", false, true, true, "x", "older", "xyz", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int move = 0; move < 2; move++) {
            struct desk desk;
            const void *data;
            size_t bytes;
            desk_open(&desk);
            desk.options.no_clobber = rows[i].no_clobber;
            desk.options.if_size_differs = rows[i].if_size_differs;
            desk.options.if_source_newer = rows[i].if_source_newer;
            desk.options.move = move;
            if (rows[i].there) {
                desk_put(desk.stores[1], rows[i].key, rows[i].there);
            }
            assert_ok(desk_copy(&desk, (const char *const[]){"mem://x", NULL}, "to://"), desk.error);
            assert_ok(hw_memory_store_get(desk.stores[1], "x", &data, &bytes, &desk.error), desk.error);
            assert_row_bytes(rows[i].name, data, bytes, rows[i].want, strlen(rows[i].want));
            assert_row_int(rows[i].name, desk.result.skipped, rows[i].skipped);
            assert_row_int(rows[i].name, desk.result.done, !rows[i].skipped);
            /* A source that was skipped is not removed. */
            const bool stays = hw_memory_store_get(desk.stores[0], "x", &data, &bytes, NULL) == HW_OK;
            assert_row_int(rows[i].name, stays, !move || rows[i].skipped);
            desk_close(&desk);
        }
    }
}

static void a_dry_run_does_nothing(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk.options.dry_run = true;
    desk.options.move = true;
    assert_ok(desk_copy(&desk, (const char *const[]){"mem://in/", NULL}, "to://d/"), desk.error);
    assert_string_equal(desk_keys(desk.stores[1]), "");
    assert_string_equal(desk_keys(desk.stores[0]), ALL);
    assert_int_equal(desk.result.done, 4);
    assert_int_equal(desk.result.bytes, 0);
    assert_row_says("told", desk_told(&desk), "mv mem://in/b/c -> to://d/b/c planned 33\n");
    desk_close(&desk);
}

static void filters_choose(void **state) {
    (void)state;
    static const char *const include[] = {"*c", "a"};
    static const char *const exclude[] = {"a"};
    struct desk desk;
    desk_open(&desk);
    desk.options.include = include;
    desk.options.include_count = 2;
    desk.options.exclude = exclude;
    desk.options.exclude_count = 1;
    assert_ok(desk_copy(&desk, (const char *const[]){"mem://in/", NULL}, "to://"), desk.error);
    assert_string_equal(desk_keys(desk.stores[1]), "b/c:33 ");
    desk_close(&desk);
}

static void folders_may_be_left_out_of_names(void **state) {
    (void)state;
    static const struct {
        const char *sources[3];
        enum hw_status want;
        const char *there;
        uint64_t skipped;
        const char *says;
    } rows[] = {
        {{"mem://in/"}, HW_OK, "d/a:1 d/c:33 d/empty:0 ", 1, "cp mem://in/b/c -> to://d/c done 33\n"},
        {{"mem://in/*c"}, HW_OK, "d/c:33 ", 0, NULL},
        {{"mem://in/a", "mem://other/"}, HW_EPARTIAL, "d/a:1 ", 0, "\"a\" is the name of another object"},
        {{"mem://*a"}, HW_EPARTIAL, "d/a:1 ", 0, "\"a\" is the name of another object"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.flatten = true;
        assert_row_int(rows[i].there, desk_copy(&desk, rows[i].sources, "to://d/"), rows[i].want);
        assert_row_text(rows[i].there, desk_keys(desk.stores[1]), rows[i].there);
        assert_row_int(rows[i].there, desk.result.skipped, rows[i].skipped);
        assert_row_says(rows[i].there, desk_told(&desk), rows[i].says ? rows[i].says : "");
        desk_close(&desk);
    }
}

/* What has no older version at a service is refused before anything is done. */
static void delta_is_for_objects_of_services(void **state) {
    (void)state;
    static const struct {
        const char *name, *source, *destination, *says;
    } rows[] = {
        {"to another store", "mem://x", "to://", "delta is for destinations on S3"},
        {"to files", "mem://x", "@out", "delta is for destinations on S3"},
        {"to standard output", "mem://x", "-", "goes through a pipe has no older version"},
        {"of standard input", "-", "s3://bucket/k", "comes or goes through a pipe has no older version"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.delta = true;
        const char *const sources[] = {rows[i].source, NULL};
        assert_row_int(rows[i].name, desk_copy(&desk, sources, rows[i].destination), HW_EUSAGE);
        assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        assert_row_text(rows[i].name, desk_keys(desk.stores[1]), "");
        desk_close(&desk);
    }
}

/* The sum is that of "abc", FIPS 180-4. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void objects_are_compared_with_their_sidecars(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text, *sidecar;
        enum hw_transfer_mode mode;
        const char *destination;
        enum hw_status want;
        const char *there;
        const char *says;
    } rows[] = {
        {"the same", "abc", ABC "  x.zip\n", HW_TRANSFER_AUTO, "to://", HW_OK, "x.zip:3 x.zip.sha256:72 ", "done 3"},
        {"other bytes", "abd", ABC "  x.zip\n", HW_TRANSFER_AUTO, "to://", HW_EPARTIAL, "x.zip.sha256:72 ",
         "compared with its sidecar"},
        {"no sum of it", "abc", ABC "  y.zip\n", HW_TRANSFER_AUTO, "to://", HW_EPARTIAL, "x.zip.sha256:72 ",
         "holds no SHA-256 of \"x.zip\""},
        {"none", "abc", NULL, HW_TRANSFER_AUTO, "to://", HW_ENOTFOUND, "", "no sidecar is beside it"},
        {"by the service", "abc", ABC, HW_TRANSFER_DIRECT, "to://", HW_EUSAGE, "", "cannot be compared with a sidecar"},
        {"to a pipe", "abc", ABC, HW_TRANSFER_AUTO, "-", HW_EUSAGE, "", "through a pipe"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk_put(desk.stores[0], "zip/x.zip", rows[i].text);
        if (rows[i].sidecar) {
            desk_put(desk.stores[0], "zip/x.zip.sha256", rows[i].sidecar);
        }
        desk.options.sidecar = HW_CHECKSUM_SHA256;
        desk.options.mode = rows[i].mode;
        const char *const sources[] = {"mem://zip/", NULL};
        assert_row_int(rows[i].name, desk_copy(&desk, sources, rows[i].destination), rows[i].want);
        assert_row_text(rows[i].name, desk_keys(desk.stores[1]), rows[i].there);
        if (!strstr(desk_told(&desk), rows[i].says)) {
            assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        }
        desk_close(&desk);
    }
    struct desk desk;
    desk_open(&desk);
    desk.options.sidecar = HW_CHECKSUM_MD5;
    assert_int_equal(desk_copy(&desk, (const char *const[]){"mem://x", NULL}, "to://"), HW_EUSAGE);
    assert_row_says("another kind", desk.error.message, "a SHA-256 and no other");
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_go_where_they_belong),
        cmocka_unit_test(delta_is_for_objects_of_services),
        cmocka_unit_test(no_source_is_a_fault),
        cmocka_unit_test(names_that_no_file_may_have_are_refused),
        cmocka_unit_test(names_of_two_sources_are_compared),
        cmocka_unit_test(links_below_the_destination_are_not_followed),
        cmocka_unit_test(a_file_is_not_moved_onto_itself),
        cmocka_unit_test(a_folder_is_not_copied_into_itself_for_ever),
        cmocka_unit_test(what_is_there_may_stay),
        cmocka_unit_test(a_dry_run_does_nothing),
        cmocka_unit_test(filters_choose),
        cmocka_unit_test(folders_may_be_left_out_of_names),
        cmocka_unit_test(objects_are_compared_with_their_sidecars),
    };
    return cmocka_run_group_tests_name("transfer/copy", tests, NULL, NULL);
}
