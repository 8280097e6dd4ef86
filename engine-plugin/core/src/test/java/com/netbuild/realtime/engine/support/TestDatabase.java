package com.netbuild.realtime.engine.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.UUID;

/**
 * The databases on which tests run. Servers are started by {@code npm test}, which hands their addresses over by
 * environment; without one its tests are skipped.
 */
public enum TestDatabase {
  H2, POSTGRES, MARIADB;

  /**
   * A database for an engine: of its own on H2; on a server the one that all tests share, one after the other, with
   * an empty outbox.
   */
  public String url() {
    if (this == H2) {
      return "jdbc:h2:mem:" + UUID.randomUUID();
    }
    String variable = "TEST_" + name() + "_URL";
    String url = System.getenv(variable);
    assumeTrue(url != null && !url.isBlank(), () -> "no " + name().toLowerCase() + " server: " + variable
        + " is not set. `npm test -- --only java` starts one.");
    return url;
  }
}
