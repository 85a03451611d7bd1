"""Newsroom: what the press talks about."""

from grafana_foundation_sdk.builders import dashboard

from parts import BLUE, RED, board, choice, figure, lines, listing, mark, now, over_time, ranking, rows, steps, world

HERE = 'instance=~"$instance"'
TAGGED = f'presswatch_articles_total{{{HERE}, outcome=~"alerted|noticed|untagged"}}'
COUNTRY = f'presswatch_country_articles_total{{{HERE}, name=~"$country"}}'
TOPIC = f'presswatch_topic_articles_total{{{HERE}, name=~"$topic"}}'
CITED = f"presswatch_official_citations_total{{{HERE}}}"
SPIKES = 'ALERTS{alertname=~"Presswatch(Country|Topic)Spike", alertstate="firing"}'

# keys of the console's filter, by what a panel's series are labelled with
COUNTRY_KEY, OFFICIAL_KEY, TOPIC_KEY = (
    "country.${__field.labels.country}", "official.${__field.labels.official}", "topic.${__field.labels.key}")


def known(citation):
    """Officials of the lexicon cited in this way; all others are counted together under `other`."""
    return f'presswatch_official_citations_total{{{HERE}, citation=~"{citation}", official!="other"}}'


def counted(series):
    """What was counted in the range. A worker that started within it had counted before it was scraped for the first
    time, which is no increase to Prometheus: of a series that was not there at the beginning, all is taken."""
    fresh = f"({series} unless {series} offset $__range) and on (job, instance) (process_start_time_seconds > time() - $__range_s)"
    return f"(({fresh}) or increase({series}[$__range]))"


def keyed(topics):
    """Topics with the end of their key: `20000642` of `medtop:20000642`, `x.drones` of `x:drones`."""
    return f'label_replace(label_replace({topics}, "key", "$1", "topic", "medtop:(.+)"), "key", "x.$1", "topic", "x:(.+)")'


def score(kind):
    """Standard deviations of this hour above what the last week lets expect; a count's is the root of its expectation."""
    seen, usual = f"presswatch:{kind}_articles:increase1h", f"presswatch:{kind}_articles:expected1h"
    return f'({seen} - {usual}) / sqrt({usual} + 1)'


