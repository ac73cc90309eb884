/* SPDX-License-Identifier: Apache-2.0 */
/* Tells JSON from CSV, whose first name may begin with a bracket or a brace too. */
#ifndef HW_CSV_JSON_LOOK_H
#define HW_CSV_JSON_LOOK_H

#include "core/view.h"

enum hw_json_look {
    HW_JSON_LOOK_NONE,     /* no JSON, as far as the text shows */
    HW_JSON_LOOK_DOCUMENT, /* one value */
    HW_JSON_LOOK_LINES,    /* values one below the other */
};

/*
 * Looks at a text, or, unless it is `whole`, at its first bytes, which begin with no blank. It is
 * JSON where an object or array comes first, and then nothing or the next one; or where there is no
 * more of the text than a part of such a value.
 */
enum hw_json_look hw_json_look(hw_view text, bool whole);

#endif
