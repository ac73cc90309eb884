/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that Hawser offers to C programs. */
#ifndef HAWSER_HAWSER_H
#define HAWSER_HAWSER_H

#include <hawser/arrow.h>
#include <hawser/batch.h>
#include <hawser/convert.h>
#include <hawser/csv.h>
#include <hawser/error.h>
#include <hawser/io.h>
#include <hawser/store.h>
#include <hawser/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of the library, "0.1.0". */
HW_API const char *hw_version(void);

#ifdef __cplusplus
}
#endif

#endif
