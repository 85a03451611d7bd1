"""Eight invented days of a newsroom's figures, for pictures of the dashboards: OpenMetrics for `promtool tsdb`.

Names and labels are those of presswatch and RabbitMQ. Two workers tag some 900 articles an hour by day and 300 by night;
in the last two hours an earthquake in Vanuatu and new sanctions lift a country and a topic far above their week.
"""

import math
import random
from pathlib import Path

DAY = 86400
# the week before the range that is shown is needed for shares only, and coarser
COARSE, FINE, SHOWN = 240, 60, 6 * 3600
WORKERS = ["presswatch-a:9464", "presswatch-b:9464"]

# code, name, share of all articles, latitude, longitude
COUNTRIES = [
    ("US", "United States", .21, 39, -98), ("RU", "Russia", .09, 58, 60), ("UA", "Ukraine", .07, 49, 32),
    ("CN", "China", .06, 35, 103), ("GB", "United Kingdom", .06, 54, -2), ("FR", "France", .05, 46, 2),
    ("DE", "Germany", .05, 51, 10), ("IL", "Israel", .04, 31.5, 35), ("IR", "Iran", .035, 32, 53),
    ("TR", "Türkiye", .03, 39, 35), ("AZ", "Azerbaijan", .028, 40.5, 47.5), ("AM", "Armenia", .022, 40, 45),
    ("IN", "India", .02, 22, 79), ("JP", "Japan", .02, 36, 138), ("BR", "Brazil", .015, -10, -53),
    ("EG", "Egypt", .012, 27, 30), ("NG", "Nigeria", .01, 9, 8), ("ZA", "South Africa", .008, -29, 24),
    ("GE", "Georgia", .008, 42, 43.5), ("KZ", "Kazakhstan", .006, 48, 67), ("AU", "Australia", .006, -25, 134),
    ("SD", "Sudan", .005, 15, 30), ("AR", "Argentina", .004, -35, -65), ("VU", "Vanuatu", .0008, -16, 167),
]
PLACES = {code: (latitude, longitude) for code, _, _, latitude, longitude in COUNTRIES}
TREE = Path(__file__).resolve().parents[3] / "config/lexicon/topics/tree.tsv"
NAMES = dict(line.split("\t")[:2] for line in TREE.read_text(encoding="utf-8").splitlines() if line[0] != "#")
# share of all articles, by Media Topic
TOPICS = [(f"medtop:{code}", NAMES[code], share) for code, share in {
    "20000593": .11, "20000574": .08, "20000056": .08, "20000639": .06, "20000082": .05, "20001065": .05, "20000178": .05,
    "20000385": .04, "20000121": .04, "20000371": .03, "20000436": .02, "20000598": .03, "20000446": .012,
    "20000154": .008, "20000642": .012, "20000153": .002,
}.items()]
OFFICIALS = [
    ("donald-trump", "Donald Trump", .09), ("marco-rubio", "Marco Rubio", .03), ("vladimir-putin", "Vladimir Putin", .05),
    ("volodymyr-zelenskyy", "Volodymyr Zelenskyy", .045), ("emmanuel-macron", "Emmanuel Macron", .03),
    ("ilham-aliyev", "Ilham Aliyev", .02), ("nikol-pashinyan", "Nikol Pashinyan", .018),
    ("keir-starmer", "Keir Starmer", .022), ("friedrich-merz", "Friedrich Merz", .02), ("xi-jinping", "Xi Jinping", .02),
    ("recep-tayyip-erdogan", "Recep Tayyip Erdoğan", .02), ("christine-lagarde", "Christine Lagarde", .009),
    ("antonio-guterres", "António Guterres", .012), ("narendra-modi", "Narendra Modi", .011), ("other", "all others", .25),
]
CITED = {"quoted": .45, "paraphrased": .3, "mentioned": .25}
BUCKETS = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5]
AGES = [300, 900, 1800, 3600, 7200, 14400, 43200, 86400]


