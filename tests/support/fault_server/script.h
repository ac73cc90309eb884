/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The faults that a test wants, from a text with one of them a line:
 *
 *     OPERATION CALLS KEY KIND [NAME=VALUE...]
 *
 *     GetObject         1      *          500
 *     UploadPart        2-3    big.bin    reset-upload bytes=100000
 *     ListObjectsV2     3-     *          truncated-xml
 *     *                 1/5    *          slow-down
 *
 * OPERATION is a name of S3's API, or "*". CALLS says which calls are hit, among those that
 * OPERATION and KEY fit, from 1: "2", "1-2", "3-", "*", or "1/5": the first of each five. KEY is a
 * part of the key, percent-encoded where it has blanks, or "*". KIND is a name of the table in
 * faults.c, which describes each; "-after-work" behind one lets the server do what was asked for
 * before the fault is played. NAME=VALUE are arguments of the kind; values are percent-decoded.
 * Empty lines and what follows a "#" at the beginning of a word are left out. The first line that
 * hits a call is played; each line counts its own calls.
 */
#ifndef FAULT_SERVER_SCRIPT_H
#define FAULT_SERVER_SCRIPT_H

#include "support/fault_server/http.h"

struct fault_kind;

struct fault {
    char *operation;
    char *key;
    uint64_t first, last; /* calls; last is UINT64_MAX for "from the first on" */
    uint64_t every;       /* 0, or the length of a period */
    const struct fault_kind *kind;
    bool works_first; /* what was asked for is done before */
    struct fields arguments;
    uint64_t calls;  /* that fitted */
    uint64_t played; /* that were hit */
};

struct script {
    struct fault *faults;
    size_t count;
};

/* Reads a script. NULL where it is good, else what is wrong, valid until the next call. */
const char *script_read(const char *text, struct script *out);
void script_release(struct script *script);
/* Counts a call and returns the fault that hits it; NULL for none. */
const struct fault *script_play(struct script *script, const char *operation, const char *key);
/* Returns an argument as a number, or what it is where it was not given. */
uint64_t fault_number(const struct fault *fault, const char *name, uint64_t otherwise);
const char *fault_text(const struct fault *fault, const char *name, const char *otherwise);

#endif
