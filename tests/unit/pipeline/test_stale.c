/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/stale.h"

#include <errno.h>
#include <unistd.h>

#include "output_desk.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"

/* What is at the path of an entry by now. */
enum there { AS_WRITTEN, TOUCHED, ANOTHER, NOTHING, A_LINK };

static void there_make(struct desk *desk, const char *path, enum there there) {
    char name[300];
    snprintf(name, sizeof(name), "out/%s", path);
    if (there == TOUCHED || there == ANOTHER) { /* after its entry was made: the times differ */
        assert_int_equal(unlink(scratch_path(&desk->scratch, name)), 0);
        usleep(2000);
        desk_write(desk, path, there == TOUCHED ? DESK_TEXT : DESK_OTHER);
    } else if (there == NOTHING) {
        assert_int_equal(unlink(scratch_path(&desk->scratch, name)), 0);
    } else if (there == A_LINK) {
        assert_int_equal(unlink(scratch_path(&desk->scratch, name)), 0);
        scratch_write(&desk->scratch, "elsewhere", DESK_TEXT, strlen(DESK_TEXT));
        assert_int_equal(symlink("../elsewhere", scratch_path(&desk->scratch, name)), 0);
    }
}

/* Removes what the manifest tells of, where the run has made only "a-00000.parquet". */
static struct hw_output_files stale_remove(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    static struct hw_manifest_entry made = {.path = "a-00000.parquet", .etag = ""};
    struct hw_output_files files = {.entries = &made, .count = 1, .source = desk->source.name};
    desk->options.max_file_bytes = 1;
    assert_ok(hw_output_plan_make(&desk->source, &desk->output_plan, &err), err);
    hw_stale_remove(&desk->source, &desk->output_plan, &files);
    return files;
}

static void a_file_goes_only_where_it_is_ours(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *path, *format;
        uint32_t file;
        enum there there;
        bool other_source; /* The entry is one of another source. */
        bool goes;
        bool forgotten; /* The manifest tells of it no more. */
        bool kept;      /* Something that should have gone is there. */
        const char *says;
    } rows[] = {
        {"a number that was not made again", "a-00001.parquet", "parquet", 2, AS_WRITTEN, false, true, true, false, ""},
        {"many digits", "a-100001.parquet", "parquet", 2, AS_WRITTEN, false, true, true, false, ""},
        {"of a partition", "k=v/a-00001.parquet", "parquet", 2, AS_WRITTEN, false, true, true, false, ""},
        {"a single one", "a.parquet", "parquet", 0, AS_WRITTEN, false, true, true, false, ""},
        {"its time is another", "a-00001.parquet", "parquet", 2, TOUCHED, false, true, true, false, ""},
        {"gone already", "a-00001.parquet", "parquet", 2, NOTHING, false, false, true, false, ""},
        {"made again", "a-00000.parquet", "parquet", 1, AS_WRITTEN, false, false, false, false, ""},
        {"another file by now", "a-00001.parquet", "parquet", 2, ANOTHER, false, false, true, false, "another by now"},
        {"a link", "a-00001.parquet", "parquet", 2, A_LINK, false, false, false, true, "a link leads to it"},
        {"of another source", "a-00001.parquet", "parquet", 2, AS_WRITTEN, true, false, false, false, ""},
        {"of another format", "a.avro", "avro", 0, AS_WRITTEN, false, false, false, false, ""},
        {"a name of another source", "b-00001.parquet", "parquet", 2, AS_WRITTEN, false, false, false, false, ""},
        {"a longer stem", "ab-00001.parquet", "parquet", 2, AS_WRITTEN, false, false, false, false, ""},
        {"too few digits", "a-0001.parquet", "parquet", 2, AS_WRITTEN, false, false, false, false, ""},
        {"no digits", "a-0000x.parquet", "parquet", 2, AS_WRITTEN, false, false, false, false, ""},
        {"a number of a single one", "a-00001.parquet", "parquet", 0, AS_WRITTEN, false, false, false, false, ""},
        {"another extension", "a-00001.txt", "parquet", 2, AS_WRITTEN, false, false, false, false, ""},
        {"a folder that is no partition", "k/a-00001.parquet", "parquet", 2, AS_WRITTEN, false, false, false, false,
         ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk);
        desk_write(&desk, rows[i].path, DESK_TEXT);
        struct hw_manifest_entry entry = desk_entry(&desk, rows[i].path, rows[i].format, rows[i].file);
        entry.source = rows[i].other_source ? "in/b.csv" : entry.source;
        assert_ok(hw_manifest_put(&desk.before, &entry, &err), err);
        assert_ok(hw_manifest_seal(&desk.before, &err), err);
        there_make(&desk, rows[i].path, rows[i].there);
        const struct hw_output_files files = stale_remove(&desk);
        assert_row_int(rows[i].name, desk_has(&desk, rows[i].path), !rows[i].goes && rows[i].there != NOTHING);
        assert_row_int(rows[i].name, files.gone_count, rows[i].forgotten);
        assert_row_int(rows[i].name, files.kept, rows[i].kept);
        assert_row_int(rows[i].name, files.unremoved, 0);
        assert_row_int(rows[i].name, desk.told.count, rows[i].says[0] != '\0');
        assert_row_says(rows[i].name, desk.told.last.message, rows[i].says);
        desk_close(&desk);
    }
}

