# SPDX-License-Identifier: Apache-2.0
"""Prints what botocore sends to STS for the rows of test_sts.c: body and Authorization.

The body is written as Hawser writes it, and must mean to botocore what its own does.
"""

import datetime
import unittest.mock
import urllib.parse

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2015, 8, 30, 12, 36, 0, tzinfo=datetime.timezone.utc)
TYPE = "application/x-www-form-urlencoded; charset=utf-8"
URL = "http://sts.example.com"
ROWS = (
    ("plain", None, "/", "us-east-1", {"RoleArn": "arn:aws:iam::123456789012:role/reader", "RoleSessionName": "hawser-1440938160"}),
    (
        "all",
        "TOKEN/+=",
        "/base/",
        "eu-west-1",
        {"RoleArn": "arn:aws:iam::123456789012:role/a b", "RoleSessionName": "me@host", "ExternalId": "x&y=z/~", "DurationSeconds": "900"},
    ),
)


def botocore_form(params):
    """The form that botocore makes of the parameters of AssumeRole."""
    sent = {}
    client = botocore.session.Session().create_client("sts", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")

    def caught(request, **_):
        sent["body"] = request.body
        raise KeyboardInterrupt

    client.meta.events.register("before-send.sts.AssumeRole", caught)
    typed = {name: int(value) if name == "DurationSeconds" else value for name, value in params.items()}
    try:
        client.assume_role(**typed)
    except KeyboardInterrupt:
        pass
    body = sent["body"]
    return urllib.parse.parse_qs(body.decode() if isinstance(body, bytes) else body)


def main():
    for name, token, path, region, params in ROWS:
        fields = {"Action": "AssumeRole", "Version": "2011-06-15", **params}
        body = "&".join(f"{key}={urllib.parse.quote(value, safe='-_.~')}" for key, value in fields.items())
        assert urllib.parse.parse_qs(body) == botocore_form(params), (body, botocore_form(params))
        request = AWSRequest("POST", URL + path, headers={"Content-Type": TYPE}, data=body.encode())
        with unittest.mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: NOW):
            keys = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
            botocore.auth.SigV4Auth(keys, "sts", region).add_auth(request)
        print(name, body, request.headers["Authorization"], request.headers["X-Amz-Date"], sep="\n")


if __name__ == "__main__":
    main()
