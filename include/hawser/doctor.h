/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of whatever a run rests on: this machine, the settings and credentials of S3, the way to
 * the service, and what may be done in a bucket there.
 */
#ifndef HAWSER_DOCTOR_H
#define HAWSER_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include <hawser/error.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hw_doctor_outcome {
    HW_DOCTOR_OK,
    HW_DOCTOR_WARNING, /**< It works, but somebody should know. */
    HW_DOCTOR_FAILED,
    HW_DOCTOR_SKIPPED /**< It was not tried. */
};

/** One check, and what it has found. Its texts are there for the call only; none is a secret. */
struct hw_doctor_check {
    const char *name; /**< A word: "credentials". */
    enum hw_doctor_outcome outcome;
    const char *found;            /**< A line about what is there, or what is wrong. */
    const char *remedy;           /**< A sentence that says what to do, or "". */
    const struct hw_error *error; /**< The failure; NULL where there is none. */
};
/** Takes a check, from the thread that called. */
typedef void hw_doctor_fn(void *ctx, const struct hw_doctor_check *check);

/** {0} means the documented defaults. */
struct hw_doctor_options {
    size_t size; /**< sizeof(struct hw_doctor_options). 0 stands for that of version 0.1. */
    /** The way to the service. Without tries of its own a request is tried twice. */
    struct hw_store_options store;
    /**
     * Writes an object of a few bytes, `.hawser-doctor-` and random digits behind the path, reads
     * it, begins a multipart upload of it, and removes both.
     */
    bool write;
};

/**
 * Makes all checks, one after the other. `path` is a bucket or a prefix in it,
 * `s3://bucket/prefix/`; NULL stands for the service without a bucket. Where one fails that others
 * rest on, those are not made. Returns HW_OK, or the status of the first check that has failed,
 * which `each` was told of; `err` is filled in only where the checks could not be made: HW_EUSAGE
 * for another kind of path.
 */
HW_API HW_NODISCARD enum hw_status hw_doctor(const char *path, const struct hw_doctor_options *options,
                                             hw_doctor_fn *each, void *ctx, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
