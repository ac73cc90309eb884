/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that were told of, as one text: "settings=ok credentials=fail ". */
#ifndef HW_TESTS_DOCTOR_TOLD_H
#define HW_TESTS_DOCTOR_TOLD_H

#include <stdio.h>

#include <hawser/doctor.h>

struct doctor_told {
    char names[1024];
    /* Each line that was found, and each remedy. */
    char texts[8192];
};

static inline void doctor_told_take(void *ctx, const struct hw_doctor_check *check) {
    static const char *const words[] = {"ok", "warn", "fail", "skipped"};
    struct doctor_told *told = ctx;
    const size_t names = strlen(told->names);
    const size_t texts = strlen(told->texts);
    snprintf(told->names + names, sizeof(told->names) - names, "%s=%s ", check->name, words[check->outcome]);
    snprintf(told->texts + texts, sizeof(told->texts) - texts, "%s: %s\n%s\n", check->name, check->found,
             check->remedy);
}

#endif
