/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbenches: how many rows go in, when they are due, what comes out, and for whom there is
 * memory.
 */
#include "pipeline/workbench.h"

#include "fake_run.h"

enum { COLUMNS_MAX = 100, ROWS_MAX = 5000 };

/* ------ crowds */

static const struct hw_output_format *format_of(enum hw_format flag) {
    const struct hw_output_format *format = hw_output_formats;
    while (format->flag != flag) {
        format++;
    }
    return format;
}

/* The partitions of `rows` rows whose values of "k" come round after `partitions` of them. */
static void rows_find(struct hw_workbench *bench, const struct hw_schema *schema, size_t rows, int64_t partitions) {
    static int64_t values[ROWS_MAX];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column columns[COLUMNS_MAX + 1] = {{.values = values}};
    const struct hw_batch batch = {schema, rows, columns};
    for (size_t i = 0; i < rows; i++) {
        values[i] = (int64_t)i % partitions;
    }
    assert_ok(hw_partition_find(bench->finder, &batch, &bench->partitions, &err), err);
}

/*
 * Parquet tells of each column of a part in 264 bytes and of its page in 48. So 1,000 parts of one
 * column and 20 of a hundred are more than a quarter of 1 MiB, while 100 parts and 2 are less.
 */
static void parts_count_for_what_they_hold(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t columns;
        size_t rows;
        int64_t partitions;
        bool three; /* formats, not only Parquet */
        bool want;
        bool first; /* no file was begun yet; else so many that a quarter of a piece is left */
    } table[] = {
        {"few partitions", 1, 100, 100, false, false, false},
        {"many partitions", 1, 1000, 1000, false, true, false},
        {"many rows of few partitions", 1, 5000, 100, false, false, false},
        {"few of many columns", 100, 2, 2, false, false, false},
        {"more of many columns", 100, 20, 20, false, true, false},
        {"fewer than 16 parts are no crowd", 100, 15, 15, false, false, false},
        {"what all formats hold is added", 1, 250, 250, true, true, false},
        {"and Parquet alone is less", 1, 250, 250, false, false, false},
        {"many partitions at first", 1, 1000, 1000, false, false, true},
        {"very many", 1, 4000, 4000, false, true, true},
    };
    static const char *const name = "k";
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field fields[COLUMNS_MAX + 1] = {{.name = "k", .type = {.kind = HW_KIND_INT64}}};
        for (size_t k = 1; k <= table[i].columns; k++) {
            fields[k] = (struct hw_field){.name = "v", .type = {.kind = HW_KIND_INT64}};
        }
        const struct hw_schema schema = {fields, table[i].columns + 1};
        struct hw_output_plan output_plan = {
            .formats = {format_of(HW_FORMAT_PARQUET), format_of(HW_FORMAT_AVRO), format_of(HW_FORMAT_CSV)},
            .count = table[i].three ? 3 : 1,
        };
        struct hw_outputs outputs = {.output_plan = &output_plan};
        struct hw_partitioning partitioning = {0};
        const struct hw_workbench_setup setup = {
            .outputs = &outputs, .partitioning = &partitioning, .piece_bytes = 1 << 20};
        atomic_store(&outputs.files_begun, table[i].first ? 0 : 1 << 20);
        struct hw_workbench bench = {.setup = &setup};
        assert_false(hw_workbench_crowded(&bench)); /* rows are not partitioned */
        assert_ok(hw_partitioning_init(&partitioning, &schema, &name, 1, &arena, &err), err);
        assert_ok(hw_partition_finder_new(&partitioning, &bench.finder, &err), err);
        rows_find(&bench, &schema, table[i].rows, table[i].partitions);
        assert_row_int(table[i].name, hw_workbench_crowded(&bench), table[i].want);
        hw_partition_forget(bench.finder);
        assert_row_int(table[i].name, hw_workbench_crowded(&bench), false);
        hw_buf_release(&bench.partitions);
        hw_partition_finder_free(bench.finder);
    }
}

