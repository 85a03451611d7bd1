"""Pipeline: rate, errors and duration of the worker."""

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMappingResult

from parts import GREEN, RED, YELLOW, board, choice, figure, heat, lines, listing, now, over_time, rows, steps

HERE = 'instance=~"$instance"'
RATE = "[$__rate_interval]"


def quantiles(metric):
    """p50, p95 and p99 of a histogram, over the chosen workers."""
    return [
        over_time(
            f"histogram_quantile({q}, sum by (le) (rate({metric}_bucket{{{HERE}}}{RATE})))", f"p{round(q * 100)}")
        for q in (0.5, 0.95, 0.99)
    ]


def build():
    result = board(
        "presswatch-pipeline",
        "presswatch: Pipeline",
        "How the worker does: rate, outcomes, times, confirms.",
        [choice("instance", "Worker", "label_values(presswatch_build_info, instance)")],
    )

    result.with_row(dashboard.Row("Now"))
    up = {"0": ValueMappingResult(text="down", color=RED), "1": ValueMappingResult(text="up", color=GREEN)}
    result.with_panel(figure(
        "Broker", "The worst of the chosen workers.", now(f"min(presswatch_broker_up{{{HERE}}})"),
        thresholds=steps((RED, None), (GREEN, 1)), mappings=[ValueMap(options=up)], runbook="PresswatchBrokerDown"))
    result.with_panel(figure(
        "Articles a second", "Deliveries settled, whatever their outcome.",
        now(f"sum(rate(presswatch_articles_total{{{HERE}}}{RATE}))"), unit="cps", runbook="PresswatchNoArticles"))
    result.with_panel(figure(
        "Processing p99", "From received to confirmed; one article in a hundred takes longer.",
        now(f"histogram_quantile(0.99, sum by (le) (rate(presswatch_processing_seconds_bucket{{{HERE}}}{RATE})))"),
        unit="s", thresholds=steps((GREEN, None), (YELLOW, 0.5), (RED, 2)), runbook="PresswatchConfirmsSlow"))
    result.with_panel(figure(
        "In flight", "Articles received and not yet settled.", now(f"sum(presswatch_in_flight{{{HERE}}})"),
        unit="short"))
    result.with_panel(figure(
        "Dead in this range", "Articles that were dead-lettered.",
        now(f"sum(increase(presswatch_dead_total{{{HERE}}}[$__range]))"), unit="short",
        thresholds=steps((GREEN, None), (YELLOW, 1), (RED, 100)), runbook="PresswatchDeadLettersGrowing"))
    result.with_panel(figure(
        "Reconnects in this range", "Times that a connection to the broker was lost and made anew.",
        now(f"sum(increase(presswatch_reconnects_total{{{HERE}}}[$__range]))"), unit="short",
        thresholds=steps((GREEN, None), (YELLOW, 1), (RED, 3)), runbook="PresswatchReconnecting"))

    result.with_row(dashboard.Row("Rate and outcomes"))
    result.with_panel(lines(
        "Outcomes", "Every delivery ends in exactly one.",
        [over_time(f"sum by (outcome) (rate(presswatch_articles_total{{{HERE}}}{RATE}))", "{{outcome}}")],
        unit="cps", stacked=True, runbook="PresswatchNothingTagged"))
    result.with_panel(lines(
        "By worker", "Uneven lines mean that one worker is slow or holds too large a prefetch.",
        [over_time(f"sum by (instance) (rate(presswatch_articles_total{{{HERE}}}{RATE}))", "{{instance}}")], unit="cps"))
    result.with_panel(lines(
        "Share that did not go well", "Retried and dead, of all deliveries.",
        [over_time(
            f'sum by (outcome) (rate(presswatch_articles_total{{{HERE}, outcome=~"retried|dead"}}{RATE}))'
            f" / on () group_left () sum(rate(presswatch_articles_total{{{HERE}}}{RATE}))", "{{outcome}}")],
        unit="percentunit", runbook="PresswatchRetriesHigh"))
    result.with_panel(lines(
        "Dead by reason", "What can't be processed, a minute.",
        [over_time(f"sum by (reason) (rate(presswatch_dead_total{{{HERE}}}{RATE})) * 60", "{{reason}}")],
        stacked=True, runbook="PresswatchDeadLettersGrowing"))

    result.with_row(dashboard.Row("Duration"))
    result.with_panel(lines(
        "Processing", "From received to confirmed.", quantiles("presswatch_processing_seconds"), unit="s",
        runbook="PresswatchConfirmsSlow"))
    result.with_panel(heat(
        "Processing, all of it", "Two bands mean two kinds of articles or a broker that stalls at times.",
        over_time(f"sum by (le) (increase(presswatch_processing_seconds_bucket{{{HERE}}}{RATE}))", "{{le}}")))
    result.with_panel(lines(
        "Stages, p99", "Where a slow article spends its time.",
        [over_time(
            f"histogram_quantile(0.99, sum by (le, stage) (rate(presswatch_stage_seconds_bucket{{{HERE}}}{RATE})))",
            "{{stage}}")],
        unit="s"))
    result.with_panel(lines(
        "Stages, time spent", "Seconds a second in each stage: what to make faster.",
        [over_time(f"sum by (stage) (rate(presswatch_stage_seconds_sum{{{HERE}}}{RATE}))", "{{stage}}")],
        unit="percentunit", stacked=True))

    result.with_row(dashboard.Row("Broker and freshness"))
    result.with_panel(lines(
        "In flight", "Flat at the prefetch: the worker or the confirms are the limit, not the feed.",
        [over_time(f"presswatch_in_flight{{{HERE}}}", "{{instance}}")], width=8))
    result.with_panel(lines(
        "Confirms", "What the broker answers to published alerts.",
        [over_time(f"sum by (result) (rate(presswatch_confirms_total{{{HERE}}}{RATE}))", "{{result}}")],
        width=8, unit="cps", runbook="PresswatchPublishFailing"))
    result.with_panel(lines(
        "Connection", "1 when connected.", [over_time(f"presswatch_broker_up{{{HERE}}}", "{{instance}}")],
        width=8, runbook="PresswatchReconnecting"))
    result.with_panel(lines(
        "Notices", "What owners of watches are told; unroutable ones are among the published, and no queue took them.",
        [over_time(f"sum by (result) (rate(presswatch_notices_total{{{HERE}}}{RATE}))", "{{result}}")],
        width=8, unit="cps", runbook="PresswatchPublishFailing"))
    result.with_panel(lines(
        "Age of articles", "From published to alert.", quantiles("presswatch_article_age_seconds"), width=8, unit="s",
        runbook="PresswatchArticlesStale"))
    result.with_panel(listing(
        "What runs", "Version and lexicon of each worker.", [rows(f"presswatch_build_info{{{HERE}}}")],
        hide=("Value",), width=8, height=8))

    result.with_row(dashboard.Row("Watches"))
    result.with_panel(lines(
        "Watches", "In force; of these, those set aside, and those whose file has a fault.",
        [over_time(f"max by (state) (presswatch_watches{{{HERE}}})", "{{state}}"),
         over_time(f"max(presswatch_watch_faults{{{HERE}}})", "faults in files")],
        runbook="PresswatchWatchesSetAside"))
    result.with_panel(lines(
        "Matches", "Alerts that match a watch, the ten that match most; private watches are not counted.",
        [over_time(f"topk(10, sum by (watch) (rate(presswatch_watch_matches_total{{{HERE}}}{RATE})))", "{{watch}}")],
        unit="cps"))
    result.with_panel(lines(
        "Time for all watches", "Of an article.", quantiles("presswatch_watch_eval_seconds"), unit="s",
        runbook="PresswatchWatchesSetAside"))
    result.with_panel(lines(
        "Candidates", "Queries run on an article, since its words let them match.",
        [over_time(
            f"sum(rate(presswatch_watch_candidates_total{{{HERE}}}{RATE}))"
            f" / sum(rate(presswatch_watch_eval_seconds_count{{{HERE}}}{RATE}))", "an article")],
        unit="short"))
    return result.build()
