/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a table, field by field. */
#include "pipeline/outcome.h"

#include "core/clock.h"
#include "fake_reader.h"
#include "support/alloc_fault.h"

enum { TOLD_MAX = 4, TEXT_BYTES = 64 };

/* What was told, copied: it lives for the call only. */
struct told {
    size_t count;
    struct hw_convert_object object;
    const struct hw_output_files *files;
    char reasons[TOLD_MAX][TEXT_BYTES];
    uint64_t rejected_by[TOLD_MAX];
    struct hw_convert_source sources[TOLD_MAX];
    bool sources_known;
    char paths[TOLD_MAX][TEXT_BYTES];
    char formats[TOLD_MAX][TEXT_BYTES];
    char rejects_path[TEXT_BYTES];
    struct hw_note note; /* the first one */
};

static void text_copy(char out[TEXT_BYTES], const char *text) {
    assert_true(strlen(text) < TEXT_BYTES);
    memcpy(out, text, strlen(text) + 1);
}

static void tell(void *ctx, const struct hw_convert_object *object, const struct hw_output_files *files) {
    struct told *told = ctx;
    told->count++;
    told->object = *object;
    told->files = files;
    for (size_t i = 0; i < object->rejects_count; i++) {
        text_copy(told->reasons[i], object->rejects[i].reason);
        told->rejected_by[i] = object->rejects[i].records;
    }
    told->sources_known = object->sources != NULL;
    for (size_t i = 0; object->sources && i < object->sources_count; i++) {
        told->sources[i] = object->sources[i];
    }
    for (size_t i = 0; object->outputs && i < object->outputs_count; i++) {
        text_copy(told->paths[i], object->outputs[i].path);
        text_copy(told->formats[i], object->outputs[i].format);
        assert_string_equal(object->outputs[i].etag, "");
    }
    told->note = object->notes_count > 0 ? object->notes[0] : (struct hw_note){0};
    text_copy(told->rejects_path, object->rejects_path ? object->rejects_path : "");
}

/* A table of two inputs that two formats are made of. */
struct desk {
    struct fake_reader reader;
    struct hw_conversion conversion;
    struct hw_store store;
    struct hw_plan plan;
    struct hw_output_plan output_plan;
    char rejects_key[32];
    struct hw_convert_output made[2];
    struct hw_output_files files;
    struct hw_convert_options options;
    struct hw_run_context context;
    struct hw_arena arena;
    struct hw_outcome known;
    struct told told;
};

static const struct hw_table_input inputs[] = {
    {.name = "a.csv", .bytes = 10, .rows = 3, .checksum = "crc32c"},
    {.name = "b.csv", .bytes = 20, .rows = 4, .checksum = "crc32c"},
};

static void desk_open(struct desk *desk) {
    *desk = (struct desk){.store = {.root = "out/"}, .rejects_key = "t.rejects.jsonl"};
    desk->reader = (struct fake_reader){.inputs = inputs, .inputs_count = COUNT_OF(inputs)};
    fake_reader_init(&desk->reader, 2);
    desk->reader.base.records = 10;
    desk->reader.base.rows = 7;
    desk->reader.base.rejected = 3;
    desk->reader.base.rejected_by[1] = 3;
    desk->conversion = (struct hw_conversion){.reader = &desk->reader.base, .pass = 1};
    desk->plan = (struct hw_plan){.target = &desk->store, .target_prefix = "x/"};
    desk->output_plan = (struct hw_output_plan){
        .store = &desk->store,
        .formats = {&hw_output_formats[0], &hw_output_formats[1]},
        .names = {{"x/", "t", ".parquet"}, {"x/", "t", ".avro"}},
        .rejects_key = desk->rejects_key,
        .count = 2,
    };
    desk->made[0] = (struct hw_convert_output){.path = "out/x/t.parquet", .format = "parquet", .etag = ""};
    desk->files = (struct hw_output_files){.outputs = desk->made, .count = 1};
    desk->context =
        (struct hw_run_context){.options = &desk->options, .plan = &desk->plan, .done = tell, .ctx = &desk->told};
    desk->known = (struct hw_outcome){
        .name = "in/t.csv",
        .objects_count = 5,
        .source_bytes = 70,
        .started_us = hw_clock_monotonic_us() - 2000000,
        .conversion = &desk->conversion,
        .output_plan = &desk->output_plan,
        .files = &desk->files,
        .column_facts = (const struct hw_convert_column *)&desk->told, /* only handed on */
        .arena = &desk->arena,
    };
}

