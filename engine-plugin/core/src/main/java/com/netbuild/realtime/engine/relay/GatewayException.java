package com.netbuild.realtime.engine.relay;

/** The gateway did not acknowledge. The message is the reason, in words for the log. */
final class GatewayException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The HTTP status, or 0 when there was no answer. */
  final int status;

  /** The gateway's own code for it, or null. */
  final String code;

  GatewayException(int status, String code, String reason, Throwable cause) {
    super(reason, cause);
    this.status = status;
    this.code = code;
  }

  /** Whether it would be refused again, since it is too large or not as it has to be. */
  boolean isForWhatWasSent() {
    return status == 413 || status == 400 && "invalid".equals(code);
  }
}
