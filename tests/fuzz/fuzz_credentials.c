/* SPDX-License-Identifier: Apache-2.0 */
/* What services, programs and files say of keys: JSON, times, command lines, addresses, lines of errors. */
#include "aws/command_words.h"
#include "aws/credentials_container.h"
#include "aws/credentials_json.h"
#include "aws/process.h"
#include "core/alloc.h"
#include "fuzz/fuzz.h"

static void keys_check(const json_t *object) {
    static const struct hw_credentials_names names[] = {
        {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", false, false},
        {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", false, true},
        {"accessKeyId", "secretAccessKey", "sessionToken", "expiration", true, false},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct hw_credentials keys = {.access_key_id = "untouched"};
        enum hw_status status = hw_credentials_from_json(object, &names[i], &keys, NULL);
        FUZZ_CHECK(status == HW_OK || status == HW_EPROTOCOL);
        if (status) {
            FUZZ_CHECK(strcmp(keys.access_key_id, "untouched") == 0 && !keys.secret_access_key[0]);
            continue;
        }
        FUZZ_CHECK(keys.access_key_id[0] && keys.secret_access_key[0] && keys.expires_us >= 0);
        FUZZ_CHECK(names[i].session_is_optional || (keys.session_token[0] && keys.expires_us > 0));
        for (const char *at = keys.session_token; *at; at++) {
            FUZZ_CHECK(*at > ' ' && *at < 0x7f);
        }
    }
}

static void json_check(hw_view text) {
    HW_AUTO(hw_secret_json) json = {0};
    HW_AUTO(hw_secret_json) again = {0};
    HW_AUTO(hw_buf) written = {0};
    enum hw_status status = hw_secret_json_read(text, &json, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EPROTOCOL);
    if (status == HW_OK) {
        keys_check(json.object);
        keys_check(json_object_get(json.object, "roleCredentials"));
        FUZZ_CHECK(hw_secret_json_write(json.object, &written, NULL) == HW_OK);
        FUZZ_CHECK(hw_secret_json_read(hw_buf_view(&written), &again, NULL) == HW_OK);
    }
}

static void words_check(hw_view text) {
    HW_AUTO(hw_command_words) words = {0};
    enum hw_status status = hw_command_words_split(text, &words, NULL);
    size_t bytes = 0;
    FUZZ_CHECK(status == HW_OK ? words.count > 0 && !words.list[words.count] : status == HW_ECONFIG && !words.list);
    for (size_t i = 0; i < words.count; i++) {
        bytes += strlen(words.list[i]) + 1;
    }
    FUZZ_CHECK(bytes <= text.size + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hw_view text = {size > 0 ? (const char *)data : "", size};
    char line[HW_PROCESS_TOLD_BYTES];
    int64_t us = 0;
    json_check(text);
    FUZZ_CHECK(hw_credentials_time_parse(text, &us) || us == 0);
    hw_process_last_line(text, line, sizeof(line));
    FUZZ_CHECK(strlen(line) < sizeof(line) && !strpbrk(line, "\n\r\t"));
    char *copy = hw_strndup(text.data, size); /* the settings and variables that these come from have no NUL */
    FUZZ_CHECK(copy);
    words_check(hw_view_of(copy));
    enum hw_status status = hw_container_url_check(copy, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_ECONFIG);
    FUZZ_CHECK(status || !strpbrk(copy, " @#\r\n") || strchr(copy, '?'));
    hw_free(copy);
    return 0;
}
