/* SPDX-License-Identifier: Apache-2.0 */
/* Reads JSON by jansson, which must not lose a byte where memory runs out. */
#ifndef HW_CORE_JSON_READ_H
#define HW_CORE_JSON_READ_H

#include <jansson.h>

#include "core/error.h"
#include "core/view.h"

/*
 * Does what json_loadb does, and checks it: where an allocation fails in its lexer, jansson leaves
 * a byte of a text or a number out and goes on. So the text is read twice, and two readings that
 * differ are none. Wherever memory runs out: returns NULL, and the fault's code is
 * json_error_out_of_memory.
 */
json_t *hw_json_load(hw_view text, size_t flags, json_error_t *fault);

/*
 * Fails with HW_ECONFIG where an object has a key that is not in `known`, and says which of them
 * is near.
 */
HW_NODISCARD enum hw_status hw_json_keys_check(json_t *object, const char *const *known, size_t count,
                                               struct hw_error *err);

#endif
