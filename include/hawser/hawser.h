/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that Hawser offers to C programs.
 *
 * Structs of options and tables of functions begin with a `size`, which a program sets to sizeof of
 * the struct, or leaves 0: then its members are those of version 0.1. Later versions only add
 * members at the end, and understand both. A program that sets a member which an older library does
 * not know gets HW_EUSAGE from it. {0} always means the documented defaults.
 */
#ifndef HAWSER_HAWSER_H
#define HAWSER_HAWSER_H

#include <hawser/arrow.h>
#include <hawser/avro.h>
#include <hawser/batch.h>
#include <hawser/columns.h>
#include <hawser/convert.h>
#include <hawser/csv.h>
#include <hawser/doctor.h>
#include <hawser/error.h>
#include <hawser/head.h>
#include <hawser/inspect.h>
#include <hawser/io.h>
#include <hawser/log.h>
#include <hawser/memory.h>
#include <hawser/note.h>
#include <hawser/objects.h>
#include <hawser/optimize.h>
#include <hawser/parquet.h>
#include <hawser/s3.h>
#include <hawser/store.h>
#include <hawser/table.h>
#include <hawser/transfer.h>
#include <hawser/values.h>
#include <hawser/verify.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of the library, "0.1.0". */
HW_API const char *hw_version(void);

#ifdef __cplusplus
}
#endif

#endif