/* ------ rows */

/* A workbench of an open conversion, and the number of the row that comes next. */
struct desk {
    struct fake_run run;
    struct hw_workbench *bench;
    int64_t next;
    const char *partition_by;
};

static void desk_open(struct desk *desk) {
    *desk = (struct desk){.partition_by = "p"};
    fake_run_open(&desk->run);
}

static void desk_partition(struct desk *desk) {
    desk->run.options.partition_by = &desk->partition_by;
    desk->run.options.partition_by_count = 1;
    desk->run.output_plan.partitioned = desk->run.output_plan.many = true;
}

static void desk_begin(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    fake_reader_init(&desk->run.reader, 2);
    assert_ok(fake_run_begin(&desk->run, &err), err);
    assert_ok(hw_workbench_take(&desk->run.conversion.benches, &desk->bench, &err), err);
}

static void desk_close(struct desk *desk) {
    hw_workbench_return(&desk->run.conversion.benches, desk->bench, false);
    assert_int_equal(desk->run.conversion.benches.synced.count, 0);
    fake_run_close(&desk->run);
}

static enum hw_status rows_add(struct desk *desk, size_t rows, struct hw_error *err) {
    static int64_t numbers[ROWS_MAX], groups[ROWS_MAX];
    const struct hw_column columns[] = {{.values = numbers}, {.values = groups}};
    const struct hw_batch batch = {&desk->run.reader.schema, rows, columns};
    assert_true(rows <= ROWS_MAX);
    for (size_t i = 0; i < rows; i++, desk->next++) {
        numbers[i] = desk->next;
        groups[i] = desk->next % FAKE_MODULUS;
    }
    return hw_workbench_add(desk->bench, &batch, err);
}

/*
 * Row groups have a multiple of 8 rows, as slices begin at a whole byte of a bitmap: so many, and
 * at least 8.
 */
static void there_is_room_for_so_many_rows(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t rows_max;
        size_t used, asked, want;
    } rows[] = {
        {"nothing is asked for", 100, 0, 0, 0},
        {"all of them", 100, 0, 40, 40},
        {"no more than a group has", 24, 0, 100, 24},
        {"what is left of it", 24, 16, 100, 8},
        {"it is full", 24, 24, 100, 0},
        {"less than 8 are left", 20, 16, 100, 0},
        {"just 8 are left", 20, 12, 100, 8},
        {"a group of fewer than 8", 5, 0, 100, 8},
        {"it is full, too", 5, 1, 100, 0},
        {"2^20 where nobody said", 0, 0, 2000000, 1048576},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        desk_open(&desk);
        desk.run.options.row_group_rows = rows[i].rows_max;
        desk_begin(&desk);
        assert_ok(rows_add(&desk, rows[i].used, &err), err);
        assert_row_int(rows[i].name, hw_workbench_empty(desk.bench), rows[i].used == 0);
        assert_row_int(rows[i].name, hw_workbench_room(desk.bench, rows[i].asked), rows[i].want);
        assert_row_int(rows[i].name, hw_workbench_due(desk.bench), rows[i].asked > 0 && rows[i].want == 0);
        desk_close(&desk);
    }
}

/* Where a reader ends row groups earlier than their format, it does so at certain rows. */
static void a_reader_ends_groups_at_steps(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t group_bytes_max, step, used, want;
        bool due;
    } rows[] = {
        {"up to the next step", 1, 64, 0, 64, false},
        {"what is left up to it", 1, 64, 40, 24, false},
        {"at the step the bytes are enough", 1, 64, 320, 0, true},
        {"and some rows behind it", 1, 64, 327, 0, true},
        {"between steps they do not count", 1, 64, 328, 56, false},
        {"they are too few", 1000, 64, 320, 64, false},
        {"no more than the format allows", 100000, 64, 360, 0, true},
        {"the format alone says when", 0, 0, 320, 1000, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        desk_open(&desk);
        desk.run.formats[0] = fake_format(800);
        desk_begin(&desk);
        desk.run.reader.base.group_bytes_max = rows[i].group_bytes_max;
        desk.run.reader.base.group_step_rows = rows[i].step;
        assert_ok(rows_add(&desk, rows[i].used, &err), err);
        assert_row_int(rows[i].name, hw_workbench_room(desk.bench, 1000), rows[i].want);
        assert_row_int(rows[i].name, hw_workbench_due(desk.bench), rows[i].due);
        desk_close(&desk);
    }
}

