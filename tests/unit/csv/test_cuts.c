/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/cuts.h"

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/csv/field.h"

/* Ordinals of row groups are int16_t, from 0 (parquet.thrift). */
enum { INPUTS_MAX = 40000, PARTS_LIMIT = 32768 };

#define MIB UINT64_C(1048576)
#define TIB (MIB * MIB)

static void a_table_has_so_many_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bytes;
        uint64_t part_bytes;
        uint64_t want;
        size_t columns;
    } rows[] = {
        {"nothing", 0, 64 * MIB, 1},
        {"a byte", 1, 64 * MIB, 1},
        {"nothing, parts of a byte", 0, 1, 1},
        {"bytes of their own", 5, 1, 5},
        {"one part exactly", 1000, 1000, 1},
        {"one part and a byte", 1001, 1000, 2},
        {"a byte below 4 MiB", 4 * MIB - 1, 64 * MIB, 1},
        {"4 MiB are worth two workers", 4 * MIB, 64 * MIB, 2},
        {"5 parts become 6", 5 * MIB, MIB, 6},
        {"below 4 MiB nothing is rounded", 4 * MIB - 1, MIB, 4},
        {"below 4 MiB, three parts", 3 * MIB, MIB, 3},
        {"a byte below 64 MiB", 64 * MIB - 1, 64 * MIB, 2},
        {"64 MiB are worth four", 64 * MIB, 64 * MIB, 4},
        {"a byte below 160 MiB", 160 * MIB - 1, 64 * MIB, 4},
        {"160 MiB are worth eight", 160 * MIB, 64 * MIB, 8},
        {"a byte below 320 MiB", 320 * MIB - 1, 64 * MIB, 8},
        {"320 MiB are worth a dozen", 320 * MIB, 64 * MIB, 12},
        {"13 parts become 24", 13 * 64 * MIB, 64 * MIB, 24},
        {"12 parts stay", 12 * 64 * MIB, 64 * MIB, 12},
        {"small parts up to the limit", 4 * MIB - 1, 1, PARTS_LIMIT},
        {"4 MiB in parts of a byte", 4 * MIB, 1, PARTS_LIMIT},
        {"320 MiB in parts of a byte", 320 * MIB, 1, PARTS_LIMIT},
        {"the last multiple of 12 below the limit", 32760 * 64 * MIB, 64 * MIB, 32760},
        {"above it, the limit", 32760 * 64 * MIB + 1, 64 * MIB, PARTS_LIMIT},
        {"16 TiB", 16 * TIB, 64 * MIB, PARTS_LIMIT},
        {"all bytes there can be", UINT64_MAX, 1, PARTS_LIMIT},
        {"8 parts with 512 KiB for each of 50 columns", 200 * MIB, 64 * MIB, 8, 50},
        {"51 columns have less", 200 * MIB, 64 * MIB, 4, 51},
        {"100 columns", 200 * MIB, 64 * MIB, 4, 100},
        {"so many columns that two workers are enough", 129 * MIB, 64 * MIB, 4, 1000},
        {"two parts at least", 128 * MIB, 64 * MIB, 2, 1000},
        {"a wide table below 64 MiB", 63 * MIB, 64 * MIB, 2, 1000},
        {"a wide table below 4 MiB", 3 * MIB, 64 * MIB, 1, 1000},
        {"a large wide table", 13 * 64 * MIB, 64 * MIB, 14, 1000},
        {"a larger one", 1000 * 64 * MIB, 64 * MIB, 1000, 16384},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_cut_options options = {rows[i].part_bytes, rows[i].columns};
        assert_row_int(rows[i].name, hw_csv_parts_wanted(rows[i].bytes, &options), rows[i].want);
    }
}

/* ------ whose bytes are in which part */

/* Inputs, and the parts they were cut in. */
struct cutting {
    struct hw_csv_object objects[4];
    struct hw_csv_input *inputs;
    size_t count;
    struct hw_buf parts;
};

static void cutting_release(struct cutting *cutting) {
    hw_free(cutting->inputs);
    hw_buf_release(&cutting->parts);
}

static const struct hw_csv_part *cutting_part(const struct cutting *cutting, size_t number) {
    return &((const struct hw_csv_part *)(const void *)cutting->parts.data)[number];
}

static size_t cutting_count(const struct cutting *cutting) {
    return cutting->parts.size / sizeof(struct hw_csv_part);
}

