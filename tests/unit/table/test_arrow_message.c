/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_message.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/table/messages.h"
#include "unit/table/tree_text.h"

static void message_text(const struct hw_arrow_message *message, struct hw_buf *out) {
    hw_buf_clear(out);
    tree_put(message->root, out);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
}

/* Numbers of slots and types are those of Message.fbs and Schema.fbs. */
static const struct {
    const char *name;
    const char *base64;
    const char *want;
} rows[] = {
    {"of pyarrow", message_floats,
     "Message{0:4 1:1 2:Schema{1:Field{0:'a' 1:1 2:3 3:FloatingPoint{0:2} 6:KeyValue{0:'k' 1:'v'}}"
     "Field{0:'b' 2:2 3:Int{0:64 1:1}}}}"},
    {"what pyarrow does not write", message_rare,
     "Message{0:4 1:1 2:Schema{0:1 1:Field{0:'d' 1:1 2:3 3:FloatingPoint{0:2} 6:KeyValue{0:'k' 1:'v'}"
     "KeyValue{0:'no value'}}Field{0:'months' 1:1 2:11 3:Interval{}}Field{0:'days' 1:1 2:11 3:Interval{0:1}}"
     "Field{0:'indices' 1:1 2:5 3:Utf8{} 4:DictionaryEncoding{0:18446744073709551609 1:Int{0:8 1:1} 2:1}}Field{}"
     "Field{0:'union' 1:1 2:14 3:Union{1:05000000faffffff}} 2:KeyValue{0:'k' 1:'v'}KeyValue{0:'no value'} "
     "3:01000000000000000200000000000000} 4:KeyValue{0:'k' 1:'v'}KeyValue{0:'no value'}}"},
    {"no fields", message_no_fields, "Message{0:4 1:1 2:Schema{}}"},
    {"every type of pyarrow", message_all, NULL},
    {"a map without children", message_wrong_children, NULL},
    {"deepest", message_deepest, NULL},
    {"without a mark", message_old, NULL},
    {"with bytes behind it", message_followed, NULL},
};

/* What is read is written, and read again as the same, with all that is around it. */
static void messages_stay(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) again = {0};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_arrow_message message;
        const hw_view source = base64_bytes(hw_view_of(rows[i].base64));
        assert_ok(hw_arrow_message_read(source, &arena, &message, &err), err);
        message_text(&message, &text);
        if (rows[i].want) {
            assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
        }
        assert_ok(hw_arrow_message_write(&message, &bytes, &err), err);
        const bool marked = hw_load_le32(source.data) == UINT32_MAX;
        const size_t head = marked ? 8 : 4;
        assert_row_int(rows[i].name, hw_load_le32(bytes.data) == UINT32_MAX, marked);
        const size_t length = hw_load_le32(bytes.data + head - 4);
        assert_row_int(rows[i].name, length % 8, 0);
        const size_t rest = source.size - head - hw_load_le32(source.data + head - 4);
        assert_row_bytes(rows[i].name, bytes.data + head + length, bytes.size - head - length,
                         source.data + source.size - rest, rest);
        assert_ok(hw_arrow_message_read(hw_buf_view(&bytes), &arena, &message, &err), err);
        message_text(&message, &again);
        assert_row_text(rows[i].name, (const char *)again.data, (const char *)text.data);
        bytes_free(source);
    }
}

/* Keeps the number of the leaf, its name, and a mark of a dictionary. */
static void leaf_put(void *ctx, const struct hw_flat_table *field, size_t number) {
    const hw_view name = field->values[HW_ARROW_FIELD_NAME].bytes;
    assert_int_equal(hw_buf_printf(ctx, NULL, "%zu:%.*s%s ", number, (int)name.size, name.size > 0 ? name.data : "",
                                   field->values[HW_ARROW_FIELD_DICTIONARY].present ? "*" : ""),
                     HW_OK);
}

