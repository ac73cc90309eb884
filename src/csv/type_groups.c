/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/type_groups.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "table/name_order.h"

/* The columns of a table in the order of a group, and the group's key. */
struct sorted {
    struct hw_numbered_name *columns;
    size_t count;
    struct hw_buf key;
};

void hw_csv_type_groups_init(struct hw_csv_type_groups *groups) {
    *groups = (struct hw_csv_type_groups){0};
    pthread_mutex_init(&groups->synced.lock, NULL);
}

void hw_csv_type_groups_release(struct hw_csv_type_groups *groups) {
    hw_intern_release(&groups->synced.names);
    hw_buf_release(&groups->synced.firsts);
    hw_buf_release(&groups->synced.profiles);
    pthread_mutex_destroy(&groups->synced.lock);
}

static void sorted_release(struct sorted *sorted) {
    hw_free(sorted->columns);
    hw_buf_release(&sorted->key);
}

/* Sorts the columns of a table. To be released on failure too. */
static enum hw_status columns_sort(const struct hw_schema *schema, struct sorted *sorted, struct hw_error *err) {
    *sorted = (struct sorted){.count = schema->count};
    sorted->columns = hw_realloc_array(NULL, schema->count, sizeof(*sorted->columns));
    if (!sorted->columns) {
        return hw_fail_nomem(err, schema->count * sizeof(*sorted->columns));
    }
    for (size_t i = 0; i < schema->count; i++) {
        sorted->columns[i] = (struct hw_numbered_name){schema->fields[i].name, i};
    }
    hw_names_sort(sorted->columns, sorted->count);
    for (size_t i = 0; i < sorted->count; i++) {
        const char *name = sorted->columns[i].name;
        HW_TRY(hw_buf_append(&sorted->key, name, strlen(name) + 1, err));
    }
    return HW_OK;
}

static struct hw_csv_profile *profiles_of_locked(const struct hw_csv_type_groups *groups, uint32_t group) {
    const size_t first = ((const size_t *)(const void *)groups->synced.firsts.data)[group];
    return (struct hw_csv_profile *)(void *)groups->synced.profiles.data + first;
}

/* Makes room for one group more of so many columns. */
static enum hw_status room_make_locked(struct hw_csv_type_groups *groups, const struct sorted *sorted,
                                       struct hw_error *err) {
    const size_t bytes = sorted->count * sizeof(struct hw_csv_profile);
    const size_t held = hw_intern_held(&groups->synced.names) + groups->synced.profiles.size;
    if (held + bytes + sorted->key.size > HW_CSV_TYPE_GROUPS_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT,
                       "the sources of this run have %zu different sets of columns, which are too many to keep the "
                       "types of each: convert them in several runs, or without --one-schema",
                       groups->synced.names.count);
    }
    HW_TRY(hw_buf_reserve(&groups->synced.profiles, bytes, err));
    return hw_buf_reserve(&groups->synced.firsts, sizeof(size_t), err);
}

/* There is room for what is appended here: no group is without its profiles. */
static enum hw_status group_new_locked(struct hw_csv_type_groups *groups, const struct sorted *sorted,
                                       uint32_t *out_group, struct hw_error *err) {
    const struct hw_csv_profile none = HW_CSV_PROFILE_INIT;
    const size_t first = groups->synced.profiles.size / sizeof(none);
    HW_TRY(room_make_locked(groups, sorted, err));
    HW_TRY(hw_intern_number(&groups->synced.names, hw_buf_view(&sorted->key), UINT32_MAX, out_group, err));
    HW_TRY(hw_buf_append(&groups->synced.firsts, &first, sizeof(first), err));
    for (size_t i = 0; i < sorted->count; i++) {
        HW_TRY(hw_buf_append(&groups->synced.profiles, &none, sizeof(none), err));
    }
    return HW_OK;
}

/* Finds the group with these columns; false where there is none. */
static enum hw_status group_find_locked(struct hw_csv_type_groups *groups, const struct sorted *sorted,
                                        uint32_t *out_group, bool *out_found, struct hw_error *err) {
    struct hw_intern *names = &groups->synced.names;
    const uint32_t count = (uint32_t)names->count;
    HW_TRY(hw_intern_number(names, hw_buf_view(&sorted->key), count, out_group, err));
    *out_found = *out_group < count;
    return HW_OK;
}

static enum hw_status profiles_add_locked(struct hw_csv_type_groups *groups, const struct sorted *sorted,
                                          const struct hw_csv_profile *profiles, struct hw_error *err) {
    uint32_t group;
    bool found;
    HW_TRY(group_find_locked(groups, sorted, &group, &found, err));
    HW_TRY(found ? HW_OK : group_new_locked(groups, sorted, &group, err));
    struct hw_csv_profile *all = profiles_of_locked(groups, group);
    for (size_t i = 0; i < sorted->count; i++) {
        hw_csv_profile_merge(&all[i], &profiles[sorted->columns[i].number]);
    }
    return HW_OK;
}

enum hw_status hw_csv_type_groups_add(struct hw_csv_type_groups *groups, const struct hw_schema *schema,
                                      const struct hw_csv_profile *profiles, struct hw_error *err) {
    struct sorted sorted;
    enum hw_status status = columns_sort(schema, &sorted, err);
    if (status == HW_OK) {
        pthread_mutex_lock(&groups->synced.lock);
        status = profiles_add_locked(groups, &sorted, profiles, err);
        pthread_mutex_unlock(&groups->synced.lock);
    }
    sorted_release(&sorted);
    return status;
}

static enum hw_status profiles_get_locked(struct hw_csv_type_groups *groups, const struct sorted *sorted,
                                          struct hw_csv_profile *out_profiles, struct hw_error *err) {
    uint32_t group;
    bool found;
    HW_TRY(group_find_locked(groups, sorted, &group, &found, err));
    if (!found) {
        return hw_fail(err, HW_ECHANGED, "it has other columns than when its values were looked at");
    }
    const struct hw_csv_profile *all = profiles_of_locked(groups, group);
    for (size_t i = 0; i < sorted->count; i++) {
        out_profiles[sorted->columns[i].number] = all[i];
    }
    return HW_OK;
}

enum hw_status hw_csv_type_groups_get(struct hw_csv_type_groups *groups, const struct hw_schema *schema,
                                      struct hw_csv_profile *out_profiles, struct hw_error *err) {
    struct sorted sorted;
    enum hw_status status = columns_sort(schema, &sorted, err);
    if (status == HW_OK) {
        pthread_mutex_lock(&groups->synced.lock);
        status = profiles_get_locked(groups, &sorted, out_profiles, err);
        pthread_mutex_unlock(&groups->synced.lock);
    }
    sorted_release(&sorted);
    return status;
}
