/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key-value metadata in JSON: it is refused, or edited and then JSON again; and merged with what it
 * was edited to, and with a part of itself. The first byte says which key it is of.
 */
#include "fuzz/fuzz.h"
#include "optimize/json_edit.h"
#include "optimize/pairs_merge.h"
#include "optimize/pandas_edit.h"

#define FIELD(text) \
    { HW_COLUMN_FIELD, (text) }

static const struct hw_column_step steps[][3] = {
    {FIELD("a")}, {FIELD("b")}, {FIELD("bbox")}, {FIELD("l"), {HW_COLUMN_ELEMENT, NULL}}, {FIELD("s"), FIELD("a")},
};

static const struct hw_column_change changes[] = {
    {.path = steps[0], .path_count = 1, .new_name = "\"\xc3\xa4", .retyped = true, .new_type = {.kind = HW_KIND_FLOAT}},
    {.path = steps[1], .path_count = 1, .dropped = true},
    {.path = steps[2], .path_count = 1, .new_name = "c"},
    {.path = steps[3],
     .path_count = 2,
     .retyped = true,
     .new_type = {.kind = HW_KIND_DECIMAL, .precision = 9, .scale = 2}},
    {.path = steps[4], .path_count = 2, .dropped = true},
};

static const hw_view keys[] = {HW_VIEW_INIT("pandas"), HW_VIEW_INIT("org.apache.spark.sql.parquet.row.metadata"),
                               HW_VIEW_INIT("geo")};

static void json_check(hw_view text) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_json_edit edit;
    FUZZ_CHECK(hw_json_edit_read(text, &arena, &edit, NULL) == HW_OK);
}

/* Whatever two sources have, the output has JSON, or the bytes of the first. */
static void merge_check(hw_view key, hw_view first, hw_view second) {
    const struct hw_file_pair pairs[] = {{key, first, true}, {key, second, true}};
    const struct hw_pairs_source sources[] = {{"one", {&pairs[0], 1, true}, 0, 7, true},
                                              {"two", {&pairs[1], 1, true}, 3, 70, false}};
    for (enum hw_optimize_metadata rule = HW_OPTIMIZE_METADATA_EQUAL; rule <= HW_OPTIMIZE_METADATA_FIRST; rule++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_edited_pairs merged;
        FUZZ_CHECK(hw_pairs_merge(sources, COUNT_OF(sources), rule, &arena, &merged, NULL) == HW_OK);
        FUZZ_CHECK(merged.pairs.count == 1 || merged.left_out_count > 0);
        if (merged.pairs.count == 1 && merged.pairs.items[0].value.data != first.data) {
            json_check(merged.pairs.items[0].value);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_edited_pairs edited;
    hw_view text;
    const hw_view key = keys[fuzz_byte(&data, &size) % COUNT_OF(keys)];
    /* A copy that ends where the input does. */
    char *copy = malloc(size > 0 ? size : 1);
    FUZZ_CHECK(copy);
    memcpy(copy, size > 0 ? (const char *)data : "", size);
    const struct hw_file_pair pair = {key, {copy, size}, true};
    const struct hw_file_pairs pairs = {&pair, 1, true};
    FUZZ_CHECK(hw_pairs_edit(&pairs, changes, COUNT_OF(changes), &arena, &edited, NULL) == HW_OK);
    FUZZ_CHECK(edited.pairs.count + edited.left_out_count == 1);
    if (edited.pairs.count == 1) {
        json_check(edited.pairs.items[0].value);
        merge_check(key, pair.value, edited.pairs.items[0].value);
    }
    merge_check(key, pair.value, (hw_view){copy, size / 2});
    merge_check(key, (hw_view){copy, size / 2}, (hw_view){copy + size / 2, size - size / 2});
    if (hw_pandas_range_set(pair.value, (struct hw_pandas_range){7, 70, 1}, &arena, &text, NULL) == HW_OK) {
        json_check(text);
    }
    free(copy);
    return 0;
}
