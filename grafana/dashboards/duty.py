"""告警与值守: what waits for the person on duty, and whether the desk can bear it."""

from grafana_foundation_sdk.models.dashboard import Panel

from grafana import colours
from grafana.colours import ALERT_STATES, GREEN, GREY, ORANGE, PRIORITIES, RED, SKY, Series, mapped
from grafana.dashboards import duty_noise
from grafana.freshness import data_age, upstreams
from grafana.layout import Row
from grafana.links import alert_page
from grafana.panels import Column, Head, stat, table, timeseries
from grafana.query import Queries
from grafana.screen import Screen, choice, marks
from grafana.words import Say

_LOAD_LIMITS = ((None, GREEN), (1, ORANGE), (10, RED))
"""ISA-18.2-2016 table 7: about 1 in 10 minutes and operator; more than 10 is a flood."""


def screen(say: Say) -> Screen:
    """Describe the dashboard."""
    ask = Queries(__file__, say)
    return Screen(
        "yw-duty",
        say("告警与值守", "Alerts and duty"),
        say(
            "值班席的待办、确认用时、报警负荷与洪水、最吵的来源、搁置与抑制。",
            "The desk's queue, times to acknowledge, load and floods, worst actors, what is held.",
        ),
        rows=[
            _signs(say, ask),
            Row(11, [(24, _queue(say, ask))]),
            Row(8, [(12, _load(say, ask)), (12, _acknowledging(say, ask))]),
            Row(8, [(14, _clocks(say, ask)), (10, duty_noise.floods(say, ask))]),
            duty_noise.noise(say, ask),
        ],
        variables=[
            choice("desk", say("席位", "Desk"), ask("desks"), everything=say("全部", "All"))
        ],
        annotations=[marks(say("报警洪水", "Floods"), ask("flood_marks"), RED)],
    )


def _signs(say: Say, ask: Queries) -> Row:
    waiting = stat(
        Head(
            say("待办", "Queue"),
            say(
                "未确认条数、其中最久的等待、已确认未消除；不含搁置、折叠和演练。",
                "Unacknowledged, the longest wait among them, acknowledged and not yet gone; "
                "without held, folded and drill ones.",
            ),
        ),
        ask("waiting"),
        series={
            "waiting": Series(say("‼ 未确认", "‼ waiting"), RED),
            "oldest": Series(say("最久等待", "longest wait"), ORANGE, "s", 0),
            "acknowledged": Series(say("✔ 已确认", "✔ acknowledged"), colours.BLUE),
        },
    )
    return Row(
        5,
        [
            (4, data_age(say)),
            (4, upstreams(say)),
            (7, waiting),
            (6, _held(say, ask)),
            (3, _flood(say, ask)),
        ],
    )


def _held(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("不再提示", "Put aside"),
            say(
                "此刻搁置、抑制、停用、洪水中折叠和演练中的告警（ISA-18.2）；"
                "搁置应少于30条（EEMUA 191）。",
                "Shelved, suppressed, out of service, folded in floods, in drills, at this moment "
                "(ISA-18.2; shelved should be fewer than 30, EEMUA 191).",
            ),
        ),
        ask("put_aside"),
        series={
            "shelved": Series(say("▤ 搁置", "▤ shelved"), colours.PURPLE),
            "suppressed": Series(say("▥ 抑制", "▥ suppressed"), colours.PURPLE),
            "out_of_service": Series(say("▧ 停用", "▧ out of service"), GREY),
            "folded": Series(say("折叠", "folded"), SKY),
            "drill": Series(say("演练", "drill"), GREY),
        },
    )


def _flood(say: Say, ask: Queries) -> Panel:
    return stat(
        Head(
            say("报警洪水", "Flood"),
            say(
                "正处于报警洪水的席位数：10分钟内新报警超过10条起，低于5条止（ISA-18.2）。",
                "Desks in a flood: it begins above 10 new alerts in 10 minutes and ends below 5 "
                "(ISA-18.2).",
            ),
        ),
        ask("in_flood"),
        steps=colours.NONE_WANTED,
        filled=True,
    )