static void desk_close(struct desk *desk) {
    hw_arena_release(&desk->arena);
}

/* ------ fields */

static const struct {
    const char *name;
    enum hw_convert_outcome outcome;
    bool open;   /* the conversion was */
    bool merged; /* the table is */
    unsigned pass;
    uint64_t rejected;
    size_t sources_count;
    bool sources; /* are named */
    bool facts;   /* of columns are told */
    size_t outputs_count;
    const char *rejects_path, *checksum;
} outcomes[] = {
    {"converted", HW_CONVERTED, true, false, 1, 3, 0, false, true, 1, "out/t.rejects.jsonl", "crc32c"},
    {"converted, nothing rejected", HW_CONVERTED, true, false, 1, 0, 0, false, true, 1, "", "crc32c"},
    {"converted, in two passes", HW_CONVERTED, true, false, 2, 3, 0, false, true, 1, "out/t.rejects.jsonl", "crc32c"},
    {"converted, merged", HW_CONVERTED, true, true, 1, 0, 2, true, true, 1, "", "crc32c"},
    {"skipped", HW_SKIPPED, false, false, 0, 0, 0, false, false, 0, "", NULL},
    {"skipped, merged", HW_SKIPPED, false, true, 0, 0, 5, false, false, 0, "", NULL},
    {"planned", HW_PLANNED, true, false, 0, 0, 0, false, false, 2, "", NULL},
    {"planned, merged", HW_PLANNED, true, true, 0, 0, 2, false, false, 2, "", NULL},
    {"failed before it was open", HW_CONVERT_FAILED, false, false, 0, 0, 0, false, false, 0, "", NULL},
    {"failed, merged, before it was open", HW_CONVERT_FAILED, false, true, 0, 0, 5, false, false, 0, "", NULL},
    {"failed without a good record", HW_CONVERT_FAILED, true, false, 1, 3, 0, false, false, 0, "out/t.rejects.jsonl",
     NULL},
    {"failed on its way", HW_CONVERT_FAILED, true, false, 1, 3, 0, false, false, 0, "", NULL},
    {"failed in its second pass", HW_CONVERT_FAILED, true, true, 2, 3, 2, false, false, 0, "", NULL},
};

static void each_outcome_has_its_fields(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
        const struct hw_error fault = {.status = HW_EDATA, .message = "bad"};
        const bool failed = outcomes[i].outcome == HW_CONVERT_FAILED;
        struct desk desk;
        desk_open(&desk);
        desk.conversion.reader = outcomes[i].open ? &desk.reader.base : NULL;
        desk.conversion.pass = outcomes[i].pass;
        desk.reader.base.rejected = desk.reader.base.rejected_by[1] = outcomes[i].rejected;
        desk.conversion.rejects.published = outcomes[i].rejects_path[0] != '\0';
        desk.known.merged = outcomes[i].merged;
        hw_outcome_tell(&desk.context, &desk.known, outcomes[i].outcome, failed ? &fault : NULL);
        const struct hw_convert_object *object = &desk.told.object;
        assert_row_int(outcomes[i].name, desk.told.count, 1);
        assert_row_int(outcomes[i].name, desk.told.files == &desk.files, true);
        assert_row_text(outcomes[i].name, object->source, "in/t.csv");
        assert_row_int(outcomes[i].name, object->outcome, outcomes[i].outcome);
        assert_row_int(outcomes[i].name, object->source_bytes, 70);
        assert_row_int(outcomes[i].name, object->seconds >= 2 && object->seconds < 60, true);
        assert_row_int(outcomes[i].name, object->error == (failed ? &fault : NULL), true);
        assert_row_int(outcomes[i].name, object->rows_in, outcomes[i].open ? 10 : 0);
        assert_row_int(outcomes[i].name, object->rows_out, outcomes[i].open ? 7 : 0);
        assert_row_int(outcomes[i].name, object->rejected, outcomes[i].rejected);
        assert_row_int(outcomes[i].name, object->columns, outcomes[i].open ? 2 : 0);
        assert_row_int(outcomes[i].name, object->schema == (outcomes[i].open ? &desk.reader.schema : NULL), true);
        assert_row_int(outcomes[i].name, object->restarted, outcomes[i].pass > 1);
        assert_row_int(outcomes[i].name, object->rejects_count, outcomes[i].rejected > 0);
        assert_row_int(outcomes[i].name, object->sources_count, outcomes[i].sources_count);
        assert_row_int(outcomes[i].name, desk.told.sources_known, outcomes[i].sources);
        assert_row_int(outcomes[i].name, object->column_facts != NULL, outcomes[i].facts);
        assert_row_int(outcomes[i].name, object->outputs_count, outcomes[i].outputs_count);
        assert_row_text(outcomes[i].name, desk.told.rejects_path, outcomes[i].rejects_path);
        assert_row_text(outcomes[i].name, object->source_checksum ? object->source_checksum : "-",
                        outcomes[i].checksum ? outcomes[i].checksum : "-");
        desk_close(&desk);
    }
}

