/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Manifests stay true when files become smaller: of each file its entry tells what is there, and
 * hawser convert leaves it alone.
 */
#include "pipeline/optimize_manifest.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/checksum_crc64nvme.h"
#include "store/store_file.h"
#include "support/alloc_fault.h"
#include "support/corpus.h"
#include "support/scratch.h"
#include "unit/pipeline/optimize_desk.h"

#define MANIFEST "lake/_manifest.json"
static const char *const lake[] = {"mem://lake/", NULL};
static const struct hw_optimize_options plain = {0};

/* Converts mem://in/ to mem://lake/ and returns how many objects were left alone. */
static uint64_t lake_convert(struct optimize_desk *desk) {
    const char *source = "mem://in/";
    const struct hw_store_options store = verify_desk_store(&desk->files);
    const struct hw_convert_options options = {
        .source_store = store, .target_store = store, .compression = "none", .threads = 1};
    struct hw_convert_result result;
    assert_ok(hw_convert(&source, 1, lake[0], &options, &result, &desk->err), desk->err);
    return result.skipped;
}

static void source_put(struct optimize_desk *desk, const char *key, size_t rows) {
    HW_AUTO(hw_buf) csv = {0};
    optimize_csv(&csv, rows);
    desk_put_text(&desk->files, key, (const char *)csv.data);
}

/* Makes a folder of three files, with its manifest. */
static void lake_make(struct optimize_desk *desk) {
    optimize_desk_init(desk);
    source_put(desk, "in/a.csv", 1000);
    source_put(desk, "in/sub/b.csv", 2000);
    source_put(desk, "in/sub/c.csv", 3000);
    assert_int_equal(lake_convert(desk), 0);
}

/* Returns whether the entry of a file tells of the object at a key, in all that it says. */
static bool entry_is_true(struct optimize_desk *desk, const char *folder, const char *path, const char *key,
                          uint64_t rows) {
    struct hw_manifest_file file = {.store = desk->files.store, .prefix = folder};
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry = NULL;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    uint8_t sha256[HW_SHA256_BYTES];
    const void *data;
    size_t size;
    assert_ok(hw_memory_store_get(desk->files.store, key, &data, &size, &desk->err), desk->err);
    assert_ok(desk->files.store->ops->stat(desk->files.store, key, &info, etag, &desk->err), desk->err);
    assert_ok(hw_manifest_file_read(&file, &desk->err), desk->err);
    assert_ok(hw_manifest_find(&file.before, path, &cursor, &entry, &desk->err), desk->err);
    assert_non_null(entry);
    hw_sha256_of(data, size, sha256);
    const bool same = entry->bytes == size && entry->rows == rows && strcmp(entry->etag, etag) == 0 &&
                      entry->crc64nvme == hw_crc64nvme(0, data, size) &&
                      memcmp(entry->sha256, sha256, sizeof(sha256)) == 0;
    hw_manifest_file_release(&file);
    return same;
}

/* Tells which entries are true: "abc", and "-" for one that is not. */
static const char *lake_tell(struct optimize_desk *desk) {
    static const struct {
        const char *path, *key;
        uint64_t rows;
    } files[] = {{"a.parquet", "lake/a.parquet", 1000},
                 {"sub/b.parquet", "lake/sub/b.parquet", 2000},
                 {"sub/c.parquet", "lake/sub/c.parquet", 3000}};
    static char told[sizeof("abc")];
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        told[i] = (char)(entry_is_true(desk, "lake/", files[i].path, files[i].key, files[i].rows) ? 'a' + (int)i : '-');
    }
    return told;
}

/* ------ calls */

static void copies_make(struct optimize_desk *desk, const char *from, const char *to) {
    HW_AUTO(hw_buf) bytes = {0};
    optimize_copy(desk, from, &bytes);
    desk_put(&desk->files, to, bytes.data, bytes.size);
}

static void nothing_prepared(struct optimize_desk *desk) {
    (void)desk;
}

/* Somebody has put another file there, of another or of the same number of rows. */
static void another_put(struct optimize_desk *desk) {
    optimize_make(desk, "lake/a.parquet", 900, 0);
}

