/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists every key under a prefix, page by page. The next page is under way while one is handed out.
 */
#ifndef HW_S3_LIST_H
#define HW_S3_LIST_H

#include "s3/list_page.h"

/*
 * Calls `each` for every key that begins with `prefix`, in the order of their bytes. A listing is
 * whole or it fails: HW_EPROTOCOL means that a key begins with anything else, that keys repeat or
 * go backwards, or that the pages do not come to an end. A directory bucket has no order: there
 * all pages come before the first call.
 */
HW_NODISCARD enum hw_status hw_s3_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                                       struct hw_error *err);

#endif
