/* SPDX-License-Identifier: Apache-2.0 */
#include "table/column_buffer.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "table/bits.h"

/* What the slots of a buffer are made of besides their validity. */
enum shape {
    SHAPE_NONE,   /* nothing */
    SHAPE_BITS,   /* a bit each */
    SHAPE_VALUES, /* `width` bytes each */
    SHAPE_BYTES,  /* offsets to bytes */
    SHAPE_LIST,   /* offsets to slots of the child */
    SHAPE_FIXED_LIST,
    SHAPE_STRUCT,
};

struct hw_column_buffer {
    const struct hw_field *field; /* of the columns that are appended */
    enum shape shape;             /* of what is kept, as the next two */
    bool large;                   /* Offsets have 64 bits. */
    size_t width;                 /* bytes of a value, or slots of the child */
    size_t slots;
    size_t nulls;
    struct hw_buf validity; /* a bit for each slot, but of SHAPE_NONE */
    struct hw_buf values;   /* or bits, or bytes */
    struct hw_buf offsets;  /* one more than slots, or none yet */
    size_t children_count;
    struct hw_column_buffer **children;
    struct hw_column *columns; /* of the children, as they are handed out */
};

/* ------ life */

static enum shape shape_of(enum hw_kind kind) {
    switch (kind) {
    case HW_KIND_NULL:
        return SHAPE_NONE;
    case HW_KIND_BOOL:
        return SHAPE_BITS;
    case HW_KIND_STRUCT:
        return SHAPE_STRUCT;
    case HW_KIND_FIXED_LIST:
        return SHAPE_FIXED_LIST;
    default:
        return !hw_kind_is_flat(kind) ? SHAPE_LIST : hw_kind_is_bytes(kind) ? SHAPE_BYTES : SHAPE_VALUES;
    }
}

static enum hw_status children_new(struct hw_column_buffer *buffer, const struct hw_field *field, struct hw_error *err);

enum hw_status hw_column_buffer_new(const struct hw_field *field, struct hw_column_buffer **out_buffer,
                                    struct hw_error *err) {
    struct hw_column_buffer *buffer = hw_alloc_zero(1, sizeof(*buffer));
    const struct hw_field *kept = field;
    if (!buffer) {
        return hw_fail_nomem(err, sizeof(*buffer));
    }
    while (kept->dictionary) {
        kept = kept->dictionary;
    }
    buffer->field = field;
    buffer->shape = shape_of(kept->type.kind);
    buffer->large = hw_kind_is_large(kept->type.kind);
    buffer->width = buffer->shape == SHAPE_FIXED_LIST ? kept->type.width : hw_type_bytes(kept->type);
    buffer->values.limit = buffer->shape == SHAPE_BYTES && !buffer->large ? INT32_MAX : HW_BUF_LIMIT;
    enum hw_status status = children_new(buffer, kept, err);
    if (status != HW_OK) {
        hw_column_buffer_free(buffer);
        return status;
    }
    *out_buffer = buffer;
    return HW_OK;
}

static enum hw_status children_new(struct hw_column_buffer *buffer, const struct hw_field *field,
                                   struct hw_error *err) {
    const size_t count = field->children_count;
    if (count == 0) {
        return HW_OK;
    }
    buffer->children = hw_alloc_zero(count, sizeof(*buffer->children));
    buffer->columns = hw_alloc_zero(count, sizeof(*buffer->columns));
    if (!buffer->children || !buffer->columns) {
        return hw_fail_nomem(err, count * sizeof(*buffer->columns));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_column_buffer_new(&field->children[i], &buffer->children[i], err));
        buffer->children_count++;
    }
    return HW_OK;
}

void hw_column_buffer_free(struct hw_column_buffer *buffer) {
    if (!buffer) {
        return;
    }
    for (size_t i = 0; i < buffer->children_count; i++) {
        hw_column_buffer_free(buffer->children[i]);
    }
    hw_free(buffer->children);
    hw_free(buffer->columns);
    hw_buf_release(&buffer->validity);
    hw_buf_release(&buffer->values);
    hw_buf_release(&buffer->offsets);
    hw_free(buffer);
}

void hw_column_buffer_clear(struct hw_column_buffer *buffer) {
    buffer->slots = buffer->nulls = 0;
    hw_buf_clear(&buffer->validity);
    hw_buf_clear(&buffer->values);
    hw_buf_clear(&buffer->offsets);
    for (size_t i = 0; i < buffer->children_count; i++) {
        hw_column_buffer_clear(buffer->children[i]);
    }
}

