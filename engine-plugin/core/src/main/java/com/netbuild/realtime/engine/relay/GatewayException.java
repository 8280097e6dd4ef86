package com.netbuild.realtime.engine.relay;

/** The gateway did not acknowledge. The message is the reason, in words for the log. */
final class GatewayException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The HTTP status, or 0 when there was no answer. */
  final int status;

  GatewayException(int status, String reason, Throwable cause) {
    super(reason, cause);
    this.status = status;
  }

  boolean isTooLarge() {
    return status == 413;
  }
}
