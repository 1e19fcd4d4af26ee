import type { AfterYears, CarryStudy, Gap, Years } from "../studies/gaps.ts";
import { leftOf } from "../studies/gaps.ts";
import { percent } from "../studies/proposals.ts";
import { money, written } from "./text.ts";
import type { Row } from "./text.ts";

/** Everything that `npm run stress -- --carry` says, in Markdown. */
export function carryReport(study: CarryStudy): string {
  const [major] = study.classes;
  return written([
    {
      title: "Years of ether's hours: what came in, what went out",
      rows: major === undefined ? [] : [...major.years].map(([year, flow]) => ({ year, ...flowRow(flow) })),
      note: `Class major, ${money(study.hours)} hours, traders want ${money(study.demand)} a side. Lost: shortfalls and rewards, whoever bore them. Left: penalties and gap premium less what was lost.`,
    },
    {
      title: "Each gap, and what had come in since the one before",
      rows: major?.gaps.map(gapRow) ?? [],
      note: "Class major. A gap is a day on which more was lost than penalties brought. Since: from the day after the gap before to this one. Left below 0: what came in since does not pay for it.",
    },
    {
      title: "All classes, and traders who come back more often or less often",
      rows: [...study.classes, ...study.renewals].map(classRow),
      note: "The same hours with each class's parameters. Not paid: gaps that are not paid by what came in since the one before, by penalties alone and with the gap premium.",
    },
    {
      title: "A crash of another asset after those years",
      rows: study.after.map(afterRow),
      note: "Years of premium: at the mean of those years, for what penalties in the crash do not pay. Without the cap: as much is open as traders want.",
    },
  ]);
}

function flowRow(flow: Years["total"]): Row {
  return {
    "open interest": money(flow.interest / flow.hours),
    penalties: money(flow.penalties),
    "gap premium": money(flow.premiums),
    lost: money(flow.losses),
    "of it holders'": money(flow.socialized),
    "left by penalties alone": money(leftOf(flow, false)),
    "left with premium": money(leftOf(flow, true)),
  };
}

function gapRow({ crash, day, on, since }: Gap): Row {
  return {
    day,
    crash: crash ?? "-",
    lost: money(on.losses),
    "penalties of the day": percent(on.penalties / on.losses, 1),
    "premium of the day": percent(on.premiums / on.losses, 1),
    "days since": money(since.hours / 24),
    "penalties since": money(since.penalties),
    "premium since": money(since.premiums),
    "left by penalties alone": money(leftOf(since, false)),
    "left with premium": money(leftOf(since, true)),
  };
}

function classRow({ gaps, marketClass, renewal, reserve, total }: Years): Row {
  const unpaid = (withPremium: boolean) => gaps.filter(({ since }) => leftOf(since, withPremium) < 0).length;
  return {
    class: marketClass,
    "back after": `${money(renewal)} h`,
    ...flowRow(total),
    gaps: `${gaps.length}`,
    "not paid, alone / with": `${unpaid(false)} / ${unpaid(true)}`,
    "reserve start / low / end": [reserve.start, reserve.lowest, reserve.end].map(money).join(" / "),
  };
}

function afterRow({ before, capped, crash, marketClass, uncapped, yearlyPremium }: AfterYears): Row {
  const owed = Math.max(0, capped.losses - capped.penalties);
  return {
    crash,
    class: marketClass,
    "left by the years": money(before),
    lost: money(capped.losses),
    "of it holders'": money(capped.socialized),
    penalties: money(capped.penalties),
    "years of premium": (owed / yearlyPremium).toFixed(1),
    "lost without the cap": money(uncapped.losses),
  };
}
