"""What the three dashboards share: queries, panels with a house style, variables, annotations, links.

A panel is a title, a sentence that says how to read it, and queries. Sizes are in Grafana's grid of 24 columns.
"""

from grafana_foundation_sdk.builders import bargauge, common, dashboard, geomap, heatmap, stat, table, timeseries
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = models.DataSourceRef(type_val="prometheus", uid="${datasource}")
RUNBOOK = "${runbook}"
CONSOLE = "${console}"
GREEN, YELLOW, RED, BLUE = "green", "yellow", "red", "blue"


def over_time(expr, legend):
    """A query drawn as a line."""
    return Dataquery().expr(expr).legend_format(legend).range()


def now(expr, legend=""):
    """A query for one value a series, at the end of the range that is looked at."""
    return Dataquery().expr(expr).legend_format(legend).instant()


def rows(expr):
    """A query whose series are the rows of a table or the places of a map."""
    return Dataquery().expr(expr).instant().format(PromQueryFormat.TABLE)


def dressed(panel, title, description, queries, width, height, unit, runbook):
    panel.title(title).description(description).datasource(SOURCE).span(width).height(height)
    if unit:
        panel.unit(unit)
    for letter, query in zip("ABCDEFGH", queries):
        panel.with_target(query.ref_id(letter))
    if runbook:
        link = dashboard.DashboardLink("Runbook").url(f"{RUNBOOK}#{runbook.lower()}").target_blank(True)
        panel.links([link.type(models.DashboardLinkType.LINK)])
    return panel


def steps(*pairs):
    """Thresholds: (colour, from) in rising order; the first holds from below."""
    built = [models.Threshold(value=value, color=color) for color, value in pairs]
    return dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(built)


def by_threshold():
    return dashboard.FieldColor().mode(models.FieldColorModeId.THRESHOLDS)


def figure(title, description, query, *, width=4, height=4, unit=None, thresholds=None, runbook=None, mappings=None):
    """One number."""
    panel = dressed(stat.Panel(), title, description, [query], width, height, unit, runbook)
    panel.graph_mode(kinds.BigValueGraphMode.NONE)
    panel.thresholds(thresholds or steps((BLUE, None))).color_scheme(by_threshold())
    if mappings:
        panel.mappings(mappings)
    # counts of whole things, which an increase over a range makes fractions of
    return panel.decimals(0) if unit in (None, "short") else panel


def lines(title, description, queries, *, width=12, height=8, unit=None, stacked=False, runbook=None, floor=0, key=None):
    """Series over time."""
    panel = dressed(timeseries.Panel(), title, description, queries, width, height, unit, runbook)
    panel.line_width(1).fill_opacity(25 if stacked else 8).show_points(kinds.VisibilityMode.NEVER)
    panel.tooltip(common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI).sort(kinds.SortOrder.DESCENDING))
    legend = common.VizLegendOptions().show_legend(True).display_mode(kinds.LegendDisplayMode.TABLE)
    panel.legend(legend.placement(kinds.LegendPlacement.RIGHT).calcs(["lastNotNull", "max"]))
    if stacked:
        panel.stacking(common.StackingConfig().mode(kinds.StackingMode.NORMAL))
    if floor is not None:
        panel.axis_soft_min(floor)
    return panel.data_links([in_console(key)]) if key else panel


def in_console(key):
    """A link to the console, filtered by a key: `country.${__field.labels.country}`."""
    link = dashboard.DashboardLink("Alerts in the console").url(f"{CONSOLE}?key={key}").target_blank(True)
    return link.type(models.DashboardLinkType.LINK)


def ranking(title, description, query, *, width=8, height=10, unit="short", key=None):
    """Bars, the largest first."""
    panel = dressed(bargauge.Panel(), title, description, [query], width, height, unit, None)
    panel.orientation(kinds.VizOrientation.HORIZONTAL).display_mode(kinds.BarGaugeDisplayMode.GRADIENT)
    panel.thresholds(steps((BLUE, None))).color_scheme(by_threshold()).min(0).decimals(0)
    return panel.data_links([in_console(key)]) if key else panel


def listing(title, description, queries, *, width=12, height=10, hide=(), names=None, sort=None, unit=None, runbook=None,
            decimals=None, key=None):
    """A table; `names` renames columns, `hide` leaves some out, `sort` puts the largest of a column first."""
    panel = dressed(table.Panel(), title, description, queries, width, height, unit, runbook)
    if len(queries) > 1:
        panel.with_transformation(models.DataTransformerConfig(id_val="merge", options={}))
    excluded = {name: True for name in ("Time", "__name__", "job", *hide)}
    organize = {"excludeByName": excluded, "indexByName": {}, "renameByName": names or {}}
    panel.with_transformation(models.DataTransformerConfig(id_val="organize", options=organize))
    if sort:
        panel.sort_by([common.TableSortByFieldState().display_name(sort).desc(True)])
    if decimals is not None:
        panel.decimals(decimals)
    return panel.data_links([in_console(key)]) if key else panel


