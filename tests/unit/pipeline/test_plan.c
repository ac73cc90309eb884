/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/plan.h"

#include "planned.h"
#include "support/alloc_fault.h"
#include "support/scratch.h"

static void objects_have_names_and_bases(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *key;
        bool partitions;
        const char *want_name, *want_base;
        bool keep;
    } rows[] = {
        {"in the folder", "in/a.csv", false, "s3://source/in/a.csv", "a"},
        {"below it", "in/b/c/a.tsv.gz", false, "s3://source/in/b/c/a.tsv.gz", "b/c/a"},
        {"dots", "in/a.b.csv", false, "s3://source/in/a.b.csv", "a.b"},
        {"for partitions", "in/b/c/a.csv.zst", true, "s3://source/in/b/c/a.csv.zst", "b-c-a"},
        {"no extension", "in/README", false, "s3://source/in/README", "README"},
        {"kept", "in/b/a.csv.gz", false, "s3://source/in/b/a.csv.gz", "b/a.csv.gz", true},
        {"kept for partitions", "in/b/a.csv.gz", true, "s3://source/in/b/a.csv.gz", "b-a.csv.gz", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct planned planned;
        struct planned_store store = {0};
        struct hw_error err = HW_ERROR_INIT;
        planned_make(&planned, &store, 1);
        planned.options.partition_by_count = rows[i].partitions;
        planned.options.keep_extension = rows[i].keep;
        struct hw_plan_object *made = planned_object(&planned, rows[i].key);
        struct hw_plan_object *copy;
        const hw_view block = {(const char *)made, hw_plan_object_bytes(made)};
        assert_ok(hw_plan_object_copy(block, &copy, &err), err);
        hw_free(made); /* the copy does not point into it */
        assert_row_text(rows[i].name, copy->name, rows[i].want_name);
        assert_row_text(rows[i].name, copy->key, rows[i].key);
        assert_row_text(rows[i].name, copy->base, rows[i].want_base);
        assert_row_text(rows[i].name, copy->etag, "e");
        assert_row_int(rows[i].name, copy->bytes, 10);
        assert_row_int(rows[i].name, copy->listed, true);
        assert_row_int(rows[i].name, copy->folder_bytes, strlen("s3://source/in/"));
        hw_free(copy);
        hw_plan_release(&planned.plan);
    }
}

/* A stream's name is kept as it is, whatever it ends in. */
static void a_stream_is_an_object_without_a_store(void **state) {
    (void)state;
    struct hw_batch_stream stream = {0};
    static const struct hw_convert_options options = {0};
    static const struct hw_object_info info = {.key = "trades.csv", .etag = ""};
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_plan plan;
    struct hw_plan_object *object;
    assert_ok(hw_plan_open_batches(&plan, &stream, "trades.csv", scratch.folder, &options, &err), err);
    assert_non_null(plan.target_prefix);
    assert_ok(hw_plan_object_new(&plan, &plan.sources.places[0], &info, &object, &err), err);
    assert_string_equal(object->name, "trades.csv");
    assert_string_equal(object->base, "trades.csv");
    assert_ptr_equal(object->batches, &stream);
    assert_null(object->store);
    assert_int_equal(object->bytes, 0);
    assert_false(object->listed);
    hw_free(object);
    hw_plan_release(&plan);
    assert_int_equal(hw_plan_open_batches(&plan, &stream, "x", scratch_path(&scratch, "no/x"), &options, &err),
                     HW_ENOTFOUND);
    hw_plan_release(&plan);
    scratch_remove(&scratch);
}