static void alike_put(struct optimize_desk *desk) {
    optimize_make(desk, "lake/a.parquet", 1000, 100);
}

static void alike_put_and_done(struct optimize_desk *desk) {
    alike_put(desk);
    assert_ok(optimize_run(desk, lake, lake[0], &plain), desk->err);
}

static void spoilt_put(struct optimize_desk *desk) {
    desk_flip(&desk->files, "lake/sub/b.parquet", "lake/sub/b.parquet", 100);
}

/* A call was killed before it could write the manifest. */
static void killed(struct optimize_desk *desk) {
    HW_AUTO(hw_buf) before = {0};
    optimize_copy(desk, MANIFEST, &before);
    assert_ok(optimize_run(desk, lake, lake[0], &plain), desk->err);
    desk_put(&desk->files, MANIFEST, before.data, before.size);
    assert_string_equal(lake_tell(desk), "---");
}

static void killed_twice(struct optimize_desk *desk) {
    const struct hw_optimize_options gzip = {.compression = "gzip"};
    HW_AUTO(hw_buf) before = {0};
    optimize_copy(desk, MANIFEST, &before);
    killed(desk);
    assert_ok(optimize_run(desk, lake, lake[0], &gzip), desk->err);
    desk_put(&desk->files, MANIFEST, before.data, before.size);
}

static void killed_and_another_put(struct optimize_desk *desk) {
    static const char *const other[] = {"mem://lake/a.parquet", NULL};
    killed(desk);
    optimize_make(desk, "lake/a.parquet", 900, 0);
    HW_AUTO(hw_buf) before = {0};
    optimize_copy(desk, MANIFEST, &before);
    assert_ok(optimize_run(desk, other, other[0], &plain), desk->err);
    desk_put(&desk->files, MANIFEST, before.data, before.size);
}

static void elsewhere_copied(struct optimize_desk *desk) {
    copies_make(desk, "lake/a.parquet", "copy/a.parquet");
    copies_make(desk, "lake/sub/b.parquet", "copy/sub/b.parquet");
}

static void others_elsewhere(struct optimize_desk *desk) {
    optimize_make(desk, "copy/a.parquet", 900, 0);
    copies_make(desk, "lake/sub/b.parquet", "copy/sub/b.parquet");
}

/* The first is done already, the second would not become smaller: both are copied. */
static void small_elsewhere(struct optimize_desk *desk) {
    assert_ok(optimize_run(desk, lake, lake[0], &plain), desk->err);
    copies_make(desk, "lake/a.parquet", "copy/a.parquet");
    copies_make(desk, "lake/sub/b.parquet", "copy/sub/b.parquet");
    assert_ok(desk->files.store->ops->remove(desk->files.store, "lake/sub/b.parquet", &desk->err), desk->err);
}

static const struct {
    const char *name;
    void (*prepare)(struct optimize_desk *desk);
    const char *source; /* NULL: the folder */
    const char *target; /* NULL: in place */
    struct hw_optimize_options options;
    enum hw_status want;
    const char *told;
    uint64_t skips; /* objects that hawser convert then leaves alone */
} rows[] = {
    {"a folder", nothing_prepared, NULL, NULL, {0}, HW_OK, "abc", 3},
    {"one file, whose manifest is above", nothing_prepared, "mem://lake/sub/b.parquet", NULL, {0}, HW_OK, "abc", 3},
    {"several threads", nothing_prepared, NULL, NULL, {.threads = 3}, HW_OK, "abc", 3},
    {"a call was killed, and options are others", killed, NULL, NULL, {.compression = "gzip"}, HW_OK, "abc", 3},
    {"it was killed, and so was another", killed_twice, NULL, NULL, {0}, HW_OK, "abc", 3},
    {"a dry run", nothing_prepared, NULL, NULL, {.dry_run = true}, HW_OK, "abc", 3},
    {"another file in its place", another_put, NULL, NULL, {0}, HW_OK, "-bc", 2},
    {"another file of as many rows", alike_put, NULL, NULL, {0}, HW_OK, "-bc", 2},
    {"another file of as many rows, which is done", alike_put_and_done, NULL, NULL, {0}, HW_OK, "-bc", 2},
    {"a file that is spoilt", spoilt_put, NULL, NULL, {0}, HW_EPARTIAL, "a-c", 2},
    {"a call was killed", killed, NULL, NULL, {0}, HW_OK, "abc", 3},
    {"a call was killed, and all is written again", killed, NULL, NULL, {.force = true}, HW_OK, "abc", 3},
    {"a call was killed, and another file was put there", killed_and_another_put, NULL, NULL, {0}, HW_OK, "-bc", 2},
    {"a copy elsewhere comes back", elsewhere_copied, "mem://copy/", "mem://lake/", {0}, HW_OK, "abc", 3},
    {"another file comes there", others_elsewhere, "mem://copy/", "mem://lake/", {0}, HW_OK, "-bc", 2},
    {"copies that stay as they are", small_elsewhere, "mem://copy/", "mem://lake/", {0}, HW_OK, "abc", 3},
};

