/* SPDX-License-Identifier: Apache-2.0 */
#include "table/shared_schema.h"

#include "core/alloc.h"
#include "table/schema.h"

static void shared_schema_free(struct hw_owner *owner) {
    struct hw_shared_schema *shared = (struct hw_shared_schema *)(void *)owner;
    hw_arena_release(&shared->arena);
    hw_free(shared);
}

struct hw_shared_schema *hw_shared_schema_new(void) {
    struct hw_shared_schema *shared = hw_alloc_zero(1, sizeof(*shared));
    if (shared) {
        hw_owner_init(&shared->owner, shared_schema_free);
    }
    return shared;
}

enum hw_status hw_shared_schema_dup(const struct hw_schema *from, struct hw_shared_schema **out_schema,
                                    struct hw_error *err) {
    struct hw_shared_schema *shared = hw_shared_schema_new();
    if (!shared) {
        return hw_fail_nomem(err, sizeof(*shared));
    }
    enum hw_status status = hw_schema_dup(from, &shared->arena, &shared->schema, err);
    if (status != HW_OK) {
        hw_owner_drop(&shared->owner);
        return status;
    }
    *out_schema = shared;
    return HW_OK;
}