/* Adds inputs that can be cut, each with `head` bytes before its rows. */
static void cutting_add(struct cutting *cutting, size_t count, uint64_t body, uint64_t head) {
    if (!cutting->inputs) {
        cutting->inputs = hw_alloc_zero(INPUTS_MAX, sizeof(*cutting->inputs));
        assert_non_null(cutting->inputs);
    }
    for (size_t i = 0; i < count; i++) {
        cutting->inputs[cutting->count++] =
            (struct hw_csv_input){.cuttable = true, .bytes = head + body, .body_offset = head};
    }
}

/* Adds the members of a packed object; one: a packed text. */
static void cutting_pack(struct cutting *cutting, size_t object, uint64_t bytes, size_t members) {
    cutting->objects[object] = (struct hw_csv_object){.bytes = bytes, .members = members};
    for (size_t i = 0; i < members; i++) {
        cutting_add(cutting, 1, 0, 10);
        cutting->inputs[cutting->count - 1] =
            (struct hw_csv_input){.object = &cutting->objects[object], .member = (uint32_t)i, .body_offset = 10};
    }
}

/*
 * Every byte of every input is in one part, in order: each part begins where the one before it
 * ended.
 */
static void parts_cover(const char *name, const struct cutting *cutting) {
    size_t input = 0;
    uint64_t offset = cutting->inputs[0].body_offset;
    for (size_t i = 0; i < cutting_count(cutting); i++) {
        const struct hw_csv_part *part = cutting_part(cutting, i);
        assert_row_int(name, part->first, input);
        assert_row_int(name, part->begin, offset);
        assert_row_int(name, part->exact, offset == cutting->inputs[input].body_offset);
        assert_row_int(name, part->last >= part->first, true);
        assert_row_int(name, part->last < cutting->count, true);
        if (part->limit == UINT64_MAX) {
            input = (size_t)part->last + 1;
            offset = input < cutting->count ? cutting->inputs[input].body_offset : 0;
            continue;
        }
        const struct hw_csv_input *last = &cutting->inputs[part->last];
        assert_row_int(name, last->cuttable, true); /* what is packed is not cut inside */
        assert_row_int(name, part->limit > last->body_offset && part->limit < last->bytes, true);
        assert_row_int(name, part->first < part->last || part->limit > part->begin, true);
        input = part->last;
        offset = part->limit;
    }
    assert_row_int(name, input, cutting->count);
}

static void cut(const char *name, struct cutting *cutting, uint64_t part_bytes) {
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(&cutting->parts);
    assert_ok(hw_csv_cut(cutting->inputs, cutting->count, &(struct hw_csv_cut_options){.part_bytes = part_bytes},
                         &cutting->parts, &err),
              err);
    parts_cover(name, cutting);
}

static void one_text_is_cut_in_equal_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t body;
        uint64_t head;
        uint64_t part_bytes;
        size_t parts;
    } rows[] = {
        {"an empty one", 0, 0, MIB, 1},
        {"nothing but a header", 0, 10, MIB, 1},
        {"a byte of rows", 1, 10, MIB, 1},
        {"every byte", 100, 7, 1, 100},
        {"two parts", 1001, 0, 1000, 2},
        {"six parts", 5 * MIB, 100, MIB, 6},
        {"a dozen", 320 * MIB, 100, 64 * MIB, 12},
        {"as many as there can be", 4 * TIB, 3, 64 * MIB, PARTS_LIMIT},
        {"near the end of all numbers", UINT64_MAX - 100, 50, MIB, PARTS_LIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(cutting) cutting = {0};
        cutting_add(&cutting, 1, rows[i].body, rows[i].head);
        cut(rows[i].name, &cutting, rows[i].part_bytes);
        assert_row_int(rows[i].name, cutting_count(&cutting), rows[i].parts);
        /* part k begins k parts of the body into it, rounded down */
        for (size_t k = 1; k < rows[i].parts; k++) {
            const uint64_t want = rows[i].head + (uint64_t)((unsigned __int128)rows[i].body * k / rows[i].parts);
            assert_row_int(rows[i].name, cutting_part(&cutting, k)->begin, want);
        }
    }
}

/*
 * With four parts of 4 MiB each, less than 1 MiB of an input never stands alone on one side of a
 * cut.
 */