void hw_column_buffer_trim(struct hw_column_buffer *buffer) {
    buffer->slots = buffer->nulls = 0;
    hw_buf_release(&buffer->validity);
    hw_buf_release(&buffer->values);
    hw_buf_release(&buffer->offsets);
    for (size_t i = 0; i < buffer->children_count; i++) {
        hw_column_buffer_trim(buffer->children[i]);
    }
}

size_t hw_column_buffer_used(const struct hw_column_buffer *buffer) {
    size_t bytes = sizeof(*buffer) + buffer->validity.size + buffer->values.size + buffer->offsets.size;
    for (size_t i = 0; i < buffer->children_count; i++) {
        bytes += hw_column_buffer_used(buffer->children[i]);
    }
    return bytes;
}

size_t hw_column_buffer_held(const struct hw_column_buffer *buffer) {
    size_t bytes = sizeof(*buffer) + buffer->validity.capacity + buffer->values.capacity + buffer->offsets.capacity;
    for (size_t i = 0; i < buffer->children_count; i++) {
        bytes += sizeof(*buffer->columns) + hw_column_buffer_held(buffer->children[i]);
    }
    return bytes;
}

/* ------ slots of columns */

static enum hw_status slots_append(struct hw_column_buffer *buffer, const struct hw_field *field,
                                   const struct hw_column *column, size_t slot, size_t count, struct hw_error *err);

enum hw_status hw_column_buffer_append(struct hw_column_buffer *buffer, const struct hw_column *column, size_t first,
                                       size_t count, struct hw_error *err) {
    return slots_append(buffer, buffer->field, column, column->offset + first, count, err);
}

static bool slot_null(const struct hw_column *column, size_t slot) {
    return column->validity && (column->validity[slot >> 3] >> (slot & 7) & 1) == 0;
}

static enum hw_status indices_append(struct hw_column_buffer *buffer, const struct hw_field *field,
                                     const struct hw_column *column, size_t slot, size_t count, struct hw_error *err);
static enum hw_status values_append(struct hw_column_buffer *buffer, const struct hw_column *column, size_t slot,
                                    size_t count, struct hw_error *err);
static enum hw_status contents_append(struct hw_column_buffer *buffer, const struct hw_field *field,
                                      const struct hw_column *column, size_t slot, size_t count, struct hw_error *err);
static enum hw_status empty_append(struct hw_column_buffer *buffer, bool null, size_t count, struct hw_error *err);

/*
 * Appends slots of the column's buffers. Values of fixed width are copied as they lie there, where
 * they are null too; of others one run of nulls or of others after the other.
 */
static enum hw_status slots_append(struct hw_column_buffer *buffer, const struct hw_field *field,
                                   const struct hw_column *column, size_t slot, size_t count, struct hw_error *err) {
    if (field->dictionary) {
        return indices_append(buffer, field, column, slot, count, err);
    }
    if (buffer->shape <= SHAPE_VALUES) {
        return values_append(buffer, column, slot, count, err);
    }
    for (size_t run, end = slot + count; slot < end; slot += run) {
        run = column->validity ? hw_bits_run(column->validity, slot, end - slot) : end - slot;
        HW_TRY(slot_null(column, slot) ? empty_append(buffer, true, run, err)
                                       : contents_append(buffer, field, column, slot, run, err));
    }
    return HW_OK;
}

/* Appends the values that indices stand for, which may be null like the indices themselves. */
static enum hw_status indices_append(struct hw_column_buffer *buffer, const struct hw_field *field,
                                     const struct hw_column *column, size_t slot, size_t count, struct hw_error *err) {
    const struct hw_column *values = column->dictionary;
    for (size_t end = slot + count; slot < end; slot++) {
        HW_TRY(slot_null(column, slot)
                   ? empty_append(buffer, true, 1, err)
                   : slots_append(buffer, field->dictionary, values,
                                  values->offset + hw_dictionary_slot(field->type.index, column, slot), 1, err));
    }
    return HW_OK;
}

static enum hw_status values_append(struct hw_column_buffer *buffer, const struct hw_column *column, size_t slot,
                                    size_t count, struct hw_error *err) {
    if (buffer->shape == SHAPE_NONE) {
        buffer->slots += count;
        return HW_OK;
    }
    HW_TRY(hw_bits_append(&buffer->validity, buffer->slots, column->validity, slot, count, err));
    buffer->nulls += column->validity ? count - hw_bits_count(column->validity, slot, count) : 0;
    if (buffer->shape == SHAPE_BITS) {
        HW_TRY(hw_bits_append(&buffer->values, buffer->slots, column->values, slot, count, err));
    } else {
        const char *values = (const char *)column->values + slot * buffer->width;
        HW_TRY(hw_buf_append(&buffer->values, values, count * buffer->width, err));
    }
    buffer->slots += count;
    return HW_OK;
}

