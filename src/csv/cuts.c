/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/cuts.h"

/* The rows of a packed text are taken to have this many times its size. */
enum { PACKED_RATIO = 4 };

/*
 * The number of parts is a multiple of `step`, so that workers end together: with 12 parts, 2, 3,
 * 4, 6 or 12 of them do. Smaller tables have fewer steps, since small row groups make files larger,
 * and below the first bound a second worker costs more than it gains.
 */
static const struct {
    uint64_t below_bytes;
    uint64_t step;
} steps[] = {
    {HW_MIB(4), 1}, {HW_MIB(64), 2}, {HW_MIB(160), 4}, {HW_MIB(320), 8}, {UINT64_MAX, 12},
};

/*
 * The bytes of text in a part for each column below which more parts do harm: a row group with few
 * values in each column has dictionaries and pages that are used little.
 */
#define COLUMN_BYTES_MIN HW_KIB(512)

static uint64_t multiple_of(uint64_t number, uint64_t step) {
    return (number + step - 1) / step * step;
}

uint64_t hw_csv_parts_wanted(uint64_t bytes, const struct hw_csv_cut_options *options) {
    const uint64_t part_bytes = options->part_bytes;
    const uint64_t wanted = hw_min_size(bytes / part_bytes + (bytes % part_bytes > 0), HW_CSV_PARTS_MAX);
    const uint64_t useful = bytes / (hw_max_size(options->columns, 1) * COLUMN_BYTES_MIN);
    size_t i = 0;
    while (i + 1 < COUNT_OF(steps) && bytes >= steps[i].below_bytes) {
        i++;
    }
    /* Two workers at least are to end together, however wide the table is. */
    while (i > 1 && multiple_of(wanted, steps[i].step) > hw_max_size(useful, multiple_of(wanted, steps[1].step))) {
        i--;
    }
    return hw_clamp(multiple_of(wanted, steps[i].step), 1, HW_CSV_PARTS_MAX);
}

/*
 * Returns what an input counts when inputs are cut: the bytes of its rows, which are a guess where
 * it is packed.
 */
static uint64_t input_weight(const struct hw_csv_input *input) {
    if (input->cuttable) {
        return input->bytes - input->body_offset;
    }
    const uint64_t weight = input->object->bytes * PACKED_RATIO;
    return input->object->members > 1 ? weight / input->object->members : weight;
}

/* A place where inputs are cut. */
struct cut {
    size_t input;
    /* The offset of the input's first row where nothing of it stands before the cut. */
    uint64_t offset;
};

/* The way along the inputs, from one cut to the next. */
struct way {
    const struct hw_csv_input *inputs;
    size_t count;
    size_t at;       /* the input in which the last cut was looked for */
    uint64_t before; /* bytes of the rows before that input */
};

/*
 * Finds the cut `position` bytes of rows after the first one, where the table is cut every `step`.
 * It lies within an input only where much of the input is on both sides; else between two inputs,
 * where no start need be guessed.
 */
static struct cut cut_find(struct way *way, uint64_t position, uint64_t step) {
    const uint64_t part_min = step / 4;
    uint64_t weight = 0;
    while (way->at < way->count && position - way->before >= (weight = input_weight(&way->inputs[way->at]))) {
        way->before += weight;
        way->at++;
    }
    if (way->at == way->count) {
        return (struct cut){.input = way->at};
    }
    const struct hw_csv_input *input = &way->inputs[way->at];
    const uint64_t head = position - way->before;
    const uint64_t tail = weight - head;
    if (head > 0 && input->cuttable && head >= part_min && tail >= part_min) {
        return (struct cut){way->at, input->body_offset + head};
    }
    const size_t next = head <= tail ? way->at : way->at + 1;
    return (struct cut){next, next < way->count ? way->inputs[next].body_offset : 0};
}

/* Appends the part between two cuts. */
static enum hw_status part_add(const struct way *way, struct cut from, struct cut to, struct hw_buf *out,
                               struct hw_error *err) {
    const bool within = to.input < way->count && to.offset > way->inputs[to.input].body_offset;
    const struct hw_csv_part part = {
        .first = (uint32_t)from.input,
        .last = (uint32_t)(within ? to.input : to.input - 1),
        .begin = from.offset,
        .limit = within ? to.offset : UINT64_MAX,
        .exact = from.offset == way->inputs[from.input].body_offset,
    };
    return hw_buf_append(out, &part, sizeof(part), err);
}

enum hw_status hw_csv_cut(const struct hw_csv_input *inputs, size_t count, const struct hw_csv_cut_options *options,
                          struct hw_buf *out, struct hw_error *err) {
    struct way way = {.inputs = inputs, .count = count};
    struct cut from = {0, inputs[0].body_offset};
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += input_weight(&inputs[i]);
    }
    const uint64_t parts = hw_csv_parts_wanted(bytes, options);
    for (uint64_t i = 1; i <= parts; i++) {
        const uint64_t position = (uint64_t)((unsigned __int128)bytes * i / parts);
        const struct cut to = i < parts ? cut_find(&way, position, bytes / parts) : (struct cut){.input = count};
        if (to.input > from.input || (to.input == from.input && to.offset > from.offset)) {
            HW_TRY(part_add(&way, from, to, out, err));
            from = to;
        }
    }
    return HW_OK;
}
