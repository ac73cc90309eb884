/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/metadata.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "support/rows.h"

enum { FILES_MAX = 3, PAIRS_MAX = 8 };

/*
 * Pairs of files, as "key=value key=value", a key without "=" has no value; those that are kept of
 * them; and the number of keys that differ, the first of them, and its file.
 */
static const struct {
    const char *name;
    const char *files[FILES_MAX];
    bool same_schema;
    const char *kept;
    size_t differing;
    const char *key;
    size_t object;
} rows[] = {
    {"one file", {"b=1 a= c"}, false, "b=1 a= c", 0, "", 0},
    {"no metadata", {""}, false, "", 0, "", 0},
    {"a key twice in one file", {"a=1 b=2 a=3 a=1"}, false, "a=1 b=2 a=3 a=1", 0, "", 0},
    {"files that agree", {"a=1 b=2", "b=2 a=1"}, false, "a=1 b=2", 0, "", 0},
    {"in the order of first appearance", {"b=2", "c=3 a=1 b=2", "d=4 a=1"}, false, "b=2 c=3 a=1 d=4", 0, "", 0},
    {"one that differs", {"a=1 b=2", "a=1 b=3"}, false, "a=1", 1, "b", 0},
    {"two that differ", {"a=1", "b=2 c=3", "c=4 b=5"}, false, "a=1", 2, "b", 1},
    {"a value that is longer elsewhere", {"a=1", "a=12", "a=123"}, false, "", 1, "a", 0},
    {"no value, and one of no bytes", {"a=", "a"}, false, "", 1, "a", 0},
    {"a key twice, and once elsewhere", {"a=1 a=2", "a=1"}, false, "a=1 a=2", 0, "", 0},
    {"a key twice in both", {"a=1 a=2", "a=1 a=3"}, false, "a=1", 1, "a", 0},
    {"what describes other columns", {"pandas=1 a=1", "pandas=2"}, false, "a=1", 0, "", 0},
    {"what describes these columns", {"pandas=1 a=1", "pandas=1"}, true, "pandas=1 a=1", 0, "", 0},
    {"what describes these columns and differs", {"pandas=1 a=1", "pandas=2"}, true, "a=1", 1, "pandas", 0},
};

static struct hw_file_pairs pairs_read(const char *text, struct hw_file_pair pairs[PAIRS_MAX]) {
    size_t count = 0;
    while (*text) {
        const size_t bytes = strcspn(text, " ");
        const size_t key = strcspn(text, " =");
        const bool has_value = key < bytes;
        pairs[count++] = (struct hw_file_pair){
            {text, key}, has_value ? (hw_view){text + key + 1, bytes - key - 1} : HW_VIEW(""), has_value};
        text += bytes + (text[bytes] == ' ');
    }
    return (struct hw_file_pairs){pairs, count, false};
}

static void kept_text(const struct hw_file_pairs *pairs, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct hw_file_pair *pair = &pairs->items[i];
        assert_ok(hw_buf_printf(out, &err, "%s%.*s%s%.*s", i > 0 ? " " : "", (int)pair->key.size, pair->key.data,
                                pair->has_value ? "=" : "", (int)pair->value.size, pair->value.data),
                  err);
    }
}

static void pairs_are_kept_where_files_agree(void **state) {
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
        const size_t row = i / 2;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_metadata metadata;
        struct hw_rows_metadata_kept kept;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        hw_rows_metadata_init(&metadata);
        for (size_t k = 0; k < FILES_MAX; k++) {
            const size_t file = i % 2 ? FILES_MAX - 1 - k : k; /* whichever comes first */
            struct hw_file_pair items[PAIRS_MAX];
            const struct hw_file_pairs pairs = pairs_read(rows[row].files[file] ? rows[row].files[file] : "", items);
            assert_ok(hw_rows_metadata_add(&metadata, file, &pairs, &err), err);
        }
        assert_ok(hw_rows_metadata_decide(&metadata, rows[row].same_schema, &arena, &kept, &err), err);
        kept_text(&kept.pairs, &text);
        assert_row_bytes(rows[row].name, text.data, text.size, rows[row].kept, strlen(rows[row].kept));
        assert_row_int(rows[row].name, kept.pairs.same_schema, rows[row].same_schema);
        assert_row_int(rows[row].name, kept.differing, rows[row].differing);
        assert_row_int(rows[row].name, kept.object, rows[row].object);
        assert_row_bytes(rows[row].name, kept.key.data, kept.key.size, rows[row].key, strlen(rows[row].key));
        assert_row_int(rows[row].name, kept.too_much, false);
        hw_rows_metadata_release(&metadata);
    }
}

/* Adds a file with `count` pairs of different keys, whose values have `bytes` bytes. */
static void much_add(struct hw_rows_metadata *metadata, size_t object, size_t count, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_file_pair *items = hw_alloc_zero(count, sizeof(*items));
    uint64_t *keys = hw_alloc_zero(count, sizeof(*keys));
    char *value = hw_alloc_zero(1, bytes);
    for (size_t i = 0; i < count; i++) {
        keys[i] = i;
        items[i] = (struct hw_file_pair){{(const char *)&keys[i], sizeof(keys[i])}, {value, bytes}, true};
    }
    assert_ok(hw_rows_metadata_add(metadata, object, &(struct hw_file_pairs){items, count, false}, &err), err);
    hw_free(items);
    hw_free(keys);
    hw_free(value);
}

static void too_much_is_not_kept(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t counts[2];
        size_t bytes[2];
        bool too_much;
    } much[] = {
        {"the most pairs", {HW_FILE_PAIRS_MAX, 0}, {1, 1}, false},
        {"one pair more", {HW_FILE_PAIRS_MAX + 1, 0}, {1, 1}, true},
        {"the most bytes", {1, 0}, {HW_FILE_PAIRS_BYTES_MAX - 8, 1}, false},
        {"a byte more", {1, 0}, {HW_FILE_PAIRS_BYTES_MAX - 7, 1}, true},
        {"the most bytes of two files", {2, 2}, {HW_FILE_PAIRS_BYTES_MAX / 4, HW_FILE_PAIRS_BYTES_MAX / 2 - 8}, false},
        {"more bytes in the second file", {2, 2}, {HW_FILE_PAIRS_BYTES_MAX / 4, HW_FILE_PAIRS_BYTES_MAX / 2}, true},
        {"more in the first file", {2, 2}, {HW_FILE_PAIRS_BYTES_MAX / 2, 1}, true},
    };
    for (size_t i = 0; i < COUNT_OF(much); i++) {
        struct hw_rows_metadata metadata;
        struct hw_rows_metadata_kept kept;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        hw_rows_metadata_init(&metadata);
        for (size_t k = 0; k < 2 && much[i].counts[k] > 0; k++) {
            much_add(&metadata, k, much[i].counts[k], much[i].bytes[k]);
        }
        assert_ok(hw_rows_metadata_decide(&metadata, false, &arena, &kept, &err), err);
        assert_row_int(much[i].name, kept.too_much, much[i].too_much);
        assert_row_int(much[i].name, kept.pairs.count + kept.differing, much[i].too_much ? 0 : much[i].counts[0]);
        hw_rows_metadata_release(&metadata);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_kept_where_files_agree),
        cmocka_unit_test(too_much_is_not_kept),
    };
    return cmocka_run_group_tests_name("rows/metadata", tests, NULL, NULL);
}
