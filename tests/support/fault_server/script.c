/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fault_server/faults.h"
#include "support/fault_server/text.h"

#define AFTER_WORK "-after-work"

static _Thread_local char problem[256];

/* "2", "1-2", "3-", "*", "1/5" */
static bool calls_read(char *text, struct fault *fault) {
    fault->first = 1;
    fault->last = UINT64_MAX;
    if (strcmp(text, "*") == 0) {
        return true;
    }
    char *slash = strchr(text, '/'), *dash = strchr(text, '-');
    if (slash) {
        *slash = '\0';
        return number_read(text, &fault->first) && number_read(slash + 1, &fault->every) && fault->first > 0 &&
               fault->first <= fault->every;
    }
    if (dash) {
        *dash = '\0';
        return number_read(text, &fault->first) && fault->first > 0 &&
               (!dash[1] || number_read(dash + 1, &fault->last));
    }
    bool good = number_read(text, &fault->first) && fault->first > 0;
    fault->last = fault->first;
    return good;
}

static bool kind_read(char *name, struct fault *fault) {
    size_t size = strlen(name), end = strlen(AFTER_WORK);
    fault->kind = fault_kind_find(name);
    fault->works_first = fault->kind && fault->kind->work == WORK_FIRST;
    if (!fault->kind && size > end && strcmp(name + size - end, AFTER_WORK) == 0) {
        name[size - end] = '\0';
        fault->kind = fault_kind_find(name);
        fault->works_first = true;
    }
    return fault->kind;
}

static bool argument_read(char *text, struct fault *fault) {
    char *value = strchr(text, '=');
    if (!value || value == text) {
        return false;
    }
    *value++ = '\0';
    if (!percent_decode(value, false)) {
        return false;
    }
    fields_add(&fault->arguments, text, value);
    return true;
}

/* Reads one line that is not empty. NULL where it is good, else the word that is not. */
static const char *line_read(char *line, struct fault *fault) {
    char *words[5] = {NULL}, *rest = line;
    for (int i = 0; i < 4; i++) {
        rest += strspn(rest, " \t");
        words[i] = strsep(&rest, " \t");
        if (!rest && i < 3) {
            return "four words are wanted: OPERATION CALLS KEY KIND";
        }
    }
    fault->operation = must_copy(words[0]);
    fault->key = must_copy(words[2]);
    if (!calls_read(words[1], fault)) {
        return "CALLS is none of 2, 1-2, 3-, *, 1/5";
    }
    if (!kind_read(words[3], fault)) {
        return "there is no such KIND";
    }
    while (rest) {
        char *word = strsep(&rest, " \t");
        if (*word == '#') {
            break;
        }
        if (*word && !argument_read(word, fault)) {
            return "an argument is not NAME=VALUE";
        }
    }
    return percent_decode(fault->key, false) ? NULL : "KEY has a NUL";
}

const char *script_read(const char *text, struct script *out) {
    char *copy = must_copy(text), *rest = copy;
    unsigned number = 0;
    *problem = '\0';
    while (rest && !*problem) {
        char *line = strsep(&rest, "\n");
        line[strcspn(line, "\r")] = '\0';
        line += strspn(line, " \t");
        number++;
        if (!*line || *line == '#') {
            continue;
        }
        out->faults = must_resize(out->faults, (out->count + 1) * sizeof(*out->faults));
        struct fault *fault = &out->faults[out->count++];
        *fault = (struct fault){0};
        const char *wrong = line_read(line, fault);
        if (wrong) {
            snprintf(problem, sizeof(problem), "line %u: %s", number, wrong);
        }
    }
    free(copy);
    return *problem ? problem : NULL;
}

void script_release(struct script *script) {
    for (size_t i = 0; i < script->count; i++) {
        free(script->faults[i].operation);
        free(script->faults[i].key);
        fields_release(&script->faults[i].arguments);
    }
    free(script->faults);
    *script = (struct script){0};
}

static bool hits(const struct fault *fault) {
    uint64_t call = fault->every ? (fault->calls - 1) % fault->every + 1 : fault->calls;
    return fault->every ? call == fault->first : call >= fault->first && call <= fault->last;
}

const struct fault *script_play(struct script *script, const char *operation, const char *key) {
    struct fault *found = NULL;
    for (size_t i = 0; i < script->count; i++) {
        struct fault *fault = &script->faults[i];
        if ((strcmp(fault->operation, "*") == 0 || strcmp(fault->operation, operation) == 0) &&
            (strcmp(fault->key, "*") == 0 || strstr(key, fault->key))) {
            fault->calls++;
            found = !found && hits(fault) ? fault : found;
        }
    }
    if (found) {
        found->played++;
    }
    return found;
}

uint64_t fault_number(const struct fault *fault, const char *name, uint64_t otherwise) {
    const char *text = fields_get(&fault->arguments, name);
    uint64_t number = otherwise;
    return text && number_read(text, &number) ? number : otherwise;
}

const char *fault_text(const struct fault *fault, const char *name, const char *otherwise) {
    const char *text = fields_get(&fault->arguments, name);
    return text ? text : otherwise;
}