/* Names are those that make_messages.py gives, and pyarrow's for elements, keys and values. */
static void leaves_come_in_their_order(void **state) {
    (void)state;
    static const struct {
        const char *base64, *want;
        size_t count;
    } leaves[] = {
        {message_floats, "0:a 1:b ", 2},
        {message_no_fields, "", 0},
        {message_dictionaries, "0:a 1:item* 2:t 3:n* 4:x 5:y* 6:values 7:e* ", 8},
        {message_all,
         "0:double 1:zone 2:words* 3:whatever 4:key 5:value 6:a 7:item 8:values 9:item 10:u 11:uuid 12:item "
         "13:interval 14:took 15: ",
         16},
    };
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_arrow_message message;
        assert_ok(hw_arrow_message_decode(hw_view_of(leaves[i].base64), &arena, &message, &err), err);
        assert_int_equal(hw_arrow_leaves(&message, leaf_put, &got), leaves[i].count);
        assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
        assert_string_equal((const char *)got.data, leaves[i].want);
    }
}

static void messages_are_encoded(void **state) {
    static char name[HW_FILE_PAIRS_BYTES_MAX];
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) again = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_arrow_message message;
    hw_view base64;
    (void)state;
    assert_ok(hw_arrow_message_decode(HW_VIEW(message_all), &arena, &message, &err), err);
    message_text(&message, &text);
    assert_ok(hw_arrow_message_encode(&message, &arena, &base64, &err), err);
    const hw_view bytes = base64_bytes(base64);
    assert_ok(hw_arrow_message_read(bytes, &arena, &message, &err), err);
    message_text(&message, &again);
    assert_string_equal((const char *)again.data, (const char *)text.data);
    /* As much as can be decoded again can be encoded. */
    hw_view *field_name = &message.schema->values[HW_ARROW_SCHEMA_FIELDS].tables.items[0]->values[0].bytes;
    memset(name, 'n', sizeof(name));
    *field_name = (hw_view){name, HW_BASE64_DECODED_BYTES(HW_FILE_PAIRS_BYTES_MAX)};
    assert_int_equal(hw_arrow_message_encode(&message, &arena, &base64, &err), HW_ELIMIT);
    field_name->size -= HW_KIB(8);
    assert_int_equal(hw_arrow_message_encode(&message, &arena, &base64, NULL), HW_OK);
    assert_true(base64.size <= HW_FILE_PAIRS_BYTES_MAX);
    assert_ok(hw_arrow_message_decode(base64, &arena, &message, &err), err);
    bytes_free(bytes);
}

static const struct {
    const char *name;
    const char *base64;
    enum hw_status status;
    const char *says;
} refused[] = {
    {"nothing", "", HW_EDATA, "0 bytes are no message"},
    {"three bytes", "AAAA", HW_EDATA, "3 bytes are no message"},
    {"a mark alone", "/////w==", HW_EDATA, "4 bytes are no message"},
    {"a length beyond the end", "/////wEAAAA=", HW_EDATA, "whose length is 1"},
    {"no byte for a flatbuffer", "/////wAAAAA=", HW_EDATA, "leads out of its 0 bytes, at byte 0"},
    {"no header", message_no_header, HW_EDATA, "the message of Arrow has no schema"},
    {"a record batch", message_another_header, HW_EUNSUPPORTED, "Message has a type of number 3"},
    {"no type of the header", message_no_header_type, HW_EUNSUPPORTED, "Message has a type of number 0"},
    {"a type that is not known", message_type_27, HW_EUNSUPPORTED, "Field has a type of number 27"},
    {"a slot that is not known", message_slot_7, HW_EUNSUPPORTED, "slot 7 of Field is not known"},
    {"deeper", message_deeper, HW_ELIMIT, "in each other"},
    {"2^40 fields", message_shared, HW_ELIMIT, "too many tables"},
    {"more fields than bytes for them", message_shared_by_few, HW_ELIMIT, "too many tables"},
};

