/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest that several runs keep: what one has changed, another does not lose. */
#include "pipeline/manifest_file.h"

#include <hawser/memory.h>

#include <stdio.h>
#include <unistd.h>

#include "core/clock.h"
#include "store/store_file.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/scratch.h"

#define KEY "lake/_manifest.json"
#define ENTRY(path, crc)                                                                                 \
    "{\"path\": \"" path "\", \"format\": \"parquet\", \"size\": 9, \"rows\": 2, \"sha256\": "           \
    "\"0000000000000000000000000000000000000000000000000000000000000000\", \"crc64nvme\": \"" crc "\", " \
    "\"etag\": \"\", \"source\": \"in/a.csv\", \"source_size\": 7, \"source_etag\": \"\", "              \
    "\"source_mtime_us\": 5, \"options\": \"ef\", \"rejected\": 0}"
#define MANIFEST(entries) "{\"hawser_manifest\": 1, \"objects\": [" entries "]}"
#define CRC "00000000000000cd"
enum { CRC_BEFORE = 0xcd, CRC_AFTER = 0xee };

static struct hw_store *store_make(const char *manifest) {
    struct hw_store *store;
    assert_int_equal(hw_memory_store_new("mem://", NULL, &store, NULL), HW_OK);
    if (manifest) {
        assert_int_equal(hw_memory_store_put(store, KEY, manifest, strlen(manifest), NULL), HW_OK);
    }
    return store;
}

static struct hw_manifest_file file_of(struct hw_store *store) {
    return (struct hw_manifest_file){.store = store, .prefix = "lake/"};
}

static struct hw_manifest_entry change_of(const char *path, bool amends) {
    return (struct hw_manifest_entry){
        .path = path,
        .format = "parquet",
        .etag = "",
        .bytes = 5,
        .crc64nvme = CRC_AFTER,
        .source = "in/a.csv",
        .source_bytes = 7,
        .source_etag = "",
        .source_mtime_us = 5,
        .options = "ef",
        .amends = amends,
        .amended_crc64nvme = CRC_BEFORE,
    };
}

static void change_put(struct hw_manifest_file *file, const char *path, bool amends) {
    const struct hw_manifest_entry change = change_of(path, amends);
    assert_int_equal(hw_manifest_sorter_put(&file->changes, &change, NULL), HW_OK);
}

/* Tells the entries of a folder: "a9 b5", a path and the bytes each; "none" where it has none. */
static const char *entries_tell(struct hw_store *store, char *out, size_t out_bytes) {
    struct hw_manifest_file file = file_of(store);
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    size_t at = 0;
    snprintf(out, out_bytes, "none");
    if (hw_manifest_file_read(&file, NULL) == HW_OK) {
        out[0] = '\0';
        hw_manifest_all(&file.before, &cursor);
        while (hw_manifest_next(&cursor, &entry, NULL) == HW_OK && entry) {
            at +=
                (size_t)snprintf(out + at, out_bytes - at, "%s%s%d", at > 0 ? " " : "", entry->path, (int)entry->bytes);
        }
    }
    hw_manifest_file_release(&file);
    return out;
}

/* ------ a clock, by which nobody waits */

static int64_t clock_us;

static int64_t clock_read(void *ctx) {
    (void)ctx;
    return clock_us;
}

static void clock_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    clock_us += ms * 1000;
}

static const struct hw_clock test_clock = {clock_read, clock_read, clock_sleep, NULL};

/* ------ reading */

