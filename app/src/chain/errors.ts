/** Base of what the page refuses on purpose, in words for whoever uses it. */
export class AppError extends Error {
  override name = "AppError";
}

/** The list of networks, or a manifest, that cannot be used. */
export class SettingsError extends AppError {
  override name = "SettingsError";
}

/** The node does not answer, or not as a node does. */
export class NodeDownError extends AppError {
  override name = "NodeDownError";

  constructor(cause?: unknown) {
    super("The node does not answer. What you see is from before; the page tries again every few seconds.", { cause });
  }
}

/** A text that is no amount. */
export class AmountError extends AppError {
  override name = "AmountError";
}

/** An order that cannot be taken here, or a board that does not answer as one. */
export class OrderRefusedError extends AppError {
  override name = "OrderRefusedError";
}

/** Something was asked of a wallet that is not there, or on another network. */
export class WalletError extends AppError {
  override name = "WalletError";
}