def _queue(say: Say, ask: Queries) -> Panel:
    columns = [
        Column("priority", say("级别", "Priority"), width=120, coloured=True,
               mappings=[mapped(say, PRIORITIES)]),
        Column("state", say("状态", "State"), width=180, coloured=True,
               mappings=[mapped(say, ALERT_STATES)]),
        Column("title", say("告警", "Alert"), link=alert_page(say)),
        Column("domain", say("领域", "Domain"), width=90, mappings=[colours.domain_mapping(say)]),
        Column("site_name", say("点位", "Site")),
        Column("device_name", say("设备", "Device")),
        Column("detected_at", say("发现时间", "Detected"), "dateTimeAsLocal", 180),
        Column("age_s", say("已过", "Age"), "s", 90, 0),
        Column("acknowledged_by", say("确认人", "Taken by"), width=110),
        Column("assigned_to", say("指派", "Assigned to"), width=110),
        Column("alert_id", "alert_id", hidden=True),
    ]  # fmt: skip
    return table(
        Head(
            say("待办队列", "The queue"),
            say(
                "未确认在前，再按优先级和发现先后；点击告警打开处置页。不含搁置、折叠和演练。",
                "Unacknowledged first, then by priority and age; click an alert to act on it. "
                "Without held, folded and drill ones.",
            ),
        ),
        ask("queue"),
        columns,
    )


def _load(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("每10分钟报警负荷", "Load per 10 minutes"),
            say(
                "呈现、洪水中折叠、被抑制的报警条数。每席约1条为宜，超过10条为洪水（ISA-18.2-2016表7）。",
                "Alerts shown, folded in floods, held back. About 1 per operator is right, more "
                "than 10 is a flood (ISA-18.2-2016 table 7).",
            ),
        ),
        ask("load"),
        style="bars",
        stacked=True,
        limits=_LOAD_LIMITS,
        series={
            "shown": Series(say("呈现", "shown"), SKY),
            "folded": Series(say("折叠", "folded"), ORANGE),
            "held": Series(say("抑制、搁置、停用", "held back"), GREY),
        },
    )


def _acknowledging(say: Say, ask: Queries) -> Panel:
    return timeseries(
        Head(
            say("确认用时", "Time to acknowledge"),
            say(
                "从系统发现到有人确认的秒数：中位数与95%；不含演练。",
                "Seconds from detection to acknowledgement: median and 95 %; without drills.",
            ),
        ),
        ask("acknowledge_times"),
        unit="s",
        interval="10m",
        style="bars",
        series={
            "median": Series(say("中位数", "median"), SKY),
            "percentile_95": Series("95 %", ORANGE),
        },
    )


def _clocks(say: Say, ask: Queries) -> Panel:
    clocks = {
        "notify": say("通知", "notified"),
        "acknowledge": say("确认", "acknowledged"),
        "acknowledge_95": say("确认95%", "ack. 95 %"),
        "dispatch": say("派出", "dispatched"),
        "arrive": say("到场", "on site"),
        "clear": say("消除", "cleared"),
    }
    return table(
        Head(
            say("各级别响应用时", "Response clocks by priority"),
            say(
                "均从系统发现起算的中位数（确认另给95%）；尚未发生的步骤不计；不含演练。",
                "Medians, all from detection on (95 % for acknowledgement too); steps not taken "
                "do not count; without drills.",
            ),
        ),
        ask("clocks"),
        [
            Column("priority", say("级别", "Priority"), width=120, coloured=True,
                   mappings=[mapped(say, PRIORITIES)]),
            Column("alerts", say("条数", "Alerts"), width=80),
            *(Column(name, title, "s", decimals=0) for name, title in clocks.items()),
        ],
    )  # fmt: skip
