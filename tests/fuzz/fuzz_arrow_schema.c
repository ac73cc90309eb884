/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message of Arrow's schemas, whatever its bytes: it is refused, or edited and then read again,
 * with the fields that were dropped gone; and merged with what it was edited to.
 */
#include "fuzz/fuzz.h"
#include "table/arrow_message.h"
#include "optimize/pairs_merge.h"

#include "core/bytes_text.h"

#define FIELD(text) \
    { HW_COLUMN_FIELD, (text) }

static const struct hw_column_step steps[][3] = {
    {FIELD("a")},
    {FIELD("x"), FIELD("x")},
    {FIELD("list"), {HW_COLUMN_ELEMENT, NULL}},
    {FIELD("map"), {HW_COLUMN_KEY, NULL}},
    {FIELD("words")},
    {FIELD("zone")},
    {FIELD("struct"), FIELD("b"), {HW_COLUMN_ELEMENT, NULL}},
};

static const struct hw_column_change changes[] = {
    {.path = steps[0], .path_count = 1, .new_name = "renamed", .retyped = true, .new_type = {.kind = HW_KIND_FLOAT}},
    {.path = steps[1], .path_count = 2, .dropped = true},
    {.path = steps[2], .path_count = 2, .retyped = true, .new_type = {.kind = HW_KIND_DECIMAL, .precision = 9}},
    {.path = steps[3], .path_count = 2, .retyped = true, .new_type = {.kind = HW_KIND_UINT32}},
    {.path = steps[4], .path_count = 1, .dropped = true},
    {.path = steps[5], .path_count = 1, .retyped = true, .new_type = {.kind = HW_KIND_TIMESTAMP}},
    {.path = steps[6], .path_count = 3, .retyped = true, .new_type = {.kind = HW_KIND_INT32}},
};

static void schema_check(hw_view value) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_arrow_message message;
    uint8_t *bytes = hw_arena_alloc(&arena, HW_BASE64_DECODED_BYTES(value.size));
    size_t size;
    FUZZ_CHECK(bytes && hw_base64_decode(value, bytes, &size));
    FUZZ_CHECK(hw_arrow_message_read((hw_view){(const char *)bytes, size}, &arena, &message, NULL) == HW_OK);
    const struct hw_flat_value *fields = &message.schema->values[HW_ARROW_SCHEMA_FIELDS];
    for (size_t i = 0; fields->present && i < fields->tables.count; i++) {
        const hw_view name = fields->tables.items[i]->values[HW_ARROW_FIELD_NAME].bytes;
        FUZZ_CHECK(!hw_view_equal(name, HW_VIEW("words")) && !hw_view_equal(name, HW_VIEW("a")));
    }
}

static void merge_check(hw_view first, hw_view second) {
    const struct hw_file_pair pairs[] = {{HW_VIEW("ARROW:schema"), first, true},
                                         {HW_VIEW("ARROW:schema"), second, true}};
    const struct hw_pairs_source sources[] = {{"one", {&pairs[0], 1, true}, 0, 7, true},
                                              {"two", {&pairs[1], 1, true}, 3, 70, false}};
    for (enum hw_optimize_metadata rule = HW_OPTIMIZE_METADATA_EQUAL; rule <= HW_OPTIMIZE_METADATA_FIRST; rule++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_edited_pairs merged;
        struct hw_arrow_message message;
        FUZZ_CHECK(hw_pairs_merge(sources, COUNT_OF(sources), rule, &arena, &merged, NULL) == HW_OK);
        FUZZ_CHECK(merged.pairs.count == 1 || merged.left_out_count > 0);
        if (merged.pairs.count == 1 && merged.pairs.items[0].value.data != first.data) {
            FUZZ_CHECK(hw_arrow_message_decode(merged.pairs.items[0].value, &arena, &message, NULL) == HW_OK);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_edited_pairs edited;
    char *text = malloc(HW_BASE64_BYTES(size));
    FUZZ_CHECK(text);
    const struct hw_file_pair pair = {HW_VIEW("ARROW:schema"), {text, hw_base64(data, size, text)}, true};
    const struct hw_file_pairs pairs = {&pair, 1, true};
    FUZZ_CHECK(hw_pairs_edit(&pairs, changes, COUNT_OF(changes), &arena, &edited, NULL) == HW_OK);
    FUZZ_CHECK(edited.pairs.count == 1 || edited.left_out_count > 0);
    if (edited.pairs.count == 1) {
        schema_check(edited.pairs.items[0].value);
        merge_check(pair.value, edited.pairs.items[0].value);
    }
    free(text);
    return 0;
}
