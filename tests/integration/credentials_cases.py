# SPDX-License-Identifier: Apache-2.0
"""Keys from every place where the AWS CLI looks for them: the tool reads and writes with each, and finds the same as botocore."""

import json
import os
import shlex
import signal
import subprocess
import sys

import credentials_services
import server as s3_server
from credentials_services import TOKEN, cached_name, in_an_hour
from support import SMALL, Tool, stop, wait_for, write

SESSION = "[sso-session dev]\nsso_region = eu-west-1\nsso_start_url = https://d-1.awsapps.com/start\n"
SSO = "sso_session = dev\nsso_account_id = 123456789012\nsso_role_name = r\n"
OLD_SSO = "sso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n"
ROLE = "role_arn = arn:aws:iam::123456789012:role/role\n"
CONFIG_KEYS = "aws_access_key_id = CONFIG\naws_secret_access_key = canary-config\n"
SOURCE = "[profile source]\naws_access_key_id = SOURCE\naws_secret_access_key = canary-source\n"
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web"}
ENV_KEYS = {"AWS_ACCESS_KEY_ID": "ENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "canary-environment"}
CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/container?x=1"}
INSTANCE = {"AWS_EC2_METADATA_DISABLED": "false"}


def process(key_id, secret):
    keys = {"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret, "SessionToken": TOKEN, "Expiration": in_an_hour("%Y-%m-%dT%H:%M:%S+00:00")}
    return "credential_process = printf %s " + shlex.quote(json.dumps(keys)) + "\n"


PROCESS = process("PROCESS", "canary-process")


def sso_token(ends):
    return {
        "accessToken": TOKEN if ends == "later" else "old",
        "expiresAt": in_an_hour() if ends == "later" else "2020-01-01T00:00:00Z",
        "refreshToken": "canary-refresh",
        "clientId": "client",
        "clientSecret": "canary-client",
        "registrationExpiresAt": in_an_hour(),
    }


def lay_out(home, services, env=None, config="", credentials="", sso="later"):
    """Writes the files of a home; the environment of a program that has it."""
    write(home / ".aws/config", config.encode())
    write(home / ".aws/credentials", credentials.encode())
    write(home / "token", b"canary.web.identity")
    for owner in "dev", "https://d-1.awsapps.com/start":
        write(home / ".aws/sso/cache" / cached_name(owner, "sso"), json.dumps(sso_token(sso)).encode())
    places = {"HOME/": f"{home}/", "URL/": f"{services.url}/"}
    found = {}
    for name, value in (env or {}).items():
        for mark, place in places.items():
            value = place + value[len(mark) :] if value.startswith(mark) else value
        found[name] = value
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("AWS_") and not k.lower().endswith("_proxy")},
        "HOME": str(home),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": services.url,
        "AWS_ENDPOINT_URL_S3": services.url,
        "AWS_ENDPOINT_URL_STS": f"{services.url}/sts",
        "AWS_ENDPOINT_URL_SSO": services.url,
        "AWS_ENDPOINT_URL_SSO_OIDC": services.url,
        **found,
    }