/* A format's own bytes and 1,024 for each of the two columns; a row is 8. */
static void what_is_encoded_becomes_due(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes_max[2]; /* of each format */
        size_t rows;
        bool due;
        const char *encoded[2]; /* the first number of what is handed on; NULL: nothing */
    } rows[] = {
        {"neither", {800, 1600}, 355, false, {NULL, NULL}},  {"the first", {800, 1600}, 356, true, {"0", NULL}},
        {"the second", {1600, 800}, 356, true, {NULL, "0"}}, {"both", {800, 800}, 400, true, {"0", "0"}},
        {"no rows", {0, 0}, 0, false, {NULL, NULL}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_piece *piece;
        struct desk desk;
        desk_open(&desk);
        desk.run.output_plan.count = 2;
        desk.run.formats[0] = fake_format(rows[i].bytes_max[0]);
        desk.run.formats[1] = fake_format(rows[i].bytes_max[1]);
        desk_begin(&desk);
        assert_ok(rows_add(&desk, rows[i].rows, &err), err);
        assert_row_int(rows[i].name, hw_workbench_due(desk.bench), rows[i].due);
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        const size_t held = piece->item.held_bytes;
        assert_ok(hw_workbench_encode(desk.bench, false, piece, &err), err);
        assert_row_int(rows[i].name, piece->first != NULL, rows[i].due);
        size_t added = piece->first ? sizeof(*piece->first) + 1 : 0;
        for (size_t k = 0; piece->first && k < 2; k++) {
            const struct hw_encoded *encoded = piece->first->encoded[k];
            assert_row_int(rows[i].name, encoded != NULL, rows[i].encoded[k] != NULL);
            assert_row_int(rows[i].name, desk.bench->encoders[k]->rows, encoded ? 0 : rows[i].rows);
            added += encoded ? encoded->held_bytes : 0;
        }
        assert_row_int(rows[i].name, piece->item.held_bytes, held + added);
        hw_rows_piece_free(piece);
        /* What is left goes on at the end. */
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        assert_ok(hw_workbench_encode(desk.bench, true, piece, &err), err);
        assert_row_int(rows[i].name, hw_workbench_empty(desk.bench), true);
        for (size_t k = 0; piece->first && k < 2; k++) {
            assert_row_int(rows[i].name, piece->first->encoded[k] != NULL, rows[i].encoded[k] == NULL);
        }
        hw_rows_piece_free(piece);
        desk_close(&desk);
    }
}

static void rows_can_be_dropped(void **state) {
    (void)state;
    for (int partitioned = 0; partitioned < 2; partitioned++) {
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        desk_open(&desk);
        if (partitioned) {
            desk_partition(&desk);
        }
        fake_format_script()->row_held_bytes = 50;
        fake_format_script()->idle_held_bytes = 7;
        desk_begin(&desk);
        const size_t before = hw_workbench_held(desk.bench);
        assert_int_equal(before >= 7, true);
        assert_ok(rows_add(&desk, 10, &err), err);
        assert_false(hw_workbench_empty(desk.bench));
        assert_int_equal(hw_workbench_held(desk.bench) >= before + (partitioned ? 10 * 8 : 10 * 50), true);
        assert_int_equal(partitioned || hw_workbench_held(desk.bench) == 7 + 10 * 50, true);
        hw_workbench_clear(desk.bench);
        assert_true(hw_workbench_empty(desk.bench));
        assert_int_equal(partitioned || hw_workbench_held(desk.bench) == 7, true);
        desk_close(&desk);
    }
}

