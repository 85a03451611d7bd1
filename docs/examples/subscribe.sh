#!/usr/bin/env bash
# Binds a queue and takes what waits in it, with rabbitmqadmin: subscribe.sh NAME KEY…
#
# rabbitmqadmin comes with RabbitMQ and speaks to the management port: the user needs the tag `management`. For a look
# by hand, not for a program: it fetches and does not listen.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: $0 NAME KEY…" >&2; exit 2; }
queue=subscriber.$1
shift
admin() {
    "${RABBITMQADMIN:-rabbitmqadmin}" --host 127.0.0.1 --port "${MANAGEMENT_PORT:-15672}" \
        --username subscriber --password "${AMQP_PASSWORD:-subscriber-demo}" "$@"
}
admin --quiet declare queue "name=$queue" durable=true 'arguments={"x-queue-type":"quorum"}'
for key in "$@"; do
    admin --quiet declare binding source=alerts "destination=$queue" "routing_key=$key"
done
# ack_requeue_true looks without taking
admin --format raw_json get "queue=$queue" count=100 ackmode="${ACKMODE:-ack_requeue_false}"