/* Paths of a manifest that somebody else has written lead nowhere outside of the folder. */
static void no_path_leads_out(void **state) {
    (void)state;
    static const char *const paths[] = {"../a-00001.parquet",
                                        "k=v/../../a-00001.parquet",
                                        "./a-00001.parquet",
                                        "/a-00001.parquet",
                                        "k=v//a-00001.parquet",
                                        "",
                                        "..",
                                        "."};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk);
        scratch_write(&desk.scratch, "a-00001.parquet", DESK_TEXT, strlen(DESK_TEXT));
        desk_write(&desk, "a-00001.parquet", DESK_TEXT);
        const struct hw_manifest_entry entry = desk_entry(&desk, paths[i], "parquet", 2);
        assert_ok(hw_manifest_put(&desk.before, &entry, &err), err);
        assert_ok(hw_manifest_seal(&desk.before, &err), err);
        const struct hw_output_files files = stale_remove(&desk);
        assert_row_int(paths[i], files.gone_count, 0);
        assert_row_int(paths[i], desk_has(&desk, "a-00001.parquet"), true);
        assert_row_int(paths[i], scratch_holds(&desk.scratch, "a-00001.parquet", DESK_TEXT, strlen(DESK_TEXT)), true);
        desk_close(&desk);
    }
}

/* What a run that did not end has made: its journal alone tells of it. */
static void journals_tell_of_files_too(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool in_manifest;
        enum there there;
        bool goes;
    } rows[] = {{"only the journal", false, AS_WRITTEN, true},
                {"both", true, AS_WRITTEN, true},
                {"another by now", false, ANOTHER, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        size_t number;
        desk_open(&desk);
        desk_write(&desk, "a-00001.parquet", DESK_TEXT);
        const struct hw_manifest_entry entry = desk_entry(&desk, "a-00001.parquet", "parquet", 2);
        assert_ok(hw_journals_open(&desk.journals, desk.plan.target, "out/", &err), err);
        assert_ok(hw_journals_write(&desk.journals, "in/a.csv", &entry, 1, &number, &err), err);
        hw_journals_release(&desk.journals);
        assert_ok(hw_journals_open(&desk.journals, desk.plan.target, "out/", &err), err);
        if (rows[i].in_manifest) {
            assert_ok(hw_manifest_put(&desk.before, &entry, &err), err);
            assert_ok(hw_manifest_seal(&desk.before, &err), err);
        }
        there_make(&desk, "a-00001.parquet", rows[i].there);
        const struct hw_output_files files = stale_remove(&desk);
        assert_row_int(rows[i].name, desk_has(&desk, "a-00001.parquet"), !rows[i].goes);
        assert_row_int(rows[i].name, files.gone_count, rows[i].in_manifest);
        desk_close(&desk);
    }
}

/* All that has gone is told, however many they are, and where their entries lie. */
static void many_go(void **state) {
    (void)state;
    enum { FILES = 100 };
    struct desk desk;
    struct hw_error err = HW_ERROR_INIT;
    char path[32];
    desk_open(&desk);
    for (uint32_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof(path), "a-%05u.parquet", i);
        desk_write(&desk, path, DESK_TEXT);
        const struct hw_manifest_entry entry = desk_entry(&desk, path, "parquet", i + 1);
        assert_ok(hw_manifest_put(&desk.before, &entry, &err), err);
    }
    assert_ok(hw_manifest_seal(&desk.before, &err), err);
    const struct hw_output_files files = stale_remove(&desk);
    assert_int_equal(files.gone_count, FILES - 1);
    for (size_t i = 0; i < files.gone_count; i++) {
        HW_AUTO(hw_manifest_cursor) cursor = {0};
        const struct hw_manifest_entry *gone;
        snprintf(path, sizeof(path), "a-%05zu.parquet", i + 1);
        assert_ok(hw_manifest_at(&desk.before, files.gone[i], &cursor, &gone, &err), err);
        assert_string_equal(gone->path, path);
        assert_false(desk_has(&desk, path));
    }
    assert_true(desk_has(&desk, "a-00000.parquet"));
    desk_close(&desk);
}

