/* SPDX-License-Identifier: Apache-2.0 */
/* The content types of objects, by the endings of their names. Pure functions. */
#ifndef HW_OBJECTS_CONTENT_TYPE_H
#define HW_OBJECTS_CONTENT_TYPE_H

#include "core/view.h"

/*
 * Returns the content type of an object of this name, "text/csv", or "application/octet-stream" if
 * nothing is known of its ending. Upper and lower case are the same.
 */
const char *hw_content_type(const char *name);

#endif