/* Two sources of one output: both are named where the first is one of the first that came. */
static void outputs_are_claimed_once(void **state) {
    (void)state;
    enum { CLAIMS = HW_NAME_SET_LABELS_MAX + 10 };
    static const struct {
        const char *name, *base;
        const char *says; /* NULL: it is free */
    } rows[] = {
        {"free", "new", NULL},
        {"taken early", "base-3", "it and source-3 would be one output: --keep-extension gives each its own"},
        {"taken late", "base-10005", "it and a source that came before it would be one output"},
    };
    struct planned planned;
    struct planned_store store = {0};
    planned_make(&planned, &store, 1);
    for (unsigned i = 0; i < CLAIMS; i++) {
        struct hw_error err = HW_ERROR_INIT;
        char base[32];
        char source[32];
        snprintf(base, sizeof(base), "base-%u", i);
        snprintf(source, sizeof(source), "source-%u", i);
        assert_ok(hw_plan_claim(&planned.plan, base, source, &err), err);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_plan_claimed(&planned.plan, rows[i].base), rows[i].says != NULL);
        enum hw_status status = hw_plan_claim(&planned.plan, rows[i].base, "later", &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
    planned.plan.merge_base = "merged";
    assert_true(hw_plan_claimed(&planned.plan, "merged"));
    assert_false(hw_plan_claimed(&planned.plan, "base-3"));
    hw_plan_release(&planned.plan);
}

/* Of two sources with one output each is told of the other, and of what helps. */
static void disputed_outputs_are_nobodys(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *keys[2];
        bool keep;
        const char *says[2]; /* NULL: it may be converted */
    } rows[] = {
        {"two outputs", {"in/a.csv", "in/b.csv"}, false, {NULL, NULL}},
        {"two packings",
         {"in/a.csv", "in/a.csv.gz"},
         false,
         {"it and s3://source/in/a.csv.gz would be one output: --keep-extension gives each its own",
          "it and s3://source/in/a.csv would be one output: --keep-extension gives each its own"}},
        {"two packings, with extensions", {"in/a.csv", "in/a.csv.gz"}, true, {NULL, NULL}},
        {"one object twice",
         {"in/a.csv", "in/a.csv"},
         true,
         {"it is named twice, and both would be one output", "it is named twice, and both would be one output"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct planned planned;
        struct planned_store store = {0};
        struct hw_plan_object *objects[2];
        planned_make(&planned, &store, 1);
        planned.options.keep_extension = rows[i].keep;
        for (size_t k = 0; k < 2; k++) {
            struct hw_error err = HW_ERROR_INIT;
            objects[k] = planned_object(&planned, rows[i].keys[k]);
            assert_ok(hw_plan_claim_or_dispute(&planned.plan, objects[k], &err), err);
        }
        for (size_t k = 0; k < 2; k++) {
            struct hw_error err = HW_ERROR_INIT;
            const char *says = rows[i].says[k];
            assert_row_int(rows[i].name, hw_plan_check_dispute(&planned.plan, objects[k], &err),
                           says ? HW_EUSAGE : HW_OK);
            assert_row_says(rows[i].name, err.message, says ? says : "");
            hw_free(objects[k]);
        }
        hw_plan_release(&planned.plan);
    }
}

static void merges_are_named_after_what_they_merge(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t sources;
        const char *key; /* of the first object; NULL: there is none */
        bool listed;
        size_t folder_bytes;
        const char *want;
    } rows[] = {
        {"nothing", 1, NULL, false, 0, "merged"},    {"several sources", 2, "in/a.csv", true, 15, "merged"},
        {"a folder", 1, "in/a.csv", true, 15, "in"}, {"a bucket", 1, "in/a.csv", true, 12, "merged"},
        {"an object", 1, "in/a.csv", false, 0, "a"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct planned planned;
        struct planned_store stores[2] = {{.count = 0}, {.count = 0}};
        struct hw_error err = HW_ERROR_INIT;
        planned_make(&planned, stores, rows[i].sources);
        struct hw_plan_object *object = rows[i].key ? planned_object(&planned, rows[i].key) : NULL;
        if (object) {
            object->listed = rows[i].listed;
            object->folder_bytes = rows[i].folder_bytes;
        }
        assert_ok(hw_plan_merge_name(&planned.plan, object, &err), err);
        assert_row_text(rows[i].name, planned.plan.merge_base, rows[i].want);
        hw_free(object);
        hw_plan_release(&planned.plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_have_names_and_bases),
        cmocka_unit_test(a_stream_is_an_object_without_a_store),
        cmocka_unit_test(outputs_are_claimed_once),
        cmocka_unit_test(disputed_outputs_are_nobodys),
        cmocka_unit_test(merges_are_named_after_what_they_merge),
    };
    return cmocka_run_group_tests_name("pipeline/plan", tests, NULL, NULL);
}
