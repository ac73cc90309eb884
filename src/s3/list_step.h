/* SPDX-License-Identifier: Apache-2.0 */
/* One page of ListObjectsV2: asks for it, and holds it against what came before. */
#ifndef HW_S3_LIST_STEP_H
#define HW_S3_LIST_STEP_H

#include "s3/client.h"
#include "s3/list_page.h"
#include "s3/request_bucket.h"

/*
 * A listing between two pages. Start it with what is asked for, and the rest zeroed. It must not
 * move while a page is under way.
 */
struct hw_s3_list_step {
    /* The parameters of the first page. Borrowed, and their token is not looked at. */
    struct hw_s3_list_params params;
    /* Keys come in no order. */
    bool unordered;
    /*
     * The listing begins where nobody has asked: a service that does not heed that is
     * HW_EUNSUPPORTED.
     */
    bool guessed;
    /*
     * The end of the page before: the token of the next one, and its last key; "": there is none.
     */
    struct hw_buf token;
    struct hw_buf last_key;
    /* The page that has come last. */
    struct hw_s3_list_page page;
    struct hw_s3_call call;
};

/* Asks for the next page. `queue` is told when it is there; NULL: the caller waits. */
HW_NODISCARD enum hw_status hw_s3_list_step_start(struct hw_s3_list_step *step, struct hw_s3_client *client,
                                                  struct hw_call_queue *queue, struct hw_error *err);
/*
 * Waits for the page and hands it out. HW_EPROTOCOL means that its keys do not begin with the
 * prefix, repeat or go backwards, or that it does not say how to go on.
 */
HW_NODISCARD enum hw_status hw_s3_list_step_wait(struct hw_s3_list_step *step, struct hw_s3_list_page *out_page,
                                                 struct hw_error *err);
/* Gives up what is under way, and releases the rest. */
void hw_s3_list_step_release(struct hw_s3_list_step *step);

#endif
