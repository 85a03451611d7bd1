"""Broker: RabbitMQ's own metrics, for our queues and for those of the subscribers."""

from grafana_foundation_sdk.builders import dashboard

from parts import GREEN, RED, YELLOW, board, choice, figure, lines, listing, now, over_time, rows, steps

RATE = "[$__rate_interval]"
INTAKE, DEAD = 'queue="presswatch.articles"', 'queue="presswatch.dead"'
RETRY, SUBSCRIBERS = 'queue=~"presswatch[.]articles[.]retry[.].+"', 'queue=~"$subscriber", queue!~"presswatch[.].+"'


def queue(family, which):
    """A figure of some queues; each node of a cluster tells of the queues that it leads."""
    return f"sum by (queue) (rabbitmq_detailed_queue_{family}{{{which}}})"


def build():
    result = board(
        "presswatch-broker",
        "presswatch: Broker",
        "The queues that presswatch reads and feeds, and the node that holds them.",
        [
            choice("node", "Node", "label_values(rabbitmq_build_info, instance)"),
            choice("subscriber", "Subscriber's queue", 'label_values(rabbitmq_detailed_queue_messages{queue!~"presswatch[.].+"}, queue)'),
        ],
    )
    here = 'instance=~"$node"'

    result.with_row(dashboard.Row("Now"))
    result.with_panel(figure(
        "Consumers", "Workers on presswatch.articles.", now(queue("consumers", INTAKE)),
        thresholds=steps((RED, None), (GREEN, 1)), runbook="PresswatchNoConsumers"))
    result.with_panel(figure(
        "Waiting", "Articles in presswatch.articles that no worker holds.", now(queue("messages_ready", INTAKE)),
        unit="short", thresholds=steps((GREEN, None), (YELLOW, 1000), (RED, 100000)), runbook="PresswatchQueueGrowing"))
    result.with_panel(figure(
        "Wait", "How long an article that comes in now will take, at the pace of the last five minutes.",
        now("presswatch:queue_wait_seconds"), unit="s", thresholds=steps((GREEN, None), (YELLOW, 60), (RED, 300)),
        runbook="PresswatchArticlesWait"))
    result.with_panel(figure(
        "Dead", "Articles in presswatch.dead.", now(queue("messages", DEAD)), unit="short",
        thresholds=steps((GREEN, None), (YELLOW, 1)), runbook="PresswatchDeadQueueLeft"))
    result.with_panel(figure(
        "Alarms", "Memory and disk; any blocks all publishers.",
        now(f"sum(rabbitmq_alarms_memory_used_watermark{{{here}}}) + sum(rabbitmq_alarms_free_disk_space_watermark{{{here}}})"),
        thresholds=steps((GREEN, None), (RED, 1)), runbook="PresswatchBrokerBlocked"))
    result.with_panel(figure(
        "Queues nobody reads", "Subscribers' queues that hold alerts and have no consumer.",
        now(f"count(({queue('messages_ready', SUBSCRIBERS)} > 0) unless ({queue('consumers', SUBSCRIBERS)} > 0)) or vector(0)"),
        thresholds=steps((GREEN, None), (YELLOW, 1)), runbook="PresswatchSubscriberQueueUnread"))

    result.with_row(dashboard.Row("Our queues"))
    result.with_panel(lines(
        "presswatch.articles", "Ready: waiting. Unacked: held by the workers.",
        [over_time(queue("messages_ready", INTAKE), "ready"), over_time(queue("messages_unacked", INTAKE), "unacked")],
        stacked=True, runbook="PresswatchQueueGrowing"))
    result.with_panel(lines(
        "Retry and dead", "Retry queues empty themselves; the dead letter queue waits for a person.",
        [over_time(queue("messages", RETRY), "{{queue}}"), over_time(queue("messages", DEAD), "{{queue}}")],
        runbook="PresswatchDeadQueueLeft"))
    result.with_panel(lines(
        "Consumers", "A drop to nought is an outage.", [over_time(queue("consumers", INTAKE), "{{queue}}")],
        runbook="PresswatchNoConsumers"))
    result.with_panel(lines(
        "Wait", "What is queued over what is settled a second.",
        [over_time("presswatch:queue_wait_seconds", "wait")], unit="s", runbook="PresswatchArticlesWait"))

    result.with_row(dashboard.Row("Subscribers"))
    result.with_panel(listing(
        "Subscribers' queues", "One without consumers that holds alerts belongs to somebody who left.",
        [rows(queue("messages_ready", SUBSCRIBERS)), rows(queue("messages_unacked", SUBSCRIBERS)), rows(queue("consumers", SUBSCRIBERS))],
        names={"Value #A": "waiting", "Value #B": "unacked", "Value #C": "consumers"}, sort="waiting",
        runbook="PresswatchSubscriberQueueUnread"))
    result.with_panel(lines(
        "Alerts waiting at subscribers", "The ten longest queues.",
        [over_time(f"topk(10, {queue('messages_ready', SUBSCRIBERS)})", "{{queue}}")], height=10))

    result.with_row(dashboard.Row("Node"))
    total = "rabbitmq_global_messages_{}_total"
    result.with_panel(lines(
        "Messages a second", "Unroutable and dropped: alerts that no queue is bound for.",
        [
            over_time(f"sum(rate({total.format('received')}{{{here}}}{RATE}))", "received"),
            over_time(f"sum(rate({total.format('confirmed')}{{{here}}}{RATE}))", "confirmed"),
            over_time(f"sum(rate({total.format('acknowledged')}{{{here}}}{RATE}))", "acknowledged"),
            over_time(f"sum(rate({total.format('redelivered')}{{{here}}}{RATE}))", "redelivered"),
            over_time(f"sum(rate({total.format('unroutable_dropped')}{{{here}}}{RATE}))", "unroutable, dropped"),
        ],
        unit="cps", runbook="PresswatchAlertsUnroutable"))
    result.with_panel(lines(
        "Memory", "Beyond the limit publishers are blocked.",
        [
            over_time(f"rabbitmq_process_resident_memory_bytes{{{here}}}", "{{instance}}"),
            over_time(f"rabbitmq_resident_memory_limit_bytes{{{here}}}", "limit of {{instance}}"),
        ],
        unit="bytes", runbook="PresswatchBrokerBlocked"))
    result.with_panel(lines(
        "Free disk", "Below the limit publishers are blocked.",
        [
            over_time(f"rabbitmq_disk_space_available_bytes{{{here}}}", "{{instance}}"),
            over_time(f"rabbitmq_disk_space_available_limit_bytes{{{here}}}", "limit of {{instance}}"),
        ],
        unit="bytes", runbook="PresswatchBrokerBlocked"))
    result.with_panel(lines(
        "Connections and channels", "A steady climb is a subscriber that leaks them.",
        [
            over_time(f"sum(rabbitmq_connections{{{here}}})", "connections"),
            over_time(f"sum(rabbitmq_channels{{{here}}})", "channels"),
            over_time(f"sum(rabbitmq_queues{{{here}}})", "queues"),
        ]))
    return result.build()
