/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/sync_apply.h"

#include "unit/transfer/copy_desk.h"

static enum hw_status desk_sync(struct desk *desk, const char *plan, uint64_t removals_max) {
    const struct hw_sync_options options = {
        .size = sizeof(options),
        .transfer = desk->options,
        .remove_extra = true,
        .removals_max = removals_max,
        .size_only = true,
        .plan_path = plan,
    };
    desk->error = (struct hw_error)HW_ERROR_INIT;
    hw_buf_clear(&desk->told);
    return hw_sync("mem://in/", "to://out/", &options, &desk->result, &desk->error);
}

/* What is changed between the plan and its work, and what there is then at the destination. */
static const struct {
    const char *name;
    const char *source_key; /* in mem://, or NULL */
    const char *target_key; /* in to://, or NULL */
    uint64_t removals_max;
    enum hw_status want;
    const char *says;
    const char *keys;
} rows[] = {
    {"nothing has changed", NULL, NULL, 0, HW_OK, "", "out/a:1 out/b/c:33 out/empty:0 out/m/:0 "},
    {"a source has changed", "in/a", NULL, 0, HW_EPARTIAL, "1 object not removed, because copies have failed",
     "out/b/c:33 out/empty:0 out/extra:5 out/m/:0 "},
    {"a target has come", NULL, "out/a", 0, HW_EPARTIAL, "not removed",
     "out/a:7 out/b/c:33 out/empty:0 out/extra:5 out/m/:0 "},
    {"what was to go has changed", NULL, "out/extra", 0, HW_EPARTIAL, "the target was changed",
     "out/a:1 out/b/c:33 out/empty:0 out/extra:7 out/m/:0 "},
    {"something else has come", "in/new", "out/new", 0, HW_OK, "",
     "out/a:1 out/b/c:33 out/empty:0 out/m/:0 out/new:7 "},
};

static void exactly_the_plan_is_done(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        char plan[600];
        desk_open(&desk);
        snprintf(plan, sizeof(plan), "%s/plan", desk.scratch.folder);
        desk_put(desk.stores[1], "out/extra", "extra");
        assert_row_int(rows[i].name, desk_sync(&desk, plan, 0), HW_OK);
        assert_row_text(rows[i].name, desk_keys(desk.stores[1]), "out/extra:5 ");
        if (rows[i].source_key) {
            desk_put(desk.stores[0], rows[i].source_key, "another");
        }
        if (rows[i].target_key) {
            desk_put(desk.stores[1], rows[i].target_key, "another");
        }
        assert_row_int(rows[i].name, desk_sync(&desk, plan, rows[i].removals_max), rows[i].want);
        assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        assert_row_text(rows[i].name, desk_keys(desk.stores[1]), rows[i].keys);
        desk_close(&desk);
    }
}

static void no_more_is_removed_than_is_allowed(void **state) {
    (void)state;
    struct desk desk;
    char plan[600];
    desk_open(&desk);
    snprintf(plan, sizeof(plan), "%s/plan", desk.scratch.folder);
    desk_put(desk.stores[1], "out/extra", "extra");
    desk_put(desk.stores[1], "out/extra2", "extra");
    assert_ok(desk_sync(&desk, plan, 0), desk.error);
    assert_int_equal(desk_sync(&desk, plan, 1), HW_EFAILED);
    assert_row_says("message", desk.error.message, "2 objects would be removed, 1 are allowed: nothing is done");
    assert_string_equal(desk_keys(desk.stores[1]), "out/extra:5 out/extra2:5 ");
    desk_close(&desk);
}

static void places_of_plans_are_looked_at(void **state) {
    (void)state;
    static const struct hw_store_options options = {0};
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    bool there = true;
    assert_ok(hw_plan_there(NULL, &options, &there, &err), err);
    assert_false(there);
    assert_ok(hw_plan_there(scratch_path(&scratch, "plan"), &options, &there, &err), err);
    assert_false(there);
    scratch_write(&scratch, "plan", "x", 1);
    assert_ok(hw_plan_there(scratch_path(&scratch, "plan"), &options, &there, &err), err);
    assert_true(there);
    assert_int_equal(hw_plan_there("nowhere://plan", &options, &there, &err), HW_EUSAGE);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_plan_is_done),
        cmocka_unit_test(no_more_is_removed_than_is_allowed),
        cmocka_unit_test(places_of_plans_are_looked_at),
    };
    return cmocka_run_group_tests_name("transfer/sync_apply", tests, NULL, NULL);
}