/* What cannot be removed stays known, and is told. */
static void a_file_that_cannot_be_removed_is_told(void **state) {
    (void)state;
    struct desk desk;
    struct hw_error err = HW_ERROR_INIT;
    desk_open(&desk);
    desk_write(&desk, "a-00001.parquet", DESK_TEXT);
    const struct hw_manifest_entry entry = desk_entry(&desk, "a-00001.parquet", "parquet", 2);
    assert_ok(hw_manifest_put(&desk.before, &entry, &err), err);
    assert_ok(hw_manifest_seal(&desk.before, &err), err);
    faulty_io_start(IO_UNLINKAT, 1, EACCES);
    const struct hw_output_files files = stale_remove(&desk);
    assert_int_equal(faulty_io_stop(), IO_UNLINKAT);
    assert_int_equal(files.unremoved, 1);
    assert_int_equal(files.gone_count, 0);
    assert_true(files.kept);
    assert_true(desk_has(&desk, "a-00001.parquet"));
    assert_non_null(strstr(desk.told.last.message, "cannot remove what an earlier run made of this source"));
    assert_non_null(strstr(desk.told.last.object, "out/a-00001.parquet"));
    desk_close(&desk);
}

/* Where there was no manifest, files that are named like numbered outputs are told of. */
static void files_that_nothing_tells_of_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name, *path;
        bool made;
        bool told;
    } rows[] = {
        {"a numbered file", "a-00001.parquet", false, true},
        {"of a partition", "k=v/a-00001.csv.gz", false, true},
        {"this run has made it", "a-00001.parquet", true, false},
        {"of no source", "b-00001.parquet", false, false},
        {"no number", "a.parquet", false, false},
        {"too few digits", "a-0001.parquet", false, false},
        {"another extension", "a-00001.txt", false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        HW_AUTO(hw_name_set) made = {0};
        struct hw_error err = HW_ERROR_INIT;
        bool new;
        desk_open(&desk);
        desk_write(&desk, rows[i].path, DESK_TEXT);
        assert_ok(hw_plan_claim(&desk.plan, "a", "in/a.csv", &err), err);
        if (rows[i].made) {
            assert_ok(hw_name_set_add(&made, hw_view_of(rows[i].path), NULL, &new, &err), err);
        }
        assert_ok(hw_stale_look(&desk.plan, &made, &desk.warn, &err), err);
        assert_row_int(rows[i].name, desk.told.count, rows[i].told);
        assert_row_says(rows[i].name, desk.told.last.message, rows[i].told ? "1 file here is named like outputs" : "");
        desk_close(&desk);
    }
}

/* Whatever allocation fails: nothing goes that the manifest still tells of. */
static void without_memory_nothing_is_lost(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct desk desk;
        struct hw_error err = HW_ERROR_INIT;
        static struct hw_manifest_entry made = {.path = "a-00000.parquet", .etag = ""};
        struct hw_output_files files = {.entries = &made, .count = 1};
        desk_open(&desk);
        desk_write(&desk, "a-00001.parquet", DESK_TEXT);
        const struct hw_manifest_entry entry = desk_entry(&desk, "a-00001.parquet", "parquet", 2);
        assert_ok(hw_manifest_put(&desk.before, &entry, &err), err);
        assert_ok(hw_manifest_seal(&desk.before, &err), err);
        desk.options.max_file_bytes = 1;
        alloc_fault_begin(&fault, successes);
        if (hw_output_plan_make(&desk.source, &desk.output_plan, &err) == HW_OK) {
            hw_stale_remove(&desk.source, &desk.output_plan, &files);
            assert_int_equal(desk_has(&desk, "a-00001.parquet"), files.gone_count == 0);
            assert_int_equal(files.gone_count == 0, files.unremoved > 0);
        }
        hw_arena_release(&desk.arena);
        fired = alloc_fault_end(&fault);
        desk_close(&desk);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_goes_only_where_it_is_ours),
        cmocka_unit_test(no_path_leads_out),
        cmocka_unit_test(journals_tell_of_files_too),
        cmocka_unit_test(many_go),
        cmocka_unit_test(a_file_that_cannot_be_removed_is_told),
        cmocka_unit_test(files_that_nothing_tells_of_are_told),
        cmocka_unit_test(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests_name("pipeline/stale", tests, NULL, NULL);
}