static void what_is_no_schema_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_arrow_message message = {.marked = true};
        const hw_view bytes = base64_bytes(hw_view_of(refused[i].base64));
        assert_row_int(refused[i].name, hw_arrow_message_read(bytes, &arena, &message, &err), refused[i].status);
        assert_row_says(refused[i].name, err.message, refused[i].says);
        assert_row_int(refused[i].name, message.root == NULL, true);
        bytes_free(bytes);
    }
}

/* Reads bytes that somebody has spoilt; what is still a message is written and read again. */
static void spoilt_read(hw_view bytes) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) out = {.limit = HW_MIB(8)};
    struct hw_arrow_message message;
    const enum hw_status status = hw_arrow_message_read(bytes, &arena, &message, NULL);
    if (status != HW_OK) {
        assert_true(status == HW_EDATA || status == HW_EUNSUPPORTED || status == HW_ELIMIT);
        return;
    }
    assert_int_equal(hw_arrow_message_write(&message, &out, NULL), HW_OK);
    assert_int_equal(hw_arrow_message_read(hw_buf_view(&out), &arena, &message, NULL), HW_OK);
}

static void spoilt_messages_are_read_within_their_bytes(void **state) {
    static const char *const messages[] = {message_all, message_rare, message_wrong_children};
    static const uint8_t flips[] = {0x01, 0x04, 0x80, 0xff};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        const hw_view bytes = base64_bytes(hw_view_of(messages[i]));
        uint8_t *spoilt = malloc(bytes.size);
        assert_non_null(spoilt);
        for (size_t at = 0; at < bytes.size * COUNT_OF(flips); at++) {
            memcpy(spoilt, bytes.data, bytes.size);
            spoilt[at / COUNT_OF(flips)] ^= flips[at % COUNT_OF(flips)];
            spoilt_read((hw_view){(const char *)spoilt, bytes.size});
        }
        free(spoilt);
        /* The length says how far the flatbuffer goes, so it is cut with it. */
        for (size_t size = 8; size < bytes.size; size++) {
            uint8_t *cut = malloc(size);
            assert_non_null(cut);
            memcpy(cut, bytes.data, size);
            hw_store_le32(cut + 4, (uint32_t)(size - 8));
            spoilt_read((hw_view){(const char *)cut, size});
            free(cut);
        }
        bytes_free(bytes);
    }
}

static void types_are_found_by_their_numbers(void **state) {
    static const struct {
        uint64_t number;
        const char *name;
    } types[] = {{HW_ARROW_INT, "Int"},
                 {HW_ARROW_FLOAT, "FloatingPoint"},
                 {HW_ARROW_DECIMAL, "Decimal"},
                 {HW_ARROW_TIMESTAMP, "Timestamp"},
                 {HW_ARROW_STRUCT, "Struct_"},
                 {HW_ARROW_FIXED_LIST, "FixedSizeList"},
                 {HW_ARROW_MAP, "Map"},
                 {HW_ARROW_LARGE_LIST, "LargeList"},
                 {HW_ARROW_LIST, "List"},
                 {HW_ARROW_RUN_END, "RunEndEncoded"},
                 {HW_ARROW_LIST_VIEW, "ListView"},
                 {HW_ARROW_LARGE_LIST_VIEW, "LargeListView"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        assert_row_text(types[i].name, hw_arrow_type(types[i].number)->name, types[i].name);
    }
}

static enum hw_status copy(hw_view bytes) {
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) out = {0};
    struct hw_arrow_message message;
    HW_TRY(hw_arrow_message_read(bytes, &arena, &message, NULL));
    return hw_arrow_message_write(&message, &out, NULL);
}

static void no_memory_is_told(void **state) {
    const hw_view bytes = base64_bytes(HW_VIEW(message_all));
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = copy(bytes);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    bytes_free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_stay),
        cmocka_unit_test(leaves_come_in_their_order),
        cmocka_unit_test(messages_are_encoded),
        cmocka_unit_test(what_is_no_schema_is_refused),
        cmocka_unit_test(spoilt_messages_are_read_within_their_bytes),
        cmocka_unit_test(types_are_found_by_their_numbers),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("table/arrow_message", tests, NULL, NULL);
}
