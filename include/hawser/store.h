/* SPDX-License-Identifier: Apache-2.0 */
/* How stores are reached: the settings that the command line and the environment share. */
#ifndef HAWSER_STORE_H
#define HAWSER_STORE_H

#include <stdint.h>

#include <hawser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hw_addressing {
    /** Virtual-host style, path style where the endpoint is custom or the bucket has dots. */
    HW_ADDRESSING_AUTO,
    HW_ADDRESSING_PATH,
    HW_ADDRESSING_VIRTUAL
};

/** {0} means: everything from the environment and the AWS files, as the AWS CLI reads them. */
struct hw_store_options {
    const char *profile; /**< NULL: AWS_PROFILE, else "default". */
    /** NULL: AWS_REGION, AWS_DEFAULT_REGION, the profile's, else us-east-1. */
    const char *region;
    /** NULL: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's, else AWS's own. */
    const char *endpoint_url;
    const char *ca_bundle; /**< NULL: AWS_CA_BUNDLE, else the system's. */
    bool no_sign_request;  /**< Anonymous requests. */
    enum hw_addressing addressing;
    uint32_t connections_max; /**< Requests in flight a store. 0: 16. */
    uint32_t attempts_max;    /**< Tries of a request. 0: AWS_MAX_ATTEMPTS, else 3. */
    /**
     * A request fails, and is tried again, when no byte of it moves for so long, connecting
     * included, or when less than 1 KiB a second do on average over so long. 0: 60 s.
     */
    int64_t timeout_ms;
    uint64_t part_bytes; /**< Part of a multipart upload at least, ranged read at most. 0: 8 MiB. */
    /**
     * Parts of one upload that are in memory at once: one is filled while the others are sent. 0:
     * 5, the most.
     */
    uint32_t parts_held;
    uint32_t buffer_bytes; /**< Of each connection, to receive into and to send from. 0: 512 KiB. */
    /** Asked now and then while waiting; true stops with HW_ECANCELLED. NULL: never. Any thread. */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
};

#ifdef __cplusplus
}
#endif

#endif
