/* SPDX-License-Identifier: Apache-2.0 */
/* Files compared with a manifest that stands beside them. */
#include "pipeline/verify_manifest.h"

#include <stdio.h>

#include "manifest/packed.h"
#include "support/alloc_fault.h"
#include "unit/pipeline/verify_desk.h"

#define SHA "ab00000000000000000000000000000000000000000000000000000000000001"
#define ENTRY(path)                                                                                           \
    "{\"path\": \"" path "\", \"format\": \"csv\", \"size\": 9, \"rows\": 2, \"sha256\": \"" SHA              \
    "\", \"crc64nvme\": \"00000000000000cd\", \"etag\": \"\", \"source\": \"in/a.csv\", \"source_size\": 7, " \
    "\"source_etag\": \"\", \"source_mtime_us\": -5, \"options\": \"ef\", \"rejected\": 0}"
#define MANIFEST "{\"hawser_manifest\": 1, \"objects\": [" ENTRY("a.csv") ", " ENTRY("x/b.csv") "]}"

static enum hw_status manifest_open(struct verify_desk *desk, struct hw_verify_manifest *manifest, const char *path,
                                    struct hw_error *err) {
    const struct hw_store_options options = verify_desk_store(desk);
    *manifest = (struct hw_verify_manifest){0};
    return hw_verify_manifest_open(manifest, path, &options, err);
}

static const struct {
    const char *name;
    const char *key;
    struct hw_verify_counts counts;
    const char *want;
    uint64_t errors, warnings;
    const char *says;
} files[] = {
    {"as it was written",
     "out/a.csv",
     {.format = "csv", .size = 9, .rows = 2, .has_sum = true, .sum = 0xcd},
     "",
     0,
     0,
     ""},
    {"in a folder below",
     "out/x/b.csv",
     {.format = "csv", .size = 9, .rows = 2, .has_sum = true, .sum = 0xcd},
     "",
     0,
     0,
     ""},
    {"other bytes: nothing else counts",
     "out/a.csv",
     {.format = "csv", .size = 10, .rows = 3, .has_sum = true, .sum = 0xce},
     "manifest.size@-1 ",
     1,
     0,
     "it has 10 bytes, the manifest says 9"},
    {"other rows",
     "out/a.csv",
     {.format = "csv", .size = 9, .rows = 3},
     "manifest.rows@-1 ",
     1,
     0,
     "it has 3 rows, the manifest says 2"},
    {"rows that nobody knows", "out/a.csv", {.format = "csv", .size = 9, .rows = -1}, "", 0, 0, ""},
    {"another sum",
     "out/a.csv",
     {.format = "csv", .size = 9, .rows = 2, .has_sum = true, .sum = 0xce},
     "manifest.checksum@-1 ",
     1,
     0,
     "its CRC-64/NVME is 00000000000000ce, the manifest says 00000000000000cd"},
    {"a sum that nobody knows", "out/a.csv", {.format = "csv", .size = 9, .rows = 2, .sum = 0xce}, "", 0, 0, ""},
    {"other rows and another sum",
     "out/a.csv",
     {.format = "csv", .size = 9, .rows = 3, .has_sum = true, .sum = 0xce},
     "manifest.rows@-1 manifest.checksum@-1 ",
     2,
     0,
     "it has 3 rows, the manifest says 2"},
    {"one that was not written",
     "out/c.csv",
     {.format = "csv", .size = 9, .rows = 2},
     "manifest.extra@-1 ",
     0,
     1,
     "the manifest does not tell of it"},
    {"of another folder", "in/a.csv", {.format = "csv", .size = 10, .rows = 2}, "", 0, 0, ""},
    {"of a folder that begins the same", "out2/a.csv", {.format = "csv", .size = 10, .rows = 2}, "", 0, 0, ""},
    {"one that cannot be opened", "out/a.csv", {.format = NULL, .size = 0, .rows = -1}, "", 0, 0, ""},
    {"one that cannot be opened, nor was written", "out/c.csv", {.format = NULL, .size = 0, .rows = -1}, "", 0, 0, ""},
};