static enum hw_status offsets_append(struct hw_column_buffer *buffer, const struct hw_column *column, size_t slot,
                                     size_t count, struct hw_error *err);

/* Appends slots that are not null. */
static enum hw_status contents_append(struct hw_column_buffer *buffer, const struct hw_field *field,
                                      const struct hw_column *column, size_t slot, size_t count, struct hw_error *err) {
    const struct hw_column *child = column->children;
    HW_TRY(hw_bits_append(&buffer->validity, buffer->slots, NULL, 0, count, err));
    if (buffer->shape == SHAPE_BYTES || buffer->shape == SHAPE_LIST) {
        HW_TRY(offsets_append(buffer, column, slot, count, err));
        const size_t begin = hw_column_begin(column, slot);
        const size_t bytes = hw_column_begin(column, slot + count) - begin;
        HW_TRY(buffer->shape == SHAPE_BYTES
                   ? hw_buf_append(&buffer->values, bytes > 0 ? column->data + begin : NULL, bytes, err)
                   : slots_append(buffer->children[0], &field->children[0], child, child->offset + begin, bytes, err));
    } else if (buffer->shape == SHAPE_FIXED_LIST) {
        const size_t begin = child->offset + slot * buffer->width;
        HW_TRY(slots_append(buffer->children[0], &field->children[0], child, begin, count * buffer->width, err));
    }
    for (size_t i = 0; buffer->shape == SHAPE_STRUCT && i < buffer->children_count; i++) {
        HW_TRY(slots_append(buffer->children[i], &field->children[i], &child[i], child[i].offset + slot, count, err));
    }
    buffer->slots += count;
    return HW_OK;
}

/* ------ offsets */

/* Makes room for `count` more offsets, and for the first of all. */
static enum hw_status offsets_reserve(struct hw_column_buffer *buffer, size_t count, struct hw_error *err) {
    const size_t bytes = buffer->large ? sizeof(int64_t) : sizeof(int32_t);
    size_t more;
    if (!hw_mul(count + 1, bytes, &more)) {
        return hw_fail(err, HW_ELIMIT, "%zu slots of a column are too many", count);
    }
    HW_TRY(hw_buf_reserve(&buffer->offsets, more, err));
    if (buffer->offsets.size == 0) {
        memset(buffer->offsets.data, 0, bytes);
        buffer->offsets.size = bytes;
    }
    return HW_OK;
}

/* Returns where the slots so far end. */
static size_t offset_last(const struct hw_column_buffer *buffer) {
    return buffer->shape == SHAPE_BYTES ? buffer->values.size : buffer->children[0]->slots;
}

/* Appends where each slot ends, counted from where the slots so far do. */
static enum hw_status offsets_append(struct hw_column_buffer *buffer, const struct hw_column *column, size_t slot,
                                     size_t count, struct hw_error *err) {
    const size_t begin = hw_column_begin(column, slot);
    const size_t before = offset_last(buffer);
    HW_TRY(offsets_reserve(buffer, count, err));
    if (!buffer->large && hw_column_begin(column, slot + count) - begin > INT32_MAX - before) {
        return hw_fail(err, HW_ELIMIT, "texts or lists of a column come to more than offsets of 32 bits reach");
    }
    if (buffer->large) {
        int64_t *ends = (int64_t *)(void *)(buffer->offsets.data + buffer->offsets.size);
        for (size_t i = 0; i < count; i++) {
            ends[i] = (int64_t)(before + hw_column_begin(column, slot + i + 1) - begin);
        }
        buffer->offsets.size += count * sizeof(int64_t);
    } else {
        int32_t *ends = (int32_t *)(void *)(buffer->offsets.data + buffer->offsets.size);
        for (size_t i = 0; i < count; i++) {
            ends[i] = (int32_t)(before + hw_column_begin(column, slot + i + 1) - begin);
        }
        buffer->offsets.size += count * sizeof(int32_t);
    }
    return HW_OK;
}

/* Appends as many empty slots. */
static enum hw_status offsets_repeat(struct hw_column_buffer *buffer, size_t count, struct hw_error *err) {
    const size_t last = offset_last(buffer);
    HW_TRY(offsets_reserve(buffer, count, err));
    for (size_t i = 0; i < count; i++) {
        uint8_t *to = buffer->offsets.data + buffer->offsets.size;
        const size_t bytes = buffer->large ? sizeof(int64_t) : sizeof(int32_t);
        memcpy(to, &last, bytes); /* little-endian: the lower half is a number of 32 bits */
        buffer->offsets.size += bytes;
    }
    return HW_OK;
}