# name: environment, config, credentials, profile by option, state of the SSO token
ENVIRONMENTS = {
    "nothing": ({}, "", "", None, "later"),
    "environment": (ENV_KEYS, "[default]\n" + ROLE + "source_profile = source\n" + SOURCE, "", None, "later"),
    "environment, and a profile by variable": ({**ENV_KEYS, "AWS_PROFILE": "source"}, SOURCE, "", None, "later"),
    "environment, and a profile by option": (ENV_KEYS, SOURCE, "", "source", "later"),
    "a profile by option that has nothing": (ENV_KEYS, "[profile x]\nregion = eu-west-1\n", "", "x", "later"),
    "a profile by option that is not there": (ENV_KEYS, SOURCE, "", "other", "later"),
    "a profile by variable that is not there": ({"AWS_PROFILE": "other"}, SOURCE, "", None, "later"),
    "half a pair": ({"AWS_ACCESS_KEY_ID": "ENVIRONMENT"}, SOURCE, "", None, "later"),
    "older token variable": ({**ENV_KEYS, "AWS_SECURITY_TOKEN": "a", "AWS_SESSION_TOKEN": "b"}, "", "", None, "later"),
    "role": ({}, "[default]\n" + ROLE + "source_profile = source\n" + SOURCE, "", None, "later"),
    "role of another role": ({}, "[default]\n" + ROLE + "source_profile = b\n[profile b]\n" + ROLE + "source_profile = source\n" + SOURCE, "", None, "later"),
    "role, keys in the same profile": ({}, "[default]\n" + ROLE + "source_profile = default\n" + CONFIG_KEYS, "", None, "later"),
    "role before all of a profile": (WEB, "[default]\n" + ROLE + "source_profile = source\n" + SSO + PROCESS + CONFIG_KEYS + SOURCE + SESSION, "", None, "later"),
    "role by environment": (ENV_KEYS, "[profile x]\n" + ROLE + "credential_source = Environment\n", "", "x", "later"),
    "role by container": (CONTAINER, "[profile x]\n" + ROLE + "credential_source = EcsContainer\n", "", "x", "later"),
    "role by instance": (INSTANCE, "[profile x]\n" + ROLE + "credential_source = Ec2InstanceMetadata\n", "", "x", "later"),
    "role by what is none": ({}, "[profile x]\n" + ROLE + "credential_source = Elsewhere\n", "", "x", "later"),
    "role without a source": ({}, "[default]\n" + ROLE, "", None, "later"),
    "role with two sources": ({}, "[default]\n" + ROLE + "source_profile = source\ncredential_source = Environment\n" + SOURCE, "", None, "later"),
    "role in a circle": ({}, "[default]\n" + ROLE + "source_profile = b\n[profile b]\n" + ROLE + "source_profile = default\n", "", None, "later"),
    "role of an SSO profile": ({}, "[default]\n" + ROLE + "source_profile = b\n[profile b]\n" + SSO + SESSION, "", None, "later"),
    "role of a process": ({}, "[default]\n" + ROLE + "source_profile = b\n[profile b]\n" + PROCESS, "", None, "later"),
    "web identity": (WEB, "[default]\n" + SSO + CONFIG_KEYS + SESSION, "[default]\naws_access_key_id = C\naws_secret_access_key = D\n", None, "later"),
    "web identity, a profile by option": (WEB, "[profile x]\n" + CONFIG_KEYS, "", "x", "later"),
    "web identity of a profile": ({}, "[profile x]\n" + ROLE + "web_identity_token_file = HOMEDIR/token\n", "", "x", "later"),
    "web identity without a role": ({"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"}, "", "", None, "later"),
    "web identity without a file": ({**WEB, "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"}, "", "", None, "later"),
    "SSO before the credentials file": ({}, "[default]\n" + SSO + PROCESS + SESSION, "[default]\naws_access_key_id = C\naws_secret_access_key = D\n", None, "later"),
    "SSO in the older form": ({}, "[default]\n" + OLD_SSO, "", None, "later"),
    "SSO, renewed": ({}, "[default]\n" + SSO + SESSION, "", None, "over"),
    "SSO in the older form is not renewed": ({}, "[default]\n" + OLD_SSO, "", None, "over"),
    "SSO without a session": ({}, "[default]\n" + SSO, "", None, "later"),
    "the credentials file before a process": ({}, "[default]\n" + PROCESS + CONFIG_KEYS, "[default]\naws_access_key_id = C\naws_secret_access_key = D\n", None, "later"),
    "a process before config": (CONTAINER, "[default]\n" + PROCESS + CONFIG_KEYS, "", None, "later"),
    "a process that fails": (CONTAINER, "[default]\ncredential_process = false\n" + CONFIG_KEYS, "", None, "later"),
    "config before a container": ({**CONTAINER, **INSTANCE}, "[default]\n" + CONFIG_KEYS, "", None, "later"),
    "a container before an instance": ({**CONTAINER, **INSTANCE}, "", "", None, "later"),
    "a container that is none": ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://198.51.100.1/", **INSTANCE}, "", "", None, "later"),
    "an instance": (INSTANCE, "", "", None, "later"),
    "an instance, a profile by option": (INSTANCE, "[profile x]\nregion = eu-west-1\n", "", "x", "later"),
    "an instance that is not asked": ({"AWS_EC2_METADATA_DISABLED": "TRUE"}, "", "", None, "later"),
}

BOTOCORE = """
import sys, botocore.session
session = botocore.session.Session(profile=sys.argv[1] or None)
keys = session.get_credentials()
print(keys.get_frozen_credentials().access_key if keys else "")
"""


