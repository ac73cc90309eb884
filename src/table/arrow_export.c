/* SPDX-License-Identifier: Apache-2.0 */
/* Exports batches as arrays of the Arrow C Data Interface; declared in hawser/arrow.h. */
#include <hawser/arrow.h>

#include "core/alloc.h"
#include "table/arrow_format.h"
#include "table/owner.h"

enum { BUFFERS_MAX = 3 };

/*
 * The memory of one exported array. Every array keeps the owner by itself, because whoever gets it
 * may move a child away and release it after its parent, in any thread.
 */
struct exported_array {
    struct hw_owner *owner;
    const void *buffers[BUFFERS_MAX];
    struct ArrowArray dictionary;
    struct ArrowArray **pointers;
    struct ArrowArray children[];
};

static enum hw_status column_export(const struct hw_field *field, const struct hw_column *column,
                                    struct hw_owner *owner, struct ArrowArray *out, struct hw_error *err);

enum hw_status hw_arrow_batch_export(const struct hw_batch *batch, struct ArrowArray *out_array, struct hw_error *err) {
    const struct hw_field table = {
        .type = {.kind = HW_KIND_STRUCT}, .children = batch->schema->fields, .children_count = batch->schema->count};
    const struct hw_column rows = {.length = batch->rows, .children = batch->columns};
    struct ArrowArray exported;
    if (!batch->owner) {
        return hw_fail(err, HW_EUSAGE, "a batch whose memory is borrowed cannot be handed to another library");
    }
    HW_TRY(column_export(&table, &rows, batch->owner, &exported, err));
    /* The columns of a batch need not say how long they are. */
    for (int64_t i = 0; i < exported.n_children; i++) {
        exported.children[i]->length = exported.length;
    }
    *out_array = exported;
    return HW_OK;
}

static void array_release(struct ArrowArray *array) {
    struct exported_array *exported = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release) {
            array->children[i]->release(array->children[i]);
        }
    }
    if (array->dictionary && array->dictionary->release) {
        array->dictionary->release(array->dictionary);
    }
    hw_owner_drop(exported->owner);
    hw_free(exported->pointers);
    hw_free(exported);
    array->release = NULL;
}

static void buffers_set(enum hw_kind kind, const struct hw_column *column, const void **buffers) {
    buffers[0] = column->validity;
    if (hw_kind_is_bytes(kind) || kind == HW_KIND_LIST || kind == HW_KIND_LARGE_LIST || kind == HW_KIND_MAP) {
        buffers[1] = hw_kind_is_large(kind) ? (const void *)column->large_offsets : column->offsets;
        buffers[2] = column->data;
    } else {
        buffers[1] = column->values;
    }
}

static enum hw_status children_export(const struct hw_field *field, const struct hw_column *column,
                                      struct ArrowArray *out, struct hw_error *err);

static enum hw_status column_export(const struct hw_field *field, const struct hw_column *column,
                                    struct hw_owner *owner, struct ArrowArray *out, struct hw_error *err) {
    struct exported_array *exported;
    const size_t count = field->children_count;
    size_t bytes;
    if (!hw_mul(count, sizeof(exported->children[0]), &bytes) || !hw_add(bytes, sizeof(*exported), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a column of %zu children is too wide", count);
    }
    exported = hw_alloc_zero(1, bytes);
    struct ArrowArray **pointers = hw_alloc_zero(count, sizeof(*pointers));
    if (!exported || !pointers) {
        hw_free(exported);
        hw_free(pointers);
        return hw_fail_nomem(err, bytes);
    }
    hw_owner_retain(owner);
    exported->owner = owner;
    exported->pointers = pointers;
    buffers_set(field->type.kind, column, exported->buffers);
    *out = (struct ArrowArray){
        .length = (int64_t)column->length,
        .null_count = (int64_t)column->null_count,
        .offset = (int64_t)column->offset,
        .n_buffers = hw_arrow_buffers(field->type.kind),
        .buffers = exported->buffers,
        .children = count > 0 ? pointers : NULL,
        .release = array_release,
        .private_data = exported,
    };
    enum hw_status status = children_export(field, column, out, err);
    if (status != HW_OK) {
        array_release(out);
    }
    return status;
}

/* `n_children` grows with the children, so that those of a failure are released. */
static enum hw_status children_export(const struct hw_field *field, const struct hw_column *column,
                                      struct ArrowArray *out, struct hw_error *err) {
    struct exported_array *exported = out->private_data;
    for (size_t i = 0; i < field->children_count; i++) {
        exported->pointers[i] = &exported->children[i];
        HW_TRY(column_export(&field->children[i], &column->children[i], exported->owner, &exported->children[i], err));
        out->n_children++;
    }
    if (field->dictionary) {
        HW_TRY(column_export(field->dictionary, column->dictionary, exported->owner, &exported->dictionary, err));
        out->dictionary = &exported->dictionary;
    }
    return HW_OK;
}
