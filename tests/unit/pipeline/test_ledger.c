/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders with very many files: where their manifest has its entries, and what killed runs leave.
 */
#include <dirent.h>
#include <jansson.h>
#include <unistd.h>

#include "conversions.h"
#include "manifest/packed.h"

#define HW_TEST_SUM "ab00000000000000000000000000000000000000000000000000000000000001"

/* Writes the manifest of an earlier run that made so many files of other sources. */
static void manifest_lay(const struct scratch *scratch, size_t entries) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "{\"hawser_manifest\": 1, \"objects\": [", NULL), HW_OK);
    for (size_t i = 0; i < entries; i++) {
        assert_int_equal(
            hw_buf_printf(&text, NULL,
                          "%s{\"path\": \"old-%05zu.parquet\", \"format\": \"parquet\", \"size\": 9, \"rows\": 2, "
                          "\"sha256\": \"%064d\", \"crc64nvme\": \"00000000000000cd\", \"etag\": \"\", "
                          "\"source\": \"old/%05zu.csv\", \"source_size\": 7, \"source_etag\": \"\", "
                          "\"source_mtime_us\": 5, \"options\": \"ef\", \"rejected\": 0}",
                          i > 0 ? ", " : "", i, 0, i),
            HW_OK);
    }
    assert_int_equal(hw_buf_append_text(&text, "]}", NULL), HW_OK);
    scratch_write(scratch, "out/_manifest.json", text.data, text.size);
}

struct came {
    enum hw_status status;
    struct hw_error err;
    uint64_t converted, skipped;
    char packed[256]; /* the names of files with entries, one after the other */
    size_t packed_count;
    bool referred; /* The manifest names one of them. */
    size_t objects;
};

static void came_look(const struct scratch *scratch, struct came *came) {
    DIR *folder = opendir(scratch_path(scratch, "out"));
    for (const struct dirent *found; (found = readdir(folder));) {
        if (strncmp(found->d_name, HW_MANIFEST_REF_PREFIX, strlen(HW_MANIFEST_REF_PREFIX)) == 0) {
            snprintf(came->packed, sizeof(came->packed), "%s", found->d_name);
            came->packed_count++;
        }
    }
    closedir(folder);
    json_t *manifest = json_load_file(scratch_path(scratch, "out/_manifest.json"), 0, NULL);
    const char *name = json_string_value(json_object_get(json_object_get(manifest, "files_ref"), "path"));
    came->referred = name && strcmp(name, came->packed) == 0;
    came->objects = json_array_size(json_object_get(manifest, "objects"));
    json_decref(manifest);
}

static struct came convert(const struct scratch *scratch) {
    struct came came = {.err = HW_ERROR_INIT};
    const char *source = scratch_path(scratch, "in/");
    struct hw_convert_result result = {0};
    const struct hw_convert_options options = {.threads = 1};
    quick_io();
    came.status = hw_convert(&source, 1, scratch_path(scratch, "out/"), &options, &result, &came.err);
    hw_io_set(NULL);
    came.converted = result.converted;
    came.skipped = result.skipped;
    came_look(scratch, &came);
    return came;
}

static void source_lay(const struct scratch *scratch, const char *rows) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_printf(&text, NULL, "a,b\n%s", rows), HW_OK);
    scratch_write(scratch, "in/a.csv", text.data, text.size);
}

#ifndef HW_SANITIZED /* Small manifests take the same way under sanitizers. */
static void entries_stay_where_they_may(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    source_lay(&scratch, "1,2\n");
    manifest_lay(&scratch, HW_MANIFEST_INLINE_MAX - 1);
    const struct came came = convert(&scratch);
    assert_string_equal(came.err.message, "");
    assert_int_equal(came.converted, 1);
    assert_int_equal(came.packed_count, 0);
    assert_false(came.referred);
    assert_int_equal(came.objects, HW_MANIFEST_INLINE_MAX);
    scratch_remove(&scratch);
}
#endif