/*
 * An encoder whose buffers alone hold more than half of a piece's share, beside its compressor, is
 * replaced.
 */
static void encoders_that_hold_too_much_are_replaced(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t encoder_bytes; /* the compressor's */
        size_t idle_bytes;      /* of 1,000,000 a piece */
        bool fails;
        size_t made;
    } rows[] = {
        {"half", 0, 500000, false, 1},
        {"more than half", 0, 500001, false, 2},
        {"half beside the compressor", 200000, 600000, false, 1},
        {"more beside the compressor", 200000, 600001, false, 2},
        {"no other can be made", 0, 500001, true, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_piece *piece;
        struct desk desk;
        desk_open(&desk);
        desk.run.context.settings.piece_bytes = 1000000;
        desk.run.context.settings.facts.encoder_bytes = rows[i].encoder_bytes;
        fake_format_script()->idle_held_bytes = rows[i].idle_bytes;
        desk_begin(&desk);
        assert_ok(rows_add(&desk, 3, &err), err);
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        fake_format_script()->fails = rows[i].fails ? FAKE_ENCODER_NEW : FAKE_FORMAT_NONE;
        assert_row_int(rows[i].name, hw_workbench_encode(desk.bench, true, piece, &err),
                       rows[i].fails ? HW_EIO : HW_OK);
        assert_row_int(rows[i].name, fake_format_script()->encoders_made, rows[i].made);
        assert_row_int(rows[i].name, fake_format_script()->encoders, 1);
        hw_rows_piece_free(piece);
        desk_close(&desk);
    }
}

static void encoding_may_fail(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum fake_format_call fails;
        bool partitioned, at_add;
    } rows[] = {
        {"rows cannot be added", FAKE_ADD, false, true},
        {"nor taken", FAKE_TAKE, false, false},
        {"rows of a partition cannot be added", FAKE_ADD, true, false},
        {"nor taken", FAKE_TAKE, true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_piece *piece;
        struct desk desk;
        desk_open(&desk);
        if (rows[i].partitioned) {
            desk_partition(&desk);
        }
        desk_begin(&desk);
        fake_format_script()->fails = rows[i].fails;
        assert_row_int(rows[i].name, rows_add(&desk, 3, &err), rows[i].at_add ? HW_EIO : HW_OK);
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        if (!rows[i].at_add) {
            assert_row_int(rows[i].name, hw_workbench_encode(desk.bench, true, piece, &err), HW_EIO);
        }
        assert_row_text(rows[i].name, err.message, "the format fails");
        hw_rows_piece_free(piece);
        desk_close(&desk);
    }
}

/* ------ partitions */

/* Rows of each partition in the order in which they came, cut where they are a row group's. */
static void partitions_become_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t rows_max, group_bytes;
        size_t rows;
        const char *want; /* each part's path and numbers */
    } rows[] = {
        {"three", 0, 1 << 20, 7, "p=0/ 0 3 6;p=1/ 1 4;p=2/ 2 5;"},
        {"two", 0, 1 << 20, 2, "p=0/ 0;p=1/ 1;"},
        {"so many rows are a row group", 2, 1 << 20, 9, "p=0/ 0 3;p=0/ 6;p=1/ 1 4;p=1/ 7;p=2/ 2 5;p=2/ 8;"},
        {"so many bytes are one", 0, 1, 4, "p=0/ 0;p=0/ 3;p=1/ 1;p=2/ 2;"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_piece *piece;
        struct desk desk;
        desk_open(&desk);
        desk_partition(&desk);
        desk.run.options.row_group_rows = rows[i].rows_max;
        desk.run.context.settings.group_bytes = rows[i].group_bytes;
        desk_begin(&desk);
        assert_ok(rows_add(&desk, rows[i].rows, &err), err);
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        assert_row_int(rows[i].name, hw_workbench_due(desk.bench), false);
        assert_ok(hw_workbench_encode(desk.bench, false, piece, &err), err);
        assert_null(piece->first); /* nothing is due */
        assert_ok(hw_workbench_encode(desk.bench, true, piece, &err), err);
        for (const struct hw_rows_part *part = piece->first; part; part = part->next) {
            const struct hw_buf *text = &((const struct fake_encoded *)part->encoded[0])->text;
            assert_ok(hw_buf_printf(&got, &err, "%s %.*s;", part->partition, (int)text->size, (const char *)text->data),
                      err);
        }
        assert_int_equal(hw_buf_append(&got, "", 1, NULL), HW_OK);
        assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        assert_true(hw_workbench_empty(desk.bench));
        hw_rows_piece_free(piece);
        desk_close(&desk);
    }
}