static void cuts_lie_in_inputs_or_between_them(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bodies[4]; /* 0: none */
        size_t parts;
        struct {
            uint32_t input;
            uint64_t offset;
        } cuts[4];
    } rows[] = {
        {"even inputs", {4 * MIB, 4 * MIB, 4 * MIB, 4 * MIB}, 4, {{1, 0}, {2, 0}, {3, 0}}},
        {"a large one", {16 * MIB}, 4, {{0, 4 * MIB}, {0, 8 * MIB}, {0, 12 * MIB}}},
        {"exactly a quarter before the cut is enough", {3 * MIB, 13 * MIB}, 4, {{1, MIB}, {1, 5 * MIB}, {1, 9 * MIB}}},
        {"a byte less is not", {3 * MIB + 1, 13 * MIB - 1}, 4, {{1, 0}, {1, 5 * MIB - 1}, {1, 9 * MIB - 1}}},
        {"exactly a quarter behind the cut is enough",
         {5 * MIB, 11 * MIB},
         4,
         {{0, 4 * MIB}, {1, 3 * MIB}, {1, 7 * MIB}}},
        {"a byte less is not, either", {5 * MIB - 1, 11 * MIB + 1}, 4, {{1, 0}, {1, 3 * MIB + 1}, {1, 7 * MIB + 1}}},
        {"two cuts in the same small gap", {2 * MIB, 2 * MIB, 12 * MIB}, 4, {{2, 0}, {2, 4 * MIB}, {2, 8 * MIB}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(cutting) cutting = {0};
        for (size_t k = 0; k < 4 && rows[i].bodies[k] > 0; k++) {
            cutting_add(&cutting, 1, rows[i].bodies[k], 5);
        }
        cut(rows[i].name, &cutting, 4 * MIB);
        assert_row_int(rows[i].name, cutting_count(&cutting), rows[i].parts);
        for (size_t k = 1; k < rows[i].parts; k++) {
            assert_row_int(rows[i].name, cutting_part(&cutting, k)->first, rows[i].cuts[k - 1].input);
            assert_row_int(rows[i].name, cutting_part(&cutting, k)->begin, rows[i].cuts[k - 1].offset + 5);
        }
    }
}

static void packed_inputs_are_never_cut(void **state) {
    (void)state;
    static const struct {
        const char *name;
        /* a packed text counts as four times its size: parts of 4 MiB are cut after 1 MiB of it */
        uint64_t bytes;
        size_t members;
        uint64_t plain; /* rows of a plain text behind it */
        size_t parts;
    } rows[] = {
        {"one text", 64 * MIB, 1, 0, 1},
        {"one text and a small plain one, before which the last cut falls", 64 * MIB, 1, 100, 2},
        {"one text and a plain one of its weight", 4 * MIB, 1, 16 * MIB, 5},
        {"four members of a part each", 4 * MIB, 4, 0, 4},
        {"eight members of half a part", 4 * MIB, 8, 0, 4},
        {"two members of two parts", 4 * MIB, 2, 0, 2},
        {"a thousand members", 4 * MIB, 1000, 0, 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(cutting) cutting = {0};
        cutting_pack(&cutting, 0, rows[i].bytes, rows[i].members);
        if (rows[i].plain > 0) {
            cutting_add(&cutting, 1, rows[i].plain, 0);
        }
        cut(rows[i].name, &cutting, 4 * MIB);
        assert_row_int(rows[i].name, cutting_count(&cutting), rows[i].parts);
    }
}

/*
 * A table of 16 MiB in four parts: the first cut, after 4 MiB, falls in the second input, which is
 * packed.
 */
static void a_cut_that_falls_in_a_packed_input_goes_to_its_nearer_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t before;
        uint64_t packed;
        size_t cut;
    } rows[] = {
        {"its beginning", 3 * MIB, MIB, 1},
        {"both are as near", 2 * MIB, MIB, 1},
        {"its end", 2 * MIB, MIB - 100, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(cutting) cutting = {0};
        cutting_add(&cutting, 1, rows[i].before, 0);
        cutting_pack(&cutting, 0, rows[i].packed, 1);
        cutting_add(&cutting, 1, 16 * MIB - rows[i].before - 4 * rows[i].packed, 0);
        cut(rows[i].name, &cutting, 4 * MIB);
        assert_row_int(rows[i].name, cutting_part(&cutting, 1)->first, rows[i].cut);
    }
}

static void thousands_of_inputs_make_few_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t count;
        uint64_t body;
        uint64_t part_bytes;
        size_t parts;
    } rows[] = {
        {"empty ones", 30000, 0, MIB, 1},
        {"small ones, together below 4 MiB", 4000, 1000, 64 * MIB, 1},
        {"small ones, together above", 5000, 1000, 64 * MIB, 2},
        {"larger ones", 6000, 60000, 64 * MIB, 12},
        {"more inputs than parts can be", INPUTS_MAX, 100, 1, PARTS_LIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(cutting) cutting = {0};
        cutting_add(&cutting, rows[i].count, rows[i].body, 8);
        cut(rows[i].name, &cutting, rows[i].part_bytes);
        assert_row_int(rows[i].name, cutting_count(&cutting) <= rows[i].parts, true);
        assert_row_int(rows[i].name, cutting_count(&cutting) >= rows[i].parts / 2, true);
    }
}

