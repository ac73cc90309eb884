/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pass.h"

#include "core/error.h"

enum hw_status hw_pass_begin(struct hw_pass *pass, struct hw_error *err) {
    HW_TRY(pass->reader->ops->begin(pass->reader, err));
    return pass->reader->ops->cursor_new(pass->reader, &pass->cursor, err);
}

static enum hw_status part_open(struct hw_pass *pass, struct hw_error *err);
static enum hw_status part_step(struct hw_pass *pass, bool *out_seen, struct hw_error *err);
static enum hw_status part_end(struct hw_pass *pass, struct hw_error *err);
static void part_drop(struct hw_pass *pass, struct hw_error *err);

enum hw_status hw_pass_next(struct hw_pass *pass, bool *out_more, struct hw_error *err) {
    const struct hw_table_reader *reader = pass->reader;
    bool seen = false;
    while (!seen) {
        if (!pass->open && (pass->ended || (!reader->sequential && pass->part == reader->parts_count))) {
            break;
        }
        HW_TRY(pass->open ? HW_OK : part_open(pass, err));
        enum hw_status status = part_step(pass, &seen, err);
        if (status != HW_OK) {
            part_drop(pass, err);
            return status;
        }
    }
    *out_more = seen;
    return HW_OK;
}

static enum hw_status part_open(struct hw_pass *pass, struct hw_error *err) {
    struct hw_cursor *cursor = pass->cursor;
    pass->open = true;
    enum hw_status status = cursor->ops->open(cursor, pass->part, pass->part > 0 ? &pass->start : NULL, err);
    if (status != HW_OK) {
        part_drop(pass, err);
        return status;
    }
    cursor->types_only = pass->types_only;
    cursor->large_allowed = true; /* nobody else has a share of the memory */
    return HW_OK;
}

/* `*out_seen` is set where there is something for the caller. */
static enum hw_status part_step(struct hw_pass *pass, bool *out_seen, struct hw_error *err) {
    struct hw_cursor *cursor = pass->cursor;
    enum hw_cursor_step step;
    pass->rows = 0;
    if (pass->stop.cancelled && pass->stop.cancelled(pass->stop.ctx)) {
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    HW_TRY(cursor->ops->next(cursor, &step, err));
    pass->misfit |= cursor->result->misfit;
    if (step == HW_CURSOR_ROWS && !pass->types_only && !pass->misfit) {
        pass->rows = cursor->batch.rows;
    }
    *out_seen = pass->rows > 0 || cursor->rejects.count > 0 || (pass->misfit && !pass->types_only);
    if (step == HW_CURSOR_HANDED_ON) {
        pass->ended = cursor->last;
    }
    return step == HW_CURSOR_END && !*out_seen ? part_end(pass, err) : HW_OK;
}

static enum hw_status part_end(struct hw_pass *pass, struct hw_error *err) {
    struct hw_table_reader *reader = pass->reader;
    struct hw_part_result *result = pass->cursor->ops->close(pass->cursor);
    pass->open = false;
    if (!result) {
        return hw_fail(err, HW_ENOMEM, "out of memory for the result of a part");
    }
    pass->start = result->end;
    pass->part++;
    reader->ops->accept(reader, result);
    reader->ops->result_free(result);
    return HW_OK;
}

/* The part has failed: its result only says where. */
static void part_drop(struct hw_pass *pass, struct hw_error *err) {
    const struct hw_table_reader *reader = pass->reader;
    if (!pass->open) {
        return;
    }
    struct hw_part_result *result = pass->cursor->ops->close(pass->cursor);
    pass->open = false;
    if (result && err) {
        reader->ops->place_error(reader, result, err);
    }
    reader->ops->result_free(result);
}

enum hw_status hw_pass_leave(struct hw_pass *pass, struct hw_error *err) {
    pass->ended = true;
    return pass->open ? part_end(pass, err) : HW_OK;
}

void hw_pass_release(struct hw_pass *pass) {
    if (pass->cursor) {
        part_drop(pass, NULL);
        pass->cursor->ops->free(pass->cursor);
    }
    *pass = (struct hw_pass){0};
}

uint64_t hw_pass_records(const struct hw_pass *pass) {
    return pass->reader->records + (pass->open ? pass->cursor->result->records : 0);
}

uint64_t hw_pass_rejected(const struct hw_pass *pass) {
    return pass->reader->rejected + (pass->open ? pass->cursor->result->rejected : 0);
}
