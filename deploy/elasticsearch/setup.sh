#!/usr/bin/env bash
# What Elasticsearch must know before Kibana and hanoiwatch use it: passwords, roles, users and the
# nightly snapshots. May run again at any time; it stops at the first answer that is no yes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

plain() { # passwords go into JSON and into curl's own configuration as they are
    [[ $2 =~ ^[A-Za-z0-9_-]{8,}$ ]] && return
    echo "setup: $1 must be 8 letters and digits or more (also _ and -), and nothing else." >&2
    exit 1
}

send() { # METHOD PATH, with the body on stdin; the password is in no process list
    echo "setup: $1 $2"
    curl --silent --show-error --fail-with-body --max-time 60 --request "$1" \
        --header 'Content-Type: application/json' --data-binary @- --output /dev/stderr \
        --config <(printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD") "$ELASTICSEARCH/$2"
    echo >&2
}

for name in ELASTIC_PASSWORD KIBANA_SYSTEM_PASSWORD HANOIWATCH_PASSWORD DESK_PASSWORD; do
    plain "$name" "${!name}"
done
printf '{"password": "%s"}' "$KIBANA_SYSTEM_PASSWORD" |
    send POST _security/user/kibana_system/_password
for role in reader writer; do
    send PUT "_security/role/hanoiwatch_$role" <"$here/role-$role.json"
done
printf '{"password": "%s", "roles": ["hanoiwatch_writer"]}' "$HANOIWATCH_PASSWORD" |
    send PUT _security/user/hanoiwatch
printf '{"password": "%s", "roles": ["hanoiwatch_reader", "editor"]}' "$DESK_PASSWORD" |
    send PUT _security/user/desk
send PUT _snapshot/hanoiwatch <"$here/snapshot-repository.json"
send PUT _slm/policy/hanoiwatch <"$here/snapshot-policy.json"