/* Inputs of all sizes, dealt from a seed: covered in order, and by what may be said of any cut. */
static void any_inputs_are_covered(void **state) {
    (void)state;
    struct dice dice = {7};
    for (int round = 0; round < 400; round++) {
        HW_AUTO(cutting) cutting = {0};
        uint64_t bytes = 0;
        const size_t count = 1 + dice_roll(&dice, 40);
        const uint64_t part_bytes = UINT64_C(1) << dice_roll(&dice, 24);
        for (size_t i = 0; i < count; i++) {
            const uint64_t body = dice_roll(&dice, 3) == 0 ? 0 : dice_u64(&dice) >> (40 + dice_roll(&dice, 24));
            cutting_add(&cutting, 1, body, dice_roll(&dice, 100));
            bytes += body;
        }
        cut("dealt", &cutting, part_bytes);
        const uint64_t parts = hw_csv_parts_wanted(bytes, &(struct hw_csv_cut_options){.part_bytes = part_bytes});
        assert_true(cutting_count(&cutting) <= parts);
        for (size_t i = 0; i < cutting_count(&cutting); i++) {
            const struct hw_csv_part *part = cutting_part(&cutting, i);
            const struct hw_csv_input *last = &cutting.inputs[part->last];
            if (part->limit != UINT64_MAX) { /* much of the input is on both sides */
                assert_true((part->limit - last->body_offset) >= bytes / parts / 4);
                assert_true((last->bytes - part->limit) >= bytes / parts / 4);
            }
        }
    }
}

/* Whatever else is known of the inputs, or stands in the buffer, does not move a cut. */
static void cuts_depend_on_sizes_alone(void **state) {
    (void)state;
    HW_AUTO(cutting) plain = {0};
    HW_AUTO(cutting) other = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_csv_part before = {0};
    const struct hw_csv_form form = {
        .remote = true, .window_bytes = 8 * MIB, .body_lines = 7, .dialect.delimiter = ';'};
    for (size_t i = 0; i < 9; i++) {
        cutting_add(&plain, 1, i * MIB, i);
        cutting_add(&other, 1, i * MIB, i);
        struct hw_csv_input *input = &other.inputs[i];
        input->form = &form;
        input->checksum.kind = HW_CHECKSUM_CRC32C;
        input->done = (struct hw_csv_input_part){1, 2, 3};
    }
    cut("plain", &plain, MIB);
    assert_ok(hw_buf_append(&other.parts, &before, sizeof(before), &err), err);
    assert_ok(
        hw_csv_cut(other.inputs, other.count, &(struct hw_csv_cut_options){.part_bytes = MIB}, &other.parts, &err),
        err);
    assert_int_equal(cutting_count(&other), cutting_count(&plain) + 1);
    for (size_t i = 0; i < cutting_count(&plain); i++) {
        const struct hw_csv_part *want = cutting_part(&plain, i);
        const struct hw_csv_part *got = cutting_part(&other, i + 1);
        assert_true(got->first == want->first && got->last == want->last);
        assert_true(got->begin == want->begin && got->limit == want->limit && got->exact == want->exact);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    HW_AUTO(cutting) cutting = {0};
    bool fired = true;
    size_t faults = 0;
    cutting_add(&cutting, 1, 64 * MIB, 0);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_buf parts = {0};
        alloc_fault_begin(&fault, successes);
        enum hw_status status =
            hw_csv_cut(cutting.inputs, 1, &(struct hw_csv_cut_options){.part_bytes = MIB}, &parts, &err);
        hw_buf_release(&parts);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        faults += fired;
    }
    assert_true(faults > 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_so_many_parts),
        cmocka_unit_test(one_text_is_cut_in_equal_parts),
        cmocka_unit_test(cuts_lie_in_inputs_or_between_them),
        cmocka_unit_test(packed_inputs_are_never_cut),
        cmocka_unit_test(a_cut_that_falls_in_a_packed_input_goes_to_its_nearer_end),
        cmocka_unit_test(thousands_of_inputs_make_few_parts),
        cmocka_unit_test(any_inputs_are_covered),
        cmocka_unit_test(cuts_depend_on_sizes_alone),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