static void entries_tell_what_is_there(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optimize_desk desk;
        lake_make(&desk);
        rows[i].prepare(&desk);
        const char *sources[] = {rows[i].source ? rows[i].source : lake[0], NULL};
        const char *target = rows[i].target ? rows[i].target : sources[0];
        assert_row_int(rows[i].name, optimize_run(&desk, sources, target, &rows[i].options), rows[i].want);
        assert_row_text(rows[i].name, lake_tell(&desk), rows[i].told);
        assert_row_int(rows[i].name, lake_convert(&desk), rows[i].skips);
        optimize_desk_release(&desk);
    }
}

/* Nothing is written where nothing is another, and nothing made where there is no manifest. */
static void manifests_are_left_alone_where_nothing_changed(void **state) {
    (void)state;
    struct optimize_desk desk;
    HW_AUTO(hw_buf) once = {0};
    lake_make(&desk);
    assert_ok(optimize_run(&desk, lake, lake[0], &plain), desk.err);
    optimize_copy(&desk, MANIFEST, &once);
    /* A text of the same meaning: it would be another if it were written again. */
    assert_int_equal(hw_buf_append_text(&once, "\n\n", NULL), HW_OK);
    desk_put(&desk.files, MANIFEST, once.data, once.size);
    assert_ok(optimize_run(&desk, lake, lake[0], &plain), desk.err);
    optimize_check_bytes("again", &desk, MANIFEST, hw_buf_view(&once));
    optimize_make(&desk, "plain/a.parquet", 1000, 0);
    static const char *const without[] = {"mem://plain/", NULL};
    assert_ok(optimize_run(&desk, without, without[0], &plain), desk.err);
    assert_int_equal(optimize_size(&desk, "plain/_manifest.json"), 0);
    assert_int_equal(optimize_size(&desk, "_manifest.json"), 0);
    optimize_desk_release(&desk);
}

/* The first file that is told of ends the call, when all of them were done. */
static void a_call_that_is_stopped_tells_what_was_done(void **state) {
    (void)state;
    struct optimize_desk desk;
    lake_make(&desk);
    desk.refuses = HW_ECANCELLED;
    assert_int_equal(optimize_run(&desk, lake, lake[0], &plain), HW_ECANCELLED);
    assert_string_equal(lake_tell(&desk), "abc");
    optimize_desk_release(&desk);
}

/* Each manifest that tells of a file is written: that of its folder, and that above. */
static void all_manifests_above_are_written(void **state) {
    (void)state;
    struct optimize_desk desk;
    const char *source = "mem://in/sub/";
    struct hw_convert_result result;
    lake_make(&desk);
    const struct hw_store_options store = verify_desk_store(&desk.files);
    const struct hw_convert_options options = {.source_store = store, .target_store = store, .compression = "none"};
    assert_ok(hw_convert(&source, 1, "mem://lake/sub/", &options, &result, &desk.err), desk.err);
    assert_ok(optimize_run(&desk, lake, lake[0], &plain), desk.err);
    assert_true(entry_is_true(&desk, "lake/sub/", "b.parquet", "lake/sub/b.parquet", 2000));
    assert_string_equal(lake_tell(&desk), "abc");
    optimize_desk_release(&desk);
}

