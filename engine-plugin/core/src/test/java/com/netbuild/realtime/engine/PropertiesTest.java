package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.netbuild.realtime.engine.outbox.Database;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.function.Consumer;
import org.camunda.bpm.engine.ProcessEngineException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PropertiesTest {

  @Test
  @DisplayName("without gatewayUrl or publishKey the engine does not start, and the sentence names the property")
  void missing() {
    assertTrue(refusal(setup -> setup.plugin.setPublishKey("k")).contains("the property gatewayUrl is missing"));
    assertTrue(refusal(setup -> setup.plugin.setGatewayUrl("http://localhost")).contains("the property publishKey is missing"));
  }

  @Test
  @DisplayName("a gatewayUrl that is no http URL and a key that no header can carry are refused, the key unseen")
  void wrong() {
    assertTrue(refusal(setup -> setup.plugin.setGatewayUrl("ftp://host")).contains("http://"));
    assertTrue(refusal(setup -> setup.plugin.setGatewayUrl("not a url")).contains("gatewayUrl is no URL"));
    String sentence = refusal(setup -> {
      setup.plugin.setGatewayUrl("http://localhost");
      setup.plugin.setPublishKey("secret\nX-Header: 1");
    });
    assertTrue(sentence.contains("publishKey") && !sentence.contains("secret"), sentence);
  }

  @Test
  @DisplayName("switched off, the plugin needs no properties and leaves no table")
  void disabled() {
    try (TestEngine test = TestEngine.build(setup -> setup.plugin.setEnabled(false)).deploy(Models.review())) {
      test.start("review");
      assertEquals(0, test.number(
          "select count(*) from information_schema.tables where table_name = 'NETBUILD_OUTBOX'"));
    }
  }

  @Test
  @DisplayName("a database without a table definition is refused by a sentence that names those which have one")
  void unsupportedDatabase() {
    Exception e = assertThrows(ProcessEngineException.class, () -> Database.of("informix"));
    assertEquals("NetBuild Realtime has no table definition for the database informix; it has for: h2, postgres, mariadb,"
        + " mysql, oracle, mssql, db2.", e.getMessage());
  }

  @Test
  @DisplayName("with createTable false a missing table is an error that shows its definition")
  void createTable() {
    try (FakeGateway gateway = new FakeGateway()) {
      Exception e = assertThrows(ProcessEngineException.class,
          () -> TestEngine.on(gateway, setup -> setup.plugin.setCreateTable(false)));
      assertTrue(e.getMessage().contains("create table NETBUILD_OUTBOX ("), e.getMessage());
    }
  }

  @Test
  @DisplayName("the table follows the engine's table prefix")
  void prefix() {
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> {
          setup.jdbcUrl += ";INIT=create schema if not exists OTHER\\;set schema OTHER";
          setup.configuration = configuration -> configuration.setDatabaseTablePrefix("OTHER.");
        }).deploy(Models.review())) {
      gateway.awaitStartOf(test.start("review"));
      assertEquals(0, test.number("select count(*) from OTHER.NETBUILD_OUTBOX where ID_ < 0"));
    }
  }

  @Test
  @DisplayName("below history level full one warning says what the gateway will never hear of")
  void historyLevel() {
    try (LogCapture log = new LogCapture();
        FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> setup.history = "audit").deploy(Models.review())) {
      gateway.awaitStartOf(test.start("review"));
      assertEquals(1, log.lines().size());
      assertTrue(log.lines().get(0).contains("audit, so the gateway will never hear of candidates that"
          + " a task gets or loses later."), log.lines()::toString);
    }
  }

  private static String refusal(Consumer<TestEngine.Setup> change) {
    return assertThrows(IllegalArgumentException.class, () -> TestEngine.build(change)).getMessage();
  }
}