def pace(second):
    """Articles a second of all workers: more by day."""
    return .17 + .08 * math.sin(2 * math.pi * (second % DAY) / DAY - 1.9)


def write(file, end):
    """Writes the figures up to `end` (seconds since 1970)."""
    chance, series = random.Random(20), {}
    times = list(range(end - 8 * DAY, end - SHOWN - 3600, COARSE)) + list(range(end - SHOWN - 3600, end + 1, FINE))

    def put(name, labels, second, value):
        series.setdefault(name, {}).setdefault(labels, []).append((second, value))

    counts = {}

    def count(name, labels, second, more):
        counts[name, labels] = counts.get((name, labels), 0) + more
        put(name, labels, second, counts[name, labels])

    def some(expected):
        """A whole number about the expected."""
        return max(0, round(chance.gauss(expected, math.sqrt(expected)))) if expected > 12 else sum(
            chance.random() < expected / 24 for _ in range(24))

    before = times[0]
    for second in times:
        step, left = second - before, end - second
        before = second
        for part, worker in zip([.55, .45], WORKERS):
            at = f'job="presswatch",instance="{worker}"'
            n = pace(second) * step * part
            put("presswatch_build_info", at + ',version="0.1.0",lexicon="5f1c0d2e"', second, 1)
            put("process_start_time_seconds", at, second, end - 9 * DAY)
            for outcome, share in [("alerted", .9), ("noticed", 0), ("untagged", .06), ("duplicate", .03), ("retried", .006), ("dead", .004)]:
                count("presswatch_articles_total", f'{at},outcome="{outcome}"', second, some(n * share))
            count("presswatch_alerts_total", at, second, some(n * .9))
            for code, name, share, *_ in COUNTRIES:
                burst = 60 if code == "VU" and left < 7200 else 1
                count("presswatch_country_articles_total", f'{at},country="{code}",name="{name}"', second, some(n * share * burst))
            for code, name, share in TOPICS:
                burst = {"medtop:20000153": 25, "medtop:20000642": 5}.get(code, 1) if left < 7200 else 1
                count("presswatch_topic_articles_total", f'{at},topic="{code}",name="{name}"', second, some(n * share * burst))
            for slug, name, share in OFFICIALS:
                for citation, kind in CITED.items():
                    labels = f'{at},official="{slug}",name="{name}",citation="{citation}"'
                    count("presswatch_official_citations_total", labels, second, some(n * share * kind))
            if left > SHOWN + 3600:
                continue
            slow = 1 + 2 * math.exp(-((left - 9000) / 900) ** 2)
            for stage, middle in [("tag", .004), ("publish", .008 * slow), ("settle", .003)]:
                histogram(count, "presswatch_stage_seconds", f'{at},stage="{stage}"', second, n, middle, BUCKETS)
            histogram(count, "presswatch_processing_seconds", at, second, n, .015 * slow, BUCKETS)
            histogram(count, "presswatch_article_age_seconds", at, second, n, 2400, AGES)
            for result, share in [("ack", .9), ("nack", 0), ("timeout", 0), ("lost", 0), ("unroutable", .01)]:
                count("presswatch_confirms_total", f'{at},result="{result}"', second, some(n * share))
            for state, watches in [("in-force", 412), ("set-aside", 0), ("stale", 0)]:
                put("presswatch_watches", f'{at},state="{state}"', second, watches)
            put("presswatch_watch_faults", at, second, 0)
            for watch, share in [("sanctions", .06), ("oil-exports", .04), ("strikes", .03), ("banks", .01)]:
                count("presswatch_watch_matches_total", f'{at},watch="{watch}"', second, some(n * share))
            count("presswatch_watch_candidates_total", at, second, some(n * 4.5))
            histogram(count, "presswatch_watch_eval_seconds", at, second, n, .00006, [b / 25 for b in BUCKETS])
            for result, share in [("published", .12), ("unroutable", .004), ("failed", 0)]:
                count("presswatch_notices_total", f'{at},result="{result}"', second, some(n * share))
            for reason in ["not-json", "no-text", "wrong-schema"]:
                count("presswatch_dead_total", f'{at},reason="{reason}"', second, some(n * .0015))
            count("presswatch_reconnects_total", at, second, 1 if worker == WORKERS[1] and 12000 < left <= 12060 else 0)
            put("presswatch_broker_up", at, second, 0 if worker == WORKERS[1] and 12000 < left <= 12120 else 1)
            put("presswatch_in_flight", at, second, some(6 * slow))
            put("presswatch_taggers_hung", at, second, 0)
        if left <= SHOWN + 3600:
            broker(put, count, some, second, left)
    with open(file, "w", encoding="utf-8") as out:
        for name, all_labels in sorted(series.items()):
            out.write(f"# TYPE {name} unknown\n")
            for labels, points in all_labels.items():
                out.writelines(f"{name}{{{labels}}} {value} {second}\n" for second, value in points)
        out.write("# EOF\n")


