import { useState } from "react";

import { CLASS_FIELDS, CLASS_NAMES } from "../../chain/classFields.ts";
import type { ClassField } from "../../chain/classFields.ts";
import { exactAmount, percent } from "../../chain/format.ts";
import { Moment } from "../../components/Amount.tsx";
import { Segments } from "../../components/Form.tsx";
import { Badge, Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useNow } from "../../hooks/clock.ts";

export interface ClassState {
  readonly name: (typeof CLASS_NAMES)[number];
  readonly values: readonly bigint[];
  /** From when a parameter may next move away from safety. */
  readonly loosenedFrom: bigint;
}

const STEP_PARTS = 10n;
type Name = (typeof CLASS_NAMES)[number];

/** What rules of risk control work with, class by class. */
export function ClassTable({ classes }: { classes: readonly ClassState[] }) {
  const [name, setName] = useState<Name>("major");
  const now = useNow();
  const index = CLASS_NAMES.indexOf(name);
  const chosen = classes[index];
  const options = CLASS_NAMES.map((one) => [one, one] as const);
  const valueOf = (field: ClassField): bigint => chosen?.values[CLASS_FIELDS.indexOf(field)] ?? 0n;
  return (
    <Panel
      title="Risk parameters"
      note="Toward safety they move at once; away from it by a tenth a week at most, never beyond the bounds, which are in the code."
      aside={
        <>
          {chosen !== undefined &&
            (chosen.loosenedFrom <= now ? (
              <Badge>a step away from safety is possible</Badge>
            ) : (
              <Badge>
                no step away from safety before <Moment at={chosen.loosenedFrom} />
              </Badge>
            ))}
          <Segments label="Class of markets" value={name} options={options} onChoice={setName} />
        </>
      }
    >
      <Table
        caption={`Risk parameters of class ${name}`}
        rows={CLASS_FIELDS}
        keyOf={({ key }) => key}
        empty=""
        columns={[
          { name: "Parameter", cell: (field) => field.name },
          {
            name: "Now",
            isNumber: true,
            cell: (field) => (
              <b className="number" title={valueOf(field).toString()}>
                {shown(field, valueOf(field))}
              </b>
            ),
          },
          { name: "Lowest", isNumber: true, cell: (field) => shown(field, field.low[index] ?? 0n) },
          { name: "Highest", isNumber: true, cell: (field) => shown(field, field.high) },
          {
            name: "Next step away from safety",
            isNumber: true,
            cell: (field) => shown(field, loosest(field, valueOf(field), index)),
          },
        ]}
      />
    </Panel>
  );
}

function shown({ one, isPercent }: ClassField, value: bigint): string {
  return isPercent ? percent(value, one, 2) : exactAmount(value, 2);
}

/** The furthest that one change can go. */
function loosest(field: ClassField, value: bigint, index: number): bigint {
  const step = value / STEP_PARTS;
  if (field.isLessSafer) return value + step > field.high ? field.high : value + step;
  const low = field.low[index] ?? 0n;
  return value - step < low ? low : value - step;
}