/* ------ manifests that cannot be read */

static void a_manifest_that_cannot_be_read_keeps_files_from_being_replaced(void **state) {
    (void)state;
    static const struct {
        const char *name, *key, *text;
        const char *target;
        enum hw_status want;
        const char *object;
    } unread[] = {
        {"in the folder", MANIFEST, "{", "mem://lake/", HW_EDATA, "mem://lake/_manifest.json"},
        {"of another program", MANIFEST, "{\"entries\": []}", "mem://lake/", HW_EDATA, "mem://lake/_manifest.json"},
        {"above", "_manifest.json", "no JSON", "mem://lake/", HW_EDATA, "mem://_manifest.json"},
        {"in the last folder", "lake/sub/_manifest.json", "", "mem://lake/", HW_EDATA, "mem://lake/sub/_manifest.json"},
        {"of a folder beside it", "lake/tub/_manifest.json", "{", "mem://lake/", HW_OK, ""},
        {"elsewhere", "out/_manifest.json", "{", "mem://out/", HW_OK, ""},
    };
    for (size_t i = 0; i < COUNT_OF(unread); i++) {
        struct optimize_desk desk;
        HW_AUTO(hw_buf) before = {0};
        lake_make(&desk);
        optimize_copy(&desk, "lake/a.parquet", &before);
        desk_put_text(&desk.files, unread[i].key, unread[i].text);
        assert_row_int(unread[i].name, optimize_run(&desk, lake, unread[i].target, &plain), unread[i].want);
        assert_row_text(unread[i].name, desk.err.object, unread[i].object);
        if (unread[i].want) {
            assert_row_says(unread[i].name, desk.err.message, "it may tell of a file that would be another then");
            optimize_check_told(unread[i].name, &desk, "");
            optimize_check_bytes(unread[i].name, &desk, "lake/a.parquet", hw_buf_view(&before));
        }
        optimize_desk_release(&desk);
    }
}

/* ------ a store with faults, which counts */

static struct {
    const struct hw_store_ops *real;
    size_t looks;
    bool unwritable;
} watched;

static enum hw_status watched_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                   char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    watched.looks += hw_view_ends(hw_view_of(key), HW_VIEW("_manifest.json"));
    return watched.real->stat(store, key, out_info, out_etag, err);
}

static enum hw_status watched_source_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                          struct hw_source **out_source, struct hw_error *err) {
    watched.looks += !store->remote && hw_view_ends(hw_view_of(key), HW_VIEW("_manifest.json"));
    return watched.real->source_open(store, key, known, out_source, err);
}

static enum hw_status watched_sink_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                        struct hw_sink **out_sink, struct hw_error *err) {
    if (watched.unwritable && hw_view_ends(hw_view_of(key), HW_VIEW("_manifest.json"))) {
        return hw_fail(err, HW_EIO, "injected");
    }
    return watched.real->sink_open(store, key, options, out_sink, err);
}

/* `ops` has to live as long as it is watched. */
static void watch(struct hw_store *store, struct hw_store_ops *ops) {
    watched.real = store->ops;
    *ops = *store->ops;
    ops->stat = watched_stat;
    ops->source_open = watched_source_open;
    ops->sink_open = watched_sink_open;
    store->ops = ops;
    watched.looks = 0;
}

static void a_manifest_that_cannot_be_written_is_told_of(void **state) {
    (void)state;
    struct optimize_desk desk;
    struct hw_store_ops ops;
    lake_make(&desk);
    watched.unwritable = true;
    watch(desk.files.store, &ops);
    assert_int_equal(optimize_run(&desk, lake, lake[0], &plain), HW_EIO);
    assert_string_equal(desk.err.object, "mem://lake/_manifest.json");
    assert_string_equal(desk.err.message,
                        "files that it tells of were replaced, and it could not be written: injected");
    desk.files.store->ops = watched.real;
    assert_string_equal(lake_tell(&desk), "---");
    /* The next call mends it. */
    assert_ok(optimize_run(&desk, lake, lake[0], &plain), desk.err);
    assert_string_equal(lake_tell(&desk), "abc");
    /* Where the call has failed already, both are said. */
    copies_make(&desk, "lake/a.parquet", "lake/d.parquet");
    watch(desk.files.store, &ops);
    desk.refuses = HW_ECANCELLED;
    const struct hw_optimize_options force = {.force = true, .compression = "none"};
    assert_int_equal(optimize_run(&desk, lake, lake[0], &force), HW_ECANCELLED);
    assert_row_says("both", desk.err.message,
                    "mem://lake/_manifest.json is false now, as it could not be written; and: "
                    "no file is wanted");
    watched.unwritable = false;
    desk.files.store->ops = watched.real;
    optimize_desk_release(&desk);
}

