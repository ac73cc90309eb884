/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that have a body, and steps that leave bytes out. */
#ifndef HW_AVRO_STEP_NESTED_H
#define HW_AVRO_STEP_NESTED_H

#include "avro/step.h"

/*
 * Reads the blocks of an array or map, and runs the body for each item; `size` has the fewest bytes
 * of one. Without a column the items are left out: those of a block whose bytes are said, at once.
 */
hw_avro_step_fn hw_avro_step_list;
/* Reads a branch, and runs the body for it; `targets` and `count` say where the bodies are. */
hw_avro_step_fn hw_avro_step_choice;
/* Puts a value that is not null by the body. The column is not required. */
hw_avro_step_fn hw_avro_step_present;
/* Puts the value of one branch of a union to the column `member` by the body. */
hw_avro_step_fn hw_avro_step_member;
/* Puts a null. */
hw_avro_step_fn hw_avro_step_null;
/* Runs the body with `bytes` in place of those of the block, of which it takes none. */
hw_avro_step_fn hw_avro_step_default;
/* Fails with the words `bytes`. */
hw_avro_step_fn hw_avro_step_fail;

/* Leaves out `size` bytes. */
hw_avro_step_fn hw_avro_step_skip_bytes;
/* Leaves out an int, long or enum. */
hw_avro_step_fn hw_avro_step_skip_long;
/* Leaves out a string or bytes. */
hw_avro_step_fn hw_avro_step_skip_text;

#endif
