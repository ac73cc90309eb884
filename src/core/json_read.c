/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_read.h"

#include "core/nearest.h"

/* jansson has no text for the want of memory for its own parser. */
static bool same_fault(const json_error_t *one, const json_error_t *other) {
    return one->text[0] != '\0' && strcmp(one->text, other->text) == 0 && one->position == other->position;
}

json_t *hw_json_load(hw_view text, size_t flags, json_error_t *fault) {
    json_error_t fault_again;
    json_t *json = json_loadb(text.data, text.size, flags, fault);
    json_t *again = json_loadb(text.data, text.size, flags, &fault_again);
    const bool same = json ? json_equal(json, again) : !again && same_fault(fault, &fault_again);
    if (!same) {
        json_decref(json);
        json = NULL;
        *fault = (json_error_t){.line = -1, .column = -1, .text = "out of memory"};
        /* json_error_code reads it there. */
        fault->text[JSON_ERROR_TEXT_LENGTH - 1] = (char)json_error_out_of_memory;
    }
    json_decref(again);
    return json;
}

enum hw_status hw_json_keys_check(json_t *object, const char *const *known, size_t count, struct hw_error *err) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            found |= strcmp(key, known[i]) == 0;
        }
        if (!found) {
            const char *near = hw_nearest(key, known, count);
            return hw_fail(err, HW_ECONFIG, "unknown key \"%.64s\"%s%s%s", key, near ? ", did you mean \"" : "",
                           near ? near : "", near ? "\"?" : "");
        }
    }
    return HW_OK;
}
