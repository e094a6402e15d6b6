"""Runs the unmodified Python clients against a hub. Arguments: hub URL, then the tokens of owner, granted, ungranted and of one who asks, and a scratch folder.

Prints one JSON object: what each call gave. Each role has a cache of its own, so that nothing is read from another's.
"""

import json
import os
import subprocess
import sys

RUNNER = os.path.join(os.path.dirname(__file__), "../python/run.py")

if len(sys.argv) == 7:
    # Clients read their settings at import, so each role is a process of its own.
    url, owner, granted, ungranted, asker, scratch = sys.argv[1:]
    results = {}
    for role, token in [("owner", owner), ("granted", granted), ("ungranted", ungranted), ("stranger", "")]:
        environment = {
            **os.environ,
            "HF_ENDPOINT": url,
            "HF_HOME": os.path.join(scratch, role),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        }
        done = subprocess.run([sys.executable, RUNNER, __file__, "as", role, token, scratch, url, asker, ""], env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{role}: {done.stderr[-3000:]}")
        results[role] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(results))
    sys.exit(0)

role, token, scratch, url, asker = sys.argv[2:7]

import datasets  # noqa: E402
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download  # noqa: E402

datasets.disable_progress_bars()
api = HfApi(token=token or False)
NAME = "ann/py"
result = {}


def attempt(name, call):
    try:
        result[name] = call()
    except Exception as error:  # noqa: BLE001
        result[name] = {"error": type(error).__name__, "message": str(error)[-400:]}


def make():
    api.create_repo(NAME, repo_type="dataset")
    rows = {"conversation_id": [f"c{n}" for n in range(300)], "conversation": [[{"content": f"text {n}", "role": "user"}] for n in range(300)]}
    datasets.Dataset.from_dict(rows).push_to_hub(NAME, token=token)
    folder = os.path.join(scratch, "folder")
    os.makedirs(os.path.join(folder, "sub"), exist_ok=True)
    with open(os.path.join(folder, "ünïcode name.txt"), "w") as file:
        file.write("hey")
    with open(os.path.join(folder, "sub", "large.bin"), "wb") as file:
        file.write(os.urandom(11_000_000))
    api.upload_folder(folder_path=folder, path_in_repo="extra", repo_id=NAME, repo_type="dataset")
    api.upload_file(path_or_fileobj=b"one", path_in_repo="one.txt", repo_id=NAME, repo_type="dataset")
    api.create_tag(NAME, tag="v1", repo_type="dataset")
    api.delete_file("one.txt", NAME, repo_type="dataset")
    api.update_repo_settings(NAME, repo_type="dataset", gated="manual")
    api.grant_access(NAME, "granted", repo_type="dataset")
    return [commit.title for commit in api.list_repo_commits(NAME, repo_type="dataset")]


def ask(hub, asker_token):
    import urllib.request

    request = urllib.request.Request(
        f"{hub}/api/datasets/{NAME}/user-access-request",
        data=b'{"fields": {}}',
        headers={"Authorization": f"Bearer {asker_token}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).read()


def duckdb_rows():
    import duckdb

    connection = duckdb.connect()
    connection.register_filesystem(HfFileSystem(token=token or False))
    path = "hf://datasets/ann/py/data/train-00000-of-00001.parquet"
    return connection.execute(f"select count(*), min(conversation_id) from '{path}' where conversation_id >= 'c2'").fetchone()


def decide():
    # What the Hub's own client offers to a reviewer, on the requests that people made by the ask API.
    waiting = sorted(request.username for request in api.list_pending_access_requests(NAME, repo_type="dataset"))
    api.accept_access_request(NAME, "asker", repo_type="dataset")
    api.cancel_access_request(NAME, "asker", repo_type="dataset")
    api.reject_access_request(NAME, "asker", repo_type="dataset", rejection_reason="not now")
    rejected = [request.username for request in api.list_rejected_access_requests(NAME, repo_type="dataset")]
    return [waiting, rejected]


if role == "owner":
    attempt("make", make)
    ask(url, asker)
    attempt("decide", decide)
attempt("whoami", lambda: api.whoami()["name"])
attempt("info", lambda: [api.dataset_info(NAME).id, api.dataset_info(NAME).gated])
attempt("files", lambda: sorted(api.list_repo_files(NAME, repo_type="dataset")))
attempt("tagged", lambda: open(hf_hub_download(NAME, "one.txt", repo_type="dataset", revision="v1", token=token or False)).read())
attempt("download", lambda: open(hf_hub_download(NAME, "extra/ünïcode name.txt", repo_type="dataset", token=token or False)).read())
if role != "owner":
    attempt("upload", lambda: api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=NAME, repo_type="dataset").oid)
    attempt("upload_folder", lambda: api.upload_folder(folder_path=os.path.join(scratch, "folder"), repo_id=NAME, repo_type="dataset").oid)
    attempt("push", lambda: datasets.Dataset.from_dict({"conversation_id": ["z"]}).push_to_hub(NAME, "small", token=token or False).oid)
attempt("exists", lambda: api.repo_exists(NAME, repo_type="dataset"))
attempt("file_exists", lambda: api.file_exists(NAME, "README.md", repo_type="dataset"))
attempt("refs", lambda: [tag.name for tag in api.list_repo_refs(NAME, repo_type="dataset").tags])
attempt("auth", lambda: api.auth_check(NAME, repo_type="dataset"))
attempt("missing", lambda: hf_hub_download(NAME, "none.txt", repo_type="dataset", token=token or False))
attempt("load", lambda: datasets.load_dataset(NAME, split="train", token=token or False)[299])
attempt("stream", lambda: next(iter(datasets.load_dataset(NAME, split="train", streaming=True, token=token or False))))
attempt("snapshot", lambda: sorted(os.listdir(snapshot_download(NAME, repo_type="dataset", token=token or False))))
attempt("duckdb", duckdb_rows)
attempt("requests", lambda: [request.username for request in api.list_accepted_access_requests(NAME, repo_type="dataset")])
print(json.dumps(result))
