/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_read.h"

json_t *hw_json_load(hw_view text, size_t flags, json_error_t *fault) {
    json_t *json = json_loadb(text.data, text.size, flags, fault);
    json_t *again = json ? json_loadb(text.data, text.size, flags, NULL) : NULL;
    if (json && !json_equal(json, again)) {
        json_decref(json);
        json = NULL;
        *fault = (json_error_t){.line = -1, .column = -1, .text = "out of memory"};
        /* json_error_code reads it there. */
        fault->text[JSON_ERROR_TEXT_LENGTH - 1] = (char)json_error_out_of_memory;
    }
    json_decref(again);
    return json;
}
