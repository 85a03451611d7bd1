#!/usr/bin/env python3
"""Prints the alerts with some keys: subscribe.py NAME KEY…   (needs pika; AMQP_URL names the broker)

Always use the same NAME, so that your queue collects alerts while this program is not running.
"""

import collections
import json
import os
import signal
import sys

import pika

# Ctrl-C ends the program without a traceback; alerts that were not acknowledged are delivered again
signal.signal(signal.SIGINT, signal.SIG_DFL)
if len(sys.argv) < 3:
    sys.exit(f"usage: {sys.argv[0]} NAME KEY…")
name, keys = sys.argv[1], sys.argv[2:]
url = os.environ.get("AMQP_URL", "amqp://subscriber:subscriber-demo@127.0.0.1:5672/%2f")
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
queue = f"subscriber.{name}"
channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
for key in keys:
    channel.queue_bind(queue, "alerts", key)
channel.basic_qos(prefetch_count=50)

# an alert may be delivered more than once, with the same id each time
seen = collections.OrderedDict()
print(f"listening on {queue}", file=sys.stderr)
for method, properties, body in channel.consume(queue):
    if properties.message_id not in seen:
        seen[properties.message_id] = True
        if len(seen) > 10_000:
            seen.popitem(last=False)
        article = json.loads(body)["data"]
        print(json.dumps({
            "id": properties.message_id,
            "title": article["title"],
            "countries": [c["code"] for c in article["countries"] if c["focus"]],
            "topics": [t["name"] for t in article["topics"]],
            "said": [f"{o['name']} ({o['citation']})" for o in article["officials"] if o["citation"] != "mentioned"],
        }, ensure_ascii=False), flush=True)
    # acknowledge only now, as the broker then deletes the alert
    channel.basic_ack(method.delivery_tag)
