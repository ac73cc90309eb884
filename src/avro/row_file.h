/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Avro as a format of files with rows. Its parts are blocks that lie behind each other; of a source
 * across a network, where looking for them would take a request for each, there is one.
 */
#ifndef HW_AVRO_ROW_FILE_H
#define HW_AVRO_ROW_FILE_H

#include "table/row_file.h"

extern const struct hw_row_format hw_avro_row_format;

#endif