/* ------ slots without a value */

static enum hw_status zeros_append(struct hw_buf *buf, size_t bytes, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(buf, bytes, err));
    memset(buf->data + buf->size, 0, bytes);
    buf->size += bytes;
    return HW_OK;
}

/* Appends `count` bits that are 0 to a bitmap of `held` bits. */
static enum hw_status zero_bits_append(struct hw_buf *bitmap, size_t held, size_t count, struct hw_error *err) {
    return zeros_append(bitmap, (held + count + 7) / 8 - bitmap->size, err);
}

static enum hw_status children_pad(struct hw_column_buffer *buffer, size_t count, struct hw_error *err);

/* Appends slots that are null or else zero, empty, or have children that are. */
static enum hw_status empty_append(struct hw_column_buffer *buffer, bool null, size_t count, struct hw_error *err) {
    size_t bytes = 0;
    if (count == 0) {
        return HW_OK;
    }
    if (buffer->shape != SHAPE_NONE) {
        HW_TRY(null ? zero_bits_append(&buffer->validity, buffer->slots, count, err)
                    : hw_bits_append(&buffer->validity, buffer->slots, NULL, 0, count, err));
        buffer->nulls += null ? count : 0;
    }
    switch (buffer->shape) {
    case SHAPE_NONE:
        break;
    case SHAPE_BITS:
        HW_TRY(zero_bits_append(&buffer->values, buffer->slots, count, err));
        break;
    case SHAPE_VALUES:
        HW_TRY(hw_mul(count, buffer->width, &bytes) ? zeros_append(&buffer->values, bytes, err)
                                                    : hw_fail(err, HW_ELIMIT, "%zu nulls are too many", count));
        break;
    case SHAPE_BYTES:
    case SHAPE_LIST:
        HW_TRY(offsets_repeat(buffer, count, err));
        break;
    case SHAPE_FIXED_LIST:
    case SHAPE_STRUCT:
        HW_TRY(children_pad(buffer, count, err));
        break;
    }
    buffer->slots += count;
    return HW_OK;
}

/* Below `count` slots without a value, the children have as many, which nobody looks at. */
static enum hw_status children_pad(struct hw_column_buffer *buffer, size_t count, struct hw_error *err) {
    size_t slots = count;
    if (buffer->shape == SHAPE_FIXED_LIST && !hw_mul(count, buffer->width, &slots)) {
        return hw_fail(err, HW_ELIMIT, "%zu lists of %zu elements are too many", count, buffer->width);
    }
    for (size_t i = 0; i < buffer->children_count; i++) {
        struct hw_column_buffer *child = buffer->children[i];
        HW_TRY(empty_append(child, !child->field->required, slots, err));
    }
    return HW_OK;
}

/* ------ the column */

enum hw_status hw_column_buffer_column(struct hw_column_buffer *buffer, struct hw_column *out_column,
                                       struct hw_error *err) {
    const bool offsets = buffer->shape == SHAPE_BYTES || buffer->shape == SHAPE_LIST;
    const bool nulls = buffer->shape != SHAPE_NONE && buffer->nulls > 0;
    HW_TRY(hw_buf_reserve(&buffer->validity, HW_BATCH_PADDING, err));
    HW_TRY(hw_buf_reserve(&buffer->values, HW_BATCH_PADDING, err));
    HW_TRY(offsets ? offsets_reserve(buffer, HW_BATCH_PADDING, err) : HW_OK);
    for (size_t i = 0; i < buffer->children_count; i++) {
        HW_TRY(hw_column_buffer_column(buffer->children[i], &buffer->columns[i], err));
    }
    *out_column = (struct hw_column){
        .null_count = buffer->shape == SHAPE_NONE ? buffer->slots : buffer->nulls,
        .validity = nulls ? buffer->validity.data : NULL,
        .values = offsets ? NULL : buffer->values.data,
        .offsets = offsets && !buffer->large ? (const int32_t *)(const void *)buffer->offsets.data : NULL,
        .large_offsets = offsets && buffer->large ? (const int64_t *)(const void *)buffer->offsets.data : NULL,
        .data = buffer->shape == SHAPE_BYTES ? (const char *)buffer->values.data : NULL,
        .length = buffer->slots,
        .children = buffer->columns,
    };
    return HW_OK;
}
