/* SPDX-License-Identifier: Apache-2.0 */
/* The meaning of the error codes of S3, and what a user can do about them. Pure functions. */
#ifndef HW_S3_ADVICE_H
#define HW_S3_ADVICE_H

/*
 * Returns a sentence for people about an error code, "NoSuchBucket"; NULL where there is nothing to
 * say beyond the code. It is constant.
 */
const char *hw_s3_advice(const char *code);

#endif
