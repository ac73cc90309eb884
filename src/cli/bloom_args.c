/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bloom_args.h"

#include <stdlib.h>

#include "cli/columns_args.h"

static enum hw_status item_read(const char *item, const char *option, struct hw_arena *arena,
                                struct hw_optimize_bloom *out, struct hw_error *err);
static bool number_read(const char *text, double *out_number);

enum hw_status hw_bloom_args_read(const struct hw_option_list *list, const char *option, struct hw_arena *arena,
                                  const struct hw_optimize_bloom **out_bloom, size_t *out_count, struct hw_error *err) {
    const char *const *items;
    size_t count;
    HW_TRY(hw_columns_args_names(list, option, arena, &items, &count, err));
    struct hw_optimize_bloom *bloom = hw_arena_alloc(arena, count * sizeof(*bloom));
    if (!bloom) {
        return hw_fail_nomem(err, count * sizeof(*bloom));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(item_read(items[i], option, arena, &bloom[i], err));
    }
    *out_bloom = bloom;
    *out_count = count;
    return HW_OK;
}

static enum hw_status item_read(const char *item, const char *option, struct hw_arena *arena,
                                struct hw_optimize_bloom *out, struct hw_error *err) {
    const char *colon = strrchr(item, ':');
    double fpp;
    if (!colon || colon == item || !number_read(colon + 1, &fpp)) {
        *out = (struct hw_optimize_bloom){.column = item};
        return HW_OK;
    }
    if (!(fpp > 0 && fpp < 1)) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "%s: the false positive probability in %s is not above 0 and below 1", option,
                       hw_quote(item, strlen(item), quoted, sizeof(quoted)));
    }
    *out = (struct hw_optimize_bloom){hw_arena_strndup(arena, item, (size_t)(colon - item)), fpp};
    return out->column ? HW_OK : hw_fail_nomem(err, strlen(item));
}

/* Neither words like nan nor numbers in hexadecimal count: they are more likely names. */
static bool number_read(const char *text, double *out_number) {
    char *end;
    if (*text == '\0' || text[strspn(text, "0123456789.+-eE")] != '\0') {
        return false;
    }
    *out_number = strtod(text, &end);
    return end != text && *end == '\0';
}