/* Makes a folder with one entry more than the manifest takes, and changes its source once. */
static struct came entries_move(const struct scratch *scratch) {
    source_lay(scratch, "1,2\n");
    manifest_lay(scratch, HW_MANIFEST_INLINE_MAX);
    const struct came first = convert(scratch);
    assert_string_equal(first.err.message, "");
    assert_int_equal(first.converted, 1);
    assert_int_equal(first.packed_count, 1);
    assert_true(first.referred);
    assert_int_equal(first.objects, 0);
    const struct came again = convert(scratch);
    assert_int_equal(again.skipped, 1);
    assert_string_equal(again.packed, first.packed);
    source_lay(scratch, "1,2\n3,4\n");
    const struct came changed = convert(scratch);
    assert_int_equal(changed.converted, 1);
    assert_int_equal(changed.packed_count, 1); /* The old one is gone. */
    assert_true(changed.referred);
    assert_string_not_equal(changed.packed, first.packed);
    return changed;
}

/* What a run that was killed between two writes leaves; and what is damaged. */
enum left { LEFT_GONE, LEFT_DAMAGED, LEFT_OTHERS };

static const struct {
    const char *name;
    enum left left;
    enum hw_status want;
    const char *says;
    size_t want_packed;
} left_rows[] = {
    {"entries that are gone", LEFT_GONE, HW_EDATA, "the file that has its entries is not there", 0},
    {"entries that are damaged", LEFT_DAMAGED, HW_EDATA, "", 1},
    /* Of these the first goes, and the second stays: it only looks like ours. */
    {"entries that no manifest names, and a file of the user's", LEFT_OTHERS, HW_OK, "", 2},
};

static void left_lay(const struct scratch *scratch, enum left left, const char *path, const struct hw_buf *packed) {
    scratch_write(scratch, path, packed->data, packed->size);
    switch (left) {
    case LEFT_GONE:
        assert_int_equal(unlink(scratch_path(scratch, path)), 0);
        break;
    case LEFT_DAMAGED:
        scratch_write(scratch, path, packed->data, packed->size - 5);
        break;
    case LEFT_OTHERS:
        scratch_write(scratch, "out/_manifest-" HW_TEST_SUM ".ndjson.zst", "x", 1);
        scratch_write(scratch, "out/_manifest-mine.zst", "x", 1);
        break;
    }
}

/* One folder for both, since each run takes all of its many entries in hand. */
static void entries_move_when_they_are_many_and_what_is_left_is_lived_with(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) packed = {0};
    char path[600];
    const struct came moved = entries_move(&scratch);
    snprintf(path, sizeof(path), "out/%s", moved.packed);
    assert_true(corpus_read(scratch_path(&scratch, path), &packed));
    source_lay(&scratch, "1,2\n5,6\n");
    for (size_t r = 0; r < COUNT_OF(left_rows); r++) {
        left_lay(&scratch, left_rows[r].left, path, &packed);
        const struct came came = convert(&scratch);
        assert_row_int(left_rows[r].name, came.status, left_rows[r].want);
        assert_row_says(left_rows[r].name, came.err.message, left_rows[r].says);
        assert_row_int(left_rows[r].name, came.packed_count, left_rows[r].want_packed);
    }
    assert_int_equal(access(scratch_path(&scratch, "out/_manifest-" HW_TEST_SUM ".ndjson.zst"), F_OK), -1);
    assert_int_equal(access(scratch_path(&scratch, "out/_manifest-mine.zst"), F_OK), 0);
    assert_int_equal(convert(&scratch).skipped, 1);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#ifndef HW_SANITIZED
        cmocka_unit_test(entries_stay_where_they_may),
#endif
        cmocka_unit_test(entries_move_when_they_are_many_and_what_is_left_is_lived_with),
    };
    return cmocka_run_group_tests_name("pipeline/ledger", tests, NULL, NULL);
}
