/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/step_nested.h"

#include "avro/varint_read.h"

/* ------ values of other columns */

/* Says that the column's next slot is not null, and brings what is below a struct to it. */
static bool value_begin(struct hw_avro_run *run, struct hw_avro_column *column) {
    if (!hw_avro_column_room(&run->columns, column)) {
        return false;
    }
    column->valid[column->slots] = 1;
    return column->shape != HW_AVRO_SHAPE_COUNTED || !column->behind ||
           hw_avro_column_catch_up(&run->columns, column, column->slots);
}

/* Structs count their slots when all that is below them has its own. */
static void value_end(struct hw_avro_column *column) {
    column->slots += column->shape == HW_AVRO_SHAPE_COUNTED;
}

const uint8_t *hw_avro_step_present(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    struct hw_avro_column *column = &run->columns.items[step->column];
    if (!value_begin(run, column)) {
        return hw_avro_fault(run, step, at, "no room");
    }
    at = hw_avro_steps_run(run, step + 1, step + step->span, at);
    value_end(column);
    return at;
}

const uint8_t *hw_avro_step_member(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    struct hw_avro_column *column = &run->columns.items[step->column];
    struct hw_avro_column *member = &run->columns.items[step->member];
    if (!hw_avro_column_room(&run->columns, column) || !hw_avro_column_pad(&run->columns, member, column->slots) ||
        !value_begin(run, member)) {
        return hw_avro_fault(run, step, at, "no room");
    }
    if (column->optional) {
        column->valid[column->slots] = 1;
    }
    at = hw_avro_steps_run(run, step + 1, step + step->span, at);
    value_end(member);
    column->slots++;
    return at;
}

const uint8_t *hw_avro_step_null(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    return hw_avro_column_null(&run->columns, &run->columns.items[step->column])
               ? at
               : hw_avro_fault(run, step, at, "no room");
}

const uint8_t *hw_avro_step_default(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    const uint8_t *end = run->end;
    const uint8_t *bytes = (const uint8_t *)step->bytes.data;
    run->end = bytes + step->bytes.size;
    const bool run_well = hw_avro_steps_run(run, step + 1, step + step->span, bytes) != NULL;
    run->end = end;
    return run_well ? at : NULL;
}

const uint8_t *hw_avro_step_fail(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    return hw_avro_fault(run, step, at, "%.*s", (int)step->bytes.size, step->bytes.data);
}

/* ------ choice */

const uint8_t *hw_avro_step_choice(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    int64_t branch = 0;
    const uint8_t *end = hw_avro_short_read(at, &branch);
    if (HW_UNLIKELY(!end || end > run->end)) {
        return hw_avro_fault_cut(run, step, at);
    }
    if (HW_UNLIKELY((uint64_t)branch >= step->count)) {
        return hw_avro_fault(run, step, at, "branch %" PRId64 " of a union of %zu", branch, step->count);
    }
    return hw_avro_steps_run(run, step + step->targets[branch], step + step->targets[branch + 1], end);
}

/* ------ arrays and maps */

/* One block of an array or map ("Arrays" of the specification). */
struct items {
    uint64_t count;
    /* True where `bytes` tells how many bytes the items have. */
    bool sized;
    uint64_t bytes;
};

static const uint8_t *items_begin(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                                  struct items *out_items) {
    int64_t count = 0;
    int64_t bytes = 0;
    const uint8_t *end = hw_avro_short_read(at, &count);
    if (end && end <= run->end && count < 0) {
        end = hw_avro_long_read(end, &bytes);
    }
    if (HW_UNLIKELY(!end || end > run->end)) {
        return hw_avro_fault_cut(run, step, at);
    }
    *out_items = (struct items){count < 0 ? 0 - (uint64_t)count : (uint64_t)count, count < 0, (uint64_t)bytes};
    const uint64_t left = (uint64_t)(run->end - end);
    if (HW_UNLIKELY(out_items->bytes > left ||
                    (step->size > 0 ? out_items->count > left / step->size : out_items->count > run->empty_left))) {
        return hw_avro_fault(run, step, at,
                             "an array or map of %" PRIu64 " items in %" PRIu64 " bytes, where %" PRIu64 " are left",
                             out_items->count, out_items->bytes, left);
    }
    run->empty_left -= step->size > 0 ? 0 : out_items->count;
    return end;
}

static const uint8_t *items_run(struct hw_avro_run *run, const struct hw_avro_step *step, const struct items *items,
                                const uint8_t *at) {
    const struct hw_avro_step *body = step + 1;
    const struct hw_avro_step *body_end = step + step->span;
    const uint8_t *begin = at;
    for (uint64_t i = 0; at && body < body_end && i < items->count; i++) {
        at = hw_avro_steps_run(run, body, body_end, at);
    }
    return at && items->sized && (uint64_t)(at - begin) != items->bytes
               ? hw_avro_fault(run, step, begin,
                               "a block of an array or map says that it has %" PRIu64 " bytes, and has %td",
                               items->bytes, at - begin)
               : at;
}

const uint8_t *hw_avro_step_list(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    const bool left_out = step->column == HW_AVRO_NO_COLUMN;
    struct items items = {0};
    uint64_t sum = 0;
    do {
        at = items_begin(run, step, at, &items);
        if (at && left_out && items.sized) {
            at += items.bytes;
        } else if (at && items.count > 0) {
            at = items_run(run, step, &items, at);
        }
        sum += items.count;
    } while (at && items.count > 0);
    if (!at || left_out) {
        return at;
    }
    struct hw_avro_column *column = &run->columns.items[step->column];
    if (!hw_avro_column_room(&run->columns, column)) {
        return hw_avro_fault(run, step, at, "no room");
    }
    if (sum > (uint64_t)(INT32_MAX - column->offsets[column->slots])) {
        return hw_avro_fault(run, step, at, "the lists of one batch have more than %" PRId32 " items", INT32_MAX);
    }
    column->offsets[column->slots + 1] = column->offsets[column->slots] + (int32_t)sum;
    column->slots++;
    run->columns.more_bytes += sum * column->item_bytes;
    return at;
}

/* ------ bytes that are left out */

const uint8_t *hw_avro_step_skip_bytes(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    return HW_LIKELY((uint64_t)(run->end - at) >= step->size) ? at + step->size : hw_avro_fault_cut(run, step, at);
}

const uint8_t *hw_avro_step_skip_long(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    int64_t value = 0;
    const uint8_t *end = hw_avro_short_read(at, &value);
    return HW_LIKELY(end && end <= run->end) ? end : hw_avro_fault_cut(run, step, at);
}

const uint8_t *hw_avro_step_skip_text(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    int64_t size = 0;
    const uint8_t *end = hw_avro_short_read(at, &size);
    return HW_LIKELY(end && size >= 0 && size <= run->end - end) ? end + size : hw_avro_fault_cut(run, step, at);
}
