/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/pattern.h"

#include <errno.h>

enum { FAULT_BYTES = 128 };

enum hw_status hw_csv_pattern_init(struct hw_csv_pattern *pattern, const char *text, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    char fault[FAULT_BYTES];
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (locale == (locale_t)0) {
        /* In another locale a pattern would mean something else, so none is taken instead. */
        return hw_fail_errno(err, errno, "patterns need the system's locale C.UTF-8");
    }
    locale_t before = uselocale(locale);
    int failed = regcomp(&pattern->regex, text, REG_EXTENDED | REG_NOSUB);
    uselocale(before);
    if (failed != 0) {
        freelocale(locale);
        regerror(failed, &pattern->regex, fault, sizeof(fault));
        return hw_fail(err, failed == REG_ESPACE ? HW_ENOMEM : HW_ECONFIG,
                       "the pattern %s is no extended regular expression: %s",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)), fault);
    }
    pattern->locale = locale;
    pattern->ready = true;
    return HW_OK;
}

void hw_csv_pattern_release(struct hw_csv_pattern *pattern) {
    if (pattern->ready) {
        regfree(&pattern->regex);
        freelocale(pattern->locale);
    }
    *pattern = (struct hw_csv_pattern){0};
}

enum hw_status hw_csv_pattern_find(struct hw_csv_pattern *pattern, hw_view text, bool *out_found,
                                   struct hw_error *err) {
    locale_t before = uselocale(pattern->locale); /* characters are read by the thread's locale */
    /* What regexec calls; that takes a text to its NUL, or with REG_STARTEND as here, but then AddressSanitizer looks for the NUL all the same. */
    regoff_t at = re_search(&pattern->regex, text.data, (regoff_t)text.size, 0, (regoff_t)text.size, NULL);
    uselocale(before);
    if (at < -1) {
        return hw_fail(err, HW_ENOMEM, "out of memory matching a text of %zu bytes with a pattern", text.size);
    }
    *out_found = at >= 0;
    return HW_OK;
}