static void files_are_what_entries_tell(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    verify_desk_init(&desk);
    desk_put_text(&desk, "out/_manifest.json", MANIFEST);
    assert_ok(manifest_open(&desk, &manifest, "mem://out/_manifest.json", &desk.err), desk.err);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        HW_AUTO(hw_buf) findings = {0};
        struct hw_verify_file file = {.findings_max = 10};
        assert_ok(hw_verify_file_init(&file, desk.store, NULL, files[i].key, NULL, &desk.err), desk.err);
        file.counts = files[i].counts;
        assert_ok(hw_verify_manifest_check(&manifest, &file, &desk.err), desk.err);
        findings_list(&file, &findings);
        assert_row_text(files[i].name, (const char *)findings.data, files[i].want);
        assert_row_int(files[i].name, file.counts.errors, files[i].errors);
        assert_row_int(files[i].name, file.counts.warnings, files[i].warnings);
        if (findings.size > 1) {
            const struct hw_finding *finding = hw_verify_file_finding(&file, 0);
            assert_row_text(files[i].name, finding->message, files[i].says);
            assert_row_int(files[i].name, finding->level, HW_VERIFY_FOOTER);
        }
        hw_verify_file_release(&file);
    }
    hw_verify_manifest_release(&manifest);
    verify_desk_release(&desk);
}

/* The same key in another store is another file. */
static void a_file_of_another_store_is_none_of_it(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_store *other;
    struct hw_verify_manifest manifest;
    struct hw_verify_file file = {.findings_max = 10};
    verify_desk_init(&desk);
    desk_put_text(&desk, "out/_manifest.json", MANIFEST);
    assert_ok(hw_memory_store_new("other://", NULL, &other, &desk.err), desk.err);
    assert_ok(manifest_open(&desk, &manifest, "mem://out/_manifest.json", &desk.err), desk.err);
    assert_ok(hw_verify_file_init(&file, other, NULL, "out/a.csv", NULL, &desk.err), desk.err);
    file.counts.format = "csv";
    assert_ok(hw_verify_manifest_check(&manifest, &file, &desk.err), desk.err);
    assert_int_equal(hw_verify_file_findings(&file), 0);
    hw_verify_file_release(&file);
    hw_verify_manifest_release(&manifest);
    hw_memory_store_free(other);
    verify_desk_release(&desk);
}

/* ------ entries without a file */

struct missing {
    struct hw_buf paths;
    enum hw_status refuses;
};

static enum hw_status missing_take(void *ctx, const char *path, struct hw_error *err) {
    struct missing *missing = ctx;
    return missing->refuses ? hw_fail(err, missing->refuses, "no more")
                            : hw_buf_printf(&missing->paths, err, "%s ", path);
}

static void entries_without_a_file_are_told(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    struct hw_verify_file file = {.findings_max = 10};
    struct missing missing = {0};
    verify_desk_init(&desk);
    desk_put_text(&desk, "out/_manifest.json", MANIFEST);
    assert_ok(manifest_open(&desk, &manifest, "mem://out/_manifest.json", &desk.err), desk.err);
    assert_ok(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), desk.err);
    assert_row_bytes("both", missing.paths.data, missing.paths.size, "mem://out/a.csv mem://out/x/b.csv ", 34);
    hw_buf_clear(&missing.paths);
    desk_put_text(&desk, "out/x/b.csv", "");
    assert_ok(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), desk.err);
    assert_row_bytes("one is there", missing.paths.data, missing.paths.size, "mem://out/a.csv ", 16);
    hw_buf_clear(&missing.paths);
    missing.refuses = HW_ECANCELLED;
    assert_int_equal(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), HW_ECANCELLED);
    missing.refuses = HW_OK;
    /* One that was looked at, and could not be opened, was told of as such. */
    assert_ok(hw_verify_file_init(&file, desk.store, NULL, "out/a.csv", NULL, &desk.err), desk.err);
    assert_ok(hw_verify_manifest_check(&manifest, &file, &desk.err), desk.err);
    assert_ok(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), desk.err);
    assert_int_equal(missing.paths.size, 0);
    hw_verify_file_release(&file);
    hw_verify_manifest_release(&manifest);
    hw_buf_release(&missing.paths);
    verify_desk_release(&desk);
}

