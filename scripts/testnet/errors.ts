/** Base of what the local testnet refuses on purpose. */
export class TestnetError extends Error {
  override name = "TestnetError";
}

/** A wrong option: the command ends with exit code 2. */
export class OptionError extends TestnetError {
  override name = "OptionError";
}

/** Someone else listens where the node should. */
export class PortBusyError extends TestnetError {
  override name = "PortBusyError";
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is in use; stop what listens there, or choose another one with --port`);
    this.port = port;
  }
}

/** There is no testnet to ask. */
export class NotRunningError extends TestnetError {
  override name = "NotRunningError";
}
