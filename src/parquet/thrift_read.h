/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the Thrift compact protocol, which the metadata of Parquet are in; parquet/thrift.h writes
 * it. Nothing is copied: texts are views of the bytes that are read. After a failure all further
 * calls do nothing and return zeros, so that it is enough to look at `status` once, at the end.
 *
 *   hw_thrift_reader_init(&in, bytes, at, err);
 *   while (hw_thrift_field(&in, &field)) {
 *       switch (field.id) {
 *       case 1: value = hw_thrift_read_i32(&in, &field); break;
 *       default: hw_thrift_skip(&in, &field);
 *       }
 *   }
 *
 * A field that is known by its id, but has another type than is asked for, is skipped, as the
 * readers that Thrift generates do.
 */
#ifndef HW_PARQUET_THRIFT_READ_H
#define HW_PARQUET_THRIFT_READ_H

#include "core/error.h"
#include "core/view.h"

/* Structs within structs, those that are skipped among them. */
enum { HW_THRIFT_READ_DEPTH_MAX = 64 };

struct hw_thrift_reader {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
    /* The offset of `start` in the file, for messages. */
    uint64_t base;
    struct hw_error *err;
    enum hw_status status;
    /* Set by a failure where more bytes might have helped. */
    bool cut;
    unsigned depth;
    /* The id of the last field of each open struct. */
    int16_t last_id[HW_THRIFT_READ_DEPTH_MAX];
};

struct hw_thrift_field {
    int id;
    /* The type code of the protocol. That of a bool is its value, 1 or 2. */
    uint8_t type;
};

struct hw_thrift_list {
    size_t count;
    uint8_t type;
};

/*
 * The fields that a struct must have: a bit of `ids` for each, HW_THRIFT_ID, and their names by id.
 */
struct hw_thrift_needs {
    const char *name;
    uint32_t ids;
    const char *const *names;
};

#define HW_THRIFT_ID(id) (UINT32_C(1) << (id))

/* Begins to read a struct. All is borrowed. */
void hw_thrift_reader_init(struct hw_thrift_reader *in, hw_view bytes, uint64_t base, struct hw_error *err);
/*
 * Reads the head of the next field of the innermost open struct. False at the end of the struct,
 * which is closed then, and after a failure.
 */
bool hw_thrift_field(struct hw_thrift_reader *in, struct hw_thrift_field *out_field);
/* Skips the value of a field, whatever it holds. */
void hw_thrift_skip(struct hw_thrift_reader *in, const struct hw_thrift_field *field);

/*
 * Each of these reads the value of a field. `*out` is untouched, and the value skipped, where the
 * field has another type; they return whether it was read. Integers of 8, 16, 32 and 64 bits are
 * taken for each other where the value fits.
 */
bool hw_thrift_read_bool(struct hw_thrift_reader *in, const struct hw_thrift_field *field, bool *out);
bool hw_thrift_read_i32(struct hw_thrift_reader *in, const struct hw_thrift_field *field, int32_t *out);
bool hw_thrift_read_i64(struct hw_thrift_reader *in, const struct hw_thrift_field *field, int64_t *out);
bool hw_thrift_read_binary(struct hw_thrift_reader *in, const struct hw_thrift_field *field, hw_view *out);
/* Opens a field that is a struct, whose fields are read next, up to its end. */
bool hw_thrift_read_struct(struct hw_thrift_reader *in, const struct hw_thrift_field *field);
/*
 * Reads the head of a list, whose elements are read next. There are no more of them than bytes are
 * left.
 */
bool hw_thrift_read_list(struct hw_thrift_reader *in, const struct hw_thrift_field *field,
                         struct hw_thrift_list *out_list);

/* Each of these reads an element of a list. An element of another type is HW_EDATA. */
bool hw_thrift_get_bool(struct hw_thrift_reader *in, const struct hw_thrift_list *list);
int32_t hw_thrift_get_i32(struct hw_thrift_reader *in, const struct hw_thrift_list *list);
int64_t hw_thrift_get_i64(struct hw_thrift_reader *in, const struct hw_thrift_list *list);
hw_view hw_thrift_get_binary(struct hw_thrift_reader *in, const struct hw_thrift_list *list);
/* Opens an element that is a struct. */
bool hw_thrift_get_struct(struct hw_thrift_reader *in, const struct hw_thrift_list *list);

/* Returns the number of bytes that were read. */
size_t hw_thrift_reader_used(const struct hw_thrift_reader *in);
/* Returns the bit of the field where `read` is true, and else none. */
static inline uint32_t hw_thrift_seen(const struct hw_thrift_field *field, bool read) {
    return (uint32_t)read << (field->id & 31);
}
/*
 * Fails the reading with HW_EDATA, unless it has failed, where a field that a struct needs is not
 * among `seen`, a bit for each that was read. Called behind the end of the struct.
 */
void hw_thrift_need(struct hw_thrift_reader *in, const struct hw_thrift_needs *needs, uint32_t seen);
/* Fails the reading, unless it has failed, with a message that tells where it is. */
void hw_thrift_reader_fail(struct hw_thrift_reader *in, enum hw_status status, const char *format, ...) HW_PRINTF(3, 4);

#endif