static enum hw_status stat_fails(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                 char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    (void)store, (void)key, (void)out_info, (void)out_etag;
    return hw_fail(err, HW_EAUTH, "forbidden");
}

/* One that cannot be asked for may be there. */
static void one_that_cannot_be_asked_for_is_not_missing(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    struct missing missing = {0};
    verify_desk_init(&desk);
    desk_put_text(&desk, "out/_manifest.json", MANIFEST);
    assert_ok(manifest_open(&desk, &manifest, "mem://out/_manifest.json", &desk.err), desk.err);
    const struct hw_store_ops *whole = manifest.store->ops;
    struct hw_store_ops broken = *whole;
    broken.stat = stat_fails;
    manifest.store->ops = &broken;
    assert_int_equal(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), HW_EAUTH);
    assert_string_equal(desk.err.message, "forbidden");
    manifest.store->ops = whole;
    hw_verify_manifest_release(&manifest);
    verify_desk_release(&desk);
}

/* ------ opening */

/* Entries that lie in a file of their own, which the manifest names. */
static void packed_put(struct verify_desk *desk, bool with_entries) {
    HW_AUTO(hw_manifest) before = {0};
    HW_AUTO(hw_manifest_sorter) changes = {0};
    HW_AUTO(hw_manifest_merge) merge = {0};
    HW_AUTO(hw_manifest_packed) packed = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sink *sink;
    char key[HW_MANIFEST_REF_BYTES + 8];
    const struct hw_manifest_entry entry = {.path = "a.csv",
                                            .format = "csv",
                                            .bytes = 9,
                                            .rows = 2,
                                            .etag = "",
                                            .source = "in/a.csv",
                                            .source_etag = "",
                                            .options = ""};
    assert_ok(hw_manifest_sorter_put(&changes, &entry, &err), err);
    assert_ok(hw_manifest_merge_open(&merge, &before, &changes, &err), err);
    assert_ok(hw_manifest_pack(&merge, &packed, &err), err);
    assert_ok(desk->store->ops->sink_open(desk->store, "big/_manifest.json", NULL, &sink, &err), err);
    assert_ok(hw_manifest_packed_refer(&packed, sink, &err), err);
    assert_ok(sink->ops->finish(sink, &err), err);
    sink->ops->free(sink);
    snprintf(key, sizeof(key), "big/%s", packed.ref.name);
    assert_ok(desk->store->ops->sink_open(desk->store, key, NULL, &sink, &err), err);
    assert_ok(hw_manifest_packed_copy(&packed, sink, &err), err);
    if (with_entries) {
        assert_ok(sink->ops->finish(sink, &err), err);
    }
    sink->ops->free(sink);
}

static void entries_may_lie_beside_a_manifest(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    struct missing missing = {0};
    verify_desk_init(&desk);
    packed_put(&desk, false);
    assert_int_equal(manifest_open(&desk, &manifest, "mem://big/_manifest.json", &desk.err), HW_ENOTFOUND);
    assert_string_equal(desk.err.object, "mem://big/_manifest.json");
    hw_verify_manifest_release(&manifest);
    packed_put(&desk, true);
    assert_ok(manifest_open(&desk, &manifest, "mem://big/_manifest.json", &desk.err), desk.err);
    assert_ok(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), desk.err);
    assert_row_bytes("its entry", missing.paths.data, missing.paths.size, "mem://big/a.csv ", 16);
    hw_verify_manifest_release(&manifest);
    hw_buf_release(&missing.paths);
    verify_desk_release(&desk);
}

static void what_is_no_manifest_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *path;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"mem://none.json", HW_ENOTFOUND, ""},
        {"mem://text.json", HW_EDATA, "it is not a manifest"},
        {"nowhere://x", HW_EUSAGE, ""},
    };
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    verify_desk_init(&desk);
    desk_put_text(&desk, "text.json", "a,b\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].path, manifest_open(&desk, &manifest, rows[i].path, &err), rows[i].want);
        assert_row_says(rows[i].path, err.message, rows[i].says);
        hw_verify_manifest_release(&manifest);
    }
    verify_desk_release(&desk);
}