/* Of a hundred files in three folders below each other, each of four folders is looked at once. */
static void each_folder_is_looked_at_once(void **state) {
    (void)state;
    struct optimize_desk desk;
    struct hw_store_ops ops;
    struct hw_optimize_manifests manifests = HW_OPTIMIZE_MANIFESTS_INIT;
    struct hw_error err = HW_ERROR_INIT;
    optimize_desk_init(&desk);
    desk_put_text(&desk.files, "x/y/_manifest.json", "{\"hawser_manifest\": 1, \"objects\": []}");
    watch(desk.files.store, &ops);
    const struct hw_optimize_target target = {.store = desk.files.store, .prefix = ""};
    for (int i = 0; i < 100; i++) {
        char key[64];
        snprintf(key, sizeof(key), i < 50 ? "x/y/%02d.parquet" : i < 80 ? "x/y/z/%02d.parquet" : "x/%02d.parquet", i);
        const struct hw_optimize_place place = {.source = key, .output = key, .key = key, .in_place = true};
        assert_ok(hw_optimize_manifests_find(&manifests, &target, &place, &err), err);
    }
    assert_int_equal(watched.looks, 4);
    assert_int_equal(manifests.count, 1);
    assert_string_equal(manifests.items[0]->file.prefix, "x/y/");
    hw_optimize_manifests_release(&manifests);
    desk.files.store->ops = watched.real;
    optimize_desk_release(&desk);
}

/* ------ local files */

static uint64_t local_convert(const struct scratch *scratch, const char *target) {
    const char *source = scratch_path(scratch, "in/");
    char out[600];
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_convert_options options = {.compression = "none", .threads = 1};
    snprintf(out, sizeof(out), "%s", scratch_path(scratch, target));
    assert_ok(hw_convert(&source, 1, out, &options, &result, &err), err);
    return result.skipped;
}

/* A row: a name that is given, which may be a link or lie behind one. */
static void local_files_are_found_behind_links(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source, *target; /* NULL: in place */
        bool relative;
        const char *link, *to; /* NULL: there is none */
    } local[] = {
        {"the folder", "out/", NULL, false, NULL, NULL},
        {"a file", "out/a.parquet", NULL, false, NULL, NULL},
        {"a path that begins where we are", "out/a.parquet", NULL, true, NULL, NULL},
        {"a path with ..", "in/../out/a.parquet", NULL, false, NULL, NULL},
        {"a link to the file", "link.parquet", NULL, false, "link.parquet", "out/a.parquet"},
        {"a link to its folder", "link/", NULL, false, "link", "out"},
        {"a copy comes back", "copy/", "out/", false, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(local); i++) {
        struct scratch scratch = scratch_make();
        HW_AUTO(hw_buf) csv = {0};
        HW_AUTO(hw_buf) copy = {0};
        struct hw_error err = HW_ERROR_INIT;
        char source[600];
        char target[600];
        char here[600];
        optimize_csv(&csv, 1000);
        scratch_write(&scratch, "in/a.csv", csv.data, csv.size - 1);
        assert_int_equal(local_convert(&scratch, "out/"), 0);
        if (local[i].link) {
            assert_int_equal(symlink(local[i].to, scratch_path(&scratch, local[i].link)), 0);
        }
        if (local[i].target) {
            assert_true(corpus_read(scratch_path(&scratch, "out/a.parquet"), &copy));
            scratch_write(&scratch, "copy/a.parquet", copy.data, copy.size);
        }
        snprintf(source, sizeof(source), "%s",
                 local[i].relative ? local[i].source : scratch_path(&scratch, local[i].source));
        snprintf(target, sizeof(target), "%s", local[i].target ? scratch_path(&scratch, local[i].target) : source);
        assert_non_null(getcwd(here, sizeof(here)));
        assert_int_equal(chdir(scratch_path(&scratch, "")), 0);
        const char *sources[] = {source};
        struct hw_optimize_sums sums;
        assert_ok(hw_optimize(sources, 1, target, NULL, NULL, &sums, &err), err);
        assert_int_equal(chdir(here), 0);
        assert_row_int(local[i].name, sums.outcomes[HW_OPTIMIZE_REWRITTEN], 1);
        assert_row_int(local[i].name, local_convert(&scratch, "out/"), 1);
        scratch_remove(&scratch);
    }
}