def histogram(count, name, labels, second, n, middle, bounds):
    """A log-normal spread about a middle."""
    for bound in [*bounds, math.inf]:
        below = .5 * (1 + math.erf(math.log(bound / middle) / 1.3)) if bound < math.inf else 1
        count(name + "_bucket", f'{labels},le="{"+Inf" if bound == math.inf else bound}"', second, n * below)
    count(name + "_sum", labels, second, n * middle * 1.5)
    count(name + "_count", labels, second, n)


def broker(put, count, some, second, left):
    """What RabbitMQ says of itself and of its queues."""
    at = 'job="rabbitmq",instance="rabbitmq:15692"'
    queues = 'job="rabbitmq-queues",instance="rabbitmq:15692",vhost="/"'
    wave = 400 * math.exp(-((left - 9000) / 900) ** 2)
    for queue, ready, unacked, consumers in [
        ("presswatch.articles", some(4 + wave), some(9), 2), ("presswatch.dead", 31 + (SHOWN - left) // 1800, 0, 0),
        ("presswatch.articles.retry.5s", some(1), 0, 0), ("presswatch.articles.retry.30s", some(.5), 0, 0),
        ("presswatch.articles.retry.5m", some(.5), 0, 0), ("subscriber.desk.baku", some(3), some(2), 1),
        ("subscriber.desk.markets", some(2), some(1), 2), ("subscriber.archive", some(40), some(30), 1),
        ("subscriber.trial", 2400 + (SHOWN - left) // 12, 0, 0),
    ]:
        labels = f'{queues},queue="{queue}"'
        put("rabbitmq_detailed_queue_messages_ready", labels, second, ready)
        put("rabbitmq_detailed_queue_messages_unacked", labels, second, unacked)
        put("rabbitmq_detailed_queue_messages", labels, second, ready + unacked)
        put("rabbitmq_detailed_queue_consumers", labels, second, consumers)
    n = pace(second) * FINE
    put("rabbitmq_build_info", at + ',rabbitmq_version="4.1.0"', second, 1)
    for name, value in [
        ("alarms_memory_used_watermark", 0), ("alarms_free_disk_space_watermark", 0), ("connections", 11), ("channels", 24),
        ("queues", 9), ("process_resident_memory_bytes", 310e6 + wave * 2e5), ("resident_memory_limit_bytes", 1.6e9),
        ("disk_space_available_bytes", 41e9 - (SHOWN - left) * 3e4), ("disk_space_available_limit_bytes", 2e9),
    ]:
        put(f"rabbitmq_{name}", at, second, value)
    for name, share in [("received", 1.9), ("confirmed", 1.9), ("acknowledged", 3.1), ("redelivered", .002), ("unroutable_dropped", 0)]:
        count(f"rabbitmq_global_messages_{name}_total", f'{at},protocol="amqp091"', second, n * share)