/*
 * Rows that wait for their partition's turn are due at 3/8 of a piece: they are there twice once
 * they are encoded.
 */
static void partitioned_rows_are_due_by_memory(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    desk_open(&desk);
    desk_partition(&desk);
    desk.run.context.settings.piece_bytes = 1 << 20;
    desk_begin(&desk);
    /* each of them may be of another partition */
    assert_int_equal(hw_workbench_room(desk.bench, 5000), 1024);
    assert_int_equal(hw_workbench_room(desk.bench, 10), 10);
    size_t added = 0;
    while (hw_workbench_room(desk.bench, 1000) > 0) {
        assert_false(hw_workbench_due(desk.bench));
        assert_ok(rows_add(&desk, 1000, &err), err);
        added += 1000;
        assert_true(added < 1000000);
    }
    assert_true(hw_workbench_due(desk.bench));
    const size_t bytes = hw_row_store_held(desk.bench->store) + 2 * added * sizeof(uint32_t);
    assert_true(bytes >= (1 << 20) / 8 * 3);
    /* 8 bytes and two numbers a row */
    assert_true(added >= 1000 && added <= (1 << 20) / 8 * 3 / 16 + 1000);
    desk_close(&desk);
}

/* Adds so many rows of a partition that were put aside. */
static enum hw_status rows_gather(struct desk *desk, size_t rows, struct hw_rows_piece *piece, struct hw_error *err) {
    static int64_t numbers[ROWS_MAX];
    const struct hw_column column = {.values = numbers, .length = rows};
    const struct hw_batch batch = {&desk->run.conversion.partitioning.rest, rows, &column};
    for (size_t i = 0; i < rows; i++) {
        numbers[i] = desk->next++;
    }
    return hw_workbench_gather(desk->bench, "p=1/", &batch, piece, err);
}

/* Where row groups end does not depend on the chunks that the rows come in. */
static void gathered_rows_become_row_groups(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t rows_max, group_bytes, row_bytes; /* the last: that the encoder holds of a row */
        size_t chunks[3];
        size_t parts, first_rows;
    } rows[] = {
        {"one", 0, 1 << 20, 0, {3, 1, 5}, 1, 9},
        {"so many rows", 4, 1 << 20, 0, {3, 1, 5}, 3, 4},
        {"so many rows of one chunk", 4, 1 << 20, 0, {9}, 3, 4},
        {"so many rows of other chunks", 4, 1 << 20, 0, {1, 7, 1}, 3, 4},
        {"so many bytes", 0, 1, 0, {1000, 4000, 1}, 3, 2048},
        {"so many bytes of one chunk", 0, 1, 0, {5000, 1}, 3, 2048},
        {"more bytes", 0, 2048 * 8 + 1000, 0, {1000, 4000, 1}, 2, 4096},
        {"more than there is memory for", 0, 1 << 20, 1 << 10, {1000, 4000, 1}, 3, 2048},
        {"none", 0, 1 << 20, 0, {0}, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rows_piece *piece;
        struct desk desk;
        size_t parts = 0;
        desk_open(&desk);
        desk_partition(&desk);
        desk.run.options.row_group_rows = rows[i].rows_max;
        desk.run.context.settings.group_bytes = rows[i].group_bytes;
        fake_format_script()->row_held_bytes = rows[i].row_bytes;
        desk_begin(&desk);
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        for (size_t k = 0; k < COUNT_OF(rows[i].chunks); k++) {
            assert_ok(rows_gather(&desk, rows[i].chunks[k], piece, &err), err);
        }
        assert_ok(hw_workbench_gather_end(desk.bench, "p=1/", piece, &err), err);
        size_t left = (size_t)desk.next;
        for (const struct hw_rows_part *part = piece->first; part; part = part->next) {
            assert_row_text(rows[i].name, part->partition, "p=1/");
            assert_row_int(rows[i].name, part->encoded[0]->rows, hw_min_size(left, rows[i].first_rows));
            left -= (size_t)part->encoded[0]->rows;
            parts++;
        }
        assert_row_int(rows[i].name, parts, rows[i].parts);
        assert_row_int(rows[i].name, left, 0);
        assert_true(hw_workbench_empty(desk.bench));
        hw_rows_piece_free(piece);
        desk_close(&desk);
    }
}