def heat(title, description, query, *, width=12, height=8, unit="s", runbook=None):
    """A histogram over time."""
    panel = dressed(heatmap.Panel(), title, description, [query.format(PromQueryFormat.HEATMAP)], width, height, None, runbook)
    panel.calculate(False).y_axis(heatmap.YAxisConfig().unit(unit))
    return panel.color(heatmap.HeatmapColorOptions().mode(HeatmapColorMode.SCHEME).scheme("Blues").steps(64))


def world(title, description, query, *, field, width=12, height=12):
    """A map with a dot for each country; `field` holds ISO 3166-1 alpha-2 codes."""
    panel = dressed(geomap.Panel(), title, description, [query], width, height, "short", None)
    panel.basemap(common.MapLayerOptions().type("default").name("Basemap"))
    style = {
        "color": {"field": "Value", "fixed": "dark-blue"},
        "size": {"field": "Value", "fixed": 5, "min": 4, "max": 30},
        "opacity": 0.5,
        "text": {"field": field, "mode": "field"},
        "textConfig": {"fontSize": 11, "offsetX": 0, "offsetY": 0, "textAlign": "center", "textBaseline": "middle"},
    }
    location = common.FrameGeometrySource().mode(kinds.FrameGeometrySourceMode.LOOKUP).lookup(field)
    layer = common.MapLayerOptions().type("markers").name("Articles").tooltip(True)
    layer.location(location.gazetteer("public/gazetteer/countries.json")).config({"showLegend": False, "style": style})
    panel.layers([layer]).view(geomap.MapViewConfig().id("coords").lat(30).lon(20).zoom(2))
    panel.controls(geomap.ControlsOptions().show_zoom(True).mouse_wheel_zoom(False).show_attribution(True))
    scheme = dashboard.FieldColor().mode(models.FieldColorModeId.CONTINUOUS_BL_YL_RD)
    return panel.color_scheme(scheme).thresholds(steps((BLUE, None)))


def choice(name, label, query):
    """A variable that offers the values of a label, all of them at first."""
    variable = dashboard.QueryVariable(name).label(label).datasource(SOURCE).query(query)
    variable.refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(models.VariableSort.ALPHABETICAL_ASC)
    return variable.multi(True).include_all(True).all_value(".*").current(
        models.VariableOption(selected=True, text=["All"], value=["$__all"])
    )


class Mark(models.AnnotationQuery):
    """An annotation's query with what the SDK's type leaves out: its title, and where in time it stands."""

    title = ""
    at_value = False

    def to_json(self):
        return {**super().to_json(), "titleFormat": self.title, "step": "60s", "useValueForTime": self.at_value}

    def build(self):
        return self


def mark(name, color, expr, title, *, at_value=False):
    """A vertical line wherever the query has a value; with `at_value` at the time, in milliseconds, that is its value."""
    query = Mark(name=name, datasource=SOURCE, icon_color=color, expr=expr)
    query.title, query.at_value = title, at_value
    return query


def board(uid, title, description, variables):
    """An empty dashboard with the variables, annotations and links that all have."""
    result = dashboard.Dashboard(title).uid(uid).description(description).tags(["presswatch"]).readonly()
    result.timezone("browser").time("now-6h", "now").refresh("30s").tooltip(models.DashboardCursorSync.CROSSHAIR)
    result.with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
    for variable in variables:
        result.with_variable(variable)
    result.with_variable(dashboard.ConstantVariable("runbook").label("Address of the runbook").value(
        "https://presswatch.example/docs/RUNBOOK.md"
    ))
    result.with_variable(dashboard.ConstantVariable("console").label("Address of the console").value(
        "http://127.0.0.1:9464/"
    ))
    starts = 'process_start_time_seconds{job="presswatch"} * 1000'
    result.annotation(mark("Restarts", YELLOW, starts, "{{instance}} started", at_value=True))
    # a lexicon that no worker had a minute and a half ago, while others had one
    changes = (
        "count by (lexicon) (presswatch_build_info) unless on (lexicon) presswatch_build_info offset 90s"
        " and on () presswatch_build_info offset 90s"
    )
    result.annotation(mark("Lexicon changes", BLUE, changes, "lexicon {{lexicon}}"))
    firing = 'ALERTS{alertname=~"Presswatch.+", severity=~"page|ticket", alertstate="firing"}'
    result.annotation(mark("Alerts", RED, firing, "{{alertname}}"))
    others = dashboard.DashboardLink("presswatch").type(models.DashboardLinkType.DASHBOARDS).tags(["presswatch"])
    return result.link(others.as_dropdown(True).keep_time(True).include_vars(True))
