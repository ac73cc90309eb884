/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/pattern.h"

#include <errno.h>

#include "core/count.h"
#include "core/limits.h"
#include "core/utf8.h"

enum { FAULT_BYTES = 128 };

static enum hw_status size_check(const char *text, struct hw_error *err);

enum hw_status hw_csv_pattern_init(struct hw_csv_pattern *pattern, const char *text, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    char fault[FAULT_BYTES];
    HW_TRY(size_check(text, err));
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (locale == (locale_t)0) {
        /* In another locale a pattern would mean something else, so no other is tried. */
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
    /*
     * This is what regexec calls. regexec itself takes a text up to its NUL, or up to its length
     * with REG_STARTEND, but then AddressSanitizer looks for the NUL all the same.
     */
    regoff_t at = re_search(&pattern->regex, text.data, (regoff_t)text.size, 0, (regoff_t)text.size, NULL);
    uselocale(before);
    if (at < -1) {
        return hw_fail(err, HW_ENOMEM, "out of memory matching a text of %s with a pattern",
                       HW_COUNT(text.size, "byte"));
    }
    *out_found = at >= 0;
    return HW_OK;
}

/*
 * regcomp writes repeats out: x+ becomes xx*, x{3} becomes xxx, and so on inwards, before it makes
 * a state of each character. What follows counts them first. It reads POSIX.1-2017, XBD 9.4.6, as
 * loosely as it can: what is wrong is for regcomp to tell.
 */
struct group {
    uint64_t before; /* states of what stands before the last element */
    uint64_t last;   /* states of the last element; 0: there is none */
    bool repeated;   /* it has a quantifier already */
};

/* The state of reading a pattern. */
struct reading {
    const char *text;
    size_t at;
    /* The groups that are open. The first is the pattern itself. */
    struct group groups[HW_CSV_PATTERN_DEPTH_MAX + 1];
    size_t depth;
};

static enum hw_status element_read(struct reading *reading, struct hw_error *err);
static enum hw_status repeat_read(struct reading *reading, struct hw_error *err);
static size_t bracket_bytes(const char *text);

static enum hw_status size_check(const char *text, struct hw_error *err) {
    struct reading reading = {.text = text};
    char quoted[HW_QUOTE_BYTES];
    const size_t states_max = hw_max_size(HW_CSV_PATTERN_STATES_MAX, strlen(text));
    while (text[reading.at] != '\0') {
        size_t start = reading.at;
        bool repeats = strchr("*+?{", text[start]) != NULL;
        enum hw_status status = repeats ? repeat_read(&reading, err) : element_read(&reading, err);
        const struct group *group = &reading.groups[reading.depth];
        if (status == HW_OK && group->before + group->last > states_max) {
            status = hw_fail(err, HW_ECONFIG, "it has more than %zu characters when its repeats are written out",
                             states_max);
        }
        if (status != HW_OK) {
            hw_error_prefix(err, "the pattern %s cannot be used, at its byte %zu",
                            hw_quote(text, strlen(text), quoted, sizeof(quoted)), start + 1);
            return status;
        }
    }
    return HW_OK;
}

static void element_add(struct reading *reading, uint64_t states) {
    struct group *group = &reading->groups[reading->depth];
    *group = (struct group){.before = group->before + group->last, .last = states};
}

/* Reads a character, a bracket expression, or the beginning or end of a group. */
static enum hw_status element_read(struct reading *reading, struct hw_error *err) {
    const char *text = reading->text + reading->at;
    size_t bytes = 1;
    if (text[0] == '(') {
        if (reading->depth == HW_CSV_PATTERN_DEPTH_MAX) {
            return hw_fail(err, HW_ECONFIG, "groups are nested deeper than %u", HW_CSV_PATTERN_DEPTH_MAX);
        }
        reading->groups[++reading->depth] = (struct group){0};
    } else if (text[0] == ')' && reading->depth > 0) {
        const struct group *group = &reading->groups[reading->depth--];
        element_add(reading, group->before + group->last + 1);
    } else if (text[0] == '[') {
        bytes = bracket_bytes(text);
        element_add(reading, 1);
    } else if (text[0] == '\\' && text[1] != '\0') {
        bytes = 2;
        element_add(reading, 1);
    } else {
        bytes = hw_max_size(1, hw_utf8_bytes(text, strlen(text)));
        element_add(reading, bytes);
    }
    reading->at += bytes;
    return HW_OK;
}

/*
 * Returns the length of "[...]": a ']' right after "[" or "[^" is one of its characters, as are
 * those in "[:...:]".
 */
static size_t bracket_bytes(const char *text) {
    size_t at = 1;
    at += text[at] == '^';
    at += text[at] == ']';
    while (text[at] != '\0' && text[at] != ']') {
        char kind = text[at + 1];
        if (text[at] == '[' && (kind == ':' || kind == '.' || kind == '=')) {
            const char end[] = {kind, ']', '\0'};
            const char *found = strstr(text + at + 2, end);
            at = found ? (size_t)(found - text) + 2 : strlen(text);
        } else {
            at++;
        }
    }
    return at + (text[at] == ']');
}

/* Reads digits; no number is larger than one that is refused anyway. */
static uint64_t number_read(struct reading *reading) {
    uint64_t number = 0;
    for (; reading->text[reading->at] >= '0' && reading->text[reading->at] <= '9'; reading->at++) {
        number = number * 10 + (uint64_t)(reading->text[reading->at] - '0');
        number = hw_clamp(number, 0, HW_CSV_PATTERN_BYTES_MAX + 1);
    }
    return number;
}

/* Reads "{m}", "{m,}", "{m,n}" or "{,n}" and returns how often what it repeats is written out. */
static uint64_t interval_read(struct reading *reading) {
    reading->at++;
    uint64_t times = number_read(reading);
    if (reading->text[reading->at] == ',') {
        reading->at++;
        bool open = reading->text[reading->at] == '}';
        uint64_t most = open ? times + 1 : number_read(reading);
        times = most > times ? most : times;
    }
    reading->at += reading->text[reading->at] == '}';
    return times;
}

/* Reads what repeats the last element. */
static enum hw_status repeat_read(struct reading *reading, struct hw_error *err) {
    struct group *group = &reading->groups[reading->depth];
    uint64_t times = 1;
    if (group->repeated) {
        return hw_fail(err, HW_ECONFIG, "a repeat stands right after another one (write (x+)* instead of x+*)");
    }
    if (reading->text[reading->at] == '{') {
        times = interval_read(reading);
    } else {
        times += reading->text[reading->at++] == '+';
    }
    group->last = group->last * times + 1; /* neither is larger than its limit allows */
    group->repeated = true;
    return HW_OK;
}