/* Rows that are to be put aside become chunks, which count as memory, and are due by memory too. */
static void rows_are_put_aside_as_chunks(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rows_piece *piece;
    struct desk desk;
    desk_open(&desk);
    desk_partition(&desk);
    desk_begin(&desk);
    assert_false(hw_workbench_unchosen(desk.bench)); /* there are no rows yet */
    assert_ok(rows_add(&desk, 30, &err), err);
    assert_true(hw_workbench_unchosen(desk.bench));
    hw_workbench_choose(desk.bench, false);
    assert_false(hw_workbench_unchosen(desk.bench));
    assert_ok(hw_rows_piece_new(&piece, &err), err);
    const size_t held = piece->item.held_bytes;
    assert_ok(hw_workbench_encode(desk.bench, true, piece, &err), err);
    assert_null(piece->first);
    assert_true(piece->chunks.size > 30 * sizeof(int64_t));
    assert_int_equal(piece->item.held_bytes, held + piece->chunks.size);
    assert_int_equal(fake_format_script()->rows_added, 0);
    hw_rows_piece_free(piece);
    desk_close(&desk);
}

/*
 * What a table of very many columns holds without a row may be more than there is for rows: one
 * slice goes at a time.
 */
static void an_empty_workbench_has_room(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    desk_open(&desk);
    desk_partition(&desk);
    desk.run.context.settings.piece_bytes = 64;
    desk_begin(&desk);
    for (size_t i = 0; i < 3; i++) {
        struct hw_rows_piece *piece;
        assert_false(hw_workbench_due(desk.bench));
        assert_int_equal(hw_workbench_room(desk.bench, 10), 10);
        assert_ok(rows_add(&desk, 10, &err), err);
        assert_true(hw_workbench_due(desk.bench));
        assert_int_equal(hw_workbench_room(desk.bench, 10), 0);
        assert_ok(hw_rows_piece_new(&piece, &err), err);
        assert_ok(hw_workbench_encode(desk.bench, false, piece, &err), err);
        assert_true(hw_workbench_empty(desk.bench));
        assert_non_null(piece->first);
        hw_rows_piece_free(piece);
    }
    desk_close(&desk);
}

/* ------ the pool */