def build():
    result = board(
        "presswatch-newsroom",
        "presswatch: Newsroom",
        "What the press talks about: countries, topics and officials, now and against their own week.",
        [
            choice("instance", "Worker", "label_values(presswatch_build_info, instance)"),
            choice("country", "Country", "label_values(presswatch_country_articles_total, name)"),
            choice("topic", "Topic", "label_values(presswatch_topic_articles_total, name)"),
        ],
    )
    result.annotation(mark("Spikes", RED, SPIKES, "{{name}} is in the news"))

    result.with_row(dashboard.Row("In this range"))
    result.with_panel(figure(
        "Articles", "Articles that were tagged, with or without a find.",
        now(f"sum({counted(TAGGED)})"), unit="short"))
    result.with_panel(figure(
        "Alerts", "Articles in which something was found; each became one alert.",
        now(f"sum({counted(f'presswatch_alerts_total{{{HERE}}}')})"), unit="short"))
    result.with_panel(figure(
        "Countries", "Countries that at least one story was about.",
        now(f"count(sum by (country) ({counted(COUNTRY)}) > 0) or vector(0)")))
    result.with_panel(figure(
        "Topics", "Media Topics that at least one story was about.",
        now(f"count(sum by (topic) ({counted(TOPIC)}) > 0) or vector(0)")))
    result.with_panel(figure(
        "Officials cited", "Officials of the lexicon who were quoted or paraphrased.",
        now(f'count(sum by (official) ({counted(known("quoted|paraphrased"))}) > 0) or vector(0)')))
    result.with_panel(figure(
        "Spikes now", "Countries and topics at three times their usual share and more; the rule says exactly when.",
        now(f"count({SPIKES}) or vector(0)"), thresholds=steps((BLUE, None), (RED, 1)),
        runbook="PresswatchCountrySpike"))

    result.with_row(dashboard.Row("Countries"))
    by_country = f"sum by (country, name) ({counted(COUNTRY)}) > 0"
    result.with_panel(world(
        "Where the stories are", "Articles about each country. Countries only named in passing don't count.",
        rows(by_country), field="country"))
    result.with_panel(ranking(
        "Most written about", "Articles about each country in the range. A click leads to them in the console.",
        now(f"topk(15, {by_country})", "{{name}}"), width=12, height=12, key=COUNTRY_KEY))
    result.with_panel(lines(
        "Countries over time", "Articles an hour about the ten countries that lead over the range.",
        [over_time(
            f"sum by (country, name) (rate({COUNTRY}[$__rate_interval])) * 3600"
            f" and on (country) topk(10, sum by (country) (increase({COUNTRY}[$__range] @ end())) > 0)", "{{name}}")],
        width=24, stacked=True, key=COUNTRY_KEY))

    result.with_row(dashboard.Row("Topics"))
    by_topic = f"sum by (topic, name) ({counted(TOPIC)}) > 0"
    result.with_panel(ranking(
        "Topics most written about", "Media Topics, the most specific that holds. A click leads to the console.",
        now(keyed(f"topk(15, {by_topic})"), "{{name}}"), key=TOPIC_KEY))
    over_range = f"topk(10, sum by (topic) (increase({TOPIC}[$__range] @ end())) > 0)"
    result.with_panel(lines(
        "Topics over time", "Articles an hour about the ten topics that lead over the range.",
        [over_time(
            keyed(f"sum by (topic, name) (rate({TOPIC}[$__rate_interval])) * 3600 and on (topic) {over_range}"), "{{name}}")],
        width=16, height=10, stacked=True, key=TOPIC_KEY))

    result.with_row(dashboard.Row("Officials"))
    result.with_panel(ranking(
        "Quoted", "Officials whose own words stand in quotation marks.",
        now(f'topk(15, sum by (official, name) ({counted(known("quoted"))}) > 0)', "{{name}}"), key=OFFICIAL_KEY))
    result.with_panel(ranking(
        "Named", "Officials by the articles that name them, cited or not.",
        now(f'topk(15, sum by (official, name) ({counted(known(".+"))}) > 0)', "{{name}}"), key=OFFICIAL_KEY))
    result.with_panel(lines(
        "How officials are cited", "Citations an hour by kind; officials beyond the lexicon are in it.",
        [over_time(f"sum by (citation) (rate({CITED}[$__rate_interval])) * 3600", "{{citation}}")],
        width=8, height=10, stacked=True))

    result.with_row(dashboard.Row("Against their own week"))
    movers = "Articles of the last hour beyond, or short of, what the share of the last week lets expect."
    result.with_panel(listing(
        "Countries: top movers", movers,
        [rows("topk(10, (presswatch:country_articles:increase1h - presswatch:country_articles:expected1h) != 0)")],
        names={"Value": "articles more than usual", "name": "country", "country": "code"}, sort="articles more than usual",
        decimals=0, key="country.${__data.fields.code}"))
    result.with_panel(listing(
        "Topics: top movers", movers,
        [rows(keyed("topk(10, (presswatch:topic_articles:increase1h - presswatch:topic_articles:expected1h) != 0)"))],
        hide=["topic"], names={"Value": "articles more than usual", "name": "topic"}, sort="articles more than usual",
        decimals=0, key="topic.${__data.fields.key}"))
    spiking = "Standard deviations above the expected. From 4 on, and with ten articles or more, it is a spike."
    result.with_panel(lines(
        "Countries: latest spikes", spiking, [over_time(f'topk(5, {score("country")} != 0)', "{{name}}")],
        runbook="PresswatchCountrySpike", floor=None, key=COUNTRY_KEY))
    result.with_panel(lines(
        "Topics: latest spikes", spiking, [over_time(f'topk(5, {score("topic")} != 0)', "{{name}}")],
        runbook="PresswatchTopicSpike", floor=None))
    return result.build()