/* A folder of the output is a link: its files lie elsewhere, the manifest is where it is named. */
static void files_of_a_linked_folder_are_told_of(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) csv = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_optimize_sums sums;
    char out[600];
    optimize_csv(&csv, 1000);
    scratch_write(&scratch, "in/sub/a.csv", csv.data, csv.size - 1);
    assert_int_equal(mkdir(scratch_path(&scratch, "out"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(&scratch, "elsewhere"), 0777), 0);
    assert_int_equal(symlink("../elsewhere", scratch_path(&scratch, "out/sub")), 0);
    assert_int_equal(local_convert(&scratch, "out/"), 0);
    snprintf(out, sizeof(out), "%s", scratch_path(&scratch, "out/sub/a.parquet"));
    const char *sources[] = {out};
    assert_ok(hw_optimize(sources, 1, out, NULL, NULL, &sums, &err), err);
    assert_int_equal(sums.outcomes[HW_OPTIMIZE_REWRITTEN], 1);
    assert_int_equal(access(scratch_path(&scratch, "elsewhere/a.parquet"), F_OK), 0);
    assert_int_equal(local_convert(&scratch, "out/"), 1);
    scratch_remove(&scratch);
}

/* ------ memory */

static void missing_memory_is_told(void **state) {
    (void)state;
    struct optimize_desk desk;
    bool fired = true;
    lake_make(&desk);
    const struct hw_optimize_target target = {.store = desk.files.store, .prefix = "lake/"};
    const struct hw_optimize_place place = {.source = "mem://lake/sub/b.parquet",
                                            .output = "mem://lake/sub/b.parquet",
                                            .key = "lake/sub/b.parquet",
                                            .in_place = true};
    for (size_t successes = 0; fired; successes++) {
        struct hw_optimize_manifests manifests = HW_OPTIMIZE_MANIFESTS_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_optimize_listed *listed = NULL;
        struct alloc_fault fault;
        const struct hw_file_sums sums = {.bytes = 5};
        const struct hw_optimize_made made = {&sums, 2000, "", 0};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_optimize_manifests_find(&manifests, &target, &place, NULL);
        status = status ? status : hw_optimize_manifests_listed(&manifests, &target, &place, &arena, &listed, NULL);
        if (status == HW_OK) {
            assert_non_null(listed);
            hw_optimize_manifests_amend(&manifests, listed, &made);
            status = manifests.status;
        }
        fired = alloc_fault_end(&fault);
        hw_optimize_manifests_release(&manifests);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    optimize_desk_release(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_tell_what_is_there),
        cmocka_unit_test(manifests_are_left_alone_where_nothing_changed),
        cmocka_unit_test(a_call_that_is_stopped_tells_what_was_done),
        cmocka_unit_test(all_manifests_above_are_written),
        cmocka_unit_test(a_manifest_that_cannot_be_read_keeps_files_from_being_replaced),
        cmocka_unit_test(a_manifest_that_cannot_be_written_is_told_of),
        cmocka_unit_test(each_folder_is_looked_at_once),
        cmocka_unit_test(local_files_are_found_behind_links),
        cmocka_unit_test(files_of_a_linked_folder_are_told_of),
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_manifest", tests, NULL, NULL);
}
