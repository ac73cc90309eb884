/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/arrow_schema_merge.h"

#include "core/limits.h"
#include "optimize/pandas_merge.h"
#include "unit/optimize/merge_rows.h"
#include "unit/optimize/message_text.h"
#include "unit/table/messages.h"

/* `want` is what pyarrow makes of the fields and pairs that the rules give. */
static const struct merge_row rows[] = {
    {"the same", MERGE_SOURCES({message_all}, {message_all}, {message_all}), NULL},
    {"required in one and in another", MERGE_SOURCES({message_required_a_x}, {message_required_x_item}),
     message_required_x_new},
    {"required in the other and in one", MERGE_SOURCES({message_required_x_item}, {message_required_a_x}),
     message_required_x_new},
    {"required in none of three",
     MERGE_SOURCES({message_required_a_x}, {message_required_a_x}, {message_required_none}), message_required_none},
    {"required in some", MERGE_SOURCES({message_required_none}, {message_required_x_item}), NULL},
    {"laid out in another way", MERGE_SOURCES({message_floats}, {message_floats_laid_out}), NULL},
    {"laid out in another way first", MERGE_SOURCES({message_floats_laid_out}, {message_floats}), NULL},
    {"with and without a mark", MERGE_SOURCES({message_old}, {message_marked}), NULL},
    {"other types", MERGE_SOURCES({message_floats}, {message_floats_new}), NULL, .differ = true},
    {"other names", MERGE_SOURCES({message_old}, {message_old_new}), NULL, .differ = true},
    {"other fields", MERGE_SOURCES({message_floats}, {message_all}), NULL, .differ = true},
    {"no fields", MERGE_SOURCES({message_no_fields}, {message_old}), NULL, .differ = true},
    {"pairs of fields", MERGE_SOURCES({message_required_fields_pairs}, {message_required_a_x}), NULL, .differ = true},
    {"bytes behind it", MERGE_SOURCES({message_followed}, {message_followed_new}), NULL, .differ = true},
    {"no base64", MERGE_SOURCES({message_floats}, {"!"}), NULL, .differ = true},
    {"a first that is no base64", MERGE_SOURCES({"!"}, {"!"}), NULL, .status = HW_EDATA, .says = "not in base64"},
    {"a first with too many tables", MERGE_SOURCES({message_shared}), NULL, .status = HW_ELIMIT, .says = "too many"},
    {"ranges of pandas", MERGE_SOURCES({message_pandas_0_2, 0, 2}, {message_pandas_2_5, 0, 3}), message_pandas_0_5},
    {"a range of the same bytes",
     MERGE_SOURCES({message_pandas_0_2, 0, 2}, {message_pandas_0_2, 0, 2}, {message_pandas_0_2, 0, 1, true}),
     message_pandas_0_5},
    {"a part of a range", MERGE_SOURCES({message_pandas_0_5, 1, 2, true}), message_pandas_1_3_new},
    {"a range that stays", MERGE_SOURCES({message_pandas_2_5, 0, 3}, {message_pandas_2_5, 0, 0}), NULL},
    {"pairs that one does not have", MERGE_SOURCES({message_pandas_0_2, 0, 2}, {message_pandas_2_5_more, 0, 3}),
     message_pandas_0_5, .left_out = {"ARROW:schema: only"}},
    {"pairs that differ", MERGE_SOURCES({message_pandas_0_2, 0, 2}, {message_pandas_a_column, 0, 3}),
     message_no_pandas_new, .left_out = {"ARROW:schema: pandas"}},
    {"the first of pairs that differ", MERGE_SOURCES({message_pandas_0_2, 0, 2}, {message_pandas_a_column, 0, 3}),
     message_pandas_0_5, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"pairs that differ fail", MERGE_SOURCES({message_pandas_0_2, 0, 2}, {message_pandas_a_column, 0, 3}), NULL,
     .rule = HW_OPTIMIZE_METADATA_FAIL, .status = HW_EDATA,
     .says = "on the key-value metadata ARROW:schema: \"pandas\""},
    {"the first, and one without", MERGE_SOURCES({message_pandas_2_5, 0, 3}, {NULL, 0, 2}), message_pandas_0_5,
     .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, and other types", MERGE_SOURCES({message_pandas_2_5, 0, 3}, {message_floats_new, 0, 2}),
     message_pandas_0_5, .differ = true, .rule = HW_OPTIMIZE_METADATA_FIRST},
    {"the first, and required fields with pairs",
     MERGE_SOURCES({message_required_a_x}, {message_required_fields_pairs}), message_required_a, .differ = true,
     .rule = HW_OPTIMIZE_METADATA_FIRST},
};

static const struct hw_pair_kind kinds[] = {{HW_VIEW_INIT("pandas"), true, hw_pandas_merger_make}};

static enum hw_status make(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                           struct hw_pair_merger **out_merger, struct hw_error *err) {
    merging->kinds = kinds;
    merging->kinds_count = COUNT_OF(kinds);
    return hw_arrow_schema_merger_make(merging, before_key, value, out_merger, err);
}

static void schemas_are_merged(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct merge_run run;
        merge_row_run(make, &rows[i], &run);
        if (rows[i].want && !rows[i].says) {
            assert_row_message(rows[i].name, run.value, rows[i].want);
        }
        hw_arena_release(&run.arena);
    }
}

static void no_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].want && !rows[i].says) {
            merge_row_sweep(make, &rows[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_are_merged),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/arrow_schema_merge", tests, NULL, NULL);
}
