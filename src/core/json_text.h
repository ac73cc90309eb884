/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of any bytes in JSON, which takes UTF-8 only: names of files, above all. */
#ifndef HW_CORE_JSON_TEXT_H
#define HW_CORE_JSON_TEXT_H

#include <jansson.h>

#include "core/view.h"

/* A JSON string; bytes that are no UTF-8 stand in it as "\xff". NULL when out of memory. */
json_t *hw_json_text(hw_view text);

#endif