static void a_manifest_is_read_or_the_fault_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *manifest;
        enum hw_status want;
        const char *says;
        bool missing;
        uint64_t count;
    } rows[] = {
        {"none", NULL, HW_ENOTFOUND, "", true, 0},
        {"two entries", MANIFEST(ENTRY("a", CRC) "," ENTRY("b", CRC)), HW_OK, "", false, 2},
        {"no entries", MANIFEST(""), HW_OK, "", false, 0},
        {"no manifest", "{\"files\": []}", HW_EDATA, "it is not a manifest", false, 0},
        {"cut off", "{\"hawser_manifest\": 1, \"objects\": [", HW_EDATA, "", false, 0},
        {"entries that are gone",
         "{\"hawser_manifest\": 2, \"files_ref\": {\"path\": "
         "\"_manifest-aa00000000000000000000000000000000000000000000000000000000000000.ndjson.zst\", \"sha256\": "
         "\"aa00000000000000000000000000000000000000000000000000000000000000\", \"size\": 5, \"objects\": 1}}",
         HW_EDATA, "the file that has its entries is not there: _manifest-aa", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_make(rows[i].manifest);
        struct hw_manifest_file file = file_of(store);
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_manifest_file_read(&file, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, file.missing, rows[i].missing);
        assert_row_int(rows[i].name, file.before.count, rows[i].count);
        hw_manifest_file_release(&file);
        hw_memory_store_free(store);
    }
}

/* ------ writing */

/* What is there when a run begins, what another has made of it when it ends, and what comes out. */
static void changes_of_others_stay(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *first, *later; /* NULL: none */
        bool amends;               /* Our change, of "b", does. */
        bool amends_only;
        const char *want;
    } rows[] = {
        {"the first", NULL, NULL, false, false, "b5"},
        {"another was faster with it", NULL, MANIFEST(ENTRY("a", CRC)), false, false, "a9 b5"},
        {"replaced", MANIFEST(ENTRY("a", CRC) "," ENTRY("b", CRC)),
         MANIFEST(ENTRY("a", CRC) "," ENTRY("b", CRC) "," ENTRY("c", CRC)), false, false, "a9 b5 c9"},
        {"removed by another", MANIFEST(ENTRY("a", CRC)), NULL, false, false, "b5"},
        {"amended", MANIFEST(ENTRY("b", CRC)), MANIFEST(ENTRY("b", CRC)), true, true, "b5"},
        {"amended, with what another has made", MANIFEST(ENTRY("b", CRC)),
         MANIFEST(ENTRY("a", CRC) "," ENTRY("b", CRC)), true, true, "a9 b5"},
        {"another has made the file anew", MANIFEST(ENTRY("b", CRC)), MANIFEST(ENTRY("b", "00000000000000ce")), true,
         true, "b9"},
        {"another has amended it so too", MANIFEST(ENTRY("b", CRC)), MANIFEST(ENTRY("b", "00000000000000ee")), true,
         true, "b5"},
        {"amended, but it is gone", MANIFEST(ENTRY("b", CRC)), NULL, true, true, "none"},
        {"amended beside what is made", MANIFEST(ENTRY("b", CRC)), NULL, true, false, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_make(rows[i].first);
        struct hw_manifest_file file = file_of(store);
        struct hw_error err = HW_ERROR_INIT;
        char told[64];
        file.amends_only = rows[i].amends_only;
        assert_row_int(rows[i].name, hw_manifest_file_read(&file, &err), rows[i].first ? HW_OK : HW_ENOTFOUND);
        change_put(&file, "b", rows[i].amends);
        assert_ok(store->ops->remove(store, KEY, &err), err);
        if (rows[i].later) {
            assert_ok(hw_memory_store_put(store, KEY, rows[i].later, strlen(rows[i].later), &err), err);
        }
        err = (struct hw_error)HW_ERROR_INIT;
        assert_ok(hw_manifest_file_save(&file, &err), err);
        assert_row_text(rows[i].name, entries_tell(store, told, sizeof(told)), rows[i].want);
        hw_manifest_file_release(&file);
        hw_memory_store_free(store);
    }
}

/* ------ a store that does what another run does between two calls */

enum deed {
    DEED_WRITTEN, /* another run writes between our look and our write */
    DEED_LOST,    /* another run overwrites what we wrote, as it was told that it may */
    DEED_REFUSED, /* the service knows no conditions */
    DEED_FAILS,
};

