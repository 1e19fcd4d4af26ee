/** Base of what the deployment refuses on purpose. */
export class DeployError extends Error {
  override name = "DeployError";
}

/** A wrong option or parameter: the command ends with exit code 2. */
export class OptionError extends DeployError {
  override name = "OptionError";
}
