/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of objects on S3. */
#ifndef HAWSER_S3_H
#define HAWSER_S3_H

/** One entry of user metadata. */
struct hw_metadata {
    const char *name; /**< Without "x-amz-meta-"; letters, digits and the marks of header names. */
    const char *value;
};

#endif