static void workbenches_are_kept_or_freed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_workbench *first, *second, *third;
    struct desk desk;
    desk_open(&desk);
    desk_begin(&desk);
    struct hw_workbenches *pool = &desk.run.conversion.benches;
    first = desk.bench;
    assert_ok(hw_workbench_take(pool, &second, &err), err);
    assert_int_equal(pool->synced.count, 2);
    assert_int_equal(desk.run.reader.cursors, 2);
    desk.bench = second;
    assert_ok(rows_add(&desk, 3, &err), err);
    hw_workbench_return(pool, second, true);
    assert_int_equal(pool->synced.count, 2);
    assert_ok(hw_workbench_take(pool, &third, &err), err);
    assert_ptr_equal(third, second);
    assert_true(hw_workbench_empty(third)); /* it came back with rows in work */
    hw_workbench_return(pool, third, false);
    assert_int_equal(pool->synced.count, 1);
    assert_int_equal(desk.run.reader.cursors, 1);
    hw_workbench_return(pool, first, true);
    hw_workbenches_drop(pool);
    assert_int_equal(pool->synced.count, 0);
    assert_int_equal(desk.run.reader.cursors, 0);
    desk.run.reader.fails = FAKE_CURSOR_NEW;
    assert_int_equal(hw_workbench_take(pool, &third, &err), HW_EIO);
    assert_int_equal(pool->synced.count, 0);
    desk.run.reader.fails = FAKE_NONE;
    fake_run_close(&desk.run);
}

/*
 * The job pays for the first worker; each further one is lent to, and so is each workbench that is
 * kept.
 */
static void memory_is_lent_for_workers(void **state) {
    (void)state;
    enum { WORKER_BYTES = 100 };
    static const struct {
        const char *name;
        /* '+' enters, '-' leaves, 't' takes a workbench, 'k' returns it kept, 'd' drops them */
        const char *steps;
        uint64_t want; /* lent in the end */
    } rows[] = {
        {"the first", "+", 0},
        {"two more", "+++", 200},
        {"no more than there is", "+++++", 300},
        {"who leaves gives back", "+++--", 0},
        {"a workbench that is kept keeps its memory", "+t+tk-k-", 100},
        {"a worker more may have it", "+t+tk-k-++", 100},
        {"until they are dropped", "+t+tk-k-d", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_budget work;
        struct hw_workbench *taken[4];
        size_t count = 0;
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        struct hw_workbenches pool;
        desk_open(&desk);
        desk_begin(&desk);
        hw_budget_init(&work, 3 * WORKER_BYTES);
        hw_workbenches_init(&pool, &desk.run.conversion.benches.setup, &work, WORKER_BYTES);
        size_t entered = 0;
        for (const char *step = rows[i].steps; *step; step++) {
            if (*step == '+') {
                const bool admitted = hw_workbenches_enter(&pool);
                assert_row_int(rows[i].name, admitted, entered < 4);
                entered += admitted;
            } else if (*step == '-') {
                hw_workbenches_leave(&pool);
                entered--;
            } else if (*step == 't') {
                assert_ok(hw_workbench_take(&pool, &taken[count++], &err), err);
            } else if (*step == 'k') {
                hw_workbench_return(&pool, taken[--count], true);
            } else {
                hw_workbenches_drop(&pool);
            }
        }
        assert_row_int(rows[i].name, hw_budget_held(&work), rows[i].want);
        for (; entered > 0; entered--) {
            hw_workbenches_leave(&pool);
        }
        hw_workbenches_release(&pool);
        hw_workbenches_release(&pool); /* again: nothing */
        assert_row_int(rows[i].name, hw_budget_held(&work), 0);
        hw_budget_release(&work);
        desk_close(&desk);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_count_for_what_they_hold),
        cmocka_unit_test(there_is_room_for_so_many_rows),
        cmocka_unit_test(what_is_encoded_becomes_due),
        cmocka_unit_test(a_reader_ends_groups_at_steps),
        cmocka_unit_test(rows_can_be_dropped),
        cmocka_unit_test(encoders_that_hold_too_much_are_replaced),
        cmocka_unit_test(encoding_may_fail),
        cmocka_unit_test(partitions_become_parts),
        cmocka_unit_test(partitioned_rows_are_due_by_memory),
        cmocka_unit_test(gathered_rows_become_row_groups),
        cmocka_unit_test(rows_are_put_aside_as_chunks),
        cmocka_unit_test(an_empty_workbench_has_room),
        cmocka_unit_test(workbenches_are_kept_or_freed),
        cmocka_unit_test(memory_is_lent_for_workers),
    };
    return cmocka_run_group_tests_name("pipeline/workbench", tests, NULL, NULL);
}
