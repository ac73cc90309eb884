/* SPDX-License-Identifier: Apache-2.0 */
/* Lists all versions of the objects under a prefix, and the markers of those that were deleted. */
#ifndef HW_S3_VERSIONS_H
#define HW_S3_VERSIONS_H

#include "s3/list_page.h"

/*
 * Calls `each` for every version of every key that begins with `prefix`, by key, the newest version
 * first, as the service has them. With a `delimiter` (NULL: none), keys that go on behind it become
 * common prefixes. HW_EPROTOCOL means that a key begins with
 * anything else, or that the pages do not come to an end.
 */
HW_NODISCARD enum hw_status hw_s3_versions_list(struct hw_s3_client *client, const char *prefix, const char *delimiter,
                                                hw_s3_entry_fn *each, void *ctx, struct hw_error *err);

#endif