static struct {
    const struct hw_store_ops *real;
    enum deed deed;
    int left; /* so many times */
} other;

/* Each manifest of another run is another text, so that its ETag is. */
static void others_write(struct hw_store *store) {
    static const char entries[] = MANIFEST(ENTRY("theirs", CRC) "," ENTRY("b", CRC));
    const struct hw_store_ops *ours = store->ops;
    char theirs[sizeof(entries) + 128];
    snprintf(theirs, sizeof(theirs), "%*s%s", other.left, "", entries);
    store->ops = other.real;
    assert_int_equal(hw_memory_store_put(store, KEY, theirs, strlen(theirs), NULL), HW_OK);
    store->ops = ours;
}

static enum hw_status other_sink_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                      struct hw_sink **out_sink, struct hw_error *err) {
    const bool conditional = options->if_match || options->create_only;
    if (other.left > 0 && other.deed == DEED_REFUSED && conditional) {
        other.left--;
        enum hw_status status = hw_fail(err, HW_EUNSUPPORTED, "no conditions");
        snprintf(err->s3_code, sizeof(err->s3_code), "NotImplemented");
        return status;
    }
    if (other.left > 0 && other.deed == DEED_FAILS) {
        return hw_fail(err, HW_EIO, "injected");
    }
    if (other.left > 0 && other.deed == DEED_WRITTEN) {
        other.left--;
        others_write(store);
    }
    return other.real->sink_open(store, key, options, out_sink, err);
}

static enum hw_status other_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                 char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    /* The first look comes before our first write. */
    if (other.deed == DEED_LOST && other.left > 0 && --other.left == 0) {
        others_write(store);
    }
    return other.real->stat(store, key, out_info, out_etag, err);
}

static void runs_at_once_lose_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum deed deed;
        int times;
        bool amends;
        enum hw_status want;
        const char *told;
    } rows[] = {
        {"alone", DEED_WRITTEN, 0, true, HW_OK, "b5"},
        {"overtaken once", DEED_WRITTEN, 1, true, HW_OK, "b5 theirs9"},
        {"overtaken often", DEED_WRITTEN, 5, true, HW_OK, "b5 theirs9"},
        {"overtaken always", DEED_WRITTEN, 99, true, HW_ECHANGED, "b9 theirs9"},
        {"overwritten", DEED_LOST, 2, true, HW_OK, "b5 theirs9"},
        {"no conditions", DEED_REFUSED, 99, true, HW_OK, "b5"},
        {"a fault", DEED_FAILS, 99, true, HW_EIO, "b9"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_make(MANIFEST(ENTRY("b", CRC)));
        struct hw_manifest_file file = file_of(store);
        struct hw_error err = HW_ERROR_INIT;
        char told[64];
        other.real = store->ops;
        struct hw_store_ops ops = *store->ops;
        ops.sink_open = other_sink_open;
        ops.stat = other_stat;
        assert_ok(hw_manifest_file_read(&file, &err), err);
        change_put(&file, "b", rows[i].amends);
        other.deed = rows[i].deed;
        other.left = rows[i].times;
        store->ops = &ops;
        hw_clock_set(&test_clock);
        assert_row_int(rows[i].name, hw_manifest_file_save(&file, &err), rows[i].want);
        hw_clock_set(NULL);
        store->ops = other.real;
        assert_row_text(rows[i].name, entries_tell(store, told, sizeof(told)), rows[i].told);
        hw_manifest_file_release(&file);
        hw_memory_store_free(store);
    }
}

/* ------ local files */

