/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/advice.h"

#include "core/base.h"

#define CLOCK_ADVICE "the clock of this machine and that of the service differ too much: set the clock of this machine"
#define KEY_ID_ADVICE                                                                                 \
    "the service does not know the access key id: look at AWS_ACCESS_KEY_ID, --profile, and whether " \
    "--endpoint-url is the service that the key belongs to"
#define TOKEN_ADVICE                                                                                \
    "the session token has expired or belongs to other keys: get new temporary keys, or remove an " \
    "AWS_SESSION_TOKEN that is left over"
#define REGION_ADVICE "the bucket is in another region: name it with --region"

static const struct {
    const char *code;
    const char *text;
} rows[] = {
    {"AccessDenied",
     "these keys may not do this: the policy of the user or of the bucket lacks the permission, or the object is not "
     "there and listing the bucket is not allowed"},
    {"AccountProblem", "the account behind the keys is blocked: ask whoever runs it"},
    {"AllAccessDisabled", "the bucket is blocked: ask whoever runs it"},
    {"AuthorizationHeaderMalformed", REGION_ADVICE},
    {"BucketAlreadyExists", "somebody has a bucket of this name, and names are shared by all: take another one"},
    {"BucketAlreadyOwnedByYou", "you have a bucket of this name already"},
    {"BucketNotEmpty", "the bucket has objects, or old versions of them: remove those first"},
    {"ExpiredToken", TOKEN_ADVICE},
    {"IllegalLocationConstraintException", REGION_ADVICE},
    {"InvalidAccessKeyId", KEY_ID_ADVICE},
    {"InvalidObjectState", "the object is archived: restore it first"},
    {"InvalidToken", TOKEN_ADVICE},
    {"NoSuchBucket", "there is no bucket of this name: look at its spelling, and at --endpoint-url and --region"},
    {"NoSuchKey", "the bucket is there, but no object has this name: keys count in every letter"},
    {"PermanentRedirect", REGION_ADVICE},
    {"RequestExpired", CLOCK_ADVICE},
    {"RequestInTheFuture", CLOCK_ADVICE},
    {"RequestTimeTooSkewed", CLOCK_ADVICE},
    {"SignatureDoesNotMatch",
     "the secret key does not belong to the access key id: look at AWS_SECRET_ACCESS_KEY or the profile"},
    {"TemporaryRedirect", REGION_ADVICE},
    {"TokenRefreshRequired", TOKEN_ADVICE},
    {"XAdminUserNotFound", KEY_ID_ADVICE},
};

const char *hw_s3_advice(const char *code) {
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strcmp(rows[i].code, code) == 0) {
            return rows[i].text;
        }
    }
    return NULL;
}
