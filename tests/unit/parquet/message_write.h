/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas of message_parse.h as the bytes of a footer, and as the schema of a file that is read. */
#ifndef HW_TESTS_MESSAGE_WRITE_H
#define HW_TESTS_MESSAGE_WRITE_H

#include "core/buf.h"
#include "parquet/read_file.h"
#include "parquet/thrift.h"
#include "unit/parquet/message_parse.h"

/* Appends the SchemaElement. It stands in the order of the fields' numbers, as writers have it. */
static inline void message_element_write(const struct hw_parquet_element *element, struct hw_buf *out) {
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, NULL);
    if (element->physical >= 0) {
        hw_thrift_i32(&thrift, 1, element->physical);
    }
    if (element->type_length > 0) {
        hw_thrift_i32(&thrift, 2, element->type_length);
    }
    if (element->repetition >= 0) {
        hw_thrift_i32(&thrift, 3, element->repetition);
    }
    hw_thrift_binary(&thrift, 4, element->name.data, element->name.size);
    if (element->physical < 0) {
        hw_thrift_i32(&thrift, 5, element->children_count);
    }
    if (element->converted != HW_CONVERTED_NONE) {
        hw_thrift_i32(&thrift, 6, element->converted);
    }
    if (element->has_field_id) {
        hw_thrift_i32(&thrift, 9, element->field_id);
    }
    if (element->logical.kind != HW_LOGICAL_NONE) {
        hw_thrift_begin(&thrift, 10);
        hw_thrift_begin(&thrift, element->logical.kind);
        hw_thrift_end(&thrift);
        hw_thrift_end(&thrift);
    }
    hw_thrift_end(&thrift);
    assert_int_equal(thrift.status, HW_OK);
}

/* A file of which only the schema is known. */
struct message_file {
    struct message message;
    struct hw_buf bytes;
    struct hw_read_file file;
};

/* Makes the file of what was parsed. The elements get the bytes that they have in a footer. */
static inline void message_file_make(struct message_file *made) {
    struct message *message = &made->message;
    size_t ends[MESSAGE_ELEMENTS_MAX];
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < message->meta.elements_count; i++) {
        message_element_write(&message->elements[i], &made->bytes);
        ends[i] = made->bytes.size;
    }
    for (size_t i = 0; i < message->meta.elements_count; i++) {
        const size_t begin = i > 0 ? ends[i - 1] : 0;
        message->elements[i].bytes = (hw_view){(const char *)made->bytes.data + begin, ends[i] - begin};
    }
    made->file.meta = message->meta;
    assert_ok(
        hw_read_schema_make(&made->file.schema, &made->file.meta, &(struct hw_read_schema_options){0}, NULL, &err),
        err);
}

static inline void message_file_open(struct message_file *made, const char *text) {
    *made = (struct message_file){.bytes.limit = SIZE_MAX};
    message_parse(&made->message, text);
    message_file_make(made);
}

static inline void message_file_close(struct message_file *made) {
    hw_read_schema_release(&made->file.schema);
    hw_buf_release(&made->bytes);
}

/* Returns the number of the element of this name; the first one from the front. */
static inline size_t message_file_element(const struct message_file *made, const char *name) {
    for (size_t i = 0; i < made->message.meta.elements_count; i++) {
        if (hw_view_equal(made->message.elements[i].name, hw_view_of(name))) {
            return i;
        }
    }
    fail_msg("the schema has no element \"%s\"", name);
    return 0;
}

#endif
