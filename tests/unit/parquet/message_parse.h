/* SPDX-License-Identifier: Apache-2.0 */
/* Reads schemas as LogicalTypes.md and other programs write them, "optional group m (MAP) {..}". */
#ifndef HW_TESTS_MESSAGE_PARSE_H
#define HW_TESTS_MESSAGE_PARSE_H

#include <stdlib.h>

#include "parquet/file_meta.h"
#include "support/rows.h"

enum { MESSAGE_ELEMENTS_MAX = 32 };

struct message {
    const char *at;
    struct hw_parquet_element elements[MESSAGE_ELEMENTS_MAX];
    struct hw_parquet_meta meta;
};

static hw_view message_word(struct message *message) {
    static const char ends[] = " \n;{}()=";
    message->at += strspn(message->at, " \n");
    size_t size = strcspn(message->at, ends);
    size += size == 0 && *message->at != '\0';
    const hw_view word = {message->at, size};
    message->at += size;
    return word;
}

/* Returns whether the next word is `text`, which is then gone over. */
static bool message_takes(struct message *message, const char *text) {
    const char *before = message->at;
    if (hw_view_equal(message_word(message), hw_view_of(text))) {
        return true;
    }
    message->at = before;
    return false;
}

/* Returns the number of a word in a list of words, which ends with NULL. */
static int message_number(hw_view word, const char *const *words) {
    for (int i = 0; words[i]; i++) {
        if (hw_view_equal(word, hw_view_of(words[i]))) {
            return i;
        }
    }
    fail_msg("the schema has no word \"%.*s\" here", (int)word.size, word.data);
    return -1;
}

/* Annotations are those of LogicalType; with "old" before it, of ConvertedType. */
static void message_annotation(struct message *message, struct hw_parquet_element *element) {
    static const char *const logical[] = {"-", "STRING", "MAP", "LIST", "ENUM", "DECIMAL", "DATE", NULL};
    static const char *const converted[] = {"UTF8", "MAP", "MAP_KEY_VALUE", "LIST", NULL};
    if (!message_takes(message, "(")) {
        return;
    }
    if (message_takes(message, "old")) {
        element->converted = message_number(message_word(message), converted);
    } else if (message_takes(message, "VARIANT")) {
        element->logical.kind = HW_LOGICAL_VARIANT;
    } else if (message_takes(message, "LATER")) {
        element->logical.kind = HW_LOGICAL_COUNT;
    } else {
        element->logical.kind = message_number(message_word(message), logical);
    }
    assert_true(message_takes(message, ")"));
}

static int message_elements(struct message *message);

static void message_element(struct message *message) {
    static const char *const repetitions[] = {"required", "optional", "repeated", NULL};
    static const char *const types[] = {"boolean", "int32",  "int64", "int96", "float",
                                        "double",  "binary", "fixed", "group", NULL};
    assert_true(message->meta.elements_count < MESSAGE_ELEMENTS_MAX);
    struct hw_parquet_element *element = &message->elements[message->meta.elements_count++];
    *element = (struct hw_parquet_element){.converted = HW_CONVERTED_NONE};
    element->repetition = message_number(message_word(message), repetitions);
    const int type = message_number(message_word(message), types);
    element->physical = type == HW_PHYSICAL_COUNT ? -1 : type;
    element->name = message_word(message);
    message_annotation(message, element);
    if (message_takes(message, "=")) {
        element->has_field_id = true;
        element->field_id = (int32_t)strtol(message_word(message).data, NULL, 10);
    }
    if (type == HW_PHYSICAL_COUNT) {
        assert_true(message_takes(message, "{"));
        element->children_count = message_elements(message);
        return;
    }
    assert_true(message_takes(message, ";"));
}

static int message_elements(struct message *message) {
    int count = 0;
    while (*message->at != '\0' && !message_takes(message, "}")) {
        message_element(message);
        count++;
        message->at += strspn(message->at, " \n");
    }
    return count;
}

/* Makes the elements of the fields in `text` below a root. */
static void message_parse(struct message *message, const char *text) {
    *message = (struct message){.at = text};
    message->elements[0] = (struct hw_parquet_element){
        .name = HW_VIEW("schema"), .physical = -1, .repetition = -1, .converted = HW_CONVERTED_NONE};
    message->meta.elements = message->elements;
    message->meta.elements_count = 1;
    message->elements[0].children_count = message_elements(message);
}

#endif