/* A folder that is not there is made, and its lock is free afterwards. */
static void local_folders_are_locked(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    char root[600];
    char told[64];
    snprintf(root, sizeof(root), "%s/", scratch_path(&scratch, ""));
    assert_ok(hw_store_file_open(root, NULL, &store, &err), err);
    for (int i = 0; i < 2; i++) {
        struct hw_manifest_file file = file_of(store);
        int fd = -1;
        assert_int_equal(hw_manifest_file_read(&file, NULL), i == 0 ? HW_ENOTFOUND : HW_OK);
        change_put(&file, i == 0 ? "a" : "b", false);
        assert_ok(hw_manifest_file_save(&file, &err), err);
        hw_manifest_file_release(&file);
        assert_ok(store->ops->lock(store, "lake/", &fd, &err), err);
        assert_true(fd >= 0);
        close(fd);
    }
    assert_string_equal(entries_tell(store, told, sizeof(told)), "a5 b5");
    hw_store_close(store);
    scratch_remove(&scratch);
}

#ifndef HW_SANITIZED /* Small manifests take the same way under sanitizers. */
/* One entry more than a manifest has itself: amending one of them keeps the others packed. */
static void packed_entries_are_amended(void **state) {
    (void)state;
    struct hw_store *store = store_make(NULL);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_manifest_ref refs[2];
    for (int run = 0; run < 2; run++) {
        struct hw_manifest_file file = file_of(store);
        char path[32];
        assert_int_equal(hw_manifest_file_read(&file, NULL), run == 0 ? HW_ENOTFOUND : HW_OK);
        for (size_t i = 0; run == 0 && i <= HW_MANIFEST_INLINE_MAX; i++) {
            snprintf(path, sizeof(path), "%05zu.parquet", i);
            struct hw_manifest_entry entry = change_of(path, false);
            entry.crc64nvme = CRC_BEFORE;
            assert_ok(hw_manifest_sorter_put(&file.changes, &entry, &err), err);
        }
        if (run == 1) {
            change_put(&file, "00007.parquet", true);
        }
        assert_ok(hw_manifest_file_save(&file, &err), err);
        refs[run] = file.written;
        hw_manifest_file_release(&file);
    }
    struct hw_manifest_file file = file_of(store);
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    char key[320];
    assert_ok(hw_manifest_file_read(&file, &err), err);
    assert_int_equal(file.before.count, HW_MANIFEST_INLINE_MAX + 1);
    assert_ok(hw_manifest_find(&file.before, "00007.parquet", &cursor, &entry, &err), err);
    assert_int_equal(entry->crc64nvme, CRC_AFTER);
    assert_ok(hw_manifest_find(&file.before, "00008.parquet", &cursor, &entry, &err), err);
    assert_int_equal(entry->crc64nvme, CRC_BEFORE);
    hw_manifest_file_release(&file);
    /* The entries of before are gone, as no manifest names them. */
    for (int run = 0; run < 2; run++) {
        const void *data;
        size_t size;
        snprintf(key, sizeof(key), "lake/%s", refs[run].name);
        assert_int_equal(hw_memory_store_get(store, key, &data, &size, NULL), run == 0 ? HW_ENOTFOUND : HW_OK);
    }
    hw_memory_store_free(store);
}
#endif

static void missing_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    hw_clock_set(&test_clock);
    for (size_t successes = 0; fired; successes++) {
        struct hw_store *store = store_make(MANIFEST(ENTRY("a", CRC) "," ENTRY("b", CRC)));
        struct hw_manifest_file file = file_of(store);
        struct alloc_fault fault;
        change_put(&file, "b", true);
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_manifest_file_read(&file, NULL);
        status = status ? status : hw_manifest_file_save(&file, NULL);
        hw_manifest_file_release(&file);
        fired = alloc_fault_end(&fault);
        hw_memory_store_free(store);
        assert_true(status == (fired ? HW_ENOMEM : HW_OK) || (fired && status == HW_OK));
    }
    hw_clock_set(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manifest_is_read_or_the_fault_is_told),
        cmocka_unit_test(changes_of_others_stay),
        cmocka_unit_test(runs_at_once_lose_nothing),
        cmocka_unit_test(local_folders_are_locked),
#ifndef HW_SANITIZED
        cmocka_unit_test(packed_entries_are_amended),
#endif
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/manifest_file", tests, NULL, NULL);
}
