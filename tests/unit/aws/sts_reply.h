/* SPDX-License-Identifier: Apache-2.0 */
/* Good replies of STS, with keys until 2015-08-30T13:36:00Z. */
#ifndef HW_TESTS_AWS_STS_REPLY_H
#define HW_TESTS_AWS_STS_REPLY_H

#define STS_REPLY(action, id)                                                                           \
    "<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action "Result>"        \
    "<Credentials><AccessKeyId>" id "</AccessKeyId><SecretAccessKey>sesame-of-" id "</SecretAccessKey>" \
    "<SessionToken>token-of-" id "</SessionToken><Expiration>2015-08-30T13:36:00Z</Expiration>"         \
    "</Credentials></" action "Result></" action "Response>"
#define STS_ASSUMED(id) STS_REPLY("AssumeRole", id)
#define STS_SHOWN(id) STS_REPLY("AssumeRoleWithWebIdentity", id)

#endif