/* Without a manifest nothing is compared, and nothing is missing. */
static void no_manifest_asks_for_nothing(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    struct hw_verify_file file = {.findings_max = 10};
    struct missing missing = {.refuses = HW_EIO};
    verify_desk_init(&desk);
    assert_ok(manifest_open(&desk, &manifest, NULL, &desk.err), desk.err);
    assert_ok(hw_verify_file_init(&file, desk.store, NULL, "a.csv", NULL, &desk.err), desk.err);
    assert_ok(hw_verify_manifest_check(&manifest, &file, &desk.err), desk.err);
    assert_int_equal(file.counts.warnings, 0);
    assert_ok(hw_verify_manifest_end(&manifest, missing_take, &missing, &desk.err), desk.err);
    hw_verify_file_release(&file);
    hw_verify_manifest_release(&manifest);
    verify_desk_release(&desk);
}

/* A file that was removed is missing, and one that was written anew is another. */
static void a_folder_is_what_a_run_has_left(void **state) {
    (void)state;
    struct verify_desk desk;
    static const char *const folder[] = {"mem://out/", NULL};
    static const char *const named[] = {"mem://out/a.csv", "mem://out/b.csv", NULL};
    const struct hw_verify_options options = {.manifest_path = "mem://out/_manifest.json"};
    verify_desk_init(&desk);
    desk_put_text(&desk, "in/a.csv", "a,b\n1,2\n");
    desk_put_text(&desk, "in/b.csv", "a,b\n1,2\n");
    desk_convert(&desk, "mem://in/", "mem://out/", &(struct hw_convert_options){.formats = HW_FORMAT_CSV});
    assert_int_equal(desk_verify(&desk, folder, &options), HW_OK);
    desk_told("as it was left", &desk,
              "mem://out/a.csv csv ok HW_OK errors 0 warnings 0 rows 1\n"
              "mem://out/b.csv csv ok HW_OK errors 0 warnings 0 rows 1\n");
    desk_put_text(&desk, "out/a.csv", "a,b\n1,3\n");
    assert_ok(desk.store->ops->remove(desk.store, "out/b.csv", &desk.err), desk.err);
    assert_int_equal(desk_verify(&desk, folder, &options), HW_EDATA);
    desk_told("others", &desk,
              "mem://out/a.csv error manifest.checksum\n"
              "mem://out/a.csv csv invalid HW_OK errors 1 warnings 0 rows 1\n"
              "mem://out/b.csv error manifest.missing\n"
              "mem://out/b.csv - invalid HW_OK errors 1 warnings 0 rows -1\n");
    assert_int_equal(desk_verify(&desk, named, &options), HW_EDATA);
    desk_told("one that is named is told of once", &desk,
              "mem://out/a.csv error manifest.checksum\n"
              "mem://out/a.csv csv invalid HW_OK errors 1 warnings 0 rows 1\n"
              "mem://out/b.csv - failed HW_ENOTFOUND errors 0 warnings 0 rows -1\n");
    verify_desk_release(&desk);
}

/* Wherever memory is missing, opening says so. */
static void missing_memory_is_told(void **state) {
    (void)state;
    struct verify_desk desk;
    struct hw_verify_manifest manifest;
    struct alloc_fault fault;
    size_t failures = 0;
    verify_desk_init(&desk);
    desk_put_text(&desk, "out/_manifest.json", MANIFEST);
    for (bool fired = true; fired; failures++) {
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = manifest_open(&desk, &manifest, "mem://out/_manifest.json", &err);
        hw_verify_manifest_release(&manifest);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 5);
    verify_desk_release(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_what_entries_tell),
        cmocka_unit_test(a_file_of_another_store_is_none_of_it),
        cmocka_unit_test(entries_without_a_file_are_told),
        cmocka_unit_test(one_that_cannot_be_asked_for_is_not_missing),
        cmocka_unit_test(entries_may_lie_beside_a_manifest),
        cmocka_unit_test(what_is_no_manifest_is_refused),
        cmocka_unit_test(no_manifest_asks_for_nothing),
        cmocka_unit_test(a_folder_is_what_a_run_has_left),
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/verify_manifest", tests, NULL, NULL);
}
