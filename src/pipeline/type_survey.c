/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/type_survey.h"

void hw_type_survey_begin(struct hw_type_survey *survey) {
    *survey = (struct hw_type_survey){.begun = true, .running = true, .bytes_max = UINT64_MAX};
    hw_csv_type_groups_init(&survey->groups);
    pthread_mutex_init(&survey->synced.lock, NULL);
}

void hw_type_survey_release(struct hw_type_survey *survey) {
    if (!survey->begun) {
        return;
    }
    hw_csv_type_groups_release(&survey->groups);
    hw_name_set_release(&survey->synced.failed);
    pthread_mutex_destroy(&survey->synced.lock);
}

void hw_type_survey_fail(struct hw_type_survey *survey, const char *name) {
    bool new;
    if (!hw_type_survey_runs(survey)) {
        return;
    }
    pthread_mutex_lock(&survey->synced.lock);
    enum hw_status ignored = hw_name_set_add(&survey->synced.failed, hw_view_of(name), NULL, &new, NULL);
    (void)ignored;
    pthread_mutex_unlock(&survey->synced.lock);
}

bool hw_type_survey_failed(struct hw_type_survey *survey, const char *name) {
    if (!survey || survey->running) {
        return false;
    }
    pthread_mutex_lock(&survey->synced.lock);
    const bool failed = hw_name_set_has(&survey->synced.failed, hw_view_of(name));
    pthread_mutex_unlock(&survey->synced.lock);
    return failed;
}