static void sources_and_reasons_are_named(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk.known.merged = true;
    desk.reader.base.rejected_by[0] = 2;
    hw_outcome_tell(&desk.context, &desk.known, HW_CONVERTED, NULL);
    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        assert_string_equal(desk.told.sources[i].name, inputs[i].name);
        assert_int_equal(desk.told.sources[i].bytes, inputs[i].bytes);
        assert_int_equal(desk.told.sources[i].rows, inputs[i].rows);
    }
    assert_int_equal(desk.told.object.rejects_count, 2);
    assert_string_equal(desk.told.reasons[0], "even");
    assert_int_equal(desk.told.rejected_by[0], 2);
    assert_string_equal(desk.told.reasons[1], "odd");
    assert_int_equal(desk.told.rejected_by[1], 3);
    desk_close(&desk);
}

static void notes_are_told(void **state) {
    (void)state;
    struct hw_notes notes = {.of[HW_NOTE_DELIMITER_TIE] = {HW_NOTE_DELIMITER_TIE, 2, "in/t.csv", "two fit"}};
    struct desk desk;
    desk_open(&desk);
    desk.reader.base.notes = &notes;
    hw_outcome_tell(&desk.context, &desk.known, HW_CONVERTED, NULL);
    assert_int_equal(desk.told.object.notes_count, 1);
    assert_int_equal(desk.told.note.kind, HW_NOTE_DELIMITER_TIE);
    assert_int_equal(desk.told.note.texts, 2);
    assert_string_equal(desk.told.note.text, "two fit");
    desk_close(&desk);
}

/*
 * Before a reader knows its inputs there are none: the objects count. A table without columns has
 * no schema.
 */
static void what_is_not_known_yet_is_not_told(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk.known.merged = true;
    desk.reader.inputs_count = 0;
    desk.reader.schema.count = 0;
    hw_outcome_tell(&desk.context, &desk.known, HW_CONVERT_FAILED, NULL);
    assert_int_equal(desk.told.object.sources_count, 5);
    assert_null(desk.told.object.schema);
    assert_int_equal(desk.told.object.columns, 0);
    desk_close(&desk);
}

