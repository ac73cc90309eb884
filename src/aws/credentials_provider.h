/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place where keys are looked for. Each provider is a file with one table of this type, and a row
 * of the chain (credentials_chain.c).
 */
#ifndef HW_AWS_CREDENTIALS_PROVIDER_H
#define HW_AWS_CREDENTIALS_PROVIDER_H

#include "aws/credentials.h"

/* The options that providers heed. */
struct hw_credentials_request {
    const char *profile; /* NULL: none was chosen by option */
};

struct hw_credentials_provider {
    const char *name; /* for messages: "environment" */
    /*
     * Looks for keys, anew at each call. HW_ENOTFOUND where there are none: the next provider is
     * asked. Any other failure ends the search, because going on would sign as somebody else.
     */
    enum hw_status (*find)(const struct hw_credentials_request *request, struct hw_credentials *out_credentials,
                           struct hw_error *err);
};

#endif
