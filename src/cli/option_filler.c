/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_filler.h"

#include "cli/value.h"

static void *field_of(struct hw_option_filler *filler, struct hw_option_ref ref, enum hw_option_layer layer);

enum hw_status hw_option_fill(struct hw_option_filler *filler, struct hw_option_ref ref, enum hw_option_layer layer,
                              const char *value, struct hw_error *err) {
    return hw_value_parse(ref.option, value, field_of(filler, ref, layer), filler->arena, err);
}

enum hw_status hw_option_add(struct hw_option_filler *filler, struct hw_option_ref ref, enum hw_option_layer layer,
                             const char *item, struct hw_error *err) {
    return hw_value_list_add(field_of(filler, ref, layer), hw_view_of(item), filler->arena, err);
}

/* The field to write to, emptied where an earlier layer filled it. */
static void *field_of(struct hw_option_filler *filler, struct hw_option_ref ref, enum hw_option_layer layer) {
    void *field = (char *)filler->args + ref.base + ref.option->offset;
    if (filler->layers[ref.index] != layer) {
        filler->layers[ref.index] = (uint8_t)layer;
        memset(field, 0, ref.option->width);
    }
    return field;
}