static void checksums_of_all_inputs_are_one(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *of[3]; /* NULL: local */
        size_t count;
        const char *want;
    } rows[] = {
        {"one", {"crc32c"}, 1, "crc32c"},
        {"local", {NULL}, 1, NULL},
        {"none", {"none"}, 1, "none"},
        {"the same", {"crc32c", "crc32c", "crc32c"}, 3, "crc32c"},
        {"several", {"crc32c", "crc64nvme", "crc64nvme"}, 3, "mixed"},
        {"several, and the first again", {"crc32c", "crc64nvme", "crc32c"}, 3, "mixed"},
        {"one is without", {"crc32c", "none", "crc32c"}, 3, "none"},
        {"one of several is without", {"crc32c", "crc64nvme", "none"}, 3, "none"},
        {"some are local", {NULL, "crc32c", NULL}, 3, "crc32c"},
        {"all are local", {NULL, NULL, NULL}, 3, NULL},
        {"nothing is read", {NULL}, 0, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_table_input own[3];
        struct desk desk;
        desk_open(&desk);
        for (size_t k = 0; k < COUNT_OF(own); k++) {
            own[k] = (struct hw_table_input){.name = "x", .checksum = rows[i].of[k]};
        }
        desk.reader.inputs = own;
        desk.reader.inputs_count = rows[i].count;
        hw_outcome_tell(&desk.context, &desk.known, HW_CONVERTED, NULL);
        const char *got = desk.told.object.source_checksum;
        assert_row_text(rows[i].name, got ? got : "-", rows[i].want ? rows[i].want : "-");
        desk_close(&desk);
    }
}

/* ------ plans */

static void planned_files_are_named(void **state) {
    (void)state;
    static const char *const by[] = {"day", "kind"};
    static const struct {
        const char *name;
        size_t partition_by_count;
        bool many, pipe;
        const char *want[2];
    } rows[] = {
        {"one file a format", 0, false, false, {"out/x/t.parquet", "out/x/t.avro"}},
        {"many files", 0, true, false, {"out/x/t-*.parquet", "out/x/t-*.avro"}},
        {"partitions", 2, true, false, {"out/x/day=*/kind=*/t-*.parquet", "out/x/day=*/kind=*/t-*.avro"}},
        {"standard output", 0, false, true, {"out/.parquet", "out/.avro"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.partition_by = by;
        desk.options.partition_by_count = rows[i].partition_by_count;
        desk.output_plan.many = rows[i].many;
        desk.plan.target_pipe = rows[i].pipe;
        hw_outcome_tell(&desk.context, &desk.known, HW_PLANNED, NULL);
        assert_row_int(rows[i].name, desk.told.object.outputs_count, 2);
        assert_row_text(rows[i].name, desk.told.paths[0], rows[i].want[0]);
        assert_row_text(rows[i].name, desk.told.paths[1], rows[i].want[1]);
        assert_row_text(rows[i].name, desk.told.formats[0], "parquet");
        assert_row_text(rows[i].name, desk.told.formats[1], "avro");
        desk_close(&desk);
    }
}

/* ------ memory */

/* An outcome is always told: without memory, only names are missing. */
static void without_memory_names_are_missing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_convert_outcome outcome;
    } rows[] = {{"converted", HW_CONVERTED}, {"planned", HW_PLANNED}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct alloc_fault fault;
        struct desk desk;
        desk_open(&desk);
        desk.known.merged = true;
        alloc_fault_begin_forever(&fault, 0);
        hw_outcome_tell(&desk.context, &desk.known, rows[i].outcome, NULL);
        assert_row_int(rows[i].name, alloc_fault_end(&fault), true);
        assert_row_int(rows[i].name, desk.told.count, 1);
        assert_row_int(rows[i].name, desk.told.sources_known, false);
        assert_row_int(rows[i].name, desk.told.object.sources_count, 2);
        assert_row_int(rows[i].name, desk.told.object.rows_out, 7);
        assert_row_int(rows[i].name, desk.told.object.outputs_count, rows[i].outcome == HW_CONVERTED);
        assert_row_text(rows[i].name, desk.told.rejects_path, "");
        desk_close(&desk);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_are_told),
        cmocka_unit_test(each_outcome_has_its_fields),
        cmocka_unit_test(sources_and_reasons_are_named),
        cmocka_unit_test(what_is_not_known_yet_is_not_told),
        cmocka_unit_test(checksums_of_all_inputs_are_one),
        cmocka_unit_test(planned_files_are_named),
        cmocka_unit_test(without_memory_names_are_missing),
    };
    return cmocka_run_group_tests_name("pipeline/outcome", tests, NULL, NULL);
}