def botocore_finds(environment, profile):
    """The id of the key that botocore finds; None where it finds none or fails."""
    done = subprocess.run([sys.executable, "-c", BOTOCORE, profile or ""], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0 or "botocore.exceptions." in done.stderr or "FileNotFoundError" in done.stderr or "ValueError" in done.stderr, done.stderr
    return done.stdout.strip() or None


def tool_finds(tool, services, environment, profile, folder):
    """The same for the tool, which must end with 5, or with 2 for wrong settings, and tell no secret."""
    before = len(services.signers)
    options = ["--profile", profile] if profile else []
    command = [str(tool.path), "convert", "s3://bucket/a.csv", str(folder / "out"), "--verbose", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    told = done.stdout + done.stderr
    assert "canary" not in told, f"a secret is told: {told}"
    signers = set(services.signers[before:])
    assert len(signers) <= 1, signers
    assert done.returncode in ((5,) if signers else (2, 5)), f"exit {done.returncode}: {told}"
    return (signers.pop() if signers else None), told


def as_botocore_finds_them(tool, _, folder):
    with credentials_services.running() as services:
        for number, (name, (env, config, credentials, profile, sso)) in enumerate(ENVIRONMENTS.items()):
            homes = [folder / f"{number}-{who}" for who in ("botocore", "hawser")]
            found = []
            for home in homes:
                environment = lay_out(home, services, env, config.replace("HOMEDIR", str(home)), credentials, sso)
                if home is homes[0]:
                    found.append(botocore_finds(environment, profile))
                else:
                    key, told = tool_finds(tool, services, environment, profile, home)
                    found.append(key)
            assert found[0] == found[1], f"{name}: botocore finds {found[0]}, the tool {found[1]}: {told.strip()[-500:]}"
            caches = [(home / ".aws/sso/cache" / cached_name("dev", "sso")).read_text() for home in homes]
            kept = [json.loads(text)["refreshToken"] for text in caches]
            assert kept[0] == kept[1], f"{name}: {kept}"


def providers(key_id, secret):
    """name: environment and config by which only this provider has the keys of the server."""
    source = f"[profile source]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
    return {
        "role": ({}, "[default]\n" + ROLE + "source_profile = source\n" + source),
        "web identity": (WEB, ""),
        "SSO": ({}, "[default]\n" + SSO + SESSION),
        "process": ({}, "[default]\n" + process(key_id, secret)),
        "container": (CONTAINER, ""),
        "instance": (INSTANCE, ""),
        "login": ({}, "[default]\nlogin_session = arn:aws:iam::123456789012:user/me\n"),
    }


def reads_and_writes_with_each(tool, server, folder):
    server.s3.create_bucket(Bucket="chain")
    server.s3.put_object(Bucket="chain", Key="a.csv", Body=SMALL)
    key_id, secret = s3_server.KEY_ID, s3_server.SECRET
    with credentials_services.running((key_id, secret)) as services:
        for name, (env, config) in providers(key_id, secret).items():
            home = folder / name
            environment = {**lay_out(home, services, env, config), "AWS_ENDPOINT_URL_S3": server.url}
            keys = {"accessKeyId": key_id, "secretAccessKey": secret, "sessionToken": TOKEN, "expiresAt": in_an_hour()}
            login = home / ".aws/login/cache" / cached_name("arn:aws:iam::123456789012:user/me", "login")
            write(login, json.dumps({"accessToken": keys}).encode())
            key = name.replace(" ", "-")
            Tool(tool.path, environment)("convert", "s3://chain/a.csv", f"s3://chain/{key}/")
            assert f"{key}/a.parquet" in server.keys("chain"), f"{name}: {server.keys('keys')}"


def keys_that_are_over_are_renewed_once(tool, _, folder):
    """By the service's word, whatever their end says; the second refusal is told."""
    with credentials_services.running() as services:
        services.expired = {"CONTAINER"}
        environment = lay_out(folder / "home", services, CONTAINER)
        Tool(tool.path, environment)("convert", "s3://bucket/a.csv", folder / "out", want=5)
        assert services.signers[0] == "CONTAINER" and set(services.signers) == {"CONTAINER", "CONTAINER-2"}, services.signers
        assert len([line for line in services.asked if "/container" in line]) == 2, services.asked
        services.signers.clear()
        services.expired = {"CONTAINER-3", "CONTAINER-4"}
        Tool(tool.path, environment)("convert", "s3://bucket/a.csv", folder / "out", want=5, says=["ExpiredToken"])
        assert set(services.signers) == services.expired, services.signers
        assert len([line for line in services.asked if "/container" in line]) == 4, services.asked


def stopped_while_keys_are_looked_for(tool, _, folder):
    """A program that does not answer holds nobody up, and is not left behind."""
    with credentials_services.running() as services:
        mark = folder / "runs"
        helper = write(folder / "helper", f"#!/bin/sh\necho $$ > {mark}\nexec sleep 60\n".encode())
        helper.chmod(0o755)
        environment = lay_out(folder / "home", services, {}, f"[default]\ncredential_process = {helper}\n")
        run = Tool(tool.path, environment).start("convert", "s3://bucket/a.csv", folder / "out")
        wait_for(lambda: mark.exists() and mark.read_text(), run)
        stop(run, signal.SIGINT, 130)
        assert not os.path.exists(f"/proc/{mark.read_text().strip()}"), "the program still runs"


CASES = {
    "credentials: as botocore finds them": as_botocore_finds_them,
    "credentials: reads and writes with each": reads_and_writes_with_each,
    "credentials: keys that are over are renewed once": keys_that_are_over_are_renewed_once,
    "credentials: stopped while keys are looked for": stopped_while_keys_are_looked_for,
}
