import type { PathModel } from "../paths/models.ts";
import type { Study } from "../studies/study.ts";

/** The figures for programs. Infinite and missing figures are null; the residuals that paths are drawn from are only counted. */
export function toJson(study: Study): string {
  return `${JSON.stringify({ ...study, models: study.models.map(withoutResiduals) }, null, 2)}\n`;
}

function withoutResiduals(model: PathModel) {
  if (!("residuals" in model)) return model;
  return { ...model, residuals: model.residuals.length };
}
